"""Going through the list of a class: pupil by pupil, what was noticed, and the signature under it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.rounds import rules
from xinqiao.care.rounds.models import RoundLine, RoundList
from xinqiao.care.rounds.pupils import pupils_at
from xinqiao.care.rounds.reasons import Told, reasons_of_told, urgencies
from xinqiao.care.rounds.rows import every_line, every_list
from xinqiao.care.rounds.states import Finding, ListState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.places import covers
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.deadlines.kinds import ROUND
from xinqiao.register.deadlines.services.clocks import meet_deadline
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for


class CannotNote(ValueError):
    """The list does not take it; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Signed:
    """What was signed: how many pupils, of how many a worry; none is a nil return."""

    pupils: int
    worries: int


@command(Permission.ROUND_SIGN, is_batch=True)
def note_nothing(row: RoundList, *, actor: Actor, student_ids: Collection[UUID]) -> int | Unchanged:
    """Note that these pupils were looked at and nothing was noticed; return how many are new.

    A worry noted before stays: only `take_back_worry` takes it back. Who is not in the class today is left out.
    Raises CannotNote.
    """
    locked = _waiting(row)
    known = set(every_line().filter(list=locked).values_list("student_id", flat=True))
    pupils = [pupil for pupil in pupils_at(locked.place).filter(pk__in=list(student_ids)) if pupil.id not in known]
    if not pupils:
        return Unchanged("looked_at_already")
    at, by = now(), actor.person_id
    every_line().bulk_create([_line(locked, pupil, by, at) for pupil in pupils])
    record(
        "rounds.line.noted", subject_kind="class", subject_id=locked.class_id, place=locked.place,
        county_id=locked.county_id, facts={"count": len(pupils), "ids": [str(pupil.id) for pupil in pupils]},
    )  # fmt: skip
    return len(pupils)


@command(Permission.ROUND_SIGN)
def take_back_worry(row: RoundList, *, actor: Actor, student: Student) -> RoundLine | Unchanged:
    """Note that there is no worry about a pupil after all. Raises CannotNote, also where it was passed on already."""
    locked = _waiting(row)
    line = every_line().filter(list=locked, student=student, finding=Finding.WORRY).first()
    if line is None:
        return Unchanged("no_worry")
    if line.passed_on:
        raise CannotNote(rules.PASSED_ON)
    line.finding, line.noted, line.looked_by, line.looked_at = Finding.NOTHING, None, actor.person_id, now()
    line.save()
    _record_worry("rounds.worry.taken_back", locked, student)
    return line


@command(Permission.ROUND_SIGN)
def note_worry(row: RoundList, *, actor: Actor, student: Student, told: Told) -> RoundLine:
    """Note a worry about a pupil. What the policy calls urgent goes to triage at once, the rest when the list is
    signed. Raises CannotNote."""
    locked, at = _waiting(row), now()
    line = every_line().filter(list=locked, student=student).first() or _line(locked, student, actor.person_id, at)
    urgency = _urgency(told, locked, student, line.passed_on)
    _put_down(line, told, actor.person_id, at)
    if rules.is_passed_on_at_once(urgency):
        line.passed_on = urgency
        _pass_on(line, student, told, at)
    line.save()
    _record_worry("rounds.worry.noted", locked, student, urgency=urgency)
    return line


