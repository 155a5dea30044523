"""Workbooks of invented wording, good and bad. Nobody's questionnaire."""

import io

import xlsxwriter

from xinqiao.engines.scoring import Scale

ITEMS, OPTIONS, INSTRUCTION = "题目", "选项", "指导语"


def filled(scale: Scale) -> dict[str, list[list[object]]]:
    """Sound wording for a scale, sheet by sheet, to be spoilt by a test."""
    shared = scale.items[0].codes
    own = [[item.number, code] for item in scale.items if item.codes != shared for code in item.codes]
    return {
        ITEMS: [
            ["题号", "中文", "英文"],
            *([i.number, f"虚构问题{i.number}", f"Invented {i.number}"] for i in scale.items),
        ],
        OPTIONS: [
            ["题号", "选项编码", "中文", "英文"],
            *([item, code, f"虚构选项{code}", ""] for item, code in [*(["*", code] for code in shared), *own]),
        ],
        INSTRUCTION: [["中文", "英文"], ["虚构指导语", ""]],
    }


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """An .xlsx; text that begins with "=" is a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    book.close()
    return out.getvalue()
