"""Children speak up: a committee member reports a worry, and a pupil calls for someone; adults take it from there."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import caring
from tests.journeys.installation import Installation
from tests.journeys.looking import PC, PHONE, Observer
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say, say_like
from xinqiao.care.sheets.pupil.strings import WORDS as DOOR_WORDS
from xinqiao.care.sheets.pupil.voice_strings import HELP_WORDS, VOICE_WORDS, WEEK_WORDS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

TEACHER, PSYCHOLOGIST, CLASS = "class.primary", "psych.primary", "五年级(1)班"
WORDS = "他说活着没意思，书包里还藏着东西。"
OWN = "我有点害怕，想找老师。"


def zh(key: str) -> str:
    return {**HELP_WORDS, **VOICE_WORDS, **WEEK_WORDS}[key]["zh-hans"]


@dataclass(frozen=True)
class Slip:
    """What stands on a pupil's slip."""

    name: str
    code: str
    number: str
    pin: str


@dataclass
class Story:
    """Who takes part, and what was learnt on the way."""

    observer: Observer
    installation: Installation
    teacher: Page
    psychologist: Page
    slips: list[Slip] = field(default_factory=list)


@pytest.fixture
def story(observer: Observer, installation: Installation) -> Story:
    return Story(observer, installation, observer.person(PC), observer.person(PC))


def test_a_worry_and_a_call_reach_those_who_help(story: Story):
    sign_in(story.teacher, story.installation.logins[TEACHER])
    sign_in(story.psychologist, story.installation.logins[PSYCHOLOGIST])
    the_teacher_appoints_and_prints(story)
    the_member_reports(story, story.observer.person(PHONE))
    the_teacher_sees_that_it_came(story)
    the_psychologist_triages(story)
    somebody_unnamed_is_named(story, story.observer.person(PHONE))
    a_pupil_calls(story, story.observer.person(PHONE))
    assert story.observer.findings.all() == []
    logged = story.installation.log.read_text("utf-8", "replace")
    assert WORDS not in logged
    assert OWN not in logged


def the_teacher_appoints_and_prints(story: Story) -> None:
    tab = story.teacher
    open_door(tab, say("Committee members"))
    story.observer.look(tab, "01-classes")
    tab.get_by_role("link", name=CLASS).click()
    tab.locator("[name=student]").select_option(index=1)
    tab.get_by_role("button", name=say("Appoint"), exact=True).click()
    expect(tab.locator(".xq-message")).to_contain_text(
        say("Appointed. Print the PIN slips of the class if the pupil has no slip.")
    )
    story.observer.look(tab, "02-class")
    there, member = tab.url, tab.locator("tbody tr th").first.inner_text().strip()
    tab.get_by_role("link", name=say("PIN slips")).click()
    slips = [_slip(text) for text in tab.locator(".xq-slip").all_inner_texts()]
    story.slips = sorted(slips, key=lambda slip: slip.name != member)
    assert story.slips[0].name == member
    tab.goto(there)


def _slip(text: str) -> Slip:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    code, number = (next(line.split()[-1] for line in lines if line.startswith(say(word)))
                    for word in ("Class code", "Student number"))  # fmt: skip
    return Slip(lines[0], code, number, lines[-1])


def _identify(tab: Page, slip: Slip) -> None:
    tab.fill("#class_code", slip.code)
    tab.fill("#number", slip.number)
    tab.fill("#pin", slip.pin)


def _choose(tab: Page, name: str, code: str) -> None:
    tab.locator(f"input[name={name}][value={code}]").check()


def _report(tab: Page, slip: Slip) -> None:
    """From the pupils' door to the report, with how the class was filled in."""
    tab.goto(f"/s/{slip.code}")
    tab.get_by_role("link", name=zh("week_link")).tap()
    expect(tab.locator("#class_code")).to_have_value(slip.code)
    assert "#" not in tab.url
    _identify(tab, slip)
    tab.locator("#enter").tap()
    expect(tab.locator("#voice")).to_be_visible()
    for name, code in (("mood", "low"), ("quarrels", "some"), ("load", "heavy"), ("worry", "yes")):
        _choose(tab, name, code)


def the_member_reports(story: Story, tab: Page) -> None:
    member, mate = story.slips[0], story.slips[1]
    tab.goto(f"/s/{member.code}")
    story.observer.look(tab, "03-door")
    _report(tab, member)
    tab.locator("#send").tap()
    expect(tab.locator("#voice_message")).to_contain_text(zh("who"))
    _choose(tab, "kind", "low")
    expect(tab.locator("#hurt_now")).to_be_hidden()
    tab.fill("#mate_number", mate.number)
    tab.fill("#mate_words", WORDS)
    story.observer.look(tab, "04-report")
    tab.locator("#send").tap()
    expect(tab.locator("h1")).to_have_text(zh("week_done"))
    story.observer.look(tab, "05-reported")
    assert WORDS not in tab.content()
    assert tab.evaluate("Object.keys(localStorage).length") == 0
    assert tab.context.cookies() == []
    tab.locator("#leave").tap()
    expect(tab.locator("#door")).to_be_visible()
    tab.go_back()
    assert member.pin not in tab.content()


