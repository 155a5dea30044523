"""One sheet of an .xlsx as a stream of cells; never holds more than a row and a bunch of rows."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.register.people.roster_file.markup import PartReader, is_on
from xinqiao.register.people.roster_file.wire import WireCell, Writer

_MOST_ROWS: Final = 1_048_576
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_LAST_SERIAL: Final = 80_000  # the year 2119: a larger number under a date format is a packed date or a mistake
_EPOCH_1900: Final = date(1899, 12, 30)
_EPOCH_1904: Final = date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class Book:
    """What the sheets of one workbook share. Styles are named by their index as text, as cells name them.

    `too_long` are the places of shared strings that no cell may hold; they are not kept.
    """

    strings: list[str]
    too_long: frozenset[int]
    date_styles: frozenset[str]
    zero_styles: dict[str, int]
    date_1904: bool


class SheetReader(PartReader):
    """Sends one sheet. Formulas are marked and their remembered values dropped."""

    def __init__(self, name: str, book: Book, writer: Writer) -> None:
        self._name, self._book, self._writer = name, book, writer
        self._meter = writer.meter
        self._row_number = 0
        self._cells: list[WireCell] = []
        self._column = -1
        self._kind = self._style = ""
        self._parts: list[str] = []
        self._length = 0
        self._takes_text = self._has_formula = self._in_aid = False
        self._hidden_columns: set[int] = set()
        self._hidden_rows = 0
        self._merges: list[tuple[int, int, int, int]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v" or name == "t":  # the hot path
            self._takes_text = not self._in_aid
        elif name == "row":
            self._start_row(attributes)
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._in_aid = True
        elif name == "mergeCell":
            self._add_merge(attributes.get("ref", ""))
        elif name == "col" and is_on(attributes, "hidden"):
            self._hide_columns(attributes)

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "v" or name == "t":  # the hot path
            self._takes_text = False
        elif name == "row":
            self._writer.row(self._row_number, self._cells)
        elif name == "rPh":
            self._in_aid = False
        elif name in ("worksheet", "chartsheet", "dialogsheet"):
            self._writer.end_sheet(
                hidden_columns=self._hidden_columns, hidden_rows=self._hidden_rows, merges=self._merges
            )

    def text(self, data: str) -> None:
        if self._takes_text:
            self._length += len(data)
            if self._meter.is_too_long(self._length):
                self._refuse_text(self._length)
            self._parts.append(data)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._meter.add_row(self._name)
        number = attributes.get("r", "")
        following = int(number) if number.isdecimal() and len(number) < 8 else self._row_number + 1
        if not self._row_number < following <= _MOST_ROWS:
            raise UnreadableRoster("xml_damaged", part=self._name[:100])
        self._row_number = following
        self._cells = []
        self._column = -1
        if "hidden" in attributes and is_on(attributes, "hidden"):
            self._hidden_rows += 1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        column = self._column + 1 if reference is None else _column_of(reference)
        self._meter.check_column(column, self._row_number, self._name)
        if column <= self._column:
            raise UnreadableRoster("xml_damaged", part=self._name[:100])
        self._column = column
        self._meter.add_element(self._name)
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._parts = []
        self._length = 0
        self._has_formula = False

    def _end_cell(self) -> None:
        value: WireCell
        if self._has_formula:
            value = ["f"]
        else:
            raw = "".join(self._parts)
            value = self._value(raw) if raw else ""
        if value == "":
            return
        cells = self._cells
        while len(cells) < self._column:
            cells.append("")
        cells.append(value)

    def _value(self, raw: str) -> WireCell:
        kind = self._kind
        if kind == "s":
            return self._shared(raw)
        if kind == "n":
            return self._number(raw)
        if kind == "e":
            return ["e", raw[:20]]
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if kind == "d":
            return raw[:10]
        return self._counted(unescaped(raw))

    def _shared(self, raw: str) -> str:
        strings = self._book.strings
        if not raw.isdecimal() or len(raw) > 9 or int(raw) >= len(strings):
            raise UnreadableRoster("xml_damaged", part=self._name[:100])
        if int(raw) in self._book.too_long:
            self._refuse_text(self._meter.limits.cell_chars + 1)
        return self._counted(strings[int(raw)])

    def _refuse_text(self, length: int) -> None:
        self._meter.check_text(length, self._column, self._row_number, self._name)

    def _counted(self, text: str) -> str:
        length = len(text)
        if length > 40:  # too short to be too long: the hot path
            self._meter.add_text(length, self._column, self._row_number, self._name)
        else:
            self._meter.add_short_text(length)
        return text

    def _number(self, raw: str) -> WireCell:
        try:
            number = float(raw)
        except ValueError:
            raise UnreadableRoster("xml_damaged", part=self._name[:100]) from None
        if self._style in self._book.date_styles and 1 <= number <= _LAST_SERIAL:
            day = (_EPOCH_1904 if self._book.date_1904 else _EPOCH_1900) + timedelta(days=int(number))
            return ["d", day.year, day.month, day.day]
        if number != number or abs(number) > 1e300:  # not a number, or infinite
            return ["e", "#NUM!"]
        return ["n", _as_shown(raw, number, self._book.zero_styles.get(self._style, 0)), number]

    def _add_merge(self, reference: str) -> None:
        self._meter.add_merge(self._name)
        found = _RANGE.fullmatch(reference.replace("$", ""))
        if found:
            first, last = _letters_to_column(found[1]), _letters_to_column(found[3])
            self._merges.append((int(found[2]), int(found[4]), first, last))

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdecimal() and last.isdecimal() and len(first) < 6 and len(last) < 6:
            most = self._meter.limits.column_count  # whole sheets are hidden to their right end by one element
            self._hidden_columns.update(range(int(first) - 1, min(int(last), most)))


def unescaped(text: str) -> str:
    """_x000D_ and the like, which stand for characters that XML cannot hold; halves of a pair become U+FFFD."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def _as_shown(raw: str, number: float, width: int) -> str:
    if width and number.is_integer() and number >= 0:
        return str(int(number)).zfill(width)
    if _WHOLE.fullmatch(raw):
        return raw
    if number.is_integer() and abs(number) < 1e15:  # whole numbers beyond are not exact as shown
        return str(int(number))
    return f"{number:.15g}"


def _column_of(reference: str) -> int:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise UnreadableRoster("xml_damaged", part=reference[:20])
    return _letters_to_column(found[1])


def _letters_to_column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
