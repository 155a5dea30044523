"""Which pupil of the register a row of the file means. Pure: it is given indexes and, where needed, opened names.

A row is never guessed: where it may mean two children, or a child may be meant by two rows, it is refused with a code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from xinqiao.engines.roster import PartialDate
from xinqiao.register.people.roster.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Known:
    """A pupil of the school as far as finding goes. `number_index` is None for a mere seat in a class."""

    id: UUID
    place: str
    is_active: bool
    number_index: bytes | None
    national_index: bytes | None
    id_index: bytes | None
    seat_index: bytes | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A known pupil with the opened name and birth date, for finding without a number."""

    known: Known
    name: str
    sex: str
    birth: PartialDate | None


@dataclass(frozen=True, slots=True)
class Lookups:
    """The indexes by which a row is looked up: its own, and those that its national number and identity number imply
    about each other."""

    national: bytes | None
    identity: bytes | None
    number: bytes | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a row means: a known pupil, somebody new (None), or a refusal code with the field that caused it.

    `is_sure` says that an identity or national number found the pupil, not the school's number alone.
    """

    wanted: Wanted
    known: Known | None = None
    code: str = ""
    field: str = ""
    other_row: int = 0
    is_sure: bool = False


@dataclass
class Finder:
    """The known pupils of one school by every number."""

    by_number: dict[bytes, Known] = field(default_factory=dict)
    by_national: dict[bytes, Known] = field(default_factory=dict)
    by_identity: dict[bytes, Known] = field(default_factory=dict)
    all: dict[UUID, Known] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Iterable[Known]) -> "Finder":
        """Index pupils."""
        finder = cls()
        for one in known:
            finder.all[one.id] = one
            for index, found in (
                (one.number_index, finder.by_number),
                (one.national_index, finder.by_national),
                (one.id_index, finder.by_identity),
            ):
                if index is not None:
                    found[index] = one
        return finder

    def find(self, wanted: Wanted, lookups: Lookups) -> Found:
        """Look a row up by its numbers; two numbers that lead to two children refuse it."""
        hits = (
            ("id_number", self.by_identity.get(lookups.identity) if lookups.identity else None),
            ("national_number", self.by_national.get(lookups.national) if lookups.national else None),
            ("student_number", self.by_number.get(lookups.number) if lookups.number else None),
        )
        found = [(name, known) for name, known in hits if known is not None]
        if len({known.id for _, known in found}) > 1:
            return Found(wanted, code="number_claimed", field=found[-1][0])
        if not found:
            return Found(wanted)
        return Found(wanted, found[0][1], is_sure=found[0][0] != "student_number")


def without_second_claims(found: Sequence[Found]) -> list[Found]:
    """Two rows may not mean one known pupil: the later one is refused, naming the earlier."""
    claimed: dict[UUID, int] = {}
    result = []
    for one in found:
        if one.known is not None and one.known.id in claimed:
            result.append(Found(one.wanted, code="claimed_twice", field="name", other_row=claimed[one.known.id]))
            continue
        if one.known is not None:
            claimed[one.known.id] = one.wanted.row.row
        result.append(one)
    return result


def find_by_name(wanted: Wanted, place: str, candidates: Sequence[Named]) -> Found:
    """Find a row that no number found among pupils of its name whom no other row means.

    In the same class the name is enough unless something known contradicts; elsewhere, or for one who left, the whole
    birth date must agree too. A homonym with another number is somebody else only if the birth date says so.
    """
    fitting = [one for one in candidates if not _contradicts(wanted, one)]
    here = [one for one in fitting if one.known.is_active and one.known.place == place]
    if len(here) > 1:
        return Found(wanted, code="register_cannot_tell", field="name")
    if here:
        if _has_other_number(wanted, here[0]) and not _same_birth(wanted, here[0]):
            return Found(wanted, code="may_be_same_child", field="student_number")
        return Found(wanted, here[0].known)
    elsewhere = [one for one in fitting if _same_birth(wanted, one)]
    if len(elsewhere) > 1:
        return Found(wanted, code="register_cannot_tell", field="name")
    return Found(wanted, elsewhere[0].known if elsewhere else None)


def _contradicts(wanted: Wanted, named: Named) -> bool:
    known, row = named.known, wanted.row
    pairs = ((wanted.id_index, known.id_index), (wanted.national_index, known.national_index))
    if any(one is not None and other is not None and one != other for one, other in pairs):
        return True
    if row.sex and named.sex in ("female", "male") and row.sex != named.sex:
        return True
    return row.birth is not None and named.birth is not None and not row.birth.agrees_with(named.birth)


def _has_other_number(wanted: Wanted, named: Named) -> bool:
    number, known = (None if wanted.is_seat else wanted.number_index), named.known.number_index
    return number is not None and known is not None and number != known


def _same_birth(wanted: Wanted, named: Named) -> bool:
    birth = wanted.row.birth
    return birth is not None and birth.day is not None and birth == named.birth


def contradicts_person(wanted: Wanted, *, name: str, sex: str, birth: PartialDate | None, known: Known) -> bool:
    """Does the school's number, which alone found this pupil, seem to be another child's now?

    Only asked where the names differ: then nothing else that is known on both sides may differ, and the pupil must be
    at the school.
    """
    if wanted.row.name == name:
        return False
    return not known.is_active or _contradicts(wanted, Named(known, name, sex, birth))
