"""Looks over the records of an old .xls (MS-XLS, BIFF8 and BIFF5) for what the reading library does not tell:
formulas, hidden columns, passwords, the epoch, and how far the cells really reach."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xinqiao.engines.roster.sheets import UnreadableRoster

_FORMULA: Final = 0x0006
_EOF: Final = 0x000A
_DATE_1904: Final = 0x0022
_PASSWORD: Final = 0x002F
_COLUMN_INFO: Final = 0x007D
_SHEET: Final = 0x0085
_MULTIPLE: Final = frozenset([0x00BD, 0x00BE])
"""Records that hold several cells of one row, the last column in their last two bytes."""
_CELLS: Final = frozenset([0x0006, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, *_MULTIPLE])
_ROW: Final = 0x0208
_ROW_HIDDEN: Final = 0x20


@dataclass(slots=True)
class SheetFacts:
    """What the records of one sheet say. Rows and columns are 0-based; `hidden` is the sheet itself."""

    hidden: bool
    offset: int
    is_worksheet: bool
    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_row_count: int = 0
    last_row: int = -1
    last_column: int = -1
    cell_count: int = 0


@dataclass(slots=True)
class BookFacts:
    """What the records of the whole book say, its sheets in order."""

    date_1904: bool = False
    sheets: list[SheetFacts] = field(default_factory=list)


def look_over(stream: bytes) -> BookFacts:
    """Raises `UnreadableRoster`: password_protected, file_damaged."""
    book = BookFacts()
    for code, body in _records(stream, 0):
        if code == _PASSWORD:
            raise UnreadableRoster("password_protected")
        if code == _DATE_1904 and body[:1] == b"\x01":
            book.date_1904 = True
        elif code == _SHEET and len(body) >= 6:
            offset, state, kind = struct.unpack_from("<IBB", body)
            book.sheets.append(SheetFacts(bool(state & 3), offset, kind == 0))
    for sheet in book.sheets:
        if sheet.is_worksheet:
            _look_over_sheet(stream, sheet)
    return book


def _look_over_sheet(stream: bytes, sheet: SheetFacts) -> None:
    for code, body in _records(stream, sheet.offset):
        if code in _CELLS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if code in _MULTIPLE else column
            sheet.last_row, sheet.last_column = max(sheet.last_row, row), max(sheet.last_column, last)
            sheet.cell_count += max(1, last - column + 1)
            if code == _FORMULA:
                sheet.formulas.add((row, column))
        elif code == _COLUMN_INFO and len(body) >= 10:
            first, last, _, _, options = struct.unpack_from("<5H", body)
            if options & 1:
                sheet.hidden_columns.update(range(first, min(last, 255) + 1))
        elif code == _ROW and len(body) >= 14 and body[12] & _ROW_HIDDEN:
            sheet.hidden_row_count += 1


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of their substream; embedded substreams (charts) are passed over."""
    depth = 0
    while place + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, place)
        body = stream[place + 4 : place + 4 + length]
        if len(body) < length:
            raise UnreadableRoster("file_damaged")
        place += 4 + length
        if code in (0x0809, 0x0409, 0x0209):
            depth += 1
        elif code == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield code, body
    raise UnreadableRoster("file_damaged")
