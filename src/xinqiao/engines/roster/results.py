"""What reading a roster gives: pupils, refused rows, notes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from xinqiao.engines.roster.class_names import ClassRef
from xinqiao.engines.roster.dates import PartialDate
from xinqiao.engines.roster.sheets import Note


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian as far as the row tells. `relation` is a code of `words.RELATIONS`."""

    name: str | None
    relation: str | None
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One pupil. `row` is the spreadsheet's own row number; `warnings` are codes of `codes.WARNING_CODES`.

    `student_number` is the school's (or the only) number; `register_number` a provincial one beside it;
    `national_number` begins with G, J or L. `birth` and `sex` come from the identity number where no column says them.
    """

    sheet: str
    row: int
    name: str
    class_ref: ClassRef
    student_number: str | None = None
    register_number: str | None = None
    national_number: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    sex: str | None = None
    birth: PartialDate | None = None
    entry_year: int | None = None
    school: str | None = None
    campus: str | None = None
    ethnicity: str | None = None
    boarding: bool | None = None
    guardians: tuple[Guardian, ...] = ()
    contact_phones: tuple[str, ...] = ()
    remark: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def has_number(self) -> bool:
        """Whether any number names the pupil beyond the class list."""
        return any((self.student_number, self.register_number, self.national_number, self.id_number))


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason why a row is refused. `column` is the header as the file writes it, `field` our name for it.

    `params["cell"]` names the cell (F12) where there is one. A row with several faults gives several rejections.
    """

    row: int
    column: str
    code: str
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    sheet: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """The whole file, understood. Every pupil row of the file is in `rows` or has its `rejected` entries."""

    rows: tuple[RosterRow, ...]
    rejected: tuple[Rejection, ...]
    notes: tuple[Note, ...]

    @property
    def rejected_row_count(self) -> int:
        """Rows refused, each counted once however many faults it has."""
        return len({(rejection.sheet, rejection.row) for rejection in self.rejected})
