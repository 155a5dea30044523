"""Reports as PDF: typeset without the network or the machine's fonts, the same every time, words taken literally."""

import datetime as dt
import re

import typst

from xinqiao.foundation.ui.documents import Bars, Bullets, Grid, Paragraph, Report, Section, pdf_of
from xinqiao.foundation.ui.documents import typesetting as typesetter

AT = dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC)


def report(word="七年级", **changes):
    sections = (
        Section("要点", (Bullets(("一千名学生作答。",)), Paragraph("说明", "warning"), Paragraph("小字", "soft"))),
        Section(
            "分布",
            (
                Bars("按年级", "年级", (("低", "quiet"), ("高", "red")), ((word, (3, 1)), ("八年级", None)), "不显示"),
                Grid(("年级", "人数"), ((word, "4"),), caption="表"),
                Grid(("编号", "怎样统计"), (("[1]", word * 40),), is_numeric=False),
            ),
        ),
    )
    parts = {
        "title": "小结",
        "subtitle": "实验中学",
        "facts": (("学校", word),),
        "sections": sections,
        "footer": "心桥",
    }
    return Report(**{**parts, **changes})


def pages(body):
    return len(re.findall(rb"/Type\s*/Page\b", body))


def test_a_report_becomes_the_same_pdf_every_time():
    body = pdf_of(report(), AT)
    assert body.startswith(b"%PDF-")
    assert body == pdf_of(report(), AT)
    assert body != pdf_of(report("八年级"), AT)
    assert pages(body) == 1


def test_a_long_table_goes_on_over_pages():
    rows = tuple((f"{n} 班", str(n)) for n in range(200))
    assert pages(pdf_of(report(sections=(Section("表", (Grid(("班级", "人数"), rows),)),)), AT)) > 3


def test_words_are_words_whatever_they_contain():
    for word in ('#import "x"', "$x$ *fett* _k_ `c` <a> @b \\ \" ' {} []", "甲\n乙", "", "𠮷"):
        assert pdf_of(report(word), AT).startswith(b"%PDF-")


def test_a_table_without_rows_and_bars_without_counts_are_no_fault():
    blocks = (Grid(("班级",), ()), Bars("空", "班", (("低", "quiet"),), (("甲", (0,)), ("乙", None)), "不显示"))
    assert pdf_of(report(sections=(Section("空", blocks),)), AT).startswith(b"%PDF-")


def test_only_the_font_that_ships_is_used():
    families = typesetter._fonts().families()  # the font set is what the promise is about
    assert families
    assert all("Noto" in str(family) for family in families)
    named = re.findall(r'font: "([^"]+)"', typesetter.TEMPLATE.read_text("utf-8"))
    assert named == ["Noto Sans CJK SC"]


def test_a_font_that_is_not_there_would_be_noticed(tmp_path):
    """The control: the typesetter warns of a family that it does not find."""
    text = typesetter.TEMPLATE.read_text("utf-8")
    for family, warned in (("Noto Sans CJK SC", False), ("No Such Font", True)):
        copy = tmp_path / "report.typ"
        copy.write_text(text.replace("Noto Sans CJK SC", family), "utf-8")
        _body, warnings = typst.compile_with_warnings(
            str(copy), font_paths=typesetter._fonts(), format="pdf",  # as above
            sys_inputs={"data": '{"title":"t","subtitle":"s","facts":[],"sections":[],"footer":"f","lang":"zh"}'},
        )  # fmt: skip
        assert any("unknown font" in str(warning.message) for warning in warnings) is warned
