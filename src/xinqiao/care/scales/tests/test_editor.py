"""The editor of a unit's own forms: what goes in comes out, the assistant names the place, nothing is lost."""

import json

import pytest
from django.urls import reverse

from xinqiao.care.scales import editing, editor_forms
from xinqiao.care.scales.assistant import assistance
from xinqiao.care.scales.drafting import judged_form
from xinqiao.care.scales.editing import BadLine, skeleton
from xinqiao.care.scales.editor_forms import Editor, fits
from xinqiao.care.scales.models import ScaleDraft, ScaleVersion
from xinqiao.care.scales.packs import mapping_of as mapping_of_file
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.scales.tests.test_pages import text_of
from xinqiao.doors.demo.forms import FORM_FILE
from xinqiao.engines.scoring import check_scale, scale_from_mapping
from xinqiao.engines.scoring.drafts import judge_draft
from xinqiao.engines.scoring.writing import scale_to_mapping

FIELDS = {
    "title_zh": "睡眠习惯问卷", "title_en": "", "code": "own-sleep", "version": "1.0", "informants": ["self"],
    "grades_from": "7", "grades_to": "9", "offered_source": "school", "rights": "closed",
    "licence_zh": "由本校心理教师编写。", "licence_en": "", "wording_licence": "本校自编", "licence_source": "school",
    "instruction_zh": "请想想最近两周。", "instruction_en": "", "period_zh": "最近两周", "period_en": "",
    "options": "0 | 从不\n1 | 有时\n2 | 经常", "items": "入睡困难\n半夜醒来\n早上精神很好 | I wake up fresh\n不想活了",
    "reversed": "3", "items_source": "school", "missing_source": "school", "critical": "4 | 1 | school",
    "suicide_items": "4", "flags": "high | total >= 6 | school | 需要进一步了解",
    "sources": "school | 自定 | 由本校心理教师讨论确定", "revision": "1",
    "parts-TOTAL_FORMS": "2", "parts-INITIAL_FORMS": "0", "parts-0-id": "total", "parts-0-title_zh": "总分",
    "parts-0-items": "1-4", "parts-0-method": "sum", "parts-0-source": "school",
    "parts-0-bands": "0 | low | 较少\n4 | some | 有一些\n6 | high | 较多", "parts-0-bands_source": "school",
    "parts-1-method": "sum",
    "examples-TOTAL_FORMS": "4", "examples-INITIAL_FORMS": "0",
    "examples-0-name": "都没有", "examples-0-answers": "0, 0, 2, 0", "examples-0-arithmetic": "0+0+0+0=0",
    "examples-0-scores": "total=0", "examples-0-bands": "total=low",
    "examples-1-name": "都有", "examples-1-answers": "2，2，0，2", "examples-1-arithmetic": "2+2+2+2=8",
    "examples-1-scores": "total=8", "examples-1-critical": "4", "examples-1-flags": "high",
    "examples-2-name": "缺一题", "examples-2-answers": "1,,1,0", "examples-2-arithmetic": "第 2 题缺答",
    "examples-2-error": "missing_answer:2",
}  # fmt: skip


def mapping_of(**changes):
    editor = Editor({**FIELDS, **changes}, {}, 1)
    assert editor.is_valid(), (editor.form.errors, editor.parts.errors, editor.examples.errors)
    return editor.mapping()


def hints_for(house, **changes):
    editor = Editor({**FIELDS, **changes}, {}, 1)
    mapping = editor.mapping() if editor.is_valid() else {}
    return assistance(judged_form(mapping, house.school.path), editor)


# ---- what goes in comes out


def test_a_form_written_in_the_editor_is_a_sound_scale():
    scale = scale_from_mapping(mapping_of())
    assert check_scale(scale) == []
    assert scale.items[2].reversed
    assert scale.items[2].text.en == "I wake up fresh"
    assert scale.title.en == "睡眠习惯问卷"  # no English was written: the Chinese stands for it
    assert [band.code for band in scale.subscales[0].band_sets[0].bands] == ["low", "some", "high"]


def test_what_was_written_is_shown_again():
    mapping = json.loads(json.dumps(mapping_of()))
    assert fits(mapping)
    shown = Editor(None, mapping, 1)
    assert shown.form.initial["items"] == FIELDS["items"]
    assert shown.form.initial["sources"].startswith("school | ")
    assert shown.parts.initial[0]["bands"] == FIELDS["parts-0-bands"]
    assert shown.examples.initial[1]["answers"] == "2, 2, 0, 2"


