"""The green channel: a referral accepted on a phone, one declined, one silent that climbs; leave and return."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, InProcess, out_of_the_loop, staged
from tests.journeys.looking import PHONE
from tests.journeys.wording import say
from xinqiao.care.crisis.referral.codes import grouped
from xinqiao.care.crisis.tests.referring import SEEN, WHY, Referring, build_referring
from xinqiao.foundation.core import clock
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.duty.tests.world import MONDAY_10, build_world

pytestmark = MARKS
PUPIL, SECOND, THIRD = "欧阳思源", "㛃䶮", "张伟"
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def refer(db, loop) -> Referring:
    with clock.frozen(MONDAY_10):
        return build_referring(build_world())


@pytest.fixture
def stage(browser, loop, refer, tmp_path, request):
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def test_accepted_declined_and_silent(stage: InProcess, refer: Referring):
    psych = stage.person(refer.world.users["psych"])
    an_institution_of_ones_own(stage, psych)
    a_referral_is_written_and_sent(stage, psych, refer)
    with out_of_the_loop(), clock.frozen(MONDAY_10):
        first = refer.world.students[0].referrals(manager="_system").get()
        keys, second, third = refer.keys(first), refer.sent(1), refer.sent(2)
        others = refer.keys(second)
    accepted_on_a_phone(stage, stage.person(device=PHONE), keys)
    declined(stage, stage.person(device=PHONE), others)
    the_answers_are_read(stage, psych)
    with out_of_the_loop(), clock.frozen(MONDAY_10 + 4 * A_DAY):
        climbed = climb_due(clock.now())
        assert [climb.subject_id for climb in climbed] == [third.id]
    stage.at = MONDAY_10 + 4 * A_DAY
    psych = stage.person(refer.world.users["psych"])  # the first sign-in has run out meanwhile
    psych.goto("/referrals/")
    expect(psych.locator("tr.is-red").filter(has_text=THIRD)).to_have_count(1)
    stage.observer.look(psych, "12-late")
    head = stage.person(refer.world.users["head"])
    head.goto("/referrals/counts/")
    expect(head.get_by_text(say("referral to be answered"))).to_be_visible()
    assert THIRD not in head.content()
    stage.observer.look(head, "13-counts")
    assert stage.observer.findings.all() == []


def an_institution_of_ones_own(stage: InProcess, tab: Page) -> None:
    tab.goto("/referrals/partners/")
    tab.get_by_role("link", name=say("Add an institution")).first.click()
    tab.locator("[name=name]").fill("县医院心身科")
    tab.locator("[name=contact]").fill("心身科门诊 0571-2222")
    tab.locator("[name=agreed_from]").fill("2026-09-01")
    stage.observer.look(tab, "01-partner")
    tab.get_by_role("button", name=say("Keep")).click()
    expect(tab.locator("tbody tr")).to_have_count(2)
    stage.observer.look(tab, "02-partners")


def a_referral_is_written_and_sent(stage: InProcess, tab: Page, refer: Referring) -> None:
    tab.goto(f"/people/students/{refer.world.students[0].id}/")
    tab.locator("main").get_by_role("link", name=say("Referrals"), exact=True).click()
    tab.get_by_role("link", name=say("Refer to an institution")).click()
    tab.locator("[name=partner]").select_option(label="市心理卫生中心 儿少门诊")
    tab.locator("[name=reason]").fill(WHY)
    tab.locator("[name=observed]").fill(SEEN)
    tab.get_by_label(say("Age in completed years"), exact=True).check()
    stage.observer.look(tab, "03-write")
    tab.get_by_role("button", name=say("Keep")).click()
    expect(tab.locator("h1")).to_contain_text(PUPIL)
    stage.observer.look(tab, "04-draft")
    tab.get_by_role("button", name=say("It was handed over")).click()
    tab.get_by_label(say("They agree"), exact=True).check()
    tab.get_by_role("button", name=say("Keep")).click()
    tab.get_by_role("link", name=say("What the institution sees")).click()
    expect(tab.get_by_text(WHY)).to_be_visible()
    expect(tab.get_by_text(SEEN)).to_have_count(0)
    stage.observer.look(tab, "05-preview")
    tab.get_by_role("button", name=say("Looked through: this may go out")).click()
    stage.observer.look(tab, "06-ready")
    tab.get_by_role("button", name=say("Send")).click()
    expect(tab.locator("h1")).to_contain_text(say("Link and code"))
    stage.observer.look(tab, "07-keys")


def accepted_on_a_phone(stage: InProcess, tab: Page, keys: dict[str, str]) -> None:
    tab.goto(f"/referrals/open/#{grouped(keys['link'])}")
    expect(tab.locator("[name=link]")).to_have_value(grouped(keys["link"]))
    assert keys["link"][:4] not in tab.url
    stage.observer.look(tab, "08-door")
    tab.locator("[name=code]").fill(keys["code"].lower())
    tab.get_by_role("button", name=say("Open the referral")).tap()
    expect(tab.get_by_text(WHY)).to_be_visible()
    expect(tab.get_by_text(SEEN)).to_have_count(0)
    stage.observer.look(tab, "09-opened")
    answer(tab, "Accept")
    tab.locator("summary").filter(has_text=say("Name the first visit day")).tap()
    tab.locator("details[open] [name=day]").fill("2026-11-26")
    tab.locator("details[open]").get_by_role("button", name=say("Send this answer")).tap()
    expect(tab.get_by_text(say("The school has your answer"))).to_be_visible()
    stage.observer.look(tab, "10-dated")
    assert tab.context.cookies() == []


def declined(stage: InProcess, tab: Page, keys: dict[str, str]) -> None:
    tab.goto("/referrals/open/")
    tab.locator("[name=link]").fill(keys["link"])
    tab.locator("[name=code]").fill(keys["code"])
    tab.get_by_role("button", name=say("Open the referral")).tap()
    tab.locator("summary").filter(has_text=say("Decline")).tap()
    tab.locator("details[open] [name=reason]").select_option(label=say("No place free at present"))
    tab.locator("details[open]").get_by_role("button", name=say("Send this answer")).tap()
    expect(tab.locator("h1")).to_contain_text(say("The school has your answer"))
    assert WHY not in tab.content()


def answer(tab: Page, words: str) -> None:
    tab.locator("summary").filter(has_text=say(words)).first.tap()
    tab.locator("details[open]").get_by_role("button", name=say("Send this answer")).tap()
    expect(tab.get_by_text(say("The school has your answer"))).to_be_visible()


def the_answers_are_read(stage: InProcess, tab: Page) -> None:
    tab.goto("/")
    tab.get_by_role("link", name="2 份转介需要处理").click()
    tab.locator("tbody tr").filter(has_text=SECOND).get_by_role("link", name=say("Open")).click()
    tab.get_by_role("button", name=say("I have read it")).click()
    tab.locator("summary").filter(has_text=say("Close the referral")).click()
    tab.locator("[name=reason]").last.select_option(label=say("Referred anew"))
    tab.get_by_role("button", name=say("Close the referral")).click()
    expect(tab.locator("main")).to_contain_text(say("Referral closed"))
    stage.observer.look(tab, "11-closed")


def test_leave_return_and_an_appeal(stage: InProcess, refer: Referring):
    psych = stage.person(refer.world.users["psych"])
    psych.goto(f"/people/students/{refer.world.students[0].id}/")
    psych.locator("main").get_by_role("link", name=say("Leave and return"), exact=True).click()
    psych.get_by_role("link", name=say("A leave may be needed")).click()
    write(psych, "", "Keep")
    for target in ("assessed", "talked", "on_leave"):
        write(psych, target, "Keep")
    psych.goto("/leaves/")
    expect(psych.locator("tbody tr").filter(has_text=PUPIL)).to_contain_text(say("Away"))
    stage.observer.look(psych, "21-leaves")
    psych.get_by_role("link", name=say("Open"), exact=True).click()
    stage.observer.look(psych, "22-on-leave")
    for target in ("", "", ""):
        write(psych, target, "Keep", panel="The next step")
    head = stage.person(refer.world.users["head"])
    head.goto(psych.url)
    write(head, "not_yet", "Decide")
    stage.observer.look(head, "23-not-yet")
    psych.reload()
    write(psych, "appealed", "Keep", panel="The next step")
    head.reload()
    expect(head.get_by_text(say("Somebody else decides this appeal"))).to_be_visible()
    other = stage.person(refer.world.users["psych2"])
    other.goto(psych.url)
    write(other, "accepted", "Decide")
    psych.reload()
    write(psych, "", "Keep", panel="The next step")
    expect(psych.locator("main")).to_contain_text(say("Back, followed up"))
    stage.observer.look(psych, "24-back")
    assert stage.observer.findings.all() == []


def write(tab: Page, target: str, button: str, *, panel: str = "") -> None:
    """Fill one step in and keep it."""
    place = tab.locator("section").filter(has_text=say(panel)).first if panel else tab.locator("main")
    if target:
        place.locator(f"[name=target][value={target}]").check()
    place.locator("[name=people]").first.fill("班主任、心理教师")
    place.locator("[name=words]").first.fill("当面谈过，记下约定。")
    before = tab.locator(".xq-timeline li").count()
    place.get_by_role("button", name=say(button), exact=True).first.click()
    expect(tab.locator(".xq-timeline li")).to_have_count(before + 1)
