"""Private bodies that put people into the register, many at a time: for the roster import, forms and the demo city.

They record nothing: the command that calls them does.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.fields import open_sealed, seal_rows
from xinqiao.foundation.keys.models import KeySubject, SubjectKind
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import Sealed, associated, blind_index, seal_bytes
from xinqiao.foundation.keys.store import ciphers, prepare_keys, remember, wrap
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.bulk import Statement, ready_insert
from xinqiao.register.people.models import Enrolment, Guardian, PupilPin, Staff, Student, Tie
from xinqiao.register.people.pins import new_pin, pin_mac
from xinqiao.register.people.states import Relation, Sex, StudentStatus, TieKind

SEAT_NUMBER_LENGTH = 3


@dataclass(frozen=True, slots=True)
class GuardianDraft:
    """A guardian as a roster names one."""

    name: str
    phone: str = ""
    relation: str = Relation.GUARDIAN


@dataclass(frozen=True, slots=True)
class StudentDraft:
    """A student to be registered in a class; `birth_on` is a date, or None when only the year is known.

    `number` of up to three characters is a seat in the class, not a number in the school.
    """

    name: str
    class_unit: Unit
    number: str = ""
    national_number: str = ""
    id_number: str = ""
    sex: str = Sex.UNKNOWN
    birth_year: int | None = None
    birth_on: dt.date | None = None
    ethnicity: str = ""
    boards: bool | None = None
    guardians: tuple[GuardianDraft, ...] = ()
    start_on: dt.date | None = None


def index_of(purpose: str, value: str) -> bytes | None:
    """Return the blind index of an identifier; purposes are student_number, national_number, id_number and phone."""
    return blind_index(ring().secrets["index"], purpose, value) if value else None


def is_seat_number(number: str) -> bool:
    """Is it a seat in a class rather than a number in the school?"""
    return 0 < len(number) <= SEAT_NUMBER_LENGTH


@dataclass(frozen=True, slots=True)
class Key:
    """A key subject's id with its opened cipher."""

    id: UUID
    cipher: AESGCM

    def seal(self, model: type[Any], column: str, row_id: UUID, text: str | None) -> Sealed | None:
        """Seal a text for one row; None stays None."""
        if text is None:
            return None
        return seal_bytes(self.cipher, text.encode(), associated(model._meta.db_table, column, row_id, self.id))


def ready_keys(kind: str, count: int) -> tuple[list[Key], Statement]:
    """Make data keys and the statement that stores them; the opened ciphers stay in this process."""
    keys, at = ring(), now()
    made, rows = [], []
    for _ in range(count):
        key_id, data_key = new_id(), AESGCM.generate_key(256)
        rows.append((key_id, kind, "", keys.current, wrap(keys.master, key_id, data_key), at, None))
        key = Key(key_id, AESGCM(data_key))
        remember(key.id, key.cipher)
        made.append(key)
    columns = ("id", "kind", "vault", "master", "wrapped", "created_at", "destroyed_at")
    return made, ready_insert(KeySubject, columns, rows)


STUDENT_COLUMNS = (
    "id", "key_id", "county_id", "school_id", "school_place", "place", "name", "number", "number_index",
    "is_seat_number", "national_number", "national_index", "id_number", "id_index", "sex", "birth_year", "birth_on",
    "ethnicity", "boards", "status", "created_at",
)  # fmt: skip


class Pupil(NamedTuple):
    """As much of a pupil just registered as the rows beside it need."""

    id: UUID
    county_id: UUID
    place: str
    school_place: str


AnyPupil = Student | Pupil


@dataclass(frozen=True)
class Prepared:
    """Pupils sealed and ready to be written: their rows, as STUDENT_COLUMNS has it, and all statements in order."""

    rows: tuple[tuple[Any, ...], ...]
    statements: tuple[Statement, ...]

    def write(self) -> None:
        """Write them; inside the caller's transaction, and only once."""
        for statement in self.statements:
            statement.run()


