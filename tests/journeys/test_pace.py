"""A school with one counsellor is told to take six days, and does: each class on its day, a queue that stays short."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import preparing, pupils, registering
from tests.journeys.installation import Installation
from tests.journeys.looking import PC, PHONE, Observer
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say, say_like

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PSYCHOLOGIST, NAME, PRINCIPAL_NAME = "psych.foreign", "魏兰", "黎静观"
CAMPAIGN = "全校秋季心理测评"
GRADES = ("七年级", "八年级", "九年级", "高一", "高二", "高三")
FIRST, NEXT = "七年级(1)班", "八年级(1)班"
FIRST_DAY, SECOND_DAY, LAST_DAY = "11月23日 周一", "11月24日 周二", "11月30日 周一"
DAYS, CLASSES, ITEMS = 6, 12, 9
DUTY_DAYS = 10


@dataclass
class Story:
    """Who takes part."""

    observer: Observer
    psychologist: Page

    def look(self, tab: Page, name: str) -> None:
        self.observer.look(tab, name)


@pytest.fixture
def story(observer: Observer, installation: Installation) -> Story:
    tab = observer.person(PC)
    sign_in(tab, installation.logins[PSYCHOLOGIST])
    return Story(observer, tab)


def test_a_school_with_one_counsellor_is_told_to_take_six_days_and_does(story: Story):
    two_families_agree(story)
    people_are_on_duty_for_two_weeks(story)
    the_plan_says_six_days_and_that_the_window_is_too_short(story)
    the_pace_is_taken(story)
    assert preparing.launch(story.psychologist) == 2
    every_class_has_its_day(story)
    on_the_first_day_only_the_first_classes_may_answer(story)
    the_queue_is_seen_live(story)
    assert story.observer.findings.all() == []


def two_families_agree(story: Story) -> None:
    tab = story.psychologist
    registering.publish_consent_form(tab)
    for class_name in (FIRST, NEXT):
        open_door(tab, say("Consent"))
        tab.get_by_role("link", name=class_name).first.click()
        expect(tab.locator("h1")).to_contain_text(class_name)
        name = tab.locator("tbody tr").first.locator("label, th").first.inner_text().strip()
        registering.record_consent(tab, class_name, (name,))


def people_are_on_duty_for_two_weeks(story: Story) -> None:
    preparing.put_on_duty(story.psychologist, NAME, "Psychology teacher on duty", days=DUTY_DAYS)
    preparing.put_on_duty(story.psychologist, PRINCIPAL_NAME, "School lead on duty", days=DUTY_DAYS)


def the_plan_says_six_days_and_that_the_window_is_too_short(story: Story) -> None:
    tab = story.psychologist
    preparing.plan_screening(tab, CAMPAIGN, GRADES, ("PHQ-9",))
    expect(tab.locator("main")).to_contain_text(f"建议分 {DAYS} 天进行，最后一天是 2026年{LAST_DAY}")
    expect(tab.locator("main")).to_contain_text(say("The window is too short"))
    expect(tab.locator("main")).to_contain_text(f"需要进行到 {LAST_DAY} 17:00")
    story.look(tab, "01-told")


def the_pace_is_taken(story: Story) -> None:
    tab = story.psychologist
    tab.get_by_role("button", name=say("Take this pace and lengthen the window")).click()
    expect(tab.locator(".xq-message-success")).to_have_text(say("The days of the classes are set."))
    expect(tab.locator("main")).not_to_contain_text(say("The window is too short"))
    story.look(tab, "02-taken")
    tab.get_by_role("link", name=say("Choose the days")).click()
    expect(tab.locator("select")).to_have_count(CLASSES)
    story.look(tab, "03-days")
    preparing.open_campaign(tab, CAMPAIGN)


def every_class_has_its_day(story: Story) -> None:
    tab = story.psychologist
    cells = tab.locator("#progress tbody td:first-of-type")
    expect(cells).to_have_count(CLASSES)
    days = cells.all_inner_texts()
    assert len(set(days)) == DAYS, days
    assert {days.count(day) for day in days} == {2}
    expect(tab.locator("#progress tr").filter(has_text=FIRST)).to_contain_text(FIRST_DAY)
    expect(tab.locator("#progress tr").filter(has_text=NEXT)).to_contain_text(SECOND_DAY)
    story.look(tab, "04-launched")


def on_the_first_day_only_the_first_classes_may_answer(story: Story) -> None:
    phone, other = story.observer.person(PHONE), story.observer.person(PHONE)
    first, of_first = seats_of(story, FIRST, FIRST_DAY)
    following, of_next = seats_of(story, NEXT, SECOND_DAY)
    number, code = of_next
    other.goto(f"/s/{following}")
    other.fill("#number", number)
    other.fill("#pin", code)
    other.click("#enter")
    expect(other.locator("#door_message")).to_contain_text("你们班是 11月24日星期二 08:00 开始")
    story.look(other, "05-not-yet")
    pupils.go_in(phone, first, *of_first)
    pupils.begin(phone)
    for question in range(1, ITEMS):
        pupils.tap_answer(phone, question, 2)
    pupils.tap_answer(phone, ITEMS, 0)
    phone.get_by_role("button", name=pupils.zh("hand_in"), exact=True).tap()
    assert pupils.receipt_of(phone)


def seats_of(story: Story, class_name: str, day: str) -> tuple[str, tuple[str, str]]:
    """Return the class code, and number and one-time code of the one pupil with consent; the list says the day."""
    tab = story.psychologist
    preparing.open_class(tab, CAMPAIGN, class_name)
    expect(tab.locator("main")).to_contain_text(day)
    tab.get_by_role("link", name=say("Seat list with codes")).click()
    expect(tab.locator(".xq-sheet")).to_contain_text(day)
    class_code, codes = preparing.read_seat_list(tab)
    tab.goto("/")
    ((number, code),) = codes.items()
    return class_code, (number, code)


def the_queue_is_seen_live(story: Story) -> None:
    tab = story.psychologist
    preparing.open_campaign(tab, CAMPAIGN)
    row = tab.locator("#workload tr").filter(has_text=FIRST)
    expect(row.locator(f"[data-label={say('Handed in')}]")).to_have_text("1 / 1")
    expect(row.locator(f"[data-label={say('Flagged so far')}]")).to_have_text("1")
    expect(row.locator(f"[data-label={say('Still waiting')}]")).to_have_text("1")
    expect(tab.locator("#workload")).to_contain_text(say_like("at %(talks)s talks a day"))
    expect(tab.locator("#workload")).not_to_contain_text(say("The queue outgrows what can be talked through"))
    expect(tab.locator("#workload")).to_contain_text(re.compile(re.escape(say("School days until nobody waits"))))
    story.look(tab, "06-live")
