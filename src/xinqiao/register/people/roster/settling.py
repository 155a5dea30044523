"""What one chunk of rows would change: compared field by field with the pupils found. Reads, and writes nothing."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Guardian, Student, Tie
from xinqiao.register.people.registering import GuardianDraft, StudentDraft, first_phone
from xinqiao.register.people.roster.matching import Found, Known, contradicts_person
from xinqiao.register.people.roster.planning import Chunk, birth_of
from xinqiao.register.people.roster.wanted import ReadRoster, Refusal, Wanted
from xinqiao.register.people.states import Relation, StudentStatus, TieKind

SEALED_NAMES = ("name", "number", "national_number", "id_number", "birth_on")
_RELATIONS = {
    "father": Relation.FATHER, "mother": Relation.MOTHER, "grandparent": Relation.GRANDPARENT,
    "paternal_grandfather": Relation.GRANDPARENT, "paternal_grandmother": Relation.GRANDPARENT,
    "maternal_grandfather": Relation.GRANDPARENT, "maternal_grandmother": Relation.GRANDPARENT,
    "sibling": Relation.OTHER, "relative": Relation.OTHER, "other": Relation.OTHER,
    "stepfather": Relation.GUARDIAN, "stepmother": Relation.GUARDIAN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: what the register has and what the file says."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class GuardianChange:
    """What happens to a pupil's guardians: one added, or another phone or relation of a known one."""

    draft: GuardianDraft
    guardian: Guardian | None = None
    tie: Tie | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """A known pupil who changes; `opened` is what the register had, `is_moving` says that the class is another one."""

    student: Student
    wanted: Wanted
    opened: dict[str, Any]
    changes: tuple[Change, ...]
    guardians: tuple[GuardianChange, ...]
    is_moving: bool

    @property
    def is_empty(self) -> bool:
        """Is there nothing to write?"""
        return not (self.changes or self.guardians or self.is_moving)


@dataclass(frozen=True)
class Settlement:
    """A chunk settled: who is new, who changes, who stays as they are, and rows refused on a closer look."""

    newcomers: tuple[Wanted, ...]
    revised: tuple[Revision, ...]
    unchanged: int
    refused: tuple[Refusal, ...]

    @property
    def is_idle(self) -> bool:
        """Is there nothing to write?"""
        return not (self.newcomers or self.revised)

    @property
    def moved(self) -> tuple[Revision, ...]:
        """Those who come into a class, whatever else changes."""
        return tuple(one for one in self.revised if one.is_moving)

    @property
    def updated_count(self) -> int:
        """Those who change without moving."""
        return len(self.revised) - len(self.moved)


def settle(read: ReadRoster, chunk: Chunk, on: dt.date, *, is_locking: bool = False) -> Settlement:
    """Compare a chunk with the register: four queries, and one per 500 keys.

    `is_locking` holds the pupils' rows until the caller's transaction ends.
    """
    ids = [one.known.id for one in chunk.found if one.known is not None]
    rows = Student.objects.for_system(reason="compared with a roster").filter(pk__in=ids)
    students = {row.id: row for row in (rows.select_for_update() if is_locking else rows)}
    opened = dict(zip(students, open_sealed(list(students.values()), *SEALED_NAMES), strict=True))
    ties = _ties(ids)
    starts = _starts(ids)
    newcomers, revised, refused, unchanged = [], [], [], 0
    for one in chunk.found:
        if one.known is None:
            newcomers.append(one.wanted)
            continue
        student = students[one.known.id]
        fault = _fault(one, student, opened[student.id], chunk, starts.get(student.id), on)
        if fault:
            refused.append(read.refusal(one.wanted, fault[1], fault[0]))
            continue
        revision = _revision(one.wanted, student, opened[student.id], ties.get(student.id, []), chunk)
        if revision.is_empty:
            unchanged += 1
        else:
            revised.append(revision)
    return Settlement(tuple(newcomers), tuple(revised), unchanged, tuple(refused))


def _starts(ids: Sequence[UUID]) -> dict[UUID, dt.date]:
    rows = Student.objects.for_system(reason="compared with a roster").filter(pk__in=ids, enrolments__end_on=None)
    return dict(rows.values_list("id", "enrolments__start_on"))


def _fault(
    one: Found, student: Student, opened: dict[str, Any], chunk: Chunk, start_on: dt.date | None, on: dt.date
) -> tuple[str, str] | None:
    """Why the row is refused after all, with the field that caused it."""
    known = one.known
    assert isinstance(known, Known)
    birth = birth_of(opened["birth_on"])
    if not one.is_sure and contradicts_person(
        one.wanted, name=opened["name"] or "", sex=student.sex, birth=birth, known=known
    ):
        return "number_of_another", "student_number"
    moves = chunk.book.place_of(one.wanted) != student.place
    if moves and start_on is not None and start_on > on:
        return "moved_before_start", "class"
    return None