@command(Permission.ROUND_SIGN)
def sign_list(row: RoundList, *, actor: Actor) -> Signed:
    """Sign the list of a class in which every pupil was looked at; worries enter triage. Raises CannotNote."""
    locked, at, by = _waiting(row), now(), actor.person_id
    pupils = list(pupils_at(locked.place).values_list("pk", flat=True))
    lines = list(every_line().filter(list=locked).select_related("student"))
    looked_at = {line.student_id for line in lines}
    _demand(
        rules.refusal_to_sign(locked.state, pupils=len(pupils), looked_at=sum(each in looked_at for each in pupils))
    )
    worries = [line for line in lines if line.finding == Finding.WORRY and _is_here(line.student, locked)]
    _pass_on_all([line for line in worries if not line.passed_on], at)
    signed = Signed(len(pupils), len(worries))
    fields = {"signed_by": by, "signed_at": at, "pupils": signed.pupils, "worries": signed.worries}
    if not every_list().filter(pk=locked.pk, state=ListState.WAITING).update(state=ListState.SIGNED, **fields):
        raise CannotNote(rules.NOT_WAITING)
    meet_deadline(ROUND, locked.id, at=at, by=by)
    record(
        "rounds.list.signed", subject_kind="class", subject_id=locked.class_id, place=locked.place,
        county_id=locked.county_id, facts={"pupils": signed.pupils, "worries": signed.worries},
    )  # fmt: skip
    return signed


def _waiting(row: RoundList) -> RoundList:
    """Lock the list: whoever signs and whoever writes on it come one after the other."""
    locked = every_list().select_for_update().filter(pk=row.pk).first()
    if locked is None or locked.state != ListState.WAITING:
        raise CannotNote(rules.NOT_WAITING)
    return locked


def _demand(refusal: str) -> None:
    if refusal:
        raise CannotNote(refusal)


def _urgency(told: Told, row: RoundList, student: Student, passed_on: str) -> str:
    """Return the urgency of what is told, by the policy in force; raises CannotNote where it cannot be noted."""
    parameters = parameters_for(row.place, today())
    known = urgencies(parameters)
    floor = parameters.worry_urgency_at_least.get(Source.ROUND.value, "yellow")
    urgency = max(rules.urgency_of(told.factors, told.seen, known), floor, key=rules.WEIGHT.__getitem__)
    _demand(
        rules.refusal_to_note_worry(
            state=row.state, is_in_class=_is_in_class(student, row), factors=told.factors, seen=told.seen,
            words=told.words, known=known,
            urgency=urgency, passed_on=passed_on,
        )
    )  # fmt: skip
    return urgency


def _line(row: RoundList, student: Student, by: UUID, at: dt.datetime) -> RoundLine:
    return RoundLine(
        county_id=student.county_id, place=student.place, list=row, student=student, key_id=student.key_id,
        finding=Finding.NOTHING, looked_by=by, looked_at=at,
    )  # fmt: skip


def _put_down(line: RoundLine, told: Told, by: UUID, at: dt.datetime) -> None:
    line.finding, line.noted, line.looked_by, line.looked_at = Finding.WORRY, told.as_json(), by, at


def _pass_on(line: RoundLine, student: Student, told: Told, at: dt.datetime) -> None:
    raise_signal(
        student, source=Source.ROUND, urgency=line.passed_on, evidence=0, basis=reasons_of_told(told),
        origin_kind="round_line", origin_id=line.id, once=f"round:{line.id}:{line.passed_on}", at=at,
    )  # fmt: skip


def _pass_on_all(lines: Sequence[RoundLine], at: dt.datetime) -> None:
    for line, opened in zip(lines, open_sealed(lines, "noted"), strict=True):
        line.passed_on = "yellow"
        every_line().filter(pk=line.pk).update(passed_on=line.passed_on)
        _pass_on(line, line.student, Told.from_json(opened["noted"]), at)


def _is_in_class(student: Student, row: RoundList) -> bool:
    return student.place == row.place and student.status == StudentStatus.ACTIVE


def _is_here(student: Student, row: RoundList) -> bool:
    """Is a pupil still at the school of the list? A worry about one who changed the class is passed on as well."""
    return student.status == StudentStatus.ACTIVE and covers(student.school_place, row.place)


def _record_worry(event: str, row: RoundList, student: Student, **facts: str) -> None:
    record(event, subject_kind="student", subject_id=student.id, place=row.place, county_id=row.county_id,
           facts={"list": str(row.id), **facts})  # fmt: skip
