"""The main job, from the roster to the child who must be seen today, told by all who take part in it at once."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import caring, preparing, pupils, registering
from tests.journeys.installation import Installation
from tests.journeys.looking import PC, PHONE, Observer
from tests.journeys.roster_sheet import AT_PC, BROKEN, CUT_OFF, MENDED, ON_PHONE, write_roster
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

SCHOOL, CLASS, GRADE = "望山九年制学校", "七年级(1)班", "七年级"
PSYCHOLOGIST, TEACHER, PRINCIPAL = "psych.nine", "class.nine", "head.nine"
NAMES = {PSYCHOLOGIST: "范小满", PRINCIPAL: "戴青松"}
CAMPAIGN = "七年级秋季心情小问卷"
SCALES = ("PHQ-9", "GAD-7")
ITEMS = 16  # GAD-7, then PHQ-9
CRITICAL_ITEM = 16  # the ninth of PHQ-9
SUM_OF_THE_CUT_OFF = 8 * 2 + 1  # of PHQ-9


@dataclass
class Story:
    """Who takes part, and what was learnt on the way."""

    observer: Observer
    installation: Installation
    folder: Path
    psychologist: Page
    teacher: Page
    principal: Page
    class_code: str = ""
    codes: dict[str, str] = field(default_factory=dict)

    def look(self, tab: Page, name: str) -> None:
        self.observer.look(tab, name)


@pytest.fixture
def story(observer: Observer, installation: Installation, tmp_path: Path) -> Story:
    people = [observer.person(PC) for _ in range(3)]
    return Story(observer, installation, tmp_path, *people)


def test_from_the_roster_to_the_child_who_must_be_seen_today(story: Story):
    everybody_signs_in(story)
    the_roster_is_imported_and_mended(story)
    consent_is_on_record(story)
    people_are_put_on_duty(story)
    the_screening_is_planned_and_launched(story)
    the_seat_list_is_printed(story)
    three_pupils_answer_at_once(story)
    the_signal_becomes_a_level(story)
    the_class_teacher_reads_level_and_advice(story)
    the_principal_reads_coverage_and_notice(story)
    the_screening_is_closed_and_taken_out(story)
    assert story.observer.findings.all() == []
    nothing_of_a_child_is_in_the_log(story)


def everybody_signs_in(story: Story) -> None:
    story.psychologist.goto("/")
    story.look(story.psychologist, "01-welcome")
    for tab, login in ((story.psychologist, PSYCHOLOGIST), (story.teacher, TEACHER), (story.principal, PRINCIPAL)):
        sign_in(tab, story.installation.logins[login])
    for tab, name in ((story.psychologist, "psychologist"), (story.teacher, "teacher"), (story.principal, "principal")):
        story.look(tab, f"02-today-{name}")


def the_roster_is_imported_and_mended(story: Story) -> None:
    tab = story.psychologist
    first = write_roster(story.folder / "新生名单.xlsx", ON_PHONE, AT_PC, CUT_OFF, BROKEN)
    registering.upload_roster(tab, first)
    story.look(tab, "03-roster-difference")
    registering.read_refusal(tab, BROKEN)
    registering.accept_roster(tab)
    story.look(tab, "04-roster-done")
    mended = write_roster(story.folder / "新生名单-改.xlsx", ON_PHONE, AT_PC, CUT_OFF, MENDED)
    registering.upload_roster(tab, mended)
    registering.accept_roster(tab)
    registering.find_pupil(tab, CLASS, MENDED.name)
    story.look(tab, "05-class")


def consent_is_on_record(story: Story) -> None:
    tab = story.psychologist
    open_door(tab, say("Consent"))
    story.look(tab, "06-consent-before")
    registering.publish_consent_form(tab)
    registering.record_consent(tab, CLASS, (ON_PHONE.name, AT_PC.name, CUT_OFF.name))
    story.look(tab, "07-consent-class")


def people_are_put_on_duty(story: Story) -> None:
    tab = story.psychologist
    open_door(tab, say("Duty"))
    story.look(tab, "08-duty-empty")
    preparing.put_on_duty(tab, NAMES[PSYCHOLOGIST], "Psychology teacher on duty")
    preparing.put_on_duty(tab, NAMES[PRINCIPAL], "School lead on duty")
    story.look(tab, "09-duty")


def the_screening_is_planned_and_launched(story: Story) -> None:
    tab = story.psychologist
    preparing.plan_screening(tab, CAMPAIGN, (GRADE,), SCALES)
    story.look(tab, "10-preparation")
    assert preparing.launch(tab) >= 3
    story.look(tab, "11-launched")


def the_seat_list_is_printed(story: Story) -> None:
    tab = story.psychologist
    preparing.open_class(tab, CAMPAIGN, CLASS)
    story.look(tab, "12-class")
    tab.get_by_role("link", name=say("Seat list with codes")).click()
    story.look(tab, "13-seats")
    story.class_code, story.codes = preparing.read_seat_list(tab)
    assert set(story.codes) == {ON_PHONE.number, AT_PC.number, CUT_OFF.number}  # nobody else may be asked
    open_door_again(tab)


def open_door_again(tab: Page) -> None:
    """Back to today's work, which stays open while pupils answer."""
    tab.goto("/")
    expect(tab.locator("h1")).to_have_text(say("Today"))