def _revision(
    wanted: Wanted, student: Student, opened: dict[str, Any], ties: Sequence[tuple[Tie, Guardian, str, str]],
    chunk: Chunk,
) -> Revision:  # fmt: skip
    moving = student.status != StudentStatus.ACTIVE or chunk.book.place_of(wanted) != student.place
    changes = tuple(_changes(wanted, student, opened))
    return Revision(student, wanted, opened, changes, tuple(_guardian_changes(wanted, ties)), moving)


def _changes(wanted: Wanted, student: Student, opened: dict[str, Any]) -> Iterator[Change]:
    """What the file says otherwise; what it does not say is left alone."""
    row = wanted.row
    said = (
        ("name", opened["name"], row.name),
        ("number", opened["number"], row.student_number or (None if opened["number"] else wanted.number)),
        ("national_number", opened["national_number"], row.national_number),
        ("id_number", opened["id_number"], row.id_number),
        ("sex", student.sex, row.sex),
        ("ethnicity", student.ethnicity, row.ethnicity),
        ("boards", student.boards, row.boarding),
    )
    for name, old, new in said:
        if new not in (None, "") and new != old:
            yield Change(name, old, new)
    yield from _birth_changes(wanted, student, opened)


def _birth_changes(wanted: Wanted, student: Student, opened: dict[str, Any]) -> Iterator[Change]:
    birth = wanted.row.birth
    if birth is None:
        return
    if birth.day is not None:
        day = dt.date(birth.year, birth.month, birth.day).isoformat()
        if day != opened["birth_on"]:
            yield Change("birth_on", opened["birth_on"], day)
    elif opened["birth_on"] is None and student.birth_year != birth.year:
        yield Change("birth_year", student.birth_year, birth.year)


def guardian_drafts(wanted: Wanted) -> list[GuardianDraft]:
    """Return the guardians that a row names; a telephone without a name is a guardian whose name is not known yet."""
    row = wanted.row
    drafts = [
        GuardianDraft(one.name or "", "/".join(one.phones), _RELATIONS.get(one.relation or "", Relation.GUARDIAN))
        for one in row.guardians
        if one.name or one.phones
    ]
    phones = {phone for draft in drafts for phone in draft.phone.split("/")}
    spare = [phone for phone in row.contact_phones if phone not in phones]
    if spare and len(drafts) == 1 and not drafts[0].phone:
        return [GuardianDraft(drafts[0].name, "/".join(spare), drafts[0].relation)]
    return drafts + ([GuardianDraft("", "/".join(spare))] if spare and not phones else [])


def _guardian_changes(wanted: Wanted, ties: Sequence[tuple[Tie, Guardian, str, str]]) -> Iterator[GuardianChange]:
    for draft in guardian_drafts(wanted):
        same = next((one for one in ties if _is_same(draft, one[2], one[3])), None)
        if same is None:
            yield GuardianChange(draft)
            continue
        tie, guardian, name, phone = same
        person_differs = (bool(draft.phone) and draft.phone != phone) or (bool(draft.name) and not name)
        relation_differs = draft.relation not in (Relation.GUARDIAN, tie.relation)
        if person_differs or relation_differs:
            yield GuardianChange(draft, guardian if person_differs else None, tie if relation_differs else None)


def _is_same(draft: GuardianDraft, name: str, phone: str) -> bool:
    if draft.name and name:
        return draft.name == name
    return bool(draft.phone) and first_phone(draft.phone) == first_phone(phone)


def _ties(ids: Iterable[UUID]) -> dict[UUID, list[tuple[Tie, Guardian, str, str]]]:
    """Open ties to guardians by pupil, with the opened name and phone."""
    ties = list(
        Tie.objects.for_system(reason="compared with a roster").filter(
            student_id__in=list(ids), kind=TieKind.GUARDIAN, end_on=None
        )
    )
    guardians = list(
        Guardian.objects.for_system(reason="compared with a roster").filter(pk__in={tie.person_id for tie in ties})
    )
    opened = dict(zip([g.id for g in guardians], open_sealed(guardians, "name", "phone"), strict=True))
    by_id = {guardian.id: guardian for guardian in guardians}
    found: dict[UUID, list[tuple[Tie, Guardian, str, str]]] = {}
    for tie in ties:
        if tie.person_id in by_id:
            values = opened[tie.person_id]
            found.setdefault(tie.student_id, []).append(
                (tie, by_id[tie.person_id], values["name"] or "", values["phone"] or "")
            )
    return found


def draft_of(wanted: Wanted, unit: Unit, seat: str = "") -> StudentDraft:
    """Return the newcomer whom a row describes; `seat` is given to one who has no number at all."""
    row, birth = wanted.row, wanted.row.birth
    return StudentDraft(
        name=row.name, class_unit=unit, number=wanted.number or seat, national_number=row.national_number or "",
        id_number=row.id_number or "", sex=row.sex or "unknown", birth_year=birth.year if birth else None,
        birth_on=dt.date(birth.year, birth.month, birth.day) if birth and birth.day else None,
        ethnicity=row.ethnicity or "", boards=row.boarding, guardians=tuple(guardian_drafts(wanted)),
    )  # fmt: skip
