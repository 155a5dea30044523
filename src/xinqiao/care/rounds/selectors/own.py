"""What a class teacher sees: the own lists that wait, and one list pupil by pupil."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.rounds.models import RoundLine, RoundList
from xinqiao.care.rounds.pupils import counts_at, looked_at, pupils_at
from xinqiao.care.rounds.reasons import Told
from xinqiao.care.rounds.states import Finding, ListState
from xinqiao.care.rounds.wording import round_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.models import Student

SHOWN_DAYS = 60


@dataclass(frozen=True)
class ListRow:
    """One list of the reader's own class; how many of its pupils were looked at."""

    id: UUID
    class_id: UUID
    round_name: str
    reason: str
    class_name: str
    pupils: int
    looked_at: int
    state: str
    state_label: str
    due_at: dt.datetime
    is_late: bool
    signed_at: dt.datetime | None

    @property
    def is_waiting(self) -> bool:
        """Can it still be written on?"""
        return self.state == ListState.WAITING

    @property
    def left(self) -> int:
        """How many pupils are to be looked at yet."""
        return max(0, self.pupils - self.looked_at)


@dataclass(frozen=True)
class PupilRow:
    """One pupil of a list. `is_passed_on`: what was told of the pupil is with the psychology teacher."""

    student_id: UUID
    name: str
    number: str
    finding: str
    is_passed_on: bool


@dataclass(frozen=True)
class ListPage:
    """One list with its pupils; who signed it, if somebody did, and of how many pupils there was a worry."""

    row: ListRow
    pupils: tuple[PupilRow, ...]
    signed_by: str
    worries: int | None


def own_lists(actor: Actor, at: dt.datetime) -> list[ListRow]:
    """Return the lists of the classes whose teacher the reader is: those that wait, and what was signed lately."""
    places = [grant.place for grant in actor.grants if grant.role == Role.CLASS_TEACHER]
    rows = RoundList.objects.visible_to(actor, Permission.ROUND_SIGN).filter(
        within(places), round__opened_at__gte=at - dt.timedelta(days=SHOWN_DAYS)
    )
    kept = rows.exclude(state=ListState.DROPPED).select_related("round__call").order_by("-state", "round__due_at")
    return list_rows(list(kept), at)


def list_rows(lists: Sequence[RoundList], at: dt.datetime) -> list[ListRow]:
    """Return lists that were fetched for the reader as pages show them; a fixed number of queries for any number."""
    pupils, looked = counts_at({row.place for row in lists}), looked_at(lists)
    units = units_by_path({row.place for row in lists})
    on = timezone.localtime(at).date()
    return [
        ListRow(
            id=row.id, class_id=row.class_id, round_name=round_words(row.round.names),
            reason=row.round.call.reason if row.round.call else "",
            class_name=name_on(units[row.place], on) if row.place in units else "",
            pupils=pupils[row.place], looked_at=looked[row.id], state=row.state,
            state_label=str(ListState(row.state).label), due_at=row.round.due_at,
            is_late=row.state == ListState.WAITING and row.round.due_at < at, signed_at=row.signed_at,
        )
        for row in lists
    ]  # fmt: skip


def list_for(actor: Actor, list_id: UUID) -> RoundList | None:
    """Return a list that the actor may go through, else None."""
    rows = RoundList.objects.visible_to(actor, Permission.ROUND_SIGN).select_related("round__call")
    found: RoundList | None = rows.filter(pk=list_id).first()
    return found


def list_page(actor: Actor, row: RoundList, at: dt.datetime) -> ListPage:
    """Return a list that was fetched for the actor pupil by pupil; reading it is an audit event."""
    students = list(pupils_at(row.place))
    lines = {
        line.student_id: line
        for line in RoundLine.objects.visible_to(actor, Permission.ROUND_SIGN).filter(list=row)
    }  # fmt: skip
    opened = open_sealed(students, "name", "number")
    pupils = [_pupil(each, words, lines.get(each.id)) for each, words in zip(students, opened, strict=True)]
    note_reading(
        actor, "rounds.list.read", subject_kind="class", subject_id=row.class_id, place=row.place,
        county_id=row.county_id, facts={"count": len(pupils), "list": str(row.id)},
    )  # fmt: skip
    signed_by = staff_names([row.signed_by]).get(row.signed_by, "") if row.signed_by else ""
    ordered = tuple(sorted(pupils, key=lambda each: (each.number == "", each.number, each.name)))
    return ListPage(list_rows([row], at)[0], ordered, signed_by, row.worries)


def _pupil(student: Student, words: dict[str, str | None], line: RoundLine | None) -> PupilRow:
    return PupilRow(
        student_id=student.id, name=words["name"] or "", number=words["number"] or "",
        finding=line.finding if line else "", is_passed_on=bool(line and line.passed_on),
    )  # fmt: skip


def told_of(actor: Actor, row: RoundList, student: Student) -> Told:
    """Return what was noted of a pupil in a list; reading it is an audit event, also where there is nothing."""
    lines = RoundLine.objects.visible_to(actor, Permission.ROUND_SIGN)
    line = lines.filter(list=row, student=student, finding=Finding.WORRY).first()
    note_reading(
        actor, "rounds.worry.read", subject_kind="student", subject_id=student.id, place=row.place,
        county_id=row.county_id, facts={"list": str(row.id)},
    )  # fmt: skip
    return Told.from_json(open_sealed([line], "noted")[0]["noted"]) if line else Told()


def pupil_of(row: RoundList, student_id: UUID) -> Student | None:
    """Return a pupil who is in the class of a list today, else None."""
    return pupils_at(row.place).filter(pk=student_id).first()


def own_class_units(actor: Actor, on: dt.date) -> list[tuple[UUID, str]]:
    """Return the classes whose teacher the reader is, by id and name."""
    places = [grant.place for grant in actor.grants if grant.role == Role.CLASS_TEACHER]
    return [(unit.id, name_on(unit, on)) for unit in units_by_path(places).values() if not unit.is_closed]
