"""Files as schools have them, through the child process, to the last cell."""

import datetime as dt

import openpyxl
import pytest
import xlwt
from openpyxl.styles import numbers as formats

from xinqiao.engines.roster import UnreadableRoster, parse_roster
from xinqiao.engines.roster.sheets import DateCell, ErrorCell, FormulaCell, Merge, NumberCell
from xinqiao.register.people.roster_file import read_sheets
from xinqiao.register.people.roster_file.delimited import is_formula
from xinqiao.register.people.roster_file.formats import is_date_format, shown_zeros
from xinqiao.register.people.tests import awkward_rosters as made


def rows_of(path):
    return [list(row.cells) for row in read_sheets(path).sheets[0].rows]


def note_codes(sheets):
    return {note.code for note in sheets.notes}


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_workbooks(tmp_path, name):
    path = tmp_path / name
    (made.xlsx if name.endswith("x") else made.xls)(path)
    assert rows_of(path) == [made.HEADER, *made.PUPILS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_tables(tmp_path, encoding, delimiter):
    assert rows_of(made.text(tmp_path / "a.csv", encoding, delimiter)) == [made.HEADER, *made.PUPILS]


def test_utf_16_be_with_its_mark(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xfe\xff" + "姓名,学号\r\n张三,01\r\n".encode("utf-16-be"))
    assert rows_of(path) == [["姓名", "学号"], ["张三", "01"]]


def test_rare_characters_in_gb18030(tmp_path):
    rows = [made.HEADER, ["张\U00020bb7", "01", "703"], ["王㛃", "02", "703"]]
    assert rows_of(made.text(tmp_path / "a.csv", "gb18030", rows=rows)) == rows


def test_full_width_commas_quotes_and_new_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('姓名，学号，班级\n张三,01,"七,三\n班"\n', encoding="utf-8")
    assert rows_of(path) == [["姓名", "学号", "班级"], ["张三", "01", "七,三\n班"]]
    path.write_text("姓名，学号，班级\n张三，01，703\n", encoding="utf-8")
    assert rows_of(path) == [["姓名", "学号", "班级"], ["张三", "01", "703"]]
    path.write_text("sep=;\n姓名;学号\n张三;01\n", encoding="utf-8")
    assert [row.number for row in read_sheets(path).sheets[0].rows] == [2, 3]


def test_the_name_of_a_text_file_is_the_name_of_its_sheet(tmp_path):
    sheets = read_sheets(made.text(tmp_path / "七(3)班.csv", "gbk", rows=[["姓名", "学号"], ["张三", "01"]]))
    roster = parse_roster(sheets, school_year=2024, stages=("junior",), today=dt.date(2024, 10, 1))
    assert roster.rows[0].class_ref.name == "七(3)班"
    assert note_codes(sheets) == {"encoding_read_as"}


@pytest.mark.parametrize("value", ["=1+1", '="1"&"2"', '="张三"', "+cmd|x", "@SUM(A1)", "-2+3", " =1", "-A1", "+张三"])
def test_text_that_a_spreadsheet_would_run(tmp_path, value):
    path = made.text(tmp_path / "a.csv", "utf-8", rows=[made.HEADER, ["张三", value, "703"]])
    assert rows_of(path)[1][1] == FormulaCell()


@pytest.mark.parametrize("written", ['="0012"', '"=""0012"""', ' ="0012"'])
def test_a_number_kept_as_text_for_spreadsheets_is_that_text(tmp_path, written):
    path = tmp_path / "a.csv"
    path.write_text(f"姓名,学号,班级\n张三,{written},703\n", encoding="utf-8")
    assert rows_of(path)[1] == ["张三", "0012", "703"]


NO_FORMULAS = ["-1", "+8613800000000", "+86 138-0000-0000", "-", "--", "a=b", "1E+3", "张-三"]


@pytest.mark.parametrize("value", NO_FORMULAS)
def test_text_that_is_no_formula(value):
    assert not is_formula(value)


def test_formulas_in_xlsx_lose_their_remembered_value(tmp_path):
    sheet = (
        "<sheetData><row r='1'><c r='A1' t='str'><f>\"张\"&amp;\"三\"</f><v>张三</v></c><c r='B1'><f/>"
        "<v>12</v></c><c r='C1'><v>12</v></c></row></sheetData>"
    )
    assert rows_of(made.raw_xlsx(tmp_path / "a.xlsx", sheet)) == [
        [FormulaCell(), FormulaCell(), NumberCell("12", 12.0)]
    ]


def test_formulas_in_xls_are_found(tmp_path):
    rows = [made.HEADER, ["张三", xlwt.Formula("1+1"), "703"]]
    assert rows_of(made.xls(tmp_path / "a.xls", rows)) == [made.HEADER, ["张三", FormulaCell(), "703"]]


def test_numbers_as_shown_and_as_stored(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([511025200601011234, 20240001, 12, 2012.3, dt.date(2012, 3, 5), 40973, "0012", True, 40973])
    sheet["C1"].number_format = "000000"
    sheet["I1"].number_format = 'yyyy"年"m"月"d"日"'
    book.save(tmp_path / "a.xlsx")
    (row,) = rows_of(tmp_path / "a.xlsx")
    assert isinstance(row[0], NumberCell)
    assert row[0].number > 1e15
    assert row[1:4] == [NumberCell("20240001", 20240001.0), NumberCell("000012", 12.0), NumberCell("2012.3", 2012.3)]
    assert row[4:] == [
        DateCell(2012, 3, 5),
        NumberCell("40973", 40973.0),
        "0012",
        "TRUE",
        DateCell(2012, 3, 5),
    ]


def test_numbers_and_dates_in_xls(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    sheet.write(2, 1, 511025200601011000)
    sheet.write(2, 2, 703)
    sheet.write(2, 3, dt.date(2012, 3, 5), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    sheet.col(1).hidden = True
    sheet.merge(4, 6, 0, 0)
    sheet.write(4, 1, "x")
    hidden = book.add_sheet("H")
    hidden.write(0, 0, "y")
    hidden.visibility = 1
    book.save(str(tmp_path / "a.xls"))
    first, second = read_sheets(tmp_path / "a.xls").sheets
    assert (first.rows[0].number, first.rows[0].cells[1:]) == (
        3,
        (NumberCell("5.11025200601011e+17", 511025200601011000.0), NumberCell("703", 703.0), DateCell(2012, 3, 5)),
    )
    assert (first.hidden_columns, first.merges, second.hidden) == ((1,), (Merge(5, 7, 0, 0),), True)


def test_the_epoch_of_1904(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append([dt.date(2012, 3, 5), 39511])
    book.save(tmp_path / "a.xlsx")
    sheets = read_sheets(tmp_path / "a.xlsx")
    assert sheets.date_1904
    assert sheets.sheets[0].rows[0].cells == (DateCell(2012, 3, 5), NumberCell("39511", 39511.0))


def test_hidden_and_merged_in_xlsx(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["名册"], made.HEADER, *made.PUPILS):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("藏").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    first, second = read_sheets(tmp_path / "a.xlsx").sheets
    assert (first.hidden_columns, first.hidden_row_count, first.merges) == ((1,), 1, (Merge(1, 1, 0, 2),))
    assert second.hidden


def test_rich_text_reading_aids_prefixes_and_escapes(tmp_path):
    strings = (
        "<si><r><t>张</t></r><r><t>三</t></r><rPh sb='0' eb='1'><t>zhang</t></rPh></si><si><t>a_x000D_b_xD800_</t></si>"
    )
    sheet = "<sheetData><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='e'><v>#REF!</v></c></row></sheetData>"
    assert rows_of(made.raw_xlsx(tmp_path / "a.xlsx", sheet, strings=strings)) == [
        ["张三", "a\rb\ufffd", ErrorCell("#REF!")]
    ]
    prefixed = made.inline(["张三"]).replace("<", "<x:").replace("<x:/", "</x:")
    path = made.raw_xlsx(tmp_path / "b.xlsx", f'<x:g xmlns:x="u">{prefixed}</x:g>')
    assert rows_of(path) == [["张三"]]


def test_agrees_with_another_reader_on_an_ordinary_file(tmp_path):
    rows = [made.HEADER, *[[f"张{chr(0x4E00 + n)}", f"{n:05d}", f"七({n % 9 + 1})班"] for n in range(1500)]]
    path = made.xlsx(tmp_path / "a.xlsx", rows)
    other = [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]
    assert rows_of(path) == other == rows


HTML = """<html><head><meta charset="gb2312"><style>td{{}}</style></head><body><table>
<tr><td colspan=3>某某学校名册</td></tr><tr><th>姓名<th>学号<th>班级</tr>
<tr><td>张三</td><td>0012</td><td rowspan="2">七(3)班</td></tr>
<tr><td>李&#22235;</td><td>=1+1</td></tr></table>{tail}</body></html>"""


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_a_web_page_called_xls(tmp_path, encoding):
    path = tmp_path / "a.xls"
    path.write_bytes(HTML.format(tail="").encode(encoding))
    sheets = read_sheets(path)
    assert [list(row.cells) for row in sheets.sheets[0].rows] == [
        ["某某学校名册"],
        ["姓名", "学号", "班级"],
        ["张三", "0012", "七(3)班"],
        ["李四", FormulaCell()],
    ]
    assert Merge(3, 4, 2, 2) in sheets.sheets[0].merges
    assert "html_table_read" in note_codes(sheets)


def test_a_wrong_ending_is_read_by_its_content(tmp_path):
    sheets = read_sheets(made.xlsx(tmp_path / "a.xls"))
    assert sheets.kind == "xlsx"
    assert note_codes(sheets) == {"wrong_extension"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7 ...", "format_unsupported"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", "old_excel"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "xml_spreadsheet"),
        (b"<?xml version='1.0'?><a/>", "format_unsupported"),
        (b"PK\x03\x04 cut", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file_damaged"),
        (b"\xff\xff\xff\xff\x81", "encoding_unknown"),
        (b"\x01\x02\x03abc", "binary_content"),
        (b" \r\n \r\n", "sheets_empty"),
        (b"<html><body>404</body></html>", "sheets_empty"),
    ],
)
def test_files_that_are_none(tmp_path, data, code):
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    with pytest.raises(UnreadableRoster) as caught:
        read_sheets(path)
    assert caught.value.code == code


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
@pytest.mark.parametrize("maker", [made.xlsx, made.xls])
def test_cut_files_are_refused(tmp_path, maker, share):
    path = maker(tmp_path / "a", [made.HEADER, *made.PUPILS * 200])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(UnreadableRoster) as caught:
        read_sheets(path)
    assert caught.value.code in {"file_damaged", "reader_crashed"}


def test_a_missing_file(tmp_path):
    with pytest.raises(UnreadableRoster, match="file_missing"):
        read_sheets(tmp_path / "none.xlsx")


def test_number_formats():
    dates = ["yyyy-mm-dd", "m/d/yy", 'yyyy"年"m"月"', "[$-804]yyyy年m月d日;@", "dd\\-mmm"]
    assert all(is_date_format(200, code) for code in dates)
    assert not any(is_date_format(200, code) for code in ["General", "0", "#,##0", "@", "h:mm:ss", '0"日"', "000"])
    assert is_date_format(14, "")
    assert not is_date_format(formats.BUILTIN_FORMATS_REVERSE["0.00"], "")
    assert [shown_zeros(code) for code in ("0000", "0", "General", '"G"0000', "#,##0")] == [4, 0, 0, 4, 0]
