"""Letters to guardians: written, read through, released; read on a phone; a talk asked for, found, and noted."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, InProcess, out_of_the_loop, staged
from tests.journeys.looking import PHONE
from tests.journeys.wording import say, say_like
from xinqiao.care.letters.codes import grouped
from xinqiao.care.letters.tests.conftest import Post, post
from xinqiao.care.screening.tests.conftest import frozen, school
from xinqiao.register.duty.tests.world import MONDAY_10

__all__ = ["frozen", "post", "school"]  # fixtures
pytestmark = MARKS

OWN = "孩子愿意和我聊天，我们约好下周再见面。"
PUPIL, CLASS = "欧阳思源", "七年级(3)班"


@pytest.fixture
def stage(browser, loop, post, tmp_path, request):  # the school must stand before the loop is back
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def test_from_a_template_to_a_talk(stage: InProcess, post: Post):
    users = post.school.world.users
    psych = stage.person(users["psych"])
    words_for_everybody(stage, psych, post)
    own_words(stage, psych)
    the_class_goes_out(stage, psych)
    the_teacher_hands_over(stage, stage.person(users["teacher"]), post)
    with out_of_the_loop():
        code = grouped(post.code())
    a_guardian_reads(stage, stage.person(device=PHONE), code)
    the_talk_is_found_and_noted(stage, psych)
    officers_count(stage, stage.person(users["officer"]))
    assert stage.observer.findings.all() == []


def words_for_everybody(stage: InProcess, tab: Page, post: Post) -> None:
    tab.goto(f"/letters/{post.campaign.pk}/")
    expect(tab.get_by_text(say("No words for guardians yet"))).to_be_visible()
    tab.get_by_role("link", name=say("Write the words for everybody")).click()
    tab.locator("[name=words]").fill("您的孩子 GAD-7 得了 18 分，属于高风险。")
    tab.get_by_role("button", name=say("Keep and read through")).click()
    expect(
        tab.get_by_text(say_like("“{found}” is a level. A letter carries none: say what helps, or call."))
    ).to_be_visible()
    stage.observer.look(tab, "02-refused")
    tab.get_by_role("link", name="致家长的一封信").click()
    expect(tab.locator("[name=words]")).to_contain_text("每个家庭都会收到一封信")
    tab.get_by_role("button", name=say("Keep and read through")).click()
    expect(tab.locator("h1")).to_have_text(say("As guardians will read it"))
    tab.get_by_role("button", name=say("I have read it as it stands")).click()
    expect(tab.locator(".xq-message")).to_contain_text(
        say("Read through. The letters can be released, class by class.")
    )
    stage.observer.look(tab, "05-classes")


def own_words(stage: InProcess, tab: Page) -> None:
    tab.locator("tbody tr").filter(has_text=CLASS).get_by_role("link", name=say("Look and release")).click()
    stage.observer.look(tab, "06-class")
    tab.locator("tbody tr").filter(has_text=PUPIL).get_by_role("link", name=say("Own words")).click()
    stage.observer.look(tab, "07-own")
    tab.locator("[name=words]").fill(OWN)
    tab.get_by_role("button", name=say("Keep and read through")).click()
    expect(tab.locator("h1")).to_have_text(say("As guardians will read it"))
    tab.get_by_role("button", name=say("I have read it as it stands")).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("Read through. It goes out with the letters of the class."))


def the_class_goes_out(stage: InProcess, tab: Page) -> None:
    tab.get_by_role("button", name=say("Release the letters of this class")).click()
    expect(tab.get_by_text(say("The letters of this class are out"))).to_be_visible()
    expect(tab.get_by_role("link", name=say("Print the letters"))).to_be_visible()
    stage.observer.look(tab, "09-out")


def the_teacher_hands_over(stage: InProcess, tab: Page, post: Post) -> None:
    tab.goto(f"/letters/{post.campaign.pk}/hand-over/")
    tab.locator("tbody tr").filter(has_text=CLASS).get_by_role("link", name=say("Open")).click()
    tab.locator("tbody tr").filter(has_text=PUPIL).get_by_role("checkbox").check()
    stage.observer.look(tab, "11-hand-over")
    tab.get_by_role("button", name=say("Note as handed over")).click()
    expect(tab.locator("tbody tr").filter(has_text=PUPIL)).to_contain_text("是")


def a_guardian_reads(stage: InProcess, tab: Page, code: str) -> None:
    tab.goto("/letters/open/")
    stage.observer.look(tab, "12-door")
    tab.locator("[name=code]").fill(f"{code[:-1]}{'2' if code[-1] != '2' else '3'}")
    tab.get_by_role("button", name=say("Open the letter")).tap()
    expect(tab.locator("[name=code]")).to_have_attribute("aria-invalid", "true")
    tab.locator("[name=code]").fill(code.lower())
    tab.get_by_role("button", name=say("Open the letter")).tap()
    expect(tab.get_by_text(OWN)).to_be_visible()
    expect(tab.get_by_text("12356")).to_be_visible()
    assert PUPIL not in tab.content()
    tab.get_by_role("button", name=say("Please call me")).tap()
    expect(tab.get_by_text(say("You asked for a talk. The psychology teacher will call you."))).to_be_visible()
    tab.get_by_role("button", name=say("I have read it")).tap()
    expect(tab.get_by_text(say("You told the school that you have read this."))).to_be_visible()
    stage.observer.look(tab, "15-answered")
    assert tab.context.cookies() == []
    assert tab.url.endswith("/letters/open/")


def the_talk_is_found_and_noted(stage: InProcess, tab: Page) -> None:
    tab.goto("/")
    panel = tab.locator("section").filter(has_text=say("Guardians who ask for a talk"))
    expect(panel.locator("tbody tr").filter(has_text=PUPIL).first).to_be_visible()
    panel.locator("tbody tr").filter(has_text=PUPIL).get_by_role("link", name=say("Open")).click()
    stage.observer.look(tab, "17-wishes")
    tab.locator("summary").filter(has_text=say("Talk held")).click()
    tab.get_by_role("button", name=say("Talk held")).last.click()
    expect(tab.locator(".xq-message")).to_contain_text(say("Noted: the talk was held."))
    expect(tab.get_by_text(say("Guardians who ask for a talk"))).to_have_count(0)


def officers_count(stage: InProcess, tab: Page) -> None:
    tab.goto("/screening/coverage/")
    tab.get_by_role("link", name=say("How many families had a letter after a screening")).click()
    expect(tab.locator("tbody tr")).to_have_count(1)
    assert PUPIL not in tab.content()
    stage.observer.look(tab, "18-counts")
