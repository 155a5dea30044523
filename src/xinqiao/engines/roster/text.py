"""Text as schools type it, made comparable without losing a character that means something."""

import re
import unicodedata
from typing import Final

from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.sheets import Cell, DateCell, ErrorCell, FormulaCell, NumberCell

_INVISIBLE: Final = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_TO_HALF_WIDTH: Final = {**_INVISIBLE, **_FULL_WIDTH}
_PLACEHOLDERS: Final = frozenset(
    ["", "-", "--", "---", "—", "——", "/", "\\", "无", "暂无", "没有", "不详", "空", "n/a", "na", "none", "null", "nil"]
)
_SCIENTIFIC: Final = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{1,3}")
FIRST_INEXACT_INTEGER: Final = 10**15
"""Spreadsheets keep 15 significant decimal digits (Excel specifications and limits: number precision 15 digits)."""


def plain(text: str) -> str:
    """Half-width, without invisible characters, inner white space made single spaces, trimmed."""
    return " ".join((text if text.isascii() else text.translate(_TO_HALF_WIDTH)).split())


def without_invisible(text: str) -> str:
    """Without zero-width and direction characters; everything else untouched."""
    return text.translate(_INVISIBLE)


def squeezed(text: str) -> str:
    """As `plain`, with compatibility forms folded and no white space at all: for headers and fixed words."""
    if text.isascii():
        return "".join(text.split())
    return "".join(unicodedata.normalize("NFKC", text).translate(_TO_HALF_WIDTH).split())


def is_nothing(text: str) -> bool:
    """Whether the text is empty or one of the marks people write for "none"."""
    return text.lower() in _PLACEHOLDERS


def shown(cell: Cell) -> str:
    """What a person sees in the cell, for headers, titles and footers; formulas and errors show nothing here."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, NumberCell):
        return cell.text
    if isinstance(cell, DateCell):
        return f"{cell.year:04d}-{cell.month:02d}-{cell.day:02d}"
    return ""


def is_blank(cell: Cell) -> bool:
    """Whether nothing at all is in the cell."""
    return isinstance(cell, str) and not cell.strip()


def whole_text(cell: Cell) -> str:
    """The cell as plain text for words and numbers-as-names.

    Raises `Refused` with `formula`, `cell_error`, or `digits_lost` for a numeric cell beyond 15 digits.
    """
    if isinstance(cell, str):
        return plain(cell)
    if isinstance(cell, FormulaCell):
        raise Refused("formula")
    if isinstance(cell, ErrorCell):
        raise Refused("cell_error", value=cell.text)
    if isinstance(cell, NumberCell) and abs(cell.number) >= FIRST_INEXACT_INTEGER:
        raise Refused("digits_lost")
    return shown(cell)


def digits_text(cell: Cell) -> str:
    """As `whole_text`, for numbers that name something: also refuses `scientific_notation` such as 5.11E+17."""
    text = whole_text(cell)
    if _SCIENTIFIC.fullmatch(text):
        raise Refused("scientific_notation")
    return text.removesuffix(".0") if isinstance(cell, NumberCell) else text.lstrip("'`")