def three_pupils_answer_at_once(story: Story) -> None:
    phone, pc, cut = (story.observer.person(device) for device in (PHONE, PC, PHONE))
    open_door_again(story.principal)
    pupils.go_in(phone, story.class_code, ON_PHONE.number, story.codes[ON_PHONE.number])
    pupils.go_in_by_keyboard(pc, story.class_code, AT_PC.number, story.codes[AT_PC.number])
    pupils.go_in(cut, story.class_code, CUT_OFF.number, story.codes[CUT_OFF.number])
    story.look(phone, "14-pupil-intro")
    for tab in (phone, cut):
        pupils.begin(tab)
    pc.locator(".intro .main-button").focus()
    pc.keyboard.press("Enter")
    for number in range(1, CRITICAL_ITEM):
        pupils.tap_answer(phone, number, 0)
        pupils.tap_answer(cut, number, 2)
    pupils.press_digits(pc, "121" * 5)
    story.look(phone, "15-pupil-question")
    story.look(pc, "16-pupil-list")
    the_network_is_cut(story, cut)
    pupils.tap_answer(phone, CRITICAL_ITEM, 0)
    hand_in_by_touch(story, phone)
    hand_in_by_keyboard(story, pc)
    hand_in_by_touch(story, cut)


def the_network_is_cut(story: Story, cut: Page) -> None:
    """The cry for help is ticked without a network; when it is back, it reaches both open pages by itself."""
    cut.context.set_offline(True)
    pupils.tap_answer(cut, CRITICAL_ITEM, 1)
    expect(cut.locator(".care-card")).to_be_visible()
    expect(cut.locator(".care-status")).to_have_text(pupils.zh("care_waiting"))
    story.look(cut, "17-pupil-cut-off")
    expect(story.psychologist.locator(".xq-notices-red")).to_be_hidden()
    cut.context.set_offline(False)
    expect(cut.locator(".care-status")).to_have_text(pupils.zh("care_sent"))
    banner = caring.red_notice(story.psychologist, CLASS)
    expect(banner).not_to_contain_text(CUT_OFF.name)  # the page may be on a projector
    caring.red_notice(story.principal, CLASS)
    caring.load_anew(story.psychologist, CLASS)
    story.look(story.psychologist, "18-red-notice")
    story.look(story.principal, "19-red-notice-principal")
    cut.locator(".care-card button", has_text=pupils.zh("care_on")).tap()


def hand_in_by_touch(story: Story, tab: Page) -> None:
    tab.get_by_role("button", name=pupils.zh("hand_in"), exact=True).tap()
    assert pupils.receipt_of(tab)
    story.look(tab, "20-pupil-receipt")


def hand_in_by_keyboard(story: Story, tab: Page) -> None:
    pupils.press_digits(tab, "1")
    tab.keyboard.press("Enter")
    assert pupils.receipt_of(tab)
    story.look(tab, "21-pupil-receipt-pc")


