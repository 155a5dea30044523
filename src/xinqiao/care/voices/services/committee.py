"""Who of a class is its committee member: appointed, and ended."""

from uuid import UUID

from django.db import IntegrityError, transaction

from xinqiao.care.voices import rules
from xinqiao.care.voices.models import CommitteeSeat
from xinqiao.care.voices.rows import every_seat
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for


class CannotSeat(ValueError):
    """The committee cannot be changed so; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.COMMITTEE_EDIT)
def appoint_member(student: Student, *, actor: Actor) -> CommitteeSeat | Unchanged:
    """Make a pupil a committee member of their class from today. Raises CannotSeat."""
    unit = Unit.objects.filter(path=student.place, kind=UnitKind.CLASS).first()
    if unit is None or student.status != StudentStatus.ACTIVE:
        raise CannotSeat(rules.NOT_IN_A_CLASS)
    sitting = list(every_seat().filter(class_id=unit.id, end_on__isnull=True))
    if any(seat.student_id == student.id for seat in sitting):
        return Unchanged("sits_already")
    chair = rules.free_chair({seat.chair for seat in sitting}, parameters_for(unit.path, today()).committee.seats)
    if chair is None:
        raise CannotSeat(rules.ALL_TAKEN)
    seat = CommitteeSeat(
        county_id=student.county_id, place=unit.path, student=student, class_id=unit.id, chair=chair,
        start_on=today(), appointed_by=actor.person_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            seat.save(force_insert=True)
    except IntegrityError as error:  # somebody else took the chair meanwhile
        raise CannotSeat(rules.ALL_TAKEN) from error
    _record(seat, "voices.seat.given")
    return seat


@command(Permission.COMMITTEE_EDIT)
def end_member(seat: CommitteeSeat, *, actor: Actor) -> CommitteeSeat | Unchanged:
    """End a committee member's time with today; reports stay."""
    if not write_end(seat, by=actor.person_id):
        return Unchanged("ended_already")
    _record(seat, "voices.seat.ended")
    return seat


def write_end(seat: CommitteeSeat, *, by: UUID) -> bool:
    """End a seat unless it has ended; a private body."""
    return bool(every_seat().filter(pk=seat.pk, end_on__isnull=True).update(end_on=today(), ended_by=by))


def _record(seat: CommitteeSeat, event: str) -> None:
    record(event, subject_kind="student", subject_id=seat.student_id, place=seat.place, county_id=seat.county_id)