def the_teacher_sees_that_it_came(story: Story) -> None:
    tab = story.teacher
    tab.goto("/")
    expect(tab.get_by_text(say_like("%(counter)s class report came in within a week"))).to_be_visible()
    open_door(tab, say("Committee members"))
    tab.get_by_role("link", name=CLASS).click()
    expect(tab.get_by_text(say("Rather low"))).to_be_visible()
    story.observer.look(tab, "06-how-the-class-was")
    assert WORDS not in tab.content()


def the_psychologist_triages(story: Story) -> None:
    tab, mate = story.psychologist, story.slips[1]
    tab.goto("/alerts/")
    row = tab.locator("main tr").filter(has_text=mate.name)
    expect(row).to_contain_text(say_like("a committee member noticed: {what}"))
    row.get_by_role("link", name=say("Open"), exact=True).click()
    expect(tab.get_by_text(WORDS)).to_be_visible()
    story.observer.look(tab, "07-signal")
    assert story.slips[0].name not in tab.locator("main").inner_text()
    caring.record_talk(tab, "Orange level", story.observer.look)
    expect(tab.locator("main").get_by_text(say("Orange level")).first).to_be_visible()


def somebody_unnamed_is_named(story: Story, tab: Page) -> None:
    member, other = story.slips[0], story.slips[2]
    _report(tab, member)
    expect(tab.locator("#week_dates")).to_contain_text(zh("week_again"))
    _choose(tab, "kind", "hurt")
    expect(tab.locator("#hurt_now")).to_be_visible()
    tab.fill("#mate_who", "坐我后面的那位")
    story.observer.look(tab, "08-grave")
    tab.locator("#send").tap()
    expect(tab.locator("h1")).to_have_text(zh("week_done"))
    psych = story.psychologist
    caring.red_notice(psych, CLASS)  # the writer can be asked at once
    psych.goto("/committee/worries/")
    story.observer.look(psych, "09-worries")
    psych.locator("main tbody").get_by_role("link", name=say("Open")).click()
    expect(psych.get_by_text("坐我后面的那位")).to_be_visible()
    story.observer.look(psych, "10-worry")
    psych.locator("[name=student]").select_option(label=other.name)
    psych.get_by_role("button", name=say("Name the pupil")).click()
    expect(psych.locator("h1")).to_contain_text(other.name)
    expect(psych.locator(".xq-message")).to_contain_text(say("A signal stands for this pupil now."))


def a_pupil_calls(story: Story, tab: Page) -> None:
    caller = story.slips[3]
    tab.goto(f"/s/{caller.code}")
    tab.locator("#talk").tap()
    tab.locator(".panel").get_by_role("button", name=DOOR_WORDS["help_link"]["zh-hans"]).tap()
    expect(tab.locator("#class_code")).to_have_value(caller.code)
    expect(tab.locator(".call-list a").first).to_be_visible()
    story.observer.look(tab, "11-help")
    tab.locator("#send").tap()
    expect(tab.locator("#voice_message")).to_contain_text(zh("soon"))
    _choose(tab, "about", "self")
    _choose(tab, "soon", "now")
    tab.fill("#own_words", OWN)
    _identify(tab, caller)
    tab.fill("#pin", "000000")
    tab.locator("#send").tap()
    expect(tab.locator("#voice_message")).to_contain_text(zh("send_unknown_entry")[:12])
    expect(tab.locator("#own_words")).to_have_value(OWN)
    tab.fill("#pin", caller.pin)
    tab.context.set_offline(True)
    tab.locator("#send").tap()
    expect(tab.locator("#voice_message")).to_contain_text(zh("send_offline")[:6])
    tab.context.set_offline(False)  # goes out by itself
    expect(tab.locator("h1")).to_have_text(zh("help_done"), timeout=30_000)
    story.observer.look(tab, "12-called")
    assert OWN not in tab.content()
    psych = story.psychologist
    psych.goto("/alerts/")
    row = psych.locator("main tr").filter(has_text=caller.name)
    expect(row).to_contain_text(re.compile(re.escape(say("For myself"))), timeout=caring.NOTICE_LIMIT_MS)
    row.get_by_role("link", name=say("Open"), exact=True).click()
    expect(psych.get_by_text(OWN)).to_be_visible()
    story.observer.look(psych, "13-call")