def the_signal_becomes_a_level(story: Story) -> None:
    tab = story.psychologist
    preparing.open_campaign(tab, CAMPAIGN)
    expect(tab.locator("#progress")).to_contain_text(CLASS)
    tab.goto("/")
    open_door(tab, say("Whom to talk to first"))
    expect(tab.locator("tbody tr").first).to_contain_text(CUT_OFF.name)
    story.look(tab, "22-queue")
    caring.take_it(tab, CLASS, CUT_OFF.name)
    story.look(tab, "23-signal")
    caring.record_talk(tab, "Orange level", story.look)
    story.look(tab, "25-signal-closed")
    expect(tab.locator(".xq-notices-red")).to_be_hidden(timeout=caring.NOTICE_LIMIT_MS)


def the_class_teacher_reads_level_and_advice(story: Story) -> None:
    """No score, no answer and no note is in the source of any page that the class teacher can reach."""
    tab = story.teacher
    tab.goto("/")
    expect(tab.locator("tr").filter(has_text=CUT_OFF.name)).to_contain_text(caring.ADVICE)
    story.look(tab, "26-today-teacher")
    sources = [tab.content()]
    preparing.open_class(tab, CAMPAIGN, CLASS)
    story.look(tab, "27-class-teacher")
    sources.append(tab.content())
    tab.get_by_role("link", name=say("Levels and advice")).click()
    expect(tab.locator("tr").filter(has_text=CUT_OFF.name)).to_contain_text(caring.ADVICE)
    story.look(tab, "28-levels-teacher")
    sources.append(tab.content())
    result = address_of_the_result(story)
    assert tab.request.get(result).status in (403, 404)
    sources.append(tab.request.get(result).text())
    assert [found for source in sources for found in secrets_in(source)] == []
    assert len(secrets_in(story.psychologist.request.get(result).text())) >= 3  # the same search does find them


def secrets_in(source: str) -> list[str]:
    return [word for word in ("PHQ-9", "GAD-7", "不如死了好", caring.NOTE, f">{SUM_OF_THE_CUT_OFF}<") if word in source]


def address_of_the_result(story: Story) -> str:
    """The page of full results, as the psychology teacher reaches it."""
    tab = story.psychologist
    preparing.open_class(tab, CAMPAIGN, CLASS)
    tab.get_by_role("link", name=CUT_OFF.name).click()
    expect(tab.locator("h1")).to_contain_text(CUT_OFF.name)
    story.look(tab, "29-result")
    return tab.url


def the_principal_reads_coverage_and_notice(story: Story) -> None:
    tab = story.principal
    tab.locator(".xq-doors").first.get_by_role("link", name=say("My notices")).click()
    expect(tab.locator("tr").filter(has_text=CUT_OFF.name)).to_be_visible()
    story.look(tab, "30-notices-principal")
    open_door(tab, say("Coverage"))
    expect(tab.locator("tr").filter(has_text=SCHOOL).first).to_be_visible()
    story.look(tab, "31-coverage-principal")
    assert CUT_OFF.name not in tab.inner_text("main")


def the_screening_is_closed_and_taken_out(story: Story) -> None:
    tab = story.psychologist
    preparing.open_campaign(tab, CAMPAIGN)
    tab.get_by_role("link", name=say("End it")).click()
    story.look(tab, "32-close")
    tab.get_by_role("button", name=say("End it")).click()
    expect(tab.locator(".xq-message-success")).to_have_text(say("The screening has ended."))
    expect(tab.locator("tr").filter(has_text=CUT_OFF.name).first).to_be_visible()
    story.look(tab, "33-results")
    rows = preparing.take_out(tab, CAMPAIGN, story.folder / "results.xlsx", story.look)
    names = {str(cell) for row in rows for cell in row}
    assert {ON_PHONE.name, AT_PC.name, CUT_OFF.name} <= names


def nothing_of_a_child_is_in_the_log(story: Story) -> None:
    log = story.installation.log.read_text("utf-8", "replace")
    children = (word for row in (ON_PHONE, AT_PC, CUT_OFF, MENDED) for word in (row.number, row.name))
    words = (*children, CUT_OFF.phone, MENDED.guardian, caring.NOTE, "Traceback")
    assert [word for word in words if word in log] == []
    assert story.installation.address in log  # it is the log of this installation that was read
