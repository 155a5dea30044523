"""Private bodies that put pupils into classes and out of them: enrolment history is added to, never rewritten."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from xinqiao.foundation.keys.fields import open_sealed, seal_rows
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.bulk import update_rows
from xinqiao.register.people.hooks import Moved, students_moved
from xinqiao.register.people.models import Enrolment, PupilPin, Student, Tie
from xinqiao.register.people.registering import index_of, insert_enrolments, is_seat_number
from xinqiao.register.people.states import StudentStatus

_WHY = "moved by a command on these very rows"


class CannotMove(ValueError):
    """The pupil cannot be moved; `code` says why: before_start, already_there, not_here, other_school."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def place_students(moves: Sequence[tuple[Student, Unit | None]], on: dt.date, *, ended_as: str = "") -> list[Moved]:
    """Put each pupil into a class from a day on, or (None) out of the school; tell the floors above.

    The open stay ends on that day (`ended_as` a StayEnd, where it is known) and another begins. Raises
    CannotMove("before_start") if a stay began later.
    """
    students = [student for student, _ in moves]
    _end_stays(students, on, ended_as)
    insert_enrolments([(s.id, s.county_id, unit, on) for s, unit in moves if unit is not None])
    told = []
    for student, unit in moves:
        place = unit.path if unit is not None else student.school_place
        told.append(Moved(student.id, student.county_id, student.place, place, unit is not None, on))
        student.place = place
        student.status = StudentStatus.ACTIVE if unit is not None else StudentStatus.LEFT
    update_rows(Student, ("place", "status"), [(s.place, s.status, s.id) for s in students])
    _follow(PupilPin, students)
    _follow(Tie, students)
    _reseat([(s, unit) for s, unit in moves if unit is not None and s.is_seat_number])
    students_moved.send(told)
    return told


def _end_stays(students: Sequence[Student], on: dt.date, ended_as: str) -> None:
    stays = list(Enrolment.objects.for_system(reason=_WHY).filter(student_id__in=[s.id for s in students], end_on=None))
    if any(stay.start_on > on for stay in stays):
        raise CannotMove("before_start")
    update_rows(Enrolment, ("end_on", "ended_as"), [(on, ended_as, stay.id) for stay in stays])


def _follow(model: type[PupilPin] | type[Tie], students: Sequence[Student]) -> None:
    """Rows that are kept where the pupil is."""
    by_place: dict[str, list[UUID]] = {}
    for student in students:
        by_place.setdefault(student.place, []).append(student.id)
    for place, ids in by_place.items():
        model.objects.for_system(reason=_WHY).filter(student_id__in=ids).update(place=place)


def free_seats(place: str, *, but: frozenset[UUID] = frozenset()) -> "SeatBook":
    """Return the seats of a class that nobody has, in order."""
    rows = list(
        Student.objects.for_system(reason="seats of a class are given once").filter(
            place=place, is_seat_number=True, status=StudentStatus.ACTIVE
        )
    )
    rows = [row for row in rows if row.id not in but]
    return SeatBook({(opened["number"] or "").lstrip("0") for opened in open_sealed(rows, "number")})


class SeatBook:
    """Hands out the lowest free seat of one class: 01, 02 …"""

    def __init__(self, taken: set[str]) -> None:
        self._taken = set(taken)
        self._next = 1

    def take(self, number: str) -> bool:
        """Keep a certain seat if it is free."""
        bare = number.lstrip("0")
        if bare in self._taken:
            return False
        self._taken.add(bare)
        return True

    def give(self) -> str:
        """Give the next free seat."""
        while str(self._next) in self._taken:
            self._next += 1
        self._taken.add(str(self._next))
        return f"{self._next:02d}"


def _reseat(moves: Sequence[tuple[Student, Unit]]) -> None:
    """A seat belongs to a class: a newcomer whose seat is taken there gets the next free one."""
    by_place: dict[str, list[Student]] = {}
    for student, unit in moves:
        by_place.setdefault(unit.path, []).append(student)
    for place, students in by_place.items():
        seats = free_seats(place, but=frozenset(student.id for student in students))
        for student, opened in zip(students, open_sealed(students, "number"), strict=True):
            if not seats.take(opened["number"] or ""):
                give_number(student, seats.give())
        columns = ("number", "number_index", "is_seat_number")
        update_rows(Student, columns, [(s.number, s.number_index, s.is_seat_number, s.id) for s in students])


def give_number(student: Student, number: str) -> None:
    """Set, seal and index a pupil's number; the caller saves."""
    student.number, student.number_index = number or None, index_of("student_number", number)
    student.is_seat_number = is_seat_number(number)
    seal_rows([student])
