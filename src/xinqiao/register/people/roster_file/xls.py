"""Reads old .xls files: looked over record by record first, then read by python-calamine."""

import datetime as dt
import io
from typing import Any, BinaryIO, Final

import python_calamine

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.register.people.roster_file.biff import SheetFacts, look_over
from xinqiao.register.people.roster_file.meter import Meter
from xinqiao.register.people.roster_file.ole import Container
from xinqiao.register.people.roster_file.wire import WireCell, Writer

_MOST_DENSE_CELLS: Final = 4_000_000
"""The library lays cells out as a full rectangle; two far corners must not make it a huge one."""


def read(source: BinaryIO, writer: Writer) -> None:
    """Sends every worksheet. Raises `UnreadableRoster`."""
    container = Container(source)
    names = container.names
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise UnreadableRoster("password_protected")
    stream = next((name for name in ("Workbook", "Book", "WORKBOOK", "BOOK") if name in names), None)
    if stream is None:
        raise UnreadableRoster("format_unsupported", kind="DOC" if "WordDocument" in names else "OLE")
    facts = look_over(container.stream(stream))
    for sheet in facts.sheets:
        _require_small(sheet, writer.meter)
    del container
    source.seek(0)
    _send(source, facts.sheets, writer)
    writer.done("xls", date_1904=facts.date_1904)


def _require_small(sheet: SheetFacts, meter: Meter) -> None:
    if (sheet.last_row + 1) * (sheet.last_column + 1) > _MOST_DENSE_CELLS:
        raise UnreadableRoster("too_many_cells", sheet="", most=_MOST_DENSE_CELLS)
    if sheet.cell_count > meter.limits.cell_count:
        raise UnreadableRoster("too_many_cells", sheet="", most=meter.limits.cell_count)


def _send(source: BinaryIO, facts: list[SheetFacts], writer: Writer) -> None:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.read()))
        listed = book.sheets_metadata
        if len(listed) != len(facts):
            raise UnreadableRoster("file_damaged")
        for place, (metadata, sheet) in enumerate(zip(listed, facts, strict=True)):
            if sheet.is_worksheet:
                writer.begin_sheet(metadata.name, hidden=sheet.hidden)
                _send_sheet(book.get_sheet_by_index(place), sheet, writer)
    except python_calamine.PasswordError:
        raise UnreadableRoster("password_protected") from None
    except python_calamine.CalamineError:
        raise UnreadableRoster("file_damaged") from None


def _send_sheet(sheet: Any, facts: SheetFacts, writer: Writer) -> None:
    top, left = sheet.start or (0, 0)
    for place, values in enumerate(sheet.to_python(skip_empty_area=True)):
        row = top + place
        writer.meter.add_row(sheet.name)
        cells: list[WireCell] = [""] * left
        for offset, value in enumerate(values):
            column = left + offset
            cells.append(
                ["f"] if (row, column) in facts.formulas else _cell(value, writer.meter, column, row + 1, sheet.name)
            )
        writer.row(row + 1, cells)
    merges = [(top + 1, bottom + 1, first, last) for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()]
    for _ in merges:
        writer.meter.add_merge(sheet.name)
    writer.end_sheet(hidden_columns=facts.hidden_columns, hidden_rows=facts.hidden_row_count, merges=merges)


def _cell(value: Any, meter: Meter, column: int, row: int, sheet: str) -> WireCell:
    if isinstance(value, str):
        meter.add_text(len(value), column, row, sheet)
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        number = float(value)
        is_sure = number.is_integer() and abs(number) < 1e15  # whole numbers beyond are not exact
        return ["n", str(int(number)) if is_sure else f"{number:.15g}", number]
    if isinstance(value, dt.datetime | dt.date):
        return ["d", value.year, value.month, value.day]
    return str(value)  # a time of day or a span of time, which no roster column takes
