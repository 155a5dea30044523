"""Noting a visit to a dormitory."""

import datetime as dt
from dataclasses import dataclass

from xinqiao.care.rounds.models import DormVisit
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit


class CannotVisit(ValueError):
    """The visit cannot be noted: whoever notes it has no place among the staff, under whose key it would lie."""


@dataclass(frozen=True)
class VisitDraft:
    """When, where, and what was seen in general ("" for nothing worth a word)."""

    visited_on: dt.date
    rooms: str
    seen: str


@command(Permission.ROUND_SIGN)
def note_visit(unit: Unit, *, actor: Actor, draft: VisitDraft) -> DormVisit:
    """Note that the boarders of a class were visited. Raises CannotVisit."""
    if actor.key_id is None or actor.staff_id is None:
        raise CannotVisit
    visit = DormVisit(
        county_id=unit.shard_id, place=unit.path, class_id=unit.id, key_id=actor.key_id, visited_on=draft.visited_on,
        rooms=draft.rooms.strip(), seen=draft.seen.strip() or None, visited_by=actor.staff_id, noted_at=now(),
    )  # fmt: skip
    visit.save(force_insert=True)
    record("rounds.visit.noted", subject_kind="class", subject_id=unit.id, place=unit.path, county_id=unit.shard_id,
           facts={"visited_on": draft.visited_on.isoformat()})  # fmt: skip
    return visit
