"""Reads of the audit for an actor."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.presenters import EventRow, present
from xinqiao.foundation.core.places import within

PAGE_ROWS = 50


@dataclass(frozen=True)
class EventFilter:
    """What the reader asks for; `before` is the id of the last row of the page before."""

    since: dt.date | None = None
    until: dt.date | None = None
    event: str = ""
    actor_id: UUID | None = None
    before: UUID | None = None


@dataclass(frozen=True)
class EventPage:
    """One page of events, newest first; `older_than` is empty on the last page."""

    rows: list[EventRow]
    older_than: UUID | None


def visible_events(actor: Actor) -> QuerySet[AuditEvent]:
    """Return the events at the places whose audit the actor may read.

    Events without a place (a refusal, the system's own) are for those who read it at the top of a tree.
    """
    places = actor.places(Permission.AUDIT_READ)
    condition = within(places)
    if any(place.count("/") == 1 for place in places):
        condition |= Q(place="")
    return AuditEvent.objects.filter(condition)


def read_events(actor: Actor, wanted: EventFilter) -> EventPage:
    """Return one page of what the actor may read; the reading itself is recorded by the view."""
    rows = visible_events(actor).order_by("-id")
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_midnight(wanted.until + dt.timedelta(days=1)))
    if wanted.event:
        rows = rows.filter(event=wanted.event)
    if wanted.actor_id:
        rows = rows.filter(actor_id=wanted.actor_id)
    if wanted.before:
        rows = rows.filter(id__lt=wanted.before)
    found = list(rows[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    return EventPage(present(shown, actor), shown[-1].id if len(found) > PAGE_ROWS else None)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
