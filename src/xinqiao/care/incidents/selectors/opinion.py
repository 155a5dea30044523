"""What the public says of an incident, for those who lead it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.care.incidents.models import Incident, OpinionItem
from xinqiao.care.incidents.rows import every_opinion
from xinqiao.care.incidents.selectors.opinion_figures import minutes_between
from xinqiao.care.incidents.selectors.story import Told
from xinqiao.care.incidents.states import OPINION_OPEN, Grave, OpinionState, Truth
from xinqiao.engines.schedule import minutes_left
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names

SEALED = ("where", "says", "link", "judgement", "answer", "answered_where", "closing")


@dataclass(frozen=True)
class OpinionRow:
    """One item with its words by the names of SEALED in `said`, its codes in words, and who did what."""

    item: OpinionItem
    said: Mapping[str, str]
    state_label: str
    grave: str
    truth: str
    answerer: str
    collected_by: str
    judged_by: str
    answered_by: str
    closed_by: str
    minutes_left: int | None

    @property
    def is_waiting(self) -> bool:
        """Is something still to be done?"""
        return self.item.state in OPINION_OPEN

    @property
    def is_late(self) -> bool:
        """Is it overdue?"""
        return self.minutes_left is not None and self.minutes_left < 0

    @property
    def judged_in(self) -> int | None:
        """Minutes from the finding to the judgement."""
        return minutes_between(self.item.found_at, self.item.judged_at)

    @property
    def answered_in(self) -> int | None:
        """Minutes from the judgement to the answer."""
        return minutes_between(self.item.judged_at, self.item.answered_at)

    @property
    def closed_in(self) -> int | None:
        """Minutes from the answer, or from the judgement where none was given, to the end."""
        return minutes_between(self.item.answered_at or self.item.judged_at, self.item.closed_at)


def opinion_for(actor: Actor, item_id: UUID) -> OpinionItem | None:
    """Return an item of an incident that the actor may lead, else None."""
    rows = OpinionItem.objects.visible_to(actor, Permission.INCIDENT_LEAD).select_related("incident")
    found: OpinionItem | None = rows.filter(pk=item_id).first()
    return found


def opinion_row(actor: Actor, item: OpinionItem, at: dt.datetime) -> OpinionRow:
    """Return one item that was fetched for the actor; reading it is an audit event."""
    note_reading(
        actor, "incidents.opinion.read", subject_kind="incident", subject_id=item.incident_id, place=item.place,
        county_id=item.county_id, facts={"state": item.state},
    )  # fmt: skip
    return _rows([item], at)[0]


def opinion_rows(incident: Incident, at: dt.datetime) -> list[OpinionRow]:
    """Return the items of an incident whose reader was checked, those that wait first; a fixed number of queries."""
    rows = _rows(list(every_opinion().filter(incident=incident).order_by("found_at", "id")), at)
    return sorted(rows, key=lambda row: not row.is_waiting)


def _rows(items: Sequence[OpinionItem], at: dt.datetime) -> list[OpinionRow]:
    names = staff_names([person for item in items for person in _people(item) if person])
    return [_row(item, said, names, at) for item, said in zip(items, open_sealed(list(items), *SEALED), strict=True)]


def _people(item: OpinionItem) -> tuple[UUID | None, ...]:
    return item.collected_by, item.judged_by, item.answerer, item.answered_by, item.closed_by


def _row(
    item: OpinionItem, said: Mapping[str, str | None], names: Mapping[UUID, str], at: dt.datetime
) -> OpinionRow:  # fmt: skip
    collected, judged, answerer, answered, closed = (names.get(each, "") if each else "" for each in _people(item))
    return OpinionRow(
        item=item, said={field: said[field] or "" for field in SEALED},
        state_label=str(OpinionState(item.state).label), grave=str(Grave(item.grave).label) if item.grave else "",
        truth=str(Truth(item.truth).label) if item.truth else "", answerer=answerer, collected_by=collected,
        judged_by=judged, answered_by=answered, closed_by=closed,
        minutes_left=minutes_left(item.due_at, at) if item.state in OPINION_OPEN else None,
    )  # fmt: skip


def opinion_story(rows: Sequence[OpinionRow]) -> list[Told]:
    """Return what happened with what the public says, for the course of the incident."""
    told = []
    for row in rows:
        item, said, codes = row.item, row.said, f"{row.grave} · {row.truth}"
        told += [
            Told(at, title.format(where=where), text, who)
            for at, title, where, text, who in (
                (item.found_at, _("Found: {where}"), said["where"], said["says"], row.collected_by),
                (item.judged_at, _("Judged: {where}"), said["where"], codes, row.judged_by),
                (item.answered_at, _("Answered: {where}"), said["answered_where"], said["answer"], row.answered_by),
                (item.closed_at, _("Calmed down: {where}"), said["where"], said["closing"], row.closed_by),
            )
            if at is not None
        ]
    return told
