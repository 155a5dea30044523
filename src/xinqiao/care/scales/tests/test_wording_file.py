"""Workbooks of wording: what is taken, and every fault with its sheet, row and column."""

import pytest
from django.utils.translation import override

from xinqiao.care.scales import wording_file
from xinqiao.care.scales.messages import workbook_message
from xinqiao.care.scales.packs import read_pack, scale_folder
from xinqiao.care.scales.tests.workbooks import INSTRUCTION, ITEMS, OPTIONS, filled, workbook
from xinqiao.care.scales.wording_file import FaultyWording, open_upload, wording_of
from xinqiao.care.scales.wording_template import wording_template
from xinqiao.engines.scoring import Text


def scale(code="who-5"):
    return read_pack(scale_folder() / f"{code}.yaml").scale


def read(sheets, code="who-5"):
    return wording_of(open_upload(workbook(sheets), "wording.xlsx"), scale(code))


def faults(sheets, code="who-5"):
    with pytest.raises(FaultyWording) as caught:
        read(sheets, code)
    return [(f.code, f.sheet, f.row, f.column) for f in caught.value.faults]


@pytest.mark.parametrize("code", ["mht", "who-5", "scl-90", "mssmhs", "sdq", "sds"])
def test_a_filled_workbook_is_taken(code):
    wording = read(filled(scale(code)), code)
    count = len(scale(code).items)
    assert set(wording.texts) == set(wording.labels) == set(range(1, count + 1))
    assert wording.texts[count] == Text(en=f"Invented {count}", zh_hans=f"虚构问题{count}")
    assert [set(labels) for labels in wording.labels.values()] == [set(item.codes) for item in scale(code).items]
    assert wording.instruction == Text(en="", zh_hans="虚构指导语")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_what_the_reader_understands(language):
    with override(language):
        body = wording_template(scale("mht"))
    with pytest.raises(FaultyWording) as caught:
        wording_of(open_upload(body, "mht.xlsx"), scale("mht"))
    empty = [(f.code, f.row) for f in caught.value.faults]
    assert empty == [("text_missing", row) for row in range(2, 102)] + [("text_missing", 2), ("text_missing", 3)]


def test_an_own_row_goes_before_the_row_for_all():
    sheets = filled(scale())
    sheets[OPTIONS].append([3, 0, "第三题专用", ""])
    wording = read(sheets)
    assert wording.labels[3][0].zh_hans == "第三题专用"
    assert wording.labels[2][0].zh_hans == "虚构选项0"


def test_the_third_sheet_may_be_left_out():
    sheets = filled(scale())
    del sheets[INSTRUCTION]
    assert read(sheets).instruction is None


def test_blanks_and_unprintable_characters_are_tidied():
    sheets = filled(scale())
    sheets[ITEMS][1][1] = "  虚构\n问题　一\u200b "
    assert read(sheets).texts[1].zh_hans == "虚构 问题 一"


def spoil_item(row, column, value):
    def spoil(sheets):
        sheets[ITEMS][row][column] = value

    return spoil


def spoil_option(row, column, value):
    def spoil(sheets):
        sheets[OPTIONS][row][column] = value

    return spoil


SPOILT = [
    (spoil_item(1, 0, "九"), ("not_an_item", ITEMS, 2, "A"), "items_absent"),
    (spoil_item(1, 0, 99), ("not_an_item", ITEMS, 2, "A"), "items_absent"),
    (spoil_item(1, 0, 1.5), ("not_an_item", ITEMS, 2, "A"), "items_absent"),
    (spoil_item(2, 0, 1), ("item_again", ITEMS, 3, "A"), "items_absent"),
    (spoil_item(3, 1, ""), ("text_missing", ITEMS, 4, "B"), None),
    (spoil_item(3, 1, "=A1"), ("formula", ITEMS, 4, "B"), None),
    (spoil_item(3, 2, "=A1"), ("formula", ITEMS, 4, "C"), None),
    (spoil_item(3, 1, "问" * 501), ("text_too_long", ITEMS, 4, "B"), None),
    (spoil_item(0, 1, "什么"), ("columns_missing", ITEMS, 1, ""), None),
    (spoil_item(0, 2, "中文"), ("columns_twice", ITEMS, 1, "C"), None),
    (spoil_option(1, 1, 9), ("not_a_code", OPTIONS, 2, "B"), "options_absent"),
    (spoil_option(1, 1, "=1"), ("formula", OPTIONS, 2, "B"), "options_absent"),
    (spoil_option(1, 0, "全部"), ("not_an_item", OPTIONS, 2, "A"), "options_absent"),
    (spoil_option(1, 0, 0), ("not_an_item", OPTIONS, 2, "A"), "options_absent"),
    (spoil_option(2, 1, 0), ("option_again", OPTIONS, 3, "B"), "options_absent"),
    (spoil_option(2, 2, ""), ("text_missing", OPTIONS, 3, "C"), None),
]


@pytest.mark.parametrize(("spoil", "first", "also"), SPOILT)
def test_a_fault_says_where_it_is(spoil, first, also):
    sheets = filled(scale())
    spoil(sheets)
    found = faults(sheets)
    assert found[0] == first
    assert [fault[0] for fault in found[1:]] == ([also] if also else [])


def test_control_the_same_workbook_unspoilt_has_no_fault():
    assert read(filled(scale()))


def test_all_faults_come_at_once():
    sheets = filled(scale())
    sheets[ITEMS][1][1] = "=1"
    sheets[OPTIONS].pop()
    sheets[INSTRUCTION].append(["又一段", ""])
    assert [fault[0] for fault in faults(sheets)] == ["formula", "options_absent", "instruction_twice"]


def test_one_sheet_alone_is_refused():
    sheets = filled(scale())
    assert faults({ITEMS: sheets[ITEMS]}) == [("sheet_missing", "", 0, "")]


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        (b"", "wording.xlsx", "file_empty"),
        (b"number,zh\n1,a\n", "wording.csv", "not_a_workbook"),
        (b"PK\x03\x04 broken", "wording.xlsx", "unreadable"),
        (b"%PDF-1.7 nothing", "wording.xlsx", "unreadable"),
    ],
)
def test_files_that_are_no_workbook_are_refused(body, name, code):
    with pytest.raises(FaultyWording) as caught:
        wording_of(open_upload(body, name), scale())
    assert [fault.code for fault in caught.value.faults] == [code]
    assert workbook_message(code, caught.value.faults[0].params)


def test_a_workbook_larger_than_a_scale_can_be_is_refused(monkeypatch):
    monkeypatch.setattr(wording_file, "LIMITS", wording_file.Limits(file_bytes=1000))
    with pytest.raises(FaultyWording) as caught:
        open_upload(workbook(filled(scale("mht"))), "wording.xlsx")
    assert [fault.code for fault in caught.value.faults] == ["file_too_big"]
