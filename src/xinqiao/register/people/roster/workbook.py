"""Refused rows as a spreadsheet. Every cell is text: nothing from a file becomes a formula."""

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from xinqiao.foundation.core.clock import now
from xinqiao.register.people.selectors.rosters import RefusedRow

_RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r")


def refusals_workbook(rows: Sequence[RefusedRow], *, reader: str) -> bytes:
    """Return an .xlsx with one line per reason; its footer says who took it when."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Refused rows")[:31])
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    head = (_("Sheet"), _("Row"), _("Name"), _("Class"), _("Column"), _("What is wrong, and how to mend it"))
    for column, text in enumerate(head):
        sheet.write_string(0, column, text, bold)
    for number, row in enumerate(rows, start=1):
        cells = (row.sheet, str(row.row), row.name, row.class_text, row.column, row.message)
        for column, text in enumerate(cells):
            sheet.write_string(number, column, harmless(text), wrapped)
    sheet.set_column(0, 4, 14)
    sheet.set_column(5, 5, 70)
    sheet.freeze_panes(1, 0)
    taken = _("Taken by %(reader)s on %(at)s") % {"reader": reader, "at": date_format(localtime(now()), "Y-m-d H:i")}
    sheet.write_string(len(rows) + 2, 0, harmless(taken))
    book.close()
    return out.getvalue()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(_RISKY_STARTS) else text
