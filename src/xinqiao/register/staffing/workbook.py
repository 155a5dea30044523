"""An empty staff list: the columns, what goes into each, and the choices where there are some."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

HEAD = ("姓名", "工号", "手机", "邮箱", "职务", "角色", "班级", "专职/兼职", "资格证")
EMPLOYMENT = ["专职", "兼职"]
ROWS = 400


def template_workbook() -> bytes:
    """Return an .xlsx with the header that the import reads; columns of digits are text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, guide = book.add_worksheet(_("Staff list")[:31]), book.add_worksheet(_("How to fill it in")[:31])
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    for column, word in enumerate(HEAD):
        sheet.write_string(0, column, word, bold)
    sheet.set_column(0, len(HEAD) - 1, 16, text)
    sheet.freeze_panes(1, 0)
    sheet.data_validation(1, 7, ROWS, 7, {"validate": "list", "source": EMPLOYMENT})
    for row, line in enumerate(_lines()):
        guide.write_string(row, 0, line)
    guide.set_column(0, 0, 110)
    book.close()
    return out.getvalue()


def _lines() -> tuple[str, ...]:
    return (
        _(
            "One row for each person. Only the name is needed, but a staff number or a telephone lets us know them "
            "again."
        ),
        _("Roles: 班主任, 年级组长, 心理教师, 校长, 领导小组, 科任教师, 导师, 生管; several are parted by 、"),
        _("Class: 七(3)班 for a class teacher, 七年级 for a grade head; several are parted by 、"),
        _("What is left empty stays as it is in the register."),
        _("Whoever has left is not taken out by this list: note that on the person's own page."),
    )
