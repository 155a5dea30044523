"""What a spreadsheet holds, as plain values: sheets, rows and cells, after opening and before understanding.

A cell is a `str` where the file holds text; anything a spreadsheet program may have changed (numbers, dates, formulas,
error values) has its own type, so that damage can be recognised and never guessed away. An empty cell is "".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A numeric cell: `text` as shown (zero-padded formats kept), `number` as stored (IEEE double)."""

    text: str
    number: float


@dataclass(frozen=True, slots=True)
class DateCell:
    """A cell that the file formats as a date."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A cell that holds a formula; its remembered value is deliberately not carried."""


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell that shows a spreadsheet error such as #REF!."""

    text: str


Cell = str | NumberCell | DateCell | FormulaCell | ErrorCell


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One non-empty row. `number` is 1-based as the spreadsheet program shows it; `cells` are trimmed on the right."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The cell at the 0-based column, "" beyond the end."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block. Rows are 1-based, columns 0-based, all four inclusive."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling that refuses nothing: a stable code and its parameters."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, with what the program hides or merges in it. `hidden_columns` are 0-based."""

    name: str
    rows: tuple[SheetRow, ...]
    hidden: bool = False
    hidden_columns: tuple[int, ...] = ()
    hidden_row_count: int = 0
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheets:
    """A whole file. `kind` is xlsx, xls, csv or html; `date_1904` says which epoch its date serials count from."""

    sheets: tuple[Sheet, ...]
    kind: str
    notes: tuple[Note, ...] = ()
    date_1904: bool = False


class UnreadableRoster(Exception):
    """The file as a whole cannot be read. `code` is one of `codes.FILE_CODES`; prose is made at the edge."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str | int] = params


def column_letters(column: int) -> str:
    """The letters a spreadsheet shows above a 0-based column: 0 -> A, 26 -> AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