def register_students(school: Unit, drafts: Sequence[StudentDraft], on: dt.date) -> list[Student]:
    """Create students with keys, enrolments, PINs, guardians and ties; inside the caller's transaction."""
    prepared = prepare_students(school, drafts, on)
    prepared.write()
    return [Student(**dict(zip(STUDENT_COLUMNS, row, strict=True))) for row in prepared.rows]


def prepare_students(school: Unit, drafts: Sequence[StudentDraft], on: dt.date) -> Prepared:
    """Do all of `register_students` but the writing; sealing takes longer than writing and needs no transaction."""
    keys, store_keys = ready_keys(SubjectKind.STUDENT, len(drafts))
    at, secret = now(), ring().secrets["index"]
    rows = tuple(_student_row(school, draft, key, secret, at) for draft, key in zip(drafts, keys, strict=True))
    pairs = [
        (Pupil(row[0], school.shard_id, draft.class_unit.path, school.path), draft)
        for row, draft in zip(rows, drafts, strict=True)
    ]
    statements = (
        store_keys,
        ready_insert(Student, STUDENT_COLUMNS, rows),
        _ready_enrolments([(p.id, p.county_id, d.class_unit, d.start_on or on) for p, d in pairs]),
        _ready_pins([pupil for pupil, _ in pairs], keys),
        *_ready_guardians([(p, g) for p, d in pairs for g in d.guardians], on),
    )
    return Prepared(rows, statements)


def _student_row(school: Unit, draft: StudentDraft, key: Key, secret: bytes, at: dt.datetime) -> tuple[Any, ...]:
    student_id = new_id()

    def seal(column: str, text: str) -> Sealed | None:
        return key.seal(Student, column, student_id, text or None)

    def index(purpose: str, text: str) -> bytes | None:
        return blind_index(secret, purpose, text) if text else None

    return (
        student_id, key.id, school.shard_id, school.id, school.path, draft.class_unit.path,
        seal("name", draft.name), seal("number", draft.number), index("student_number", draft.number),
        is_seat_number(draft.number), seal("national_number", draft.national_number),
        index("national_number", draft.national_number), seal("id_number", draft.id_number),
        index("id_number", draft.id_number), draft.sex, draft.birth_on.year if draft.birth_on else draft.birth_year,
        seal("birth_on", draft.birth_on.isoformat() if draft.birth_on else ""), draft.ethnicity, draft.boards,
        StudentStatus.ACTIVE, at,
    )  # fmt: skip


def insert_enrolments(stays: Iterable[tuple[UUID, UUID, Unit, dt.date]]) -> None:
    """Open enrolments: student id, county id, class, first day."""
    _ready_enrolments(stays).run()


def _ready_enrolments(stays: Iterable[tuple[UUID, UUID, Unit, dt.date]]) -> Statement:
    return ready_insert(
        Enrolment,
        ("id", "student_id", "county_id", "place", "class_id", "start_on", "end_on"),
        [(new_id(), student_id, county_id, unit.path, unit.id, on, None) for student_id, county_id, unit, on in stays],
    )


def _ready_pins(students: Sequence[Pupil], keys: Sequence[Key]) -> Statement:
    at, rows, secret = now(), [], ring().secrets["pins"]
    for student, key in zip(students, keys, strict=True):
        row_id, pin = new_id(), new_pin()
        rows.append(
            (row_id, student.county_id, student.place, student.id, key.id, key.seal(PupilPin, "pin", row_id, pin),
             pin_mac(student.id, pin, secret=secret), 0, None, at)
        )  # fmt: skip
    names = ("id", "county_id", "place", "student_id", "key_id", "pin", "pin_mac", "failures", "locked_until", "set_at")
    return ready_insert(PupilPin, names, rows)


def pin_row(student: Student) -> PupilPin:
    """Return an unsaved, sealed PIN row with a fresh PIN."""
    pin = new_pin()
    row = PupilPin(
        student=student, county_id=student.county_id, place=student.place, key_id=student.key_id, pin=pin,
        pin_mac=pin_mac(student.id, pin), set_at=now(),
    )  # fmt: skip
    seal_rows([row])
    return row


def register_guardians(pairs: Sequence[tuple[AnyPupil, GuardianDraft]], on: dt.date) -> None:
    """Create a guardian and a tie for each pair; one phone in one school with one name is one person."""
    for statement in _ready_guardians(pairs, on):
        statement.run()


