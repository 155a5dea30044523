"""What the child writes and the parent reads: one JSON list a line, its first element saying what it is.

["sheet", name, hidden] · ["rows", [[row number, [cells]], …]] · ["end", {hidden columns, hidden rows, merges}]
· ["note", code, params] · ["refused", code, params] · ["done", {kind, date_1904}].
A cell is a string, or ["n", text, number], ["d", year, month, day], ["f"], ["e", text].
"""

from collections.abc import Iterable
from typing import Any, BinaryIO, Final

import msgspec

from xinqiao.engines.roster.sheets import Cell, DateCell, ErrorCell, FormulaCell, NumberCell
from xinqiao.register.people.roster_file.meter import Meter

_ROWS_A_LINE: Final = 500
_FORMULA: Final = FormulaCell()
_ENCODE: Final = msgspec.json.Encoder().encode

WireCell = str | list[Any]
_MergeWire = tuple[int, int, int, int]


class Writer:
    """Sends sheets over a pipe, rows in bunches; blank rows and blank cells at the right end are not sent."""

    def __init__(self, out: BinaryIO, meter: Meter) -> None:
        self._out = out
        self._bunch: list[tuple[int, list[WireCell]]] = []
        self._sheet = ""
        self.meter = meter

    def begin_sheet(self, name: str, *, hidden: bool) -> None:
        self.meter.add_sheet()
        self._sheet = name
        self._send(["sheet", name[:100], hidden])

    def row(self, number: int, cells: list[WireCell]) -> None:
        """Queues one row; `number` is 1-based."""
        while cells and isinstance(cells[-1], str) and not cells[-1].strip():
            cells.pop()
        if not cells:
            return
        self.meter.add_cells(len(cells), self._sheet)
        self._bunch.append((number, cells))
        if len(self._bunch) >= _ROWS_A_LINE:
            self._flush()

    def end_sheet(
        self,
        *,
        hidden_columns: Iterable[int] = (),
        hidden_rows: int = 0,
        merges: Iterable[_MergeWire] = (),
    ) -> None:
        """`merges` are (first row, last row, first column, last column), rows 1-based, columns 0-based."""
        self._flush()
        self._send(["end", {"columns": sorted(hidden_columns), "rows": hidden_rows, "merges": list(merges)}])

    def note(self, code: str, **params: str | int) -> None:
        self._send(["note", code, params])

    def refused(self, code: str, params: dict[str, str | int]) -> None:
        self._send(["refused", code, params])

    def done(self, kind: str, *, date_1904: bool = False) -> None:
        self._send(["done", {"kind": kind, "date_1904": date_1904}])

    def _flush(self) -> None:
        if self._bunch:
            self._send(["rows", self._bunch])
            self._bunch = []

    def _send(self, message: list[Any]) -> None:
        self._out.write(_ENCODE(message) + b"\n")
        self._out.flush()


def to_cell(wire: WireCell) -> Cell:
    """The cell that a wire value stands for."""
    if isinstance(wire, str):
        return wire
    kind = wire[0]
    if kind == "n":
        return NumberCell(wire[1], float(wire[2]))
    if kind == "d":
        return DateCell(*wire[1:])
    return _FORMULA if kind == "f" else ErrorCell(wire[1])
