"""The wording of a key-only scale from a workbook: items, answer options, and in a third sheet its instruction if any.

Opening the file is the roster's bounded reader in its child process; here its cells are understood. Every fault is
found in one pass and says sheet, row and column.
"""

import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from xinqiao.care.scales.messages import listed, spans_of
from xinqiao.engines.roster.sheets import (
    Cell,
    DateCell,
    ErrorCell,
    FormulaCell,
    NumberCell,
    Sheet,
    SheetRow,
    Sheets,
    UnreadableRoster,
    column_letters,
)  # fmt: skip
from xinqiao.engines.scoring import Scale, Text
from xinqiao.register.people.roster_file import Limits, read_sheets

MOST_MIB: Final = 8  # ours: 2,000 items of text take less than one
MAX_TEXT_CHARS: Final = 500  # ours: a question that fits a phone's screen is far shorter
ALL_ITEMS: Final = "*"
LIMITS: Final = Limits(
    file_bytes=MOST_MIB * 2**20, inflated_bytes=64 * 2**20, sheet_count=20, row_count=40_000, element_count=400_000,
    cell_count=400_000, text_chars=4_000_000, cpu_seconds=20, wall_seconds=30.0,
)  # fmt: skip
COLUMN_NAMES: Final = {
    "number": ("number", "no", "no.", "item", "item number", "题号", "序号", "项目"),
    "item": ("item", "number", "item number", "题号", "项目"),
    "code": ("code", "answer code", "选项编码", "编码", "代码"),
    "zh": ("zh", "zh-hans", "chinese", "chinese text", "中文", "题目", "选项", "指导语"),
    "en": ("en", "english", "english text", "英文"),
}
_KNOWN: Final = {"file_missing", "file_empty", "password_protected", "sheets_empty"}
_WHOLE: Final = re.compile(r"\d{1,4}(\.0+)?")


@dataclass(frozen=True)
class WordingFault:
    """One thing wrong in the workbook. `row` as the spreadsheet numbers it, 0 and "" where there is no one place."""

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)


