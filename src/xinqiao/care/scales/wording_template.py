"""The workbook that a school fills in with the wording it holds a licence for: the right rows, ready to be typed."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from xinqiao.care.scales.messages import column_title
from xinqiao.care.scales.wording_file import ALL_ITEMS
from xinqiao.engines.scoring import Scale

_TEXT_WIDTH, _NUMBER_WIDTH = 60, 12


def wording_template(scale: Scale) -> bytes:
    """Return an .xlsx with a row for each item and for each answer, and one for the instruction."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _sheet(book, _("Items"), ("number", "zh", "en"), ((str(item.number),) for item in scale.items))
    _sheet(book, _("Answer options"), ("item", "code", "zh", "en"), _options(scale))
    _sheet(book, _("Instruction"), ("zh", "en"), ())
    book.close()
    return out.getvalue()


def _options(scale: Scale) -> Iterator[tuple[str, str]]:
    """One row a code for all items where they share their codes, and rows of its own for an item that differs."""
    shared = scale.items[0].codes
    yield from ((ALL_ITEMS, str(code)) for code in shared)
    yield from ((str(i.number), str(code)) for i in scale.items if i.codes != shared for code in i.codes)


def _sheet(book: Any, title: str, columns: Sequence[str], rows: Any) -> None:
    # Every cell is text, so that no spreadsheet program turns a label into a date.
    plain, wrapped = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "text_wrap": True})
    bold = book.add_format({"bold": True, "num_format": "@", "bg_color": "#E4EFED"})
    sheet = book.add_worksheet(title[:31])
    for at, name in enumerate(columns):
        is_text = name in ("zh", "en")
        sheet.set_column(at, at, _TEXT_WIDTH if is_text else _NUMBER_WIDTH, wrapped if is_text else plain)
        sheet.write_string(0, at, column_title(name), bold)
    for number, row in enumerate(rows, start=1):
        for at, text in enumerate(row):
            sheet.write_string(number, at, text, plain)
    sheet.freeze_panes(1, 0)
