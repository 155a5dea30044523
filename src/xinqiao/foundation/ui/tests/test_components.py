"""Each component says what it must, to eyes and to screen readers."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import translation

from xinqiao.foundation.ui.badges import NoSuchTone, level_badge, urgency_badge
from xinqiao.foundation.ui.icons import NoSuchIcon, icon_names, icon_svg
from xinqiao.foundation.ui.notices import Notice, NoticeFeed


class NameForm(forms.Form):
    name = forms.CharField(label="Name", help_text="as in the register")
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    sure = forms.BooleanField(label="Sure", required=False)
    note = forms.CharField(label="Note", required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def rendered(source: str, **context) -> str:
    with translation.override("en"):
        return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("code", "word"), [("red", "红色"), ("orange", "橙色"), ("yellow", "黄色"), ("watch", "持续留意")]
)
def test_urgency_says_its_word(code, word):
    with translation.override("zh-hans"):
        badge = urgency_badge(code)
    assert word in badge
    assert "紧急程度" in badge


@pytest.mark.parametrize(("code", "word"), [("red", "红色"), ("green", "绿色"), ("none", "尚未研判")])
def test_level_says_its_word_and_is_no_urgency(code, word):
    with translation.override("zh-hans"):
        badge = level_badge(code)
    assert word in badge
    assert "风险等级" in badge
    assert "xq-urgency" not in badge


def test_levels_differ_without_colour():
    marks = {
        re.search(r'level-mark" aria-hidden="true">(.)<', level_badge(code))[1]
        for code in ("red", "orange", "yellow", "green", "none")
    }
    assert len(marks) == 5


@pytest.mark.parametrize("badge", [urgency_badge, level_badge])
def test_no_badge_is_invented(badge):
    with pytest.raises(NoSuchTone):
        badge("purple")


def test_every_icon_is_drawn_and_silent():
    for name in icon_names():
        svg = icon_svg(name)
        assert 'aria-hidden="true"' in svg
        assert "<path" in svg
    with pytest.raises(NoSuchIcon, match="bell"):
        icon_svg("unicorn")


def test_progress_carries_its_numbers():
    html = rendered('{% progress 1200 4500 "Answered" %}')
    assert 'max="4500" value="1200"' in html
    assert "26%" in html
    assert rendered('{% progress 0 0 "Answered" %}').count('max="1"') == 1


def test_a_table_without_rows_says_what_to_do():
    source = '{% table rows "C" "Nobody" empty_url="/import/" empty_action="Import" %}<tbody></tbody>{% endtable %}'
    empty = rendered(source, rows=[])
    assert "Nobody" in empty
    assert '<a class="btn btn-primary" href="/import/">Import</a>' in empty
    assert "<table" not in empty
    assert "<table" in rendered(source, rows=[1])


def test_a_faulty_field_is_tied_to_its_fault_and_keeps_what_was_typed():
    form = NameForm({"kind": "c", "note": '"><script>'})
    html = rendered("{% error_summary form %}{% form_fields form %}", form=form)
    assert '<a href="#id_name">Name</a>: This field is required.' in html
    control = re.search(r'<input type="text" name="name"[^>]*>', html)[0]
    assert 'aria-describedby="id_name_help id_name_faults"' in control
    assert 'aria-invalid="true"' in control
    assert 'id="id_name_faults"' in html
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_a_sound_form_shows_no_summary_and_no_marks():
    html = rendered("{% error_summary form %}{% form_fields form %}", form=NameForm())
    assert "xq-faults" not in html
    assert "aria-invalid" not in html
    assert html.count("(optional)") == 1  # the box needs no such word
    assert '<input type="hidden" name="hidden"' in html
    assert "<fieldset" in html


def test_choices_have_a_legend_and_their_anchor():
    html = rendered("{% field form.kind %}", form=NameForm({}))
    assert "<legend>Kind</legend>" in html
    summary = rendered("{% error_summary form %}", form=NameForm({}))
    anchor = re.search(r'<a href="#([^"]+)">Kind</a>', summary)[1]
    assert f'id="{anchor}"' in html


def test_ids_stay_unique():
    html = rendered("{% form_fields form %}", form=NameForm({}))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_confirm_is_a_working_form_with_its_token():
    html = rendered(
        '{% confirm_form "/close/" "Close" "Sure?" %}<p>{{ text }}</p>{% endconfirm_form %}',
        text="<i>",
        csrf_token="t0ken",
    )
    assert 'method="post" action="/close/"' in html
    assert 'value="t0ken"' in html
    assert "<p>&lt;i&gt;</p>" in html


def test_pagination_keeps_the_other_parameters(request_at):
    page = Paginator(range(120), 50).page(2)
    html = rendered("{% pagination page %}", page=page, request=request_at("/?class=7&page=2"))
    assert 'href="?class=7&amp;page=1"' in html
    assert 'href="?class=7&amp;page=3"' in html
    assert rendered("{% pagination page %}", page=Paginator(range(9), 50).page(1)).strip() == ""


@pytest.mark.parametrize(("minutes", "mark"), [(11, "is-near"), (-1, "is-overdue"), (600, None), (None, None)])
def test_a_count_down_marks_what_is_near_and_late(minutes, mark):
    html = rendered("{% count_down left %}", left=minutes)
    assert [name for name in ("is-near", "is-overdue") if name in html] == ([mark] if mark else [])
    assert ("data-seconds-left" in html) == (minutes is not None)


def test_numbers_for_machines_are_never_localised(settings):
    settings.USE_THOUSAND_SEPARATOR = True
    html = rendered("{% progress 1200 4500 %}{% count_down 90 %}{% bars rows 'T' %}", rows=[("a", 1), ("b", 1234.5)])
    assert 'value="1200"' in html
    assert 'data-seconds-left="5400"' in html


def test_charts_bring_their_table():
    bars = rendered('{% bars rows "T" unit="%" %}', rows=[("a", 98)])
    assert re.search(r'<th scope="row">a</th><td class="num">98 %</td>', bars)
    stacked = rendered(
        '{% stacked_bars rows series "T" first="G" %}',
        rows=[("g7", [1, 3])],
        series=[("red", "red"), ("green", "green")],
    )
    assert stacked.count('<td class="num">') == 3
    assert 'aria-hidden="true"' in stacked


def test_facts_show_a_dash_for_nothing_and_zero_for_zero():
    html = rendered("{% facts rows %}", rows=[("a", None), ("b", 0)])
    assert html.count("–") == 1
    assert "<dd>0</dd>" in html


def test_words_given_to_components_are_escaped():
    html = rendered(
        '{% page_header t t %}{% endpage_header %}{% alert "info" t %}{% endalert %}{% stat t t %}'
        "{% empty_state t t %}",
        t="<x>",
    )
    assert "<x>" not in html
    assert html.count("&lt;x&gt;") == 7


def test_the_notice_feed_counts_only_what_waits():
    feed = NoticeFeed([Notice("1", "a", "/a/", "red", 11), Notice("2", "b", "/b/", "red", None, is_acknowledged=True)])
    assert feed.as_json()["waiting"] == 1
    assert feed.as_json()["notices"][0] == {
        "id": "1",
        "title": "a",
        "url": "/a/",
        "urgency": "red",
        "minutes_left": 11,
        "is_acknowledged": False,
    }
