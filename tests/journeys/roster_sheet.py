"""A school's roster as schools keep it: a title row, headers by other names, one row that cannot be right."""

from dataclasses import astuple, dataclass, replace
from pathlib import Path

from openpyxl import Workbook


@dataclass(frozen=True)
class Row:
    """One pupil as the spreadsheet writes it: everything is text."""

    number: str
    name: str
    sex: str
    birth_on: str
    grade: str
    class_name: str
    guardian: str
    relation: str
    phone: str


HEADER = ("学籍号", "学生姓名", "性别", "出生年月日", "年级", "班级", "监护人", "与学生关系", "联系电话")
ON_PHONE = Row("20269901", "诸葛晴川", "女", "2014.3.5", "七年级", "1班", "诸葛明远", "父亲", "13800000991")
AT_PC = Row("20269902", "㛃若彤", "女", "20131002", "七年级", "1班", "㛃玉兰", "母亲", "13800000992")
CUT_OFF = Row("20269903", "阿依努尔·艾山", "女", "2013年12月9日", "七年级", "1班", "艾山·吐尔逊", "父亲", "13800000993")
BROKEN = Row("20269904", "司马云起", "男", "2014-02-30", "七年级", "1班", "司马文博", "父亲", "13800000994")
MENDED = replace(BROKEN, birth_on="2014-02-28")
TITLE_ROWS = 1
BROKEN_ROW = TITLE_ROWS + 1 + 4  # as the spreadsheet numbers it


def write_roster(path: Path, *rows: Row) -> Path:
    """Write rows under a title and a header row."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "新生"
    sheet.append(["2026 年秋季转入学生名单"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(HEADER))
    sheet.append(list(HEADER))
    for row in rows:
        sheet.append(list(astuple(row)))
    book.save(path)
    return path
