"""What a bureau is told of public opinion: how many items, and how long their steps took. No word of any."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.incidents.models import Incident, OpinionItem
from xinqiao.care.incidents.states import OPINION_OPEN
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission


@dataclass(frozen=True)
class OpinionFigures:
    """Items of one incident: all, waiting, late; the longest minutes until one was judged, and from there until it was
    answered. None where nothing was judged or answered yet."""

    count: int
    waiting: int
    late: int
    to_judgement: int | None
    to_answer: int | None


def opinion_figures(actor: Actor, incidents: Sequence[Incident], at: dt.datetime) -> dict[UUID, OpinionFigures]:
    """Return the figures of incidents that were fetched for a bureau, of items that the policy of their day counts."""
    items: dict[UUID, list[OpinionItem]] = {}
    rows = OpinionItem.objects.visible_to(actor, Permission.INCIDENT_COUNT)
    columns = ("incident_id", "state", "due_at", "found_at", "judged_at", "answered_at")
    for item in rows.filter(incident__in=list(incidents), is_counted=True).only(*columns):
        items.setdefault(item.incident_id, []).append(item)
    return {known: _figures(own, at) for known, own in items.items()}


def _figures(items: Sequence[OpinionItem], at: dt.datetime) -> OpinionFigures:
    waiting = [item for item in items if item.state in OPINION_OPEN]
    judged = [minutes_between(item.found_at, item.judged_at) for item in items]
    answered = [minutes_between(item.judged_at, item.answered_at) for item in items]
    return OpinionFigures(
        count=len(items), waiting=len(waiting), late=sum(item.due_at < at for item in waiting),
        to_judgement=max((each for each in judged if each is not None), default=None),
        to_answer=max((each for each in answered if each is not None), default=None),
    )  # fmt: skip


def minutes_between(since: dt.datetime | None, until: dt.datetime | None) -> int | None:
    """Return whole minutes of a step, none negative (an answer may have been given before it was judged here); None
    while it lasts."""
    if since is None or until is None:
        return None
    return max(0, int((until - since).total_seconds() // 60))
