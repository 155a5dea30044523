"""The pages on which pupils say something of their own accord, as bytes: what stands in them and what must not."""

import re

import pytest

from xinqiao.care.sheets.pupil import hours_page, page, voice_pages, voice_strings
from xinqiao.care.sheets.pupil.hours_strings import HOURS_WORDS
from xinqiao.care.sheets.pupil.page import STATIC_FOLDER
from xinqiao.care.sheets.pupil.strings import WORDS
from xinqiao.care.sheets.tests.test_pupil_page import Skeleton

PAGES = {"help": voice_pages.render_help, "week": voice_pages.render_week, "hours": hours_page.render_hours}
OWN = {"help": voice_strings.HELP_WORDS, "week": voice_strings.WEEK_WORDS, "hours": HOURS_WORDS}
SAID = re.compile(r"""say\(\s*"(\w+)"|\[[^\[\]]*,\s*"(\w+)"\]""")


@pytest.mark.parametrize("name", PAGES)
def test_the_help_lines_stand_there_and_the_title_tells_nothing(name):
    skeleton = Skeleton(PAGES[name]())
    calls = [attributes["href"] for tag, attributes in skeleton.elements if tag == "a" and attributes.get("href")]
    for number in ("12356", "12355", "110", "120"):
        assert f"tel:{number}" in calls
    content = PAGES[name]().decode()
    assert f"<title>{WORDS['brand']['zh-hans']}</title>" in content
    if name == "help":  # before anything is asked
        assert content.index('class="call-list"') < content.index("<form")


@pytest.mark.parametrize("name", PAGES)
def test_no_browser_is_asked_to_remember_anything(name):
    skeleton = Skeleton(PAGES[name]())
    typed = [attributes for tag, attributes in skeleton.elements if tag in ("input", "textarea", "form")]
    assert typed
    assert [each for each in typed if each.get("autocomplete") != "off"] == []
    assert [each for each in typed if "action" in each or "method" in each] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_two_elements_have_one_name(name):
    """Scripts find what they need by name: the page's words lie in an element of their own."""
    names = [attributes["id"] for _tag, attributes in Skeleton(PAGES[name]()).elements if "id" in attributes]
    assert "words" in names
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", PAGES)
def test_every_text_is_there_in_both_languages_and_is_used(name):
    content = PAGES[name]().decode()
    for key, text in {**OWN[name], **voice_strings.VOICE_WORDS}.items():
        assert set(text) == {"zh-hans", "en"}, key
    script = "".join((STATIC_FOLDER / file).read_text("utf-8") for file in (f"{name}.js", "voice.js"))
    unused = [key for key, text in OWN[name].items() if text["zh-hans"] not in content and f'"{key}"' not in script]
    assert unused == []


def test_every_word_that_a_script_says_exists():
    for name, own in OWN.items():
        words = {**WORDS, **voice_strings.VOICE_WORDS, **own}
        for file in (f"{name}.js", "voice.js"):
            found = SAID.findall((STATIC_FOLDER / file).read_text("utf-8"))
            said = {one or two for one, two in found} - {"send_"}  # the beginning of one
            assert said, file
            assert said - set(words) == set(), file
    assert SAID.findall('say("nowhere")') == [("nowhere", "")]  # the control: a word that is missing would be seen


def test_nothing_is_kept_by_these_scripts():
    """The control is the questionnaire's own script, which does keep a draft."""
    for name in ("help.js", "week.js", "voice.js"):
        text = (STATIC_FOLDER / name).read_text("utf-8")
        assert not re.search(r"keepDraft|keepSession|onDevice|inTab|localStorage|sessionStorage", text), name
    assert re.search(r"keepDraft|keepSession", (STATIC_FOLDER / "paper.js").read_text("utf-8"))


def test_the_doors_lead_to_each_other():
    door = page.render_door().decode()
    assert 'href="/s/help"' in door
    assert 'href="/s/class"' in door
