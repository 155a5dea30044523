"""A guardian takes the consent to counselling back: taken in, noted, the course is seen in red and ends, and the answer
goes home."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, InProcess, out_of_the_loop
from tests.journeys.test_centre import PUPIL, quick_scrypt, stage, world
from tests.journeys.wording import say, say_like
from xinqiao.care.counselling.services.courses import open_course
from xinqiao.care.counselling.tests.conftest import Sealed
from xinqiao.care.counselling.tests.test_consenting import decide
from xinqiao.care.counselling.tests.test_courses import agreed
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World
from xinqiao.register.people.services.consents import FormText, publish_form

__all__ = ["quick_scrypt", "stage", "world"]
pytestmark = MARKS
WISH, ANSWER = "家里想先停一停，不再来谈。", "已停止辅导；已写的记录按规定封存，毕业后三年删除。"
TEXT = FormText(
    "心理辅导知情同意书", "自愿参加，可随时停止。", "Consent to counselling", "Free; it may end at any time."
)


@pytest.fixture
def course(world: World):
    with out_of_the_loop(), clock.frozen(MONDAY_10):
        psych = world.actor("psych")
        decide(world, publish_form(world.school, actor=psych, purpose="counselling", text=TEXT), "given")
        Sealed(world).found()
        return open_course(world.students[0], actor=psych, draft=agreed(signed="both"))


def test_a_guardian_takes_the_consent_to_counselling_back(course, stage: InProcess, world: World):
    psych = stage.person(world.users["psych"])
    the_wish_is_taken_in(stage, psych, world)
    psych.goto(f"/counselling/courses/{course.id}/")
    expect(psych.locator("main")).not_to_contain_text(say("The consent was taken back"))
    the_class_list_says_so(stage, psych, world)
    psych.goto("/counselling/")
    expect(psych.locator("main .is-red")).to_contain_text(say("consent taken back"))
    psych.get_by_role("link", name=PUPIL, exact=True).click()
    expect(psych.locator("main")).to_contain_text(say("The consent was taken back"))
    expect(psych.locator("main")).to_contain_text(say_like("By %(due)s; after that others are told."))
    stage.observer.look(psych, "04-in-red")
    psych.locator(".xq-alert, .alert").get_by_role("link", name=say("End the course")).first.click()
    for name, value in (("why", "wish"), ("effect", "some")):
        psych.locator(f"[name={name}][value={value}]").check(force=True)
    psych.get_by_role("button", name=say("End the course")).click()
    expect(psych.locator("main")).to_contain_text(say("The pupil or the family wished it"))
    expect(psych.locator("main")).not_to_contain_text(say("The consent was taken back"))
    the_answer_goes_home(stage, psych)
    psych.goto(f"/counselling/pupils/{world.students[0].id}/")
    psych.get_by_label(say("The pupil"), exact=True).check()
    psych.get_by_role("button", name=say("Open the course")).click()
    expect(psych.locator("main")).to_contain_text("心理辅导知情同意书的答复是不同意")
    assert stage.observer.findings.all() == []


def the_wish_is_taken_in(stage: InProcess, tab: Page, world: World) -> None:
    tab.goto(f"/files/pupils/{world.students[0].id}/")
    tab.get_by_role("link", name=say("Take in a request")).click()
    tab.locator("[name=kind]").select_option("withdraw")
    tab.locator("[name=way]").select_option("letter")
    tab.locator("[name=words]").fill(WISH)
    stage.observer.look(tab, "01-taken-in")
    tab.get_by_role("button", name=say("Take it in")).click()
    expect(tab.locator("main tr", has_text=PUPIL)).to_contain_text(say("To withdraw consent"))


def the_class_list_says_so(stage: InProcess, tab: Page, world: World) -> None:
    tab.goto(f"/people/consents/classes/{world.class_b.id}/?purpose=counselling")
    tab.locator("main tr", has_text=PUPIL).locator("[name=students]").check()
    tab.locator("[name=decision]").select_option("withdrawn")
    stage.observer.look(tab, "02-withdrawn")
    tab.get_by_role("button", name=say("Record for those ticked")).click()
    expect(tab.locator("main tr", has_text=PUPIL)).to_contain_text(say("Withdrawn"))
    stage.observer.look(tab, "03-noted")


def the_answer_goes_home(stage: InProcess, tab: Page) -> None:
    tab.goto("/files/requests/")
    tab.locator("main").get_by_role("link", name=PUPIL).first.click()
    tab.locator("[name=outcome]").select_option("granted")
    tab.locator("[name=answer]").fill(ANSWER)
    tab.get_by_role("button", name=say("Keep the answer")).click()
    expect(tab.locator("main")).to_contain_text(ANSWER)
    stage.observer.look(tab, "05-answered")
