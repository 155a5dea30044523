"""Whole rosters: headers, titles, footers, merged cells, several sheets, twins, and every refusal with its place."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao.engines.roster import layout, parse_roster, twins
from xinqiao.engines.roster.codes import NOTE_CODES, ROW_CODES, WARNING_CODES
from xinqiao.engines.roster.headers import _SYNONYMS, Field, meaning_of
from xinqiao.engines.roster.numbers import check_character
from xinqiao.engines.roster.sheets import (
    DateCell,
    FormulaCell,
    Merge,
    NumberCell,
    Sheet,
    SheetRow,
    Sheets,
    UnreadableRoster,
    column_letters,
)

HEADER = ["姓名", "学号", "班级"]


def sheet(*rows, name="Sheet1", **facts):
    kept = tuple(SheetRow(number, tuple(row)) for number, row in enumerate(rows, start=1) if any(row))
    return Sheet(name, kept, **facts)


def parse(*sheets_or_rows, stages=("primary", "junior"), date_1904=False):
    if not isinstance(sheets_or_rows[0], Sheet):
        sheets_or_rows = (sheet(*sheets_or_rows),)
    sheets = Sheets(tuple(sheets_or_rows), "xlsx", date_1904=date_1904)
    roster = parse_roster(sheets, school_year=2024, stages=stages, today=date(2024, 10, 1))
    assert {one.code for one in roster.rejected} <= ROW_CODES
    assert {one.code for one in roster.notes} <= NOTE_CODES
    assert {code for row in roster.rows for code in row.warnings} <= WARNING_CODES
    return roster


def names(roster):
    return [row.name for row in roster.rows]


def faults(roster):
    return [(one.row, one.column, one.code) for one in roster.rejected]


def notes(roster):
    return {note.code: dict(note.params) for note in roster.notes}


def resident_number(birth="20120305", sequence="003"):
    body = f"511025{birth}{sequence}"
    return body + check_character(body)


def test_a_full_row():
    number = resident_number()
    roster = parse(
        [
            "序号",
            "学生姓名",
            "全国学籍号",
            "学号",
            "身份证件号",
            "性别",
            "出生日期",
            "年级",
            "班别",
            "监护人1姓名",
            "与学生关系",
            "家长电话",
            "父亲姓名",
            "父亲电话",
            "是否住校",
            "民族",
            "校区",
            "入学年份",
            "备注",
        ],
        [
            "1",
            "欧阳 娜娜",
            f"G{number}",
            "0012",
            number,
            "男",
            "2012.3.5",
            "七年级",
            "3班",
            "欧阳伟",
            "爷爷",
            "138 0000 0000",
            "欧阳强",
            "13900000000/0832-2234567",
            "√",
            "彝",
            "东区",
            "2024级",
            "新生",
        ],
    )
    row = roster.rows[0]
    assert (row.row, row.name, row.student_number, row.national_number) == (2, "欧阳娜娜", "0012", f"G{number}")
    assert (row.id_type, row.id_number, row.sex, row.class_ref.name) == ("resident_id", number, "male", "七(3)班")
    assert (row.ethnicity, row.boarding, row.campus, row.entry_year, row.remark) == ("彝族", True, "东区", 2024, "新生")
    assert [(one.name, one.relation, one.phones) for one in row.guardians] == [
        ("欧阳伟", "paternal_grandfather", ("13800000000",)),
        ("欧阳强", "father", ("13900000000", "08322234567")),
    ]
    assert notes(roster) == {"column_not_used": {"sheet": "Sheet1", "columns": "序号"}}


@pytest.mark.parametrize(
    "synonym", ["姓 名", "姓名*", "姓名（必填）", "学生\n姓名", "\u200b姓名", "１.姓名", "【姓名】", "ＮＡＭＥ"]
)
def test_header_words_in_every_dress(synonym):
    assert meaning_of(synonym) is Field.NAME


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("班级（如：七(3)班）", Field.CLASS),
        ("班名", Field.CLASS),
        ("所在班", Field.CLASS),
        ("学生班级", Field.CLASS),
        ("电子学籍号", Field.REGISTER_NUMBER),
        ("学生学籍号", Field.REGISTER_NUMBER),
        ("全国学籍号码", Field.NATIONAL_NUMBER),
        ("校内编号", Field.STUDENT_NUMBER),
        ("公民身份证号码", Field.ID_NUMBER),
        ("家庭联系人", Field.GUARDIAN1_NAME),
        ("家长电话1", Field.GUARDIAN1_PHONE),
        ("家长电话2", Field.GUARDIAN2_PHONE),
        ("姓名 Name", Field.NAME),
        ("身份证号/ID No.", Field.ID_NUMBER),
        ("教学班", None),
        ("家长身份证号", None),
    ],
)
def test_headers_as_schools_word_them(text, field):
    assert meaning_of(text) is field


def test_no_header_word_means_two_things():
    listed = [word for text in _SYNONYMS.values() for word in text.split()]
    assert len(listed) == len(set(listed))
    assert all(meaning_of(word) is not None for word in listed)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("学籍号", "student_number"),
        ("身份证号", "id_number"),
        ("证件号码", "id_number"),
        ("全国学籍号", "national_number"),
    ],
)
def test_any_number_column_will_do(header, field):
    value = {"id_number": resident_number(), "national_number": "G" + resident_number()}.get(field, "A1")
    assert getattr(parse(["名字", header, "行政班"], ["张三", value, "703"]).rows[0], field) == value


def test_a_national_number_is_known_under_any_header():
    national = "G" + resident_number()
    row = parse(["姓名", "学号", "班级"], ["张三", national, "703"]).rows[0]
    assert (row.national_number, row.student_number) == (national, None)
    row = parse(["姓名", "学号", "学籍号", "班级"], ["张三", "12", "51102500123", "703"]).rows[0]
    assert (row.student_number, row.register_number) == ("12", "51102500123")


@pytest.mark.parametrize("header", ["学籍号", "学号"])
def test_a_national_number_without_its_letter_is_the_identity_number(header):
    number = resident_number()
    row = parse(["姓名", header, "班级"], ["张三", number.lower(), "703"]).rows[0]
    assert (row.id_number, row.student_number, row.birth.year) == (number, None, 2012)
    row = parse(["姓名", header, "身份证号", "班级"], ["张三", number, number, "703"]).rows[0]
    assert (row.id_number, row.student_number) == (number, None)
    other = resident_number(sequence="005")
    row = parse(["姓名", header, "身份证号", "班级"], ["张三", number, other, "703"]).rows[0]
    assert (row.id_number, row.student_number) == (other, number)
    row = parse(["姓名", header, "班级"], ["张三", "511025202409010003", "703"]).rows[0]
    assert (row.id_number, row.student_number) == (None, "511025202409010003")


def test_an_identity_number_under_a_student_number_is_held_against_the_sex():
    roster = parse(["姓名", "学籍号", "性别", "班级"], ["张三", resident_number(), "女", "703"])
    assert faults(roster) == [(2, "性别", "sex_differs_from_id")]


def test_titles_notes_and_blank_rows_above_the_header():
    roster = parse(
        ["某某学校2024年秋季学生名册"],
        [],
        ["填表说明：请逐项填写，班级须写全称"],
        ["单位：", "某某学校", "日期", "9月"],
        HEADER,
        ["张三", "01", "703"],
    )
    assert [(row.row, row.name) for row in roster.rows] == [(6, "张三")]


def test_a_header_of_two_lines_with_group_headings():
    roster = parse(
        sheet(
            ["学生基本信息", "", "", "监护人信息", "", "母亲", ""],
            ["姓名", "学号", "班级", "姓名", "联系电话", "姓名", "电话"],
            ["张三", "01", "703", "张伟", "13800000000", "李娜", "13900000000"],
            merges=(Merge(1, 1, 0, 2), Merge(1, 1, 3, 4), Merge(1, 1, 5, 6)),
        )
    )
    row = roster.rows[0]
    assert (row.row, row.name) == (3, "张三")
    assert [(one.name, one.relation, one.phones) for one in row.guardians] == [
        ("张伟", None, ("13800000000",)),
        ("李娜", "mother", ("13900000000",)),
    ]


@pytest.mark.parametrize("phone", ["电话", "家长电话"])
def test_guardian_columns_written_twice_are_two_guardians(phone):
    columns = ["监护人", "关系", phone]
    values = ["张伟", "父亲", "13800000000", "李娜", "母亲", "13900000000"]
    row = parse([*HEADER, *columns, *columns], ["张三", "01", "703", *values]).rows[0]
    assert [(one.name, one.relation, one.phones) for one in row.guardians] == [
        ("张伟", "father", ("13800000000",)),
        ("李娜", "mother", ("13900000000",)),
    ]
    assert row.contact_phones == ()


def test_a_header_of_two_lines_merged_downward():
    roster = parse(
        sheet(
            ["姓名", "学号", "班级", "家长", ""],
            ["", "", "", "姓名", "电话"],
            ["张三", "01", "703", "张伟", "13800000000"],
            merges=(Merge(1, 2, 0, 0), Merge(1, 2, 1, 1), Merge(1, 2, 2, 2), Merge(1, 1, 3, 4)),
        )
    )
    assert (names(roster), roster.rows[0].guardians[0].name) == (["张三"], "张伟")


def test_a_pupil_below_the_header_is_not_its_second_line():
    assert names(parse(HEADER, ["张三", "01", "703"], ["李四", "02", "703"])) == ["张三", "李四"]


@pytest.mark.parametrize(
    "footer",
    [
        ["合计", "45人", ""],
        ["", "合计：45", ""],
        ["总计", "", "45"],
        ["制表人：王老师", "", "填表日期：2024.9.1"],
        ["班主任签字：", "", ""],
        ["审核人:", "", ""],
        ["（盖章）", "", ""],
        ["备注：1.本表一式两份", "", ""],
        ["共45人", "", ""],
        ["第1页", "", "共3页"],
        ["男生23人，女生22人", "", ""],
        ["七(3)班合计", "", ""],
        ["本页小计", "", "45"],
        ["人数合计", "45", ""],
        ["总数", "45", ""],
        ["以下空白", "", ""],
        ["以下无正文", "", ""],
        ["—完—", "", ""],
        ["本班共45人", "", ""],
        ["全班45人", "", ""],
        ["其中：男23人", "", ""],
        ["填表说明：学号可空", "", ""],
        ["日期：2024.9.1", "", ""],
        ["2024年9月1日", "", ""],
        ["核对人：王老师", "", ""],
        ["截止2024年9月", "", ""],
    ],
)
def test_footers_are_not_refused_as_pupils(footer):
    roster = parse(HEADER, ["张三", "01", "703"], footer)
    assert (names(roster), roster.rejected) == (["张三"], ())
    assert notes(roster)["footer_rows_skipped"]["count"] == 1


def test_without_the_footer_rule_they_would_be_refused(monkeypatch):
    """Control of the test above."""
    monkeypatch.setattr(layout, "_is_footer", lambda header, row: False)
    assert parse(HEADER, ["张三", "01", "703"], ["合计", "45人", ""]).rejected


def test_a_pupil_is_never_taken_for_a_footer():
    roster = parse([*HEADER, "备注"], ["", "202401", "703", "备注：转入"], ["共三", "202402", "703", "说明：走读"])
    assert faults(roster) == [(2, "姓名", "name_missing")]
    assert names(roster) == ["共三"]
    roster = parse(["入学年月", *HEADER], ["2024年9月", "张三", "", "703"])
    assert names(roster) == ["张三"]


@pytest.mark.parametrize("footer", ["以下空白", "七(3)班合计", "总数", "以下无正文"])
def test_a_footer_is_no_pupil_of_a_sheet_named_after_a_class(footer):
    roster = parse(sheet(["姓名", "学号"], ["张三", "01"], [footer, ""], name="七(3)班"))
    assert (names(roster), roster.rejected) == (["张三"], ())


def test_printed_pages_repeat_titles_and_headers():
    roster = parse(
        HEADER,
        ["张三", "01", "703"],
        ["某某学校名册"],
        HEADER,
        ["李四", "02", "703"],
        [" 姓 名", "学号", "班级"],
        ["王五", "03", "703"],
    )
    assert (names(roster), roster.rejected) == (["张三", "李四", "王五"], ())
    assert notes(roster)["repeated_headers_skipped"]["count"] == 2


def test_lines_with_only_a_serial_number_are_empty():
    roster = parse(["序号", *HEADER], ["1", "张三", "01", "703"], ["2", "", "", ""], ["3", "", "", "703"])
    assert (names(roster), roster.rejected) == (["张三"], ())


def test_merged_class_cells_fill_downward_only_for_classes():
    roster = parse(
        sheet(
            ["年级", *HEADER, "家长姓名"],
            ["七年级", "张三", "01", "3班", "张伟"],
            ["", "李四", "02", "", ""],
            ["", "王五", "03", "4班", ""],
            merges=(Merge(2, 4, 0, 0), Merge(2, 3, 3, 3), Merge(2, 4, 4, 4)),
        )
    )
    assert [row.class_ref.name for row in roster.rows] == ["七(3)班", "七(3)班", "七(4)班"]
    assert [len(row.guardians) for row in roster.rows] == [1, 0, 0]
    assert notes(roster)["merged_cells_filled"]["count"] == 3


def test_without_the_merge_the_class_is_missing():
    """Control: an empty class below another is not filled by itself."""
    roster = parse(HEADER, ["张三", "01", "703"], ["李四", "02", ""])
    assert faults(roster) == [(3, "班级", "class_missing")]


def test_sheets_named_after_classes_and_a_cover_sheet():
    roster = parse(
        sheet(["封面"], ["某某学校", "2024年"], name="封面"),
        sheet(["姓名", "学号"], ["张三", "2024001"], name="七(3)班"),
        sheet(["姓名", "学号"], ["李四", "2024002"], name="703"),
        sheet(["姓名", "电话"], ["王老师", "13800000000"], name="教师"),
        sheet(["姓名", "学号"], ["赵六", "2024003"], name="八(1)班", hidden=True),
    )
    assert [(row.name, row.sheet, row.class_ref.name) for row in roster.rows] == [
        ("张三", "七(3)班", "七(3)班"),
        ("李四", "703", "七(3)班"),
    ]
    assert {"sheet_without_roster", "sheet_columns_missing", "hidden_sheet_ignored", "class_from_sheet_name"} <= set(
        notes(roster)
    )


@pytest.mark.parametrize(
    ("rows", "code", "part"),
    [
        ([["什么", "都不是"], ["1", "2"]], "header_not_found", ""),
        ([["姓名", "学号", "性别"], ["张三", "01", "男"]], "columns_missing", "班级"),
        ([["姓名", "性别", "班级"], ["张三", "男", "703"]], "columns_missing", "学号/学籍号/身份证号"),
        ([["姓名", "学号", "班级", "行政班"], ["张三", "1", "703", "703"]], "columns_same_meaning", "C 班级"),
        (
            [[*HEADER, "家长姓名", "监护人姓名"], ["张三", "1", "703", "张伟", "张伟"]],
            "columns_same_meaning",
            "D 家长姓名",
        ),
        ([["姓名", "姓 名", "学号", "班级"], ["张三", "张三", "1", "703"]], "columns_same_meaning", "A 姓名"),
    ],
)
def test_files_that_cannot_be_read(rows, code, part):
    with pytest.raises(UnreadableRoster) as caught:
        parse(*rows)
    assert caught.value.code == code
    assert part in caught.value.params.get("missing", caught.value.params.get("first", ""))


def test_hidden_columns_and_rows_are_read_and_told():
    roster = parse(sheet(HEADER, ["张三", "01", "703"], hidden_columns=(1,), hidden_row_count=2))
    assert notes(roster)["hidden_columns_read"]["columns"] == "B"
    assert notes(roster)["hidden_rows_read"]["count"] == 2
    assert roster.rows[0].student_number == "01"


def test_every_fault_of_a_row_is_told_with_its_cell():
    number = resident_number()
    roster = parse(
        ["姓名", "身份证号", "性别", "出生日期", "班级", "家长电话"],
        ["张3", number, "女", "2012-03-06", "实验班", "123"],
    )
    assert faults(roster) == [
        (2, "姓名", "name_suspicious"),
        (2, "性别", "sex_differs_from_id"),
        (2, "出生日期", "birth_differs_from_id"),
        (2, "班级", "class_unreadable"),
        (2, "家长电话", "phone_bad"),
    ]
    assert [one.params["cell"] for one in roster.rejected] == ["A2", "C2", "D2", "E2", "F2"]
    assert roster.rejected_row_count == 1
    assert all(number not in str(dict(one.params)) for one in roster.rejected)


@pytest.mark.parametrize("column", range(4))
def test_a_formula_in_a_needed_column_refuses_the_row(column):
    cells = ["张三", "01", "703", "2012-03-05"]
    cells[column] = FormulaCell()
    roster = parse([*HEADER, "出生日期", "年龄"], [*cells, FormulaCell()])
    assert [one.code for one in roster.rejected] == ["formula"]
    assert names(parse([*HEADER, "年龄"], ["张三", "01", "703", FormulaCell()])) == ["张三"]


def test_damaged_numbers():
    roster = parse(
        ["姓名", "身份证号", "班级"],
        ["张三", NumberCell("5.11025200601011e+17", 5.11025200601011e17), "703"],
        ["李四", "5.11E+17", "703"],
    )
    assert [one.code for one in roster.rejected] == ["digits_lost", "scientific_notation"]


def test_a_column_rounded_before_it_became_text_is_refused_whole():
    rounded = ["511025201203" + f"{day:02d}" + "1000" for day in range(1, 29)]
    roster = parse(["姓名", "学籍号", "班级"], *[["张三", number, "703"] for number in rounded])
    assert {one.code for one in roster.rejected} == {"digits_lost"}
    assert roster.rejected_row_count == 28


def test_classes_that_became_dates_or_lost_a_zero():
    roster = parse(HEADER, ["张三", "01", DateCell(2024, 7, 3)], ["李四", "02", NumberCell("7.1", 7.1)])
    assert [one.code for one in roster.rejected] == ["class_became_date", "class_ambiguous"]
    assert parse(HEADER, ["张三", "01", NumberCell("703", 703.0)]).rows[0].class_ref.number == 3


def test_the_month_alone_agrees_and_the_number_tells_the_day():
    row = parse(["姓名", "身份证号", "出生年月", "班级"], ["张三", resident_number(), "2012年3月", "703"]).rows[0]
    assert (row.birth.year, row.birth.month, row.birth.day) == (2012, 3, 5)


def test_an_old_birth_date_inside_the_number_is_refused_without_a_birth_column():
    roster = parse(["姓名", "身份证号", "班级"], ["张三", resident_number("19600305"), "703"])
    assert faults(roster) == [(2, "身份证号", "age_implausible")]


def test_other_documents_when_the_type_says_so():
    roster = parse(
        ["姓名", "证件类型", "证件号码", "班级"],
        ["Anna Li", "护照", "E12345678", "703"],
        ["李四", "", "E12345678", "703"],
    )
    assert (roster.rows[0].id_type, roster.rows[0].id_number) == ("passport", "E12345678")
    assert faults(roster) == [(3, "证件号码", "id_number_bad")]


def test_a_contact_telephone_goes_to_the_guardian_who_has_none():
    row = parse([*HEADER, "家长姓名", "联系电话"], ["张三", "01", "703", "张伟", "13800000000"]).rows[0]
    assert (row.guardians[0].phones, row.contact_phones) == (("13800000000",), ())
    row = parse([*HEADER, "联系电话"], ["张三", "01", "703", "13800000000"]).rows[0]
    assert (row.guardians, row.contact_phones) == ((), ("13800000000",))


def test_the_same_child_twice_names_the_first_row():
    number = resident_number()
    roster = parse(
        ["姓名", "学号", "身份证号", "班级"],
        ["张三", "202401", number, "703"],
        ["张三", "202402", number.lower(), "704"],
        ["李四", "202401", "", "703"],
    )
    assert [(one.row, one.field, one.code, one.params["first_row"]) for one in roster.rejected] == [
        (3, "id_number", "duplicate_in_file", 2),
        (4, "student_number", "duplicate_in_file", 2),
    ]
    assert names(roster) == ["张三"]


def test_without_the_comparison_both_would_stand(monkeypatch):
    """Control of the test above."""
    monkeypatch.setattr(twins, "_keys", lambda row: [])
    assert names(parse(HEADER, ["张三", "202401", "703"], ["张三", "202401", "703"])) == ["张三", "张三"]


def test_homonyms_with_different_numbers_stand():
    assert names(parse(HEADER, ["张伟", "202401", "703"], ["张伟", "202402", "703"])) == ["张伟", "张伟"]


def test_seat_numbers_repeat_from_class_to_class():
    roster = parse(HEADER, ["张三", "01", "703"], ["李四", "01", "704"], ["王五", "01", "703"])
    assert faults(roster) == [(4, "学号", "duplicate_in_file")]
    assert "short_student_numbers" in notes(roster)


def test_a_title_does_not_become_part_of_a_header():
    roster = parse(["某某学校名册"], HEADER, ["张3", "01", "703"])
    assert faults(roster) == [(3, "姓名", "name_suspicious")]


def test_the_columns_of_the_national_register():
    header = "学校名称 校区 姓名 性别 出生日期 身份证件类型 身份证件号 学籍辅号 班内学号 学籍号 年级 班级"
    more = "是否独生子女 入学年月 就读方式 现住址 联系电话 "
    more += "成员1姓名 成员1关系 成员1联系电话 成员1身份证件号 成员2姓名 成员2关系 成员2联系电话"
    number = resident_number()
    values = [
        "某校",
        "本部",
        "张三",
        "男",
        "20120305",
        "居民身份证",
        number,
        "5100",
        "7",
        f"G{number}",
        "七年级",
        "3班",
    ]
    values += ["否", "202409", "借宿", "某街", "13800000000", "张伟", "父亲", "13900000000", number, "李娜", "母亲", ""]
    row = parse([*header.split(), *more.split()], values).rows[0]
    assert (row.national_number, row.student_number, row.boarding, row.entry_year) == (f"G{number}", None, False, 2024)
    assert [guardian.relation for guardian in row.guardians] == ["father", "mother"]
    assert row.contact_phones == ("13800000000",)


def test_pupils_who_cannot_be_told_apart_are_both_refused():
    header = [*HEADER, "出生日期"]
    roster = parse(header, ["张伟", "", "703", "2012-03-05"], ["张伟", "", "703", "2012-03"])
    assert [one.code for one in roster.rejected] == ["cannot_tell_apart"] * 2
    roster = parse(
        header, ["张伟", "", "703", "2012-03-05"], ["张伟", "", "703", "2012-04-05"], ["张伟", "", "704", ""]
    )
    assert (names(roster), roster.rows[0].warnings) == (["张伟"] * 3, ("no_number",))
    roster = parse(header, ["张伟", "202401", "703", ""], ["张伟", "", "703", ""])
    assert [(one.row, one.params["first_row"]) for one in roster.rejected] == [(3, 2)]


def test_warnings_do_not_refuse():
    other = resident_number("20120306")
    row = parse(["姓名", "全国学籍号", "身份证号", "班级"], ["张\ue815", "G" + other, resident_number(), "703"]).rows[0]
    assert set(row.warnings) == {"private_use_character", "national_number_differs_from_id"}


def test_every_row_is_a_pupil_or_refused():
    rows = [["张三", f"2024{n:03d}", "703" if n % 3 else "啊"] for n in range(90)]
    roster = parse(HEADER, *rows)
    assert len(roster.rows) + roster.rejected_row_count == 90


_CELLS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="0123456789年级班高初一七()（）-. 届GX/", max_size=12),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: NumberCell(f"{number:.15g}", number)),
    st.dates().map(lambda day: DateCell(day.year, day.month, day.day)),
    st.just(FormulaCell()),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.lists(_CELLS, min_size=12, max_size=12), max_size=6))
def test_whatever_the_cells_hold_a_row_is_read_or_refused(rows):
    header = "姓名 学号 学籍号 身份证号 性别 出生日期 年级 班级 家长姓名 与学生关系 家长电话 入学年份"
    roster = parse(header.split(), *rows)
    told = {row.row for row in roster.rows} | {one.row for one in roster.rejected}
    named = {n for n, row in enumerate(rows, start=2) if isinstance(row[0], str) and row[0].strip()}
    assert len(named - told) <= sum(note.params.get("count", 0) for note in roster.notes if "count" in note.params)


def test_column_letters():
    assert [column_letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("松湖县第一中学七年级(3)班学生名单", "七年级(3)班"),
        ("松湖县第一中学2024—2025学年第一学期七（3）班学生花名册", "七(3)班"),
        ("初一3班名单（共45人）", "初一3班"),
        ("初2024级3班名册", "初2024级3班"),
        ("703班花名册", "703班"),
    ],
)
def test_a_class_named_only_above_the_table_is_that_of_every_row(title, text):
    roster = parse([title], ["班主任：王老师"], ["序号", "姓名", "学号"], ["1", "张三", "01"], ["2", "李四", "02"])
    assert (names(roster), roster.rejected) == (["张三", "李四"], ())
    assert {(row.class_ref.stage, row.class_ref.entry_year, row.class_ref.number) for row in roster.rows} == {
        ("junior", 2024, 3)
    }
    assert notes(roster)["class_from_title"] == {"sheet": "Sheet1", "class_name": text}


@pytest.mark.parametrize(
    "title", ["七(3)班与七(4)班学生名单", "第一中学全体学生名单", "高一(3)班名单", "3班名单", "班级名单"]
)
def test_control_a_title_that_names_no_class_or_two_gives_none(title):
    with pytest.raises(UnreadableRoster, match="columns_missing"):
        parse([title], ["序号", "姓名", "学号"], ["1", "张三", "01"])


def test_a_class_column_counts_more_than_the_title():
    roster = parse(["七年级(3)班学生名单"], HEADER, ["张三", "01", "704"])
    assert [row.class_ref.number for row in roster.rows] == [4]
