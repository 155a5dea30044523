"""The spreadsheet in which a school writes the wording it is licensed to use: read, and made to be filled in.

Two sheets. Items: number, Chinese text, English text; a row numbered "指导语" or "instruction" holds what stands above
the questions. Options: code, Chinese label, English label, and an item number where one item has labels of its own.
English may be left empty; pupils who read English then see the Chinese.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from xinqiao.engines.roster.sheets import Cell, FormulaCell, NumberCell, Sheet, SheetRow
from xinqiao.engines.scoring import Scale
from xinqiao.register.people.roster_file import Limits, read_sheets

LIMITS = Limits(
    file_bytes=2 * 2**20, inflated_bytes=32 * 2**20, sheet_count=20, row_count=5_000, cell_count=50_000,
    element_count=200_000, text_chars=500_000, wall_seconds=20.0, cpu_seconds=15,
)  # fmt: skip
INSTRUCTION_NUMBERS = frozenset({"指导语", "说明", "instruction"})
COLUMNS: Mapping[str, frozenset[str]] = {
    "number": frozenset({"题号", "序号", "编号", "number", "no", "item"}),
    "zh": frozenset({"题目", "中文", "题目(中文)", "选项(中文)", "选项文字", "zh", "zh-hans", "chinese"}),
    "en": frozenset({"英文", "题目(英文)", "选项(英文)", "en", "english"}),
    "code": frozenset({"分值", "选项分值", "编码", "code"}),
}
Both = dict[str, str]


@dataclass(frozen=True)
class WordingFault:
    """One thing to mend: `code` with the sheet, the row as the spreadsheet numbers it, the column, and the value."""

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""


class BadWording(ValueError):
    """The spreadsheet cannot be taken as it is."""

    def __init__(self, faults: Sequence[WordingFault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = tuple(faults)


@dataclass
class Wording:
    """What was read, in the shape of a scale file: texts by number, labels by code, labels of single items."""

    texts: dict[int, Both] = field(default_factory=dict)
    labels: dict[int, Both] = field(default_factory=dict)
    item_labels: dict[int, dict[int, Both]] = field(default_factory=dict)
    instruction: Both = field(default_factory=dict)


def read_wording(path: Path, scale: Scale) -> Wording:
    """Read a filled-in spreadsheet for a scale.

    Raises BadWording with every fault found, and UnreadableRoster where the file is no spreadsheet, or a hostile one.
    """
    sheets = read_sheets(path, limits=LIMITS).sheets
    reader = _Reader(scale)
    for sheet in sheets:
        reader.take(sheet)
    reader.demand_all()
    if reader.faults:
        raise BadWording(reader.faults)
    return reader.wording


class _Reader:
    """Gathers wording and faults from sheet after sheet."""

    def __init__(self, scale: Scale) -> None:
        self._scale = scale
        self._codes = {code for item in scale.items for code in item.codes}
        self.wording = Wording()
        self.faults: list[WordingFault] = []

    def take(self, sheet: Sheet) -> None:
        """Read one sheet, if its head is one of ours."""
        for index, row in enumerate(sheet.rows):
            places = _columns(row)
            if "zh" in places and ("code" in places or "number" in places):
                read = self._option if "code" in places else self._item
                for each in sheet.rows[index + 1 :]:
                    read(sheet.name, each, places)
                return

    def demand_all(self) -> None:
        """Note what is not there."""
        missing = [item.number for item in self._scale.items if item.number not in self.wording.texts]
        if missing:
            self._fault("texts_missing", value=_runs(missing))
        for item in self._scale.items:
            own = self.wording.item_labels.get(item.number, {})
            absent = [code for code in item.codes if code not in own and code not in self.wording.labels]
            if absent:
                self._fault("labels_missing", value=", ".join(map(str, absent)), row=0)
                return

    def _item(self, sheet: str, row: SheetRow, places: Mapping[str, int]) -> None:
        shown = _text(row.cell(places["number"]))
        both = self._both(sheet, row, places)
        if shown.lower() in INSTRUCTION_NUMBERS and both:
            self.wording.instruction = both
        elif not shown and not both:
            return
        elif not shown.isascii() or not shown.isdigit() or not 1 <= int(shown) <= len(self._scale.items):
            self._fault("no_such_item", sheet, row.number, "number", shown)
        elif int(shown) in self.wording.texts:
            self._fault("item_twice", sheet, row.number, "number", shown)
        elif both:
            self.wording.texts[int(shown)] = both

    def _option(self, sheet: str, row: SheetRow, places: Mapping[str, int]) -> None:
        shown = _text(row.cell(places["code"]))
        both = self._both(sheet, row, places)
        if not shown and not both:
            return
        if not shown.isascii() or not shown.isdigit() or int(shown) not in self._codes:
            self._fault("no_such_code", sheet, row.number, "code", shown)
            return
        number = _text(row.cell(places["number"])) if "number" in places else ""
        if number and not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(self._scale.items)):
            self._fault("no_such_item", sheet, row.number, "number", number)
        elif both:
            labels = self.wording.item_labels.setdefault(int(number), {}) if number else self.wording.labels
            labels[int(shown)] = both

    def _both(self, sheet: str, row: SheetRow, places: Mapping[str, int]) -> Both:
        cells = {name: row.cell(places[name]) for name in ("zh", "en") if name in places}
        if any(isinstance(cell, FormulaCell) for cell in cells.values()):
            self._fault("formula", sheet, row.number, "zh")
            return {}
        zh, en = _text(cells["zh"]), _text(cells.get("en", ""))
        return {name: text for name, text in (("zh-Hans", zh), ("en", en)) if text} if zh else {}

    def _fault(self, code: str, sheet: str = "", row: int = 0, column: str = "", value: str = "") -> None:
        self.faults.append(WordingFault(code, sheet, row, column, value[:40]))


def _columns(row: SheetRow) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(row.cells):
        head = _text(cell).replace("（", "(").replace("）", ")").lower()
        for name, names in COLUMNS.items():
            if head in names:
                found.setdefault(name, index)
    return found


def _text(cell: Cell) -> str:
    if isinstance(cell, NumberCell):
        return str(int(cell.number)) if cell.number == int(cell.number) else cell.text
    return cell.strip() if isinstance(cell, str) else ""


def _runs(numbers: Iterable[int]) -> str:
    """1, 2, 3, 7 → 1–3, 7."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def empty_form(scale: Scale) -> bytes:
    """Return the spreadsheet to be filled in for a scale: numbers and codes are there, words are not."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True})
    items = book.add_worksheet("题目 items")
    items.write_row(0, 0, ["题号", "题目", "英文"], bold)
    items.write_row(1, 0, ["指导语"])
    for row, item in enumerate(scale.items, start=2):
        items.write_row(row, 0, [item.number])
    options = book.add_worksheet("选项 options")
    options.write_row(0, 0, ["分值", "选项文字", "英文", "题号"], bold)
    for row, values in enumerate(_option_rows(scale), start=1):
        options.write_row(row, 0, values)
    for sheet in (items, options):
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 2, 60)
        sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _option_rows(scale: Scale) -> list[list[Any]]:
    kinds = {item.codes for item in scale.items}
    if len(kinds) == 1:
        return [[code] for code in scale.items[0].codes]
    return [[code, "", "", item.number] for item in scale.items for code in item.codes]