def test_the_beginning_fits():
    assert fits(skeleton("own-x", "新问卷"))


BEYOND = ("asq", "mht", "sdq", "scl-90", "who-5", "phq-9")


def test_the_form_of_the_demo_city_can_be_edited_and_has_two_things_left():
    mapping = mapping_of_file(FORM_FILE.read_bytes())
    assert fits(mapping)
    assert sorted(fault.place for fault in judge_draft(mapping)[1]) == ["examples", "examples[1].expect.scores.total"]


@pytest.mark.parametrize("scale_id", BEYOND)
def test_what_the_editor_cannot_show_is_not_edited(shipped, scale_id):
    assert not fits(scale_to_mapping(scale_of(shipped[scale_id])))


def test_control_without_the_comparison_what_cannot_be_shown_would_be_lost(shipped, monkeypatch):
    class Blind(dict):
        __hash__ = None

        def __eq__(self, other):
            return True

    real = editing.plain
    monkeypatch.setattr(editing, "plain", lambda mapping: Blind(real(mapping)))
    with pytest.raises(AssertionError):
        test_what_the_editor_cannot_show_is_not_edited(shipped, "phq-9")


# ---- the assistant

LEFT = {
    "a question in no score": ({"parts-0-items": "1-3"}, "subscales", "id_parts-0-items"),
    "a question in no scale": ({"parts-0-items": "1-5"}, "subscales.total.items", "id_parts-0-items"),
    "reversed beyond the last": ({"reversed": "9"}, "items.reversed", "id_reversed"),
    "bands that do not ascend": ({"parts-0-bands": "0 | a | 低\n6 | b | 中\n4 | c | 高"},
                                 "subscales.total.bands[0].steps[2]", "id_parts-0-bands"),
    "a band nobody reaches": ({"parts-0-bands": "0 | a | 低\n99 | b | 高"},
                              "subscales.total.bands[0].steps[1]", "id_parts-0-bands"),
    "bands that leave the lowest out": ({"parts-0-bands": "2 | a | 低"},
                                        "subscales.total.bands[0].steps[0]", "id_parts-0-bands"),
    "no source of the bands": ({"parts-0-bands_source": ""}, "subscales.total.bands[0].source",
                               "id_parts-0-bands_source"),
    "suicide not critical": ({"critical": ""}, "suicide_items", "id_suicide_items"),
    "an example that differs": ({"examples-1-scores": "total=7"}, "examples[1].expect.scores.total",
                                "id_examples-1-scores"),
    "an example too few": ({"examples-2-name": "", "examples-2-answers": "", "examples-2-arithmetic": "",
                            "examples-2-error": ""}, "examples", "id_examples-0-name"),
    "no right": ({"wording_licence": ""}, "wording_licence", "id_wording_licence"),
    "grades too low": ({"grades_from": "2"}, "offered[0].grades.from", "id_grades_from"),
    "a source that is not there": ({"parts-0-source": "book"}, "subscales.total", "id_parts-0-source"),
    "a source of bands that is not there": ({"parts-0-bands_source": "book"}, "subscales.total.bands[0]",
                                            "id_parts-0-bands_source"),
    "no title of a score": ({"parts-0-title_zh": ""}, "subscales.total.title", "id_parts-0-title_zh"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_the_assistant_names_the_place_and_the_field(house, name):
    changes, place, anchor = LEFT[name]
    found = hints_for(house, **changes)
    assert (place, anchor) in [(hint.place, hint.anchor) for hint in found.hints]
    assert all(hint.label for hint in found.hints)


def test_a_hint_speaks_of_the_field_as_the_page_does(house):
    found = hints_for(house, **{"examples-1-scores": "total=7", "reversed": "9"})
    assert [hint.label for hint in found.hints] == ["反向计分题"]
    found = hints_for(house, **{"examples-1-scores": "total=7"})
    assert [hint.label for hint in found.hints] == ["算例 2：应得分数"]


def test_control_of_a_whole_form_nothing_is_said_and_every_example_agrees(house):
    found = hints_for(house)
    assert found.hints == ()
    assert [each.agrees for each in found.computed] == [True, True, True]
    assert "total=8" in found.computed[1].scores


def test_an_example_that_differs_shows_what_was_computed(house):
    found = hints_for(house, **{"examples-1-scores": "total=7"})
    assert [each.agrees for each in found.computed] == [True, False, True]
    assert "total=8" in found.computed[1].scores


@pytest.mark.parametrize(
    ("field", "text", "line"),
    [
        ("options", "0 | 从不\n一 | 有时", 2),
        ("items", "一题\n二题 | two | drei", 2),
        ("critical", "九 | 1 | school", 1),
        ("flags", "high | total 6 | school | 高", 1),
        ("reversed", "3, x", 1),
        ("parts-0-bands", "0 | low | 低\nx | high | 高", 2),
        ("examples-0-answers", "0, no, 1, 2", 1),
        ("examples-0-scores", "total", 1),
        ("parts-0-items", "1-99999", 1),
    ],
)
def test_a_line_that_cannot_be_read_is_named(house, field, text, line):
    editor = Editor({**FIELDS, field: text}, {}, 1)
    assert not editor.is_valid()
    found = hints_for(house, **{field: text})
    assert not found.is_understood
    assert [hint.anchor for hint in found.hints] == [f"id_{field}"]
    assert f"第 {line} 行" in found.hints[0].message


def test_full_width_marks_are_understood():
    assert editing.options_from("0｜从不｜Never") == [(0, {"en": "Never", "zh-Hans": "从不"})]
    assert editing.numbers_from("2、5–7，9") == [2, 5, 6, 7, 9]
    with pytest.raises(BadLine):
        editing.numbers_from("7-x")


# ---- the page


@pytest.fixture
def psych(client_of):
    return client_of("psych.")


def begun(client):
    unit = client.get(reverse("scales:drafts")).context["begin_form"].fields["unit"].choices[0][0]
    sent = {"begin-unit": unit, "begin-title": "睡眠习惯问卷", "begin-code": "sleep"}
    return client.post(reverse("scales:begin"), sent).url


def test_a_form_is_begun_written_checked_and_published(psych):
    url = begun(psych)
    page = text_of(psych.get(url))
    assert "处待改正" in page
    checked = psych.post(url, {**FIELDS, "act": "check"})
    assert checked.status_code == 200
    assert "没有待改正的问题" in text_of(checked)
    stored = ScaleDraft.objects.for_system(reason="a test").get()
    assert stored.revision == 1  # checking stores nothing
    assert psych.post(url, FIELDS).status_code == 302
    page = text_of(psych.get(url))
    assert "入睡困难" in page
    assert "没有待改正的问题" in page
    done = psych.post(reverse("scales:publish", args=[stored.id]), {"revision": "2"})
    assert done.status_code == 302
    version = ScaleVersion.objects.get(code="own-sleep")
    assert scale_of(version).title.zh_hans == "睡眠习惯问卷"


def test_what_was_typed_is_kept_when_a_line_is_wrong(psych):
    url = begun(psych)
    answer = psych.post(url, {**FIELDS, "options": "零 | 从不\n1 | 有时"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "零 | 从不" in page
    assert "半夜醒来" in page
    assert "第 1 行：无法识别“零”" in page


def test_an_old_page_does_not_overwrite(psych):
    url = begun(psych)
    psych.post(url, FIELDS)
    answer = psych.post(url, {**FIELDS, "title_zh": "另一个名称"})
    assert "草稿已被他人修改" in text_of(answer)
    assert "另一个名称" in text_of(answer)
    stored = ScaleDraft.objects.for_system(reason="a test").get()
    assert json.loads(stored.definition)["title"]["zh-Hans"] == "睡眠习惯问卷"


def test_a_bad_short_name_is_refused_at_the_beginning(psych):
    unit = psych.get(reverse("scales:drafts")).context["begin_form"].fields["unit"].choices[0][0]
    for code in ("睡眠", "a b", "A1", "a--b"):
        sent = {"begin-unit": unit, "begin-title": "x", "begin-code": code}
        assert psych.post(reverse("scales:begin"), sent).status_code == 422, code
    assert not ScaleDraft.objects.for_system(reason="a test").exists()


def test_the_largest_number_of_rows_is_bounded():
    assert editor_forms.PartRows.absolute_max == editor_forms.MOST_PARTS + 1
    assert editor_forms.ExampleRows.absolute_max == editor_forms.MOST_EXAMPLES + 1
