"""What a roster wants of the register: one value a pupil, the rows refused, and where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from xinqiao.engines.roster import RosterRow
from xinqiao.register.orgs.models import Unit

Cohort = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a row is refused. `column` is the header as the file writes it; `said` what the file says of whom:
    name, class and numbers as text, for people and for finding out whether a later file mends it."""

    sheet: str
    row: int
    column: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One pupil of the file in one school. `number` is what the pupil signs in with: the school's own, or else the
    national one; the indexes are blind ones (None where there is no such number, or only a seat in a class)."""

    row: RosterRow
    school_id: UUID
    cohort: Cohort
    campus: str
    number: str
    is_seat: bool
    number_index: bytes | None
    national_index: bytes | None
    id_index: bytes | None

    @property
    def national_number(self) -> str:
        return self.row.national_number or ""


@dataclass(frozen=True, slots=True)
class SchoolRoster:
    """The pupils whom a file names for one school."""

    school: Unit
    pupils: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling about the file that refuses nothing."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadRoster:
    """A file understood for one unit. `labels` are the headers of each sheet by field."""

    unit: Unit
    schools: tuple[SchoolRoster, ...]
    refused: tuple[Refusal, ...]
    notes: tuple[Note, ...]
    labels: Mapping[str, Mapping[str, str]]
    order: Mapping[str, int]

    @property
    def pupil_count(self) -> int:
        """Rows that were understood."""
        return sum(len(school.pupils) for school in self.schools)

    def refusal(self, wanted: Wanted, field_name: str, code: str, **params: str | int) -> Refusal:
        """Refuse a row that was understood, because of one of its fields."""
        row = wanted.row
        labels = self.labels.get(row.sheet, {})
        said = {"name": row.name, "class": row.class_ref.name, "number": wanted.number, "id": row.id_number or ""}
        return Refusal(row.sheet, row.row, labels.get(field_name, ""), code, params, said)

    def in_order(self, refused: list[Refusal]) -> list[Refusal]:
        """Refusals as the file has them, sheet by sheet and row by row."""
        return sorted(refused, key=lambda one: (self.order.get(one.sheet, 0), one.row))
