"""Setting a pupil's attention level: a person's word, never a score's."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.models import Attention
from xinqiao.care.alerts.ownership import is_kept_elsewhere
from xinqiao.care.alerts.rows import every_attention
from xinqiao.care.alerts.rules import KEPT_IN_CASE, NEEDS_LEVEL, is_lowering, refusal_of_level
from xinqiao.care.alerts.states import Level
from xinqiao.engines.schedule.working_days import end_of_day
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.deadlines.kinds import REVIEW
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline, start_deadline
from xinqiao.register.people.models import Student
from xinqiao.register.policy.calendar import zone
from xinqiao.register.policy.selectors import parameters_for

URGENCY_OF_LEVEL = {Level.RED: "red", Level.ORANGE: "orange", Level.YELLOW: "yellow"}


class CannotSetLevel(ValueError):
    """The level does not stand; `code` as in `rules.refusal_of_level`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Basis:
    """What a level rests on: an interview, a case, a review; with its id where it has one."""

    kind: str
    id: UUID | None = None


@command(Permission.ATTENTION_SET)
def set_attention(
    student: Student, *, actor: Actor, level: str, advice: str, basis: Basis, review_on: dt.date | None
) -> Attention | Unchanged:
    """Set how much attention a pupil needs, with advice for those who meet the child and the day of the next look.

    Green ends the attention. Of a pupil in care it is only raised here, as people lower it together. Raises
    CannotSetLevel.
    """
    if level not in Level.values:
        raise CannotSetLevel(NEEDS_LEVEL)
    refusal = refusal_of_level(
        outcome="", level=level, advice=advice, review_on=review_on, today=timezone.localtime(now()).date()
    )
    if refusal:
        raise CannotSetLevel(refusal)
    current = _open_row(student)
    if is_lowering(level, current.level if current else "") and is_kept_elsewhere(student.id):
        raise CannotSetLevel(KEPT_IN_CASE)
    return write_attention(student, actor=actor, level=level, advice=advice, basis=basis, review_on=review_on)


def write_attention(
    student: Student, *, actor: Actor, level: str, advice: str, basis: Basis, review_on: dt.date | None
) -> Attention | Unchanged:
    """The private body of `set_attention` for commands that have judged already: ends one row, writes the next."""
    at = now()
    current = _open_row(student)
    if current is not None and _is_same(current, level, advice, review_on):
        return Unchanged("same_level")
    if current is None and level == Level.GREEN:
        return Unchanged("no_attention")
    if current is not None:
        every_attention().filter(pk=current.pk, ended_at__isnull=True).update(ended_at=at)
        if not meet_deadline(REVIEW, current.id, at=at, by=actor.staff_id):
            cancel_deadlines(current.id, at=at, reason="replaced")
    row = Attention(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id, level=level,
        advice=advice.strip() or None, basis_kind=basis.kind, basis_id=basis.id, set_by=actor.person_id,
        set_at=at, review_on=review_on, ended_at=at if level == Level.GREEN else None,
    )  # fmt: skip
    row.save(force_insert=True)
    if row.ended_at is None and review_on is not None:
        _start_review(row, student, review_on)
    record(
        "alerts.attention.set", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id,
        facts={"level": level, "before": current.level if current else "none", "basis": basis.kind,
               "review_on": review_on.isoformat() if review_on else ""},
    )  # fmt: skip
    return row


def _start_review(row: Attention, student: Student, review_on: dt.date) -> None:
    start_deadline(
        REVIEW, subject_kind="attention", subject_id=row.id, place=student.place, county_id=student.county_id,
        urgency=URGENCY_OF_LEVEL[Level(row.level)], began_at=row.set_at, due_at=end_of_day(review_on, zone()),
        parameters=parameters_for(student.place, timezone.localtime(row.set_at).date()),
    )  # fmt: skip


def _open_row(student: Student) -> Attention | None:
    return every_attention().filter(student=student, ended_at__isnull=True).first()


def _is_same(row: Attention, level: str, advice: str, review_on: dt.date | None) -> bool:
    (opened,) = open_sealed([row], "advice")
    return (row.level, opened["advice"] or "", row.review_on) == (level, advice.strip(), review_on)