def _ready_guardians(pairs: Sequence[tuple[AnyPupil, GuardianDraft]], on: dt.date) -> list[Statement]:
    secret = ring().secrets["index"]
    indexed = [(s, g, blind_index(secret, "phone", first_phone(g.phone)) if g.phone else None) for s, g in pairs]
    known = _known_guardians(indexed)
    fresh: dict[tuple[str, bytes, str], tuple[AnyPupil, GuardianDraft]] = {}
    persons: list[tuple[AnyPupil, GuardianDraft, tuple[str, bytes, str]]] = []
    for number, (student, draft, phone_index) in enumerate(indexed):
        same = (student.school_place, phone_index or number.to_bytes(4, "big"), draft.name)
        persons.append((student, draft, same))
        if same not in known:
            fresh.setdefault(same, (student, draft))
    made, statements = _ready_persons(fresh)
    known |= made
    ties = {(s.id, known[same]): (s, draft) for s, draft, same in persons}
    tie_rows = ready_insert(
        Tie,
        ("id", "student_id", "county_id", "place", "kind", "person_id", "relation", "start_on", "end_on"),
        [(new_id(), s.id, s.county_id, s.place, TieKind.GUARDIAN, person_id, draft.relation, on, None)
         for (_, person_id), (s, draft) in ties.items()],
    )  # fmt: skip
    return [*statements, tie_rows]


def first_phone(phones: str) -> str:
    """Return the first of several numbers parted by a slash; it is the one that can be searched for."""
    return phones.partition("/")[0]


def _known_guardians(
    pairs: Sequence[tuple[AnyPupil, GuardianDraft, bytes | None]],
) -> dict[tuple[str, bytes, str], UUID]:
    """Guardians whom their school knows already, by school, phone and name: brothers and sisters share them."""
    indexes = {index for _, _, index in pairs if index is not None}
    places = {student.school_place for student, _, _ in pairs}
    same = Guardian.objects.for_system(reason="the same guardian is not registered twice")
    rows = [row for row in same.filter(phone_index__in=indexes) if row.place in places] if indexes else []
    names = [opened["name"] or "" for opened in open_sealed(rows, "name")]
    return {(r.place, bytes(r.phone_index or b""), name): r.id for r, name in zip(rows, names, strict=True)}


def _ready_persons(
    fresh: dict[tuple[str, bytes, str], tuple[AnyPupil, GuardianDraft]],
) -> tuple[dict[tuple[str, bytes, str], UUID], list[Statement]]:
    keys, store_keys = ready_keys(SubjectKind.GUARDIAN, len(fresh))
    made, rows = {}, []
    for (same, (student, draft)), key in zip(fresh.items(), keys, strict=True):
        row_id = made[same] = new_id()
        rows.append(
            (row_id, key.id, student.county_id, student.school_place, key.seal(Guardian, "name", row_id, draft.name),
             key.seal(Guardian, "phone", row_id, draft.phone or None), same[1] if draft.phone else None)
        )  # fmt: skip
    columns = ("id", "key_id", "county_id", "place", "name", "phone", "phone_index")
    return made, [store_keys, ready_insert(Guardian, columns, rows)]


def keys_of(rows: Iterable[Any]) -> dict[UUID, Key]:
    """Return the opened keys of stored rows by key id, for sealing changes."""
    return {key_id: Key(key_id, cipher) for key_id, cipher in ciphers(row.key_id for row in rows).items()}


def register_staff(unit: Unit, name: str, *, phone: str = "", mail: str = "", title: str = "") -> Staff:
    """Create a member of staff at a unit; above the county the unit is its own shard."""
    (key,) = prepare_keys(SubjectKind.STAFF, 1)
    key.save(force_insert=True)
    staff = Staff(
        key_id=key.id, county_id=unit.shard_id, place=unit.path, name=name, phone=phone or None,
        phone_index=index_of("phone", phone), mail=mail or None, title=title,
    )  # fmt: skip
    staff.save(force_insert=True)
    return staff