class FaultyWording(ValueError):
    """The workbook cannot be taken; `faults` holds all that was found."""

    def __init__(self, faults: Sequence[WordingFault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Wording:
    """The wording of one scale: text by item, label by item and code, the instruction if there is one."""

    texts: Mapping[int, Text]
    labels: Mapping[int, Mapping[int, Text]]
    instruction: Text | None = None


def open_workbook(path: Path) -> Sheets:
    """Open a workbook within LIMITS. Raises FaultyWording."""
    try:
        sheets = read_sheets(path, limits=LIMITS)
    except UnreadableRoster as error:
        raise FaultyWording([workbook_fault(error)]) from error
    return sheets


def open_upload(body: bytes, name: str) -> Sheets:
    """Open an uploaded workbook within LIMITS. Raises FaultyWording."""
    with tempfile.TemporaryDirectory(prefix="xinqiao-wording-") as folder:
        path = Path(folder) / f"wording{Path(name).suffix[:8]}"
        path.write_bytes(body)
        return open_workbook(path)


def workbook_fault(error: UnreadableRoster) -> WordingFault:
    """Return why a file could not be opened, in the words of scales."""
    if error.code == "file_too_big":
        return WordingFault("file_too_big", params={"most_mib": MOST_MIB})
    if error.code in _KNOWN:
        return WordingFault(error.code)
    return WordingFault("unreadable", params={"reason": error.code})


def wording_of(sheets: Sheets, scale: Scale) -> Wording:
    """Return the wording a workbook holds for a scale. Raises FaultyWording with every fault found."""
    if sheets.kind not in ("xlsx", "xls"):
        raise FaultyWording([WordingFault("not_a_workbook")])
    seen = [sheet for sheet in sheets.sheets if not sheet.hidden]
    faults: list[WordingFault] = []
    texts = _texts(seen[0], scale, faults)
    if len(seen) < 2:
        raise FaultyWording([*faults, WordingFault("sheet_missing")])
    labels = _labels(seen[1], scale, faults)
    instruction = _instruction(seen[2], faults) if len(seen) > 2 and seen[2].rows else None
    if faults:
        raise FaultyWording(faults)
    return Wording(texts, labels, instruction)


@dataclass
class _Line:
    """One row under its header; what is wrong in it is noted as it is read."""

    sheet: str
    row: SheetRow
    columns: Mapping[str, int]
    faults: list[WordingFault]

    def fault(self, code: str, name: str, **params: str | int) -> None:
        column = column_letters(self.columns[name]) if name in self.columns else ""
        self.faults.append(WordingFault(code, self.sheet, self.row.number, column, params))

    def text(self, name: str) -> str | None:
        """The cell as text, "" if empty, None if it cannot be taken (then noted)."""
        cell = self.row.cell(self.columns[name]) if name in self.columns else ""
        code = _cell_fault(cell)
        if code:
            self.fault(code, name)
            return None
        text = _tidy(cell.text if isinstance(cell, NumberCell) else str(cell))
        if len(text) > MAX_TEXT_CHARS:
            self.fault("text_too_long", name, most=MAX_TEXT_CHARS)
            return None
        return text

    def phrase(self) -> Text | None:
        """The row's phrase; Chinese must be there, English may."""
        zh, en = self.text("zh"), self.text("en")
        if zh == "":
            self.fault("text_missing", "zh")
        return Text(en=en, zh_hans=zh) if zh and en is not None else None

    def whole(self, name: str) -> int | None:
        """The cell as a whole number; None if it is none (not noted)."""
        text = unicodedata.normalize("NFKC", self.text(name) or "")
        return int(float(text)) if _WHOLE.fullmatch(text) else None

    def shown(self, name: str) -> str:
        cell = self.row.cell(self.columns[name])
        return cell.text if isinstance(cell, NumberCell) else str(cell) if isinstance(cell, str) else ""

    def is_sound(self, name: str) -> bool:
        return not _cell_fault(self.row.cell(self.columns[name]))


def _cell_fault(cell: Cell) -> str:
    kinds = ((FormulaCell, "formula"), (ErrorCell, "cell_error"), (DateCell, "date_cell"))
    return next((code for kind, code in kinds if isinstance(cell, kind)), "")


def _tidy(text: str) -> str:
    """Blanks drawn together; what cannot be printed is left out."""
    printable = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return re.sub(r"\s+", " ", printable).strip()


def _under_header(sheet: Sheet, names: Sequence[str], faults: list[WordingFault]) -> Iterator[_Line]:
    """The rows below the header; nothing where the header cannot be used (then noted)."""
    if not sheet.rows:
        faults.append(WordingFault("columns_missing", sheet.name, 1, "", _wanted(names, names)))
        return
    head, *rows = sheet.rows
    written = [_tidy(cell).casefold() if isinstance(cell, str) else "" for cell in head.cells]
    columns: dict[str, int] = {}
    for name in names:
        found = [at for at, text in enumerate(written) if text in COLUMN_NAMES[name]]
        if len(found) > 1:
            faults.append(WordingFault("columns_twice", sheet.name, head.number, column_letters(found[1]),
                                       {"column": written[found[1]]}))  # fmt: skip
        if found:
            columns[name] = found[0]
    missing = [name for name in names if name not in columns and name != "en"]
    if missing:
        faults.append(WordingFault("columns_missing", sheet.name, head.number, "", _wanted(names, missing)))
        return
    used = list(columns.values())
    for row in rows:
        if any(row.cell(at) != "" for at in used):
            yield _Line(sheet.name, row, columns, faults)


def _wanted(names: Sequence[str], missing: Sequence[str]) -> dict[str, str | int]:
    """Which columns are asked for and which are not there, by the names of COLUMN_NAMES."""
    return {"wanted": " ".join(names), "missing": " ".join(name for name in missing if name != "en")}


def _texts(sheet: Sheet, scale: Scale, faults: list[WordingFault]) -> dict[int, Text]:
    texts: dict[int, Text] = {}
    rows: dict[int, int] = {}
    begun = len(faults)
    for line in _under_header(sheet, ("number", "zh", "en"), faults):
        number = line.whole("number")
        if number is None or not 1 <= number <= len(scale.items):
            if line.is_sound("number"):
                line.fault("not_an_item", "number", value=line.shown("number"), last=len(scale.items))
            continue
        if number in rows:
            line.fault("item_again", "number", item=number, row=rows[number])
            continue
        rows[number] = line.row.number
        if (phrase := line.phrase()) is not None:
            texts[number] = phrase
    absent = [item.number for item in scale.items if item.number not in rows]
    if absent and not any(fault.code == "columns_missing" for fault in faults[begun:]):
        params: dict[str, str | int] = {"items": spans_of(absent), "last": len(scale.items)}
        faults.append(WordingFault("items_absent", sheet.name, params=params))
    return texts


def _labels(sheet: Sheet, scale: Scale, faults: list[WordingFault]) -> dict[int, dict[int, Text]]:
    """The label of every answer of every item: its own row, else the row for all items."""
    found: dict[tuple[int, int], Text | None] = {}
    rows: dict[tuple[int, int], int] = {}
    begun = len(faults)
    for line in _under_header(sheet, ("item", "code", "zh", "en"), faults):
        key = _option(line, scale)
        if key is None:
            continue
        if key in rows:
            line.fault("option_again", "code", row=rows[key])
            continue
        rows[key] = line.row.number
        found[key] = line.phrase()
    if any(fault.code == "columns_missing" for fault in faults[begun:]):
        return {}
    asked = [(item.number, code) for item in scale.items for code in item.codes]
    absent = [(number, code) for number, code in asked if (number, code) not in rows and (0, code) not in rows]
    if absent:
        faults.append(WordingFault("options_absent", sheet.name, params={"answers": _answers(absent)}))
    return {
        item.number: {c: label for c in item.codes if (label := found.get((item.number, c)) or found.get((0, c)))}
        for item in scale.items
    }


def _answers(absent: Sequence[tuple[int, int]]) -> str:
    codes = sorted({code for _, code in absent})
    return "; ".join(f"{spans_of([n for n, c in absent if c == code])} → {code}" for code in codes)


def _option(line: _Line, scale: Scale) -> tuple[int, int] | None:
    """Which answer a row is about: (item, code), item 0 standing for all; None if it cannot be told (then noted)."""
    if not line.is_sound("item") or not line.is_sound("code"):
        for name in ("item", "code"):
            line.text(name)
        return None
    shown = unicodedata.normalize("NFKC", line.shown("item")).strip()
    item = 0 if shown == ALL_ITEMS else line.whole("item")
    if item is None or not 0 <= item <= len(scale.items) or (item == 0 and shown != ALL_ITEMS):
        line.fault("not_an_item", "item", value=line.shown("item"), last=len(scale.items))
        return None
    codes = {c for each in scale.items for c in each.codes} if item == 0 else set(scale.items[item - 1].codes)
    code = line.whole("code")
    if code is None or code not in codes:
        line.fault("not_a_code", "code", value=line.shown("code"), codes=listed(map(str, sorted(codes))))
        return None
    return item, code


def _instruction(sheet: Sheet, faults: list[WordingFault]) -> Text | None:
    lines = list(_under_header(sheet, ("zh", "en"), faults))
    if len(lines) > 1:
        lines[1].fault("instruction_twice", "zh")
    return lines[0].phrase() if lines else None
