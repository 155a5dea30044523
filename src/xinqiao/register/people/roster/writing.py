"""Writing one settled chunk: made ready before, written inside the transaction of the command that records it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.bulk import update_rows
from xinqiao.register.people.models import Guardian, Student, Tie
from xinqiao.register.people.moving import SeatBook, free_seats, give_number, place_students
from xinqiao.register.people.registering import (
    Key,
    Prepared,
    first_phone,
    index_of,
    keys_of,
    prepare_students,
    register_guardians,
)
from xinqiao.register.people.roster.planning import Chunk
from xinqiao.register.people.roster.settling import Revision, Settlement, draft_of
from xinqiao.register.people.roster.wanted import Wanted

REVISED_COLUMNS = (
    "name", "number", "number_index", "is_seat_number", "national_number", "national_index", "id_number", "id_index",
    "sex", "birth_year", "birth_on", "ethnicity", "boards",
)  # fmt: skip


class Overtaken(RuntimeError):
    """Somebody registered one of these pupils since the plan was made; plan again."""


@dataclass(frozen=True)
class ReadyChunk:
    """A chunk with everything made that can be made before the transaction: units to add, newcomers sealed."""

    chunk: Chunk
    settled: Settlement
    grades: tuple[Unit, ...]
    classes: tuple[Unit, ...]
    newcomers: Prepared | None


def prepare_chunk(chunk: Chunk, settled: Settlement, on: dt.date) -> ReadyChunk:
    """Make ready what a chunk adds; nothing is written, so that nobody waits for it."""
    grades, classes = chunk.book.with_missing([*settled.newcomers, *(one.wanted for one in settled.moved)])
    newcomers = None
    if settled.newcomers:
        seats: dict[str, SeatBook] = {}
        drafts = []
        for wanted in settled.newcomers:
            unit = chunk.book.class_of(wanted)
            drafts.append(draft_of(wanted, unit, "" if wanted.number else _seat(seats, unit.path, chunk)))
        newcomers = prepare_students(chunk.school, drafts, on)
    return ReadyChunk(chunk, settled, tuple(grades), tuple(classes), newcomers)


def write_chunk(ready: ReadyChunk, settled: Settlement, on: dt.date) -> None:
    """Write newcomers, changes and moves. Raises Overtaken if somebody was registered or moved meanwhile."""
    _require_still_new(ready.chunk.school, ready.settled.newcomers)
    if any(ready.chunk.book.find(one.wanted) is None for one in settled.moved):
        raise Overtaken
    Unit.objects.bulk_create(ready.grades)
    Unit.objects.bulk_create(ready.classes)
    if ready.newcomers is not None:
        ready.newcomers.write()
    if settled.revised:
        _revise(settled.revised)
        moved = [(one.student, ready.chunk.book.class_of(one.wanted)) for one in settled.moved]
        if moved:
            place_students(moved, on)
        _write_guardians(settled.revised, on)


def _seat(seats: dict[str, SeatBook], place: str, chunk: Chunk) -> str:
    """The next free seat of a class, free of those that the file gives to others too."""
    if place not in seats:
        seats[place] = free_seats(place)
        for one in chunk.found:
            if one.wanted.is_seat and chunk.book.place_of(one.wanted) == place:
                seats[place].take(one.wanted.number)
    return seats[place].give()


def _require_still_new(school: Unit, newcomers: Sequence[Wanted]) -> None:
    here = Student.objects.for_system(reason="nobody is registered twice").filter(school_id=school.id)
    numbers = [w.number_index for w in newcomers if w.number_index and not w.is_seat]
    known = (
        here.filter(number_index__in=numbers, is_seat_number=False),
        here.filter(national_index__in=[w.national_index for w in newcomers if w.national_index]),
        here.filter(id_index__in=[w.id_index for w in newcomers if w.id_index]),
    )  # one query an index: joined by OR they would scan the school
    if any(rows.exists() for rows in known):
        raise Overtaken


def _revise(revised: Iterable[Revision]) -> None:
    changing = [one for one in revised if one.changes]
    keys = keys_of([one.student for one in changing])
    for one in changing:
        for change in one.changes:
            _set(one.student, keys[one.student.key_id], change.field, change.new)
    rows = [(*(getattr(one.student, name) for name in REVISED_COLUMNS), one.student.id) for one in changing]
    update_rows(Student, REVISED_COLUMNS, rows)


def _set(student: Student, key: Key, name: str, value: object) -> None:
    if name == "number":
        give_number(student, str(value))
    elif name in ("name", "national_number", "id_number", "birth_on"):
        setattr(student, name, key.seal(Student, name, student.id, str(value)))
        if name == "national_number":
            student.national_index = index_of("national_number", str(value))
        if name == "id_number":
            student.id_index = index_of("id_number", str(value))
        if name == "birth_on":
            student.birth_year = dt.date.fromisoformat(str(value)).year
    else:
        setattr(student, name, value)


def _write_guardians(revised: Iterable[Revision], on: dt.date) -> None:
    changes = [(one.student, change) for one in revised for change in one.guardians]
    added = [(student, c.draft) for student, c in changes if c.guardian is None and c.tie is None]
    if added:
        register_guardians(added, on)
    update_rows(Tie, ("relation",), [(c.draft.relation, c.tie.id) for _, c in changes if c.tie is not None])
    persons = [(c.guardian, c.draft) for _, c in changes if c.guardian is not None]
    keys = keys_of([guardian for guardian, _ in persons])
    for guardian, draft in persons:
        key = keys[guardian.key_id]
        if draft.name:
            guardian.name = key.seal(Guardian, "name", guardian.id, draft.name)
        if draft.phone:
            guardian.phone = key.seal(Guardian, "phone", guardian.id, draft.phone)
            guardian.phone_index = index_of("phone", first_phone(draft.phone))
    columns = ("name", "phone", "phone_index")
    update_rows(Guardian, columns, [(g.name, g.phone, g.phone_index, g.id) for g, _ in persons])
