"""The plan of a roster: every row found or new, in chunks of whole classes, and who is missing from the file."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.engines.roster import PartialDate
from xinqiao.foundation.core.places import covers, within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import blind_index
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.people.roster.classes import ClassBook
from xinqiao.register.people.roster.matching import (
    Finder,
    Found,
    Known,
    Lookups,
    Named,
    find_by_name,
    without_second_claims,
)
from xinqiao.register.people.roster.wanted import ReadRoster, Refusal, SchoolRoster, Wanted
from xinqiao.register.people.states import StudentStatus

CHUNK_PUPILS = 500
_OPENED_AT_ONCE = 500


@dataclass(frozen=True)
class Chunk:
    """Rows of one school that are written together."""

    school: Unit
    book: ClassBook
    found: tuple[Found, ...]


@dataclass(frozen=True)
class Plan:
    """What a file comes to: chunks to settle, rows refused so far, and pupils who are not in the file."""

    read: ReadRoster
    chunks: tuple[Chunk, ...]
    refused: tuple[Refusal, ...]
    missing: tuple[UUID, ...]


def plan_roster(read: ReadRoster) -> Plan:
    """Compare a file with the register; a few queries a school and none a row."""
    chunks: list[Chunk] = []
    refused: list[Refusal] = list(read.refused)
    missing: list[Known] = []
    for roster in read.schools:
        known = known_pupils(roster.school)
        book = ClassBook.of(roster.school, read.unit)
        found = _found(roster, known, book)
        refused.extend(_refusals(read, found))
        standing = [one for one in found if not one.code]
        chunks.extend(Chunk(roster.school, book, some) for some in _in_chunks(standing))
        seen = {one.known.id for one in standing if one.known is not None}
        missing.extend(one for one in known if one.is_active and one.id not in seen)
    absent = _in_unit_and_not_refused(read, missing, refused) + _in_schools_without_rows(read)
    return Plan(read, tuple(chunks), tuple(read.in_order(refused)), tuple(absent))


def known_pupils(school: Unit) -> list[Known]:
    """Return every pupil whom the school ever registered, by their indexes."""
    rows = Student.objects.for_system(reason="a roster is compared with its school").filter(school_id=school.id)
    names = ("id", "place", "status", "is_seat_number", "number_index", "national_index", "id_index")
    return [
        Known(i, place, status == StudentStatus.ACTIVE, None if seat else _bytes(number), _bytes(national), _bytes(own),
              _bytes(number) if seat else None)
        for i, place, status, seat, number, national, own in rows.values_list(*names).iterator(chunk_size=2000)
    ]  # fmt: skip


def _bytes(value: object) -> bytes | None:
    return None if value is None else bytes(value)  # type: ignore[call-overload]  # a memoryview on PostgreSQL


def _found(roster: SchoolRoster, known: Sequence[Known], book: ClassBook) -> list[Found]:
    finder, secret = Finder.of(known), ring().secrets["index"]
    found = []
    for wanted in roster.pupils:
        code = book.why_not(wanted)
        field = "campus" if code.startswith("campus") else "class"
        found.append(Found(wanted, code=code, field=field) if code else finder.find(wanted, _lookups(wanted, secret)))
    found = without_second_claims(found)
    claimed = {one.known.id for one in found if one.known is not None}
    unclaimed = [one for one in known if one.id not in claimed]
    lost = any(one.known is None and not one.code for one in found)
    if unclaimed and lost:
        found = _found_by_name(found, unclaimed, book)
    return _without_taken_seats(found, known, book)


def _lookups(wanted: Wanted, secret: bytes) -> Lookups:
    """A national number of the kind G holds the identity number; either finds the other."""
    national, own = wanted.national_number, wanted.row.id_number or ""
    identity, national_index = wanted.id_index, wanted.national_index
    if identity is None and national.startswith("G"):
        identity = blind_index(secret, "id_number", national[1:])
    if national_index is None and own:
        national_index = blind_index(secret, "national_number", f"G{own}")
    return Lookups(national_index, identity, None if wanted.is_seat else wanted.number_index)


def _found_by_name(found: Sequence[Found], unclaimed: Sequence[Known], book: ClassBook) -> list[Found]:
    by_name: dict[str, list[Named]] = {}
    for named in named_pupils(unclaimed):
        by_name.setdefault(named.name, []).append(named)
    result = [
        find_by_name(one.wanted, book.place_of(one.wanted), by_name[one.wanted.row.name])
        if one.known is None and not one.code and one.wanted.row.name in by_name
        else one
        for one in found
    ]
    return without_second_claims(result)


def named_pupils(known: Sequence[Known]) -> Iterator[Named]:
    """Open names and birth dates of known pupils, some hundred at a time."""
    by_id = {one.id: one for one in known}
    ids = list(by_id)
    for start in range(0, len(ids), _OPENED_AT_ONCE):
        rows = list(
            Student.objects.for_system(reason="a roster is compared with its school").filter(
                pk__in=ids[start : start + _OPENED_AT_ONCE]
            )
        )
        for row, opened in zip(rows, open_sealed(rows, "name", "birth_on"), strict=True):
            yield Named(by_id[row.id], opened["name"] or "", row.sex, birth_of(opened["birth_on"]))


def birth_of(text: str | None) -> PartialDate | None:
    """Return a stored birth date as the engine compares it."""
    if not text:
        return None
    day = dt.date.fromisoformat(text)
    return PartialDate(day.year, day.month, day.day)


def _without_taken_seats(found: list[Found], known: Iterable[Known], book: ClassBook) -> list[Found]:
    """A seat that stays with a pupil who is not in the file cannot be given away."""
    here = {one.known.id for one in found if one.known is not None}
    taken = {(one.place, one.seat_index) for one in known if one.is_active and one.seat_index and one.id not in here}
    if not taken:
        return found
    return [
        Found(one.wanted, code="seat_taken", field="student_number")
        if not one.code and one.wanted.is_seat and (book.place_of(one.wanted), one.wanted.number_index) in taken
        else one
        for one in found
    ]


def _refusals(read: ReadRoster, found: Iterable[Found]) -> Iterator[Refusal]:
    for one in found:
        if one.code:
            params = {"first_row": one.other_row} if one.other_row else {}
            yield read.refusal(one.wanted, one.field, one.code, **params)


def _in_chunks(found: Sequence[Found]) -> Iterator[tuple[Found, ...]]:
    """Whole classes together, up to 500 pupils; a class larger than that is parted."""
    classes: dict[tuple[object, ...], list[Found]] = {}
    for one in found:
        classes.setdefault((one.wanted.campus, *one.wanted.cohort), []).append(one)
    chunk: list[Found] = []
    for key in sorted(classes, key=str):
        some = classes[key]
        if chunk and len(chunk) + len(some) > CHUNK_PUPILS:
            yield tuple(chunk)
            chunk = []
        while len(some) > CHUNK_PUPILS:
            yield tuple(some[:CHUNK_PUPILS])
            some = some[CHUNK_PUPILS:]
        chunk.extend(some)
    if chunk:
        yield tuple(chunk)


def _in_unit_and_not_refused(read: ReadRoster, missing: Sequence[Known], refused: Sequence[Refusal]) -> list[UUID]:
    """Pupils of the unit whom no row of the file means, not even a refused one, as far as numbers and names tell."""
    inside = [one for one in missing if covers(read.unit.path, one.place)]
    if not refused or not inside:
        return [one.id for one in inside]
    secret = ring().secrets["index"]
    said = {
        blind_index(secret, purpose, row.said[key])
        for row in refused
        for key, purpose in (("number", "student_number"), ("number", "national_number"), ("id", "id_number"))
        if row.said.get(key)
    }
    unsaid = [one for one in inside if not {one.number_index, one.national_index, one.id_index} & said]
    names = {row.said.get("name", "") for row in refused}
    return [named.known.id for named in named_pupils(unsaid) if named.name not in names]


def _in_schools_without_rows(read: ReadRoster) -> list[UUID]:
    rows = Student.objects.for_system(reason="pupils of the unit who are not in its roster").filter(
        within([read.unit.path]), status=StudentStatus.ACTIVE
    )
    return list(rows.exclude(school_id__in=[one.school.id for one in read.schools]).values_list("id", flat=True))
