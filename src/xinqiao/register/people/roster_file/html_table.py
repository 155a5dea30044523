"""Reads the HTML tables that many school systems save with the ending .xls."""

import re
from html.parser import HTMLParser
from typing import BinaryIO, Final

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.register.people.roster_file.delimited import cell_of, sniff_encoding
from xinqiao.register.people.roster_file.meter import Meter
from xinqiao.register.people.roster_file.wire import WireCell, Writer

_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_LARGEST_SPAN: Final = 100_000
_SILENT: Final = frozenset(["script", "style", "head", "title"])
_PIECE_BYTES: Final = 1 << 16


def read(source: BinaryIO, writer: Writer) -> None:
    """Sends every table of the page that is not inside another as one sheet. Raises `UnreadableRoster`."""
    encoding = _encoding(source)
    source.seek(0)
    reader = _TableReader(writer)
    writer.note("html_table_read")
    text = source.read().decode(encoding, errors="replace")
    for start in range(0, len(text), _PIECE_BYTES):
        reader.feed(text[start : start + _PIECE_BYTES])
    reader.close()
    reader.finish()
    writer.done("html")


def _encoding(source: BinaryIO) -> str:
    declared = _CHARSET.search(source.read(_PIECE_BYTES))
    source.seek(0)
    found = sniff_encoding(source)
    if found.startswith("utf-16") or found == "utf-8-sig":
        return found
    is_utf8 = declared is not None and declared[1].lower() in (b"utf-8", b"utf8")
    return "utf-8" if is_utf8 else found


class _TableReader(HTMLParser):
    def __init__(self, writer: Writer) -> None:
        super().__init__(convert_charrefs=True)
        self._writer = writer
        self._meter: Meter = writer.meter
        self._depth = 0
        self._count = 0
        self._silent = 0
        self._row_number = 0
        self._row: dict[int, WireCell] = {}
        self._taken: dict[int, int] = {}
        self._merges: list[tuple[int, int, int, int]] = []
        self._parts: list[str] | None = None
        self._length = 0
        self._span = (1, 1)
        self._is_formula = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._start_table()
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._end_row()
            self._start_row()
        elif tag in ("td", "th"):
            self._end_cell()
            self._start_cell(dict(attrs))
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table":
            if self._depth == 1:
                self._end_table()
            self._depth = max(0, self._depth - 1)
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
        elif self._depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._parts is not None and not self._silent and self._depth == 1:
            self._length += len(data)
            if self._meter.is_too_long(self._length):
                table = f"表{max(self._count, 1)}"
                self._meter.check_text(self._length, self._free_column(), self._row_number, table)
            self._parts.append(data)

    def finish(self) -> None:
        """Ends a table that the page leaves open. Raises `UnreadableRoster` if there was no table."""
        if self._depth:
            self._end_table()
        if not self._count:
            raise UnreadableRoster("sheets_empty")

    def _start_table(self) -> None:
        self._depth += 1
        if self._depth > 1:
            return
        self._count += 1
        self._row_number, self._taken, self._merges = 0, {}, []
        self._row, self._parts = {}, None
        self._writer.begin_sheet(f"表{self._count}" if self._count > 1 else "", hidden=False)

    def _end_table(self) -> None:
        self._end_row()
        self._writer.end_sheet(merges=self._merges)

    def _start_row(self) -> None:
        self._meter.add_row("")
        self._row_number += 1
        self._row = {}
        self._taken = {column: last for column, last in self._taken.items() if last >= self._row_number}

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            cells: list[WireCell] = [self._row.get(column, "") for column in range(max(self._row) + 1)]
            self._writer.row(self._row_number, cells)
        self._row = {}

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        if not self._row_number:
            self._start_row()
        self._span = (_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
        self._is_formula = "x:fmla" in attributes
        self._parts, self._length = [], 0

    def _free_column(self) -> int:
        first = 0
        while first in self._row or first in self._taken:
            first += 1
        return first

    def _end_cell(self) -> None:
        if self._parts is None:
            return
        text = "".join(self._parts).replace("\xa0", " ").strip()
        self._parts = None
        first = self._free_column()
        rows, columns = self._span
        self._meter.check_column(first + columns - 1, self._row_number, "")
        self._meter.add_short_text(len(text))
        for column in range(first, first + columns):
            self._row[column] = ""
            if rows > 1:
                self._taken[column] = self._row_number + rows - 1
        self._row[first] = ["f"] if self._is_formula else cell_of(text)
        if rows > 1 or columns > 1:
            self._meter.add_merge("")
            self._merges.append((self._row_number, self._row_number + rows - 1, first, first + columns - 1))


def _span(text: str | None) -> int:
    return min(int(text), _LARGEST_SPAN) if text and text.isdecimal() and 0 < len(text) < 7 and int(text) else 1
