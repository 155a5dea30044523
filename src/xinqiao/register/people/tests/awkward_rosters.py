"""Makes roster files as schools and as attackers have them. Every pupil is invented."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

HEADER = ["姓名", "学号", "班级"]
PUPILS = [["张三", "0012", "七(3)班"], ["欧阳娜娜", "0013", "七(3)班"], ["阿依古丽·买买提", "0014", "八(1)班"]]

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(path: Path, rows: Iterable[Sequence[Any]] = (HEADER, *PUPILS)) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def xls(path: Path, rows: Iterable[Sequence[Any]] = (HEADER, *PUPILS)) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    book.save(str(path))
    return path


def text(path: Path, encoding: str, delimiter: str = ",", rows: Iterable[Sequence[str]] = (HEADER, *PUPILS)) -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def raw_xlsx(
    path: Path, sheet: str, *, strings: str = "", before: str = "", more: dict[str, bytes] | None = None
) -> Path:
    """A workbook with one sheet whose XML inside <worksheet> is given as it is; `before` stands above the root."""
    listed = '<sheets><sheet name="S" sheetId="1" r:id="s"/></sheets>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": _relations(("b", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_RELATION}">{listed}</workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            ("s", "worksheet", "sheet1.xml"), ("t", "sharedStrings", "strings.xml")
        ),
        "xl/sheet1.xml": f"{before}<worksheet {_MAIN}>{sheet}</worksheet>",
    }
    if strings:
        parts["xl/strings.xml"] = f"<sst {_MAIN}>{strings}</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts.items():
            package.writestr(name, body)
        for name, data in (more or {}).items():
            package.writestr(name, data)
    return path


def inline(*rows: Sequence[str]) -> str:
    """Rows of inline strings as sheet data."""
    made = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    return f"<sheetData>{made}</sheetData>"


def _relations(*entries: tuple[str, str, str]) -> str:
    made = "".join(f'<Relationship Id="{key}" Type="{_RELATION}/{kind}" Target="{to}"/>' for key, kind, to in entries)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'
