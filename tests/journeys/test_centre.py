"""The counselling centre in a browser: from a booked hour to a third session with a better curve; a red pupil who does
not come; who waits for an hour; a counsellor who leaves on a Friday."""

import datetime as dt
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, InProcess, out_of_the_loop, staged
from tests.journeys.looking import PC, PHONE
from tests.journeys.staff import open_door
from tests.journeys.wording import say, say_like
from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.centre.rows import every_slot
from xinqiao.care.centre.services.bookings import book_slot
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.tests.conftest import with_pattern, with_rooms, with_term
from xinqiao.care.counselling.services.courses import open_course
from xinqiao.care.counselling.services.noting import keep_note
from xinqiao.care.counselling.tests.conftest import Sealed
from xinqiao.care.counselling.tests.test_courses import SECRET, WHOLE, agreed, held
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.kinds import MISSED
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world

pytestmark = MARKS
PUPIL, SENTENCE = "欧阳思源", "窗外的那棵树今年又绿了一遍"
REASON, SAID, GOAL = "最近上课总走神", "说到外婆，哭了一会儿。", "睡得着觉"
FOLLOWED, WHY_RED = "去班里见到了，说是忘了，明天中午再来。", "有过自伤的想法，每天看一眼。"
FRIDAY_17 = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch):
    monkeypatch.setattr("xinqiao.foundation.keys.boxes.ROUNDS", 2**4)


@pytest.fixture
def world(db, loop) -> World:
    with clock.frozen(MONDAY_10):
        built = with_term(build_world())
        add_staff(built, "security", "钟守正", Role.SECURITY_OFFICER, built.county)
        with_pattern(built, with_rooms(built))
        write_term(built.school, actor=built.actor("head"))
    return built


@pytest.fixture
def stage(browser, loop, world, tmp_path, request):
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def said(tab: Page, words: str) -> None:
    expect(tab.locator(".xq-message").first).to_contain_text(say(words))


def book(tab: Page, *, later: int = 0) -> None:
    """Find the pupil and book the next free time, or one so many later."""
    tab.locator("[name=q]").fill(PUPIL[:2])
    tab.get_by_role("button", name=say("Find")).click()
    tab.get_by_role("link", name=say("Choose a time")).first.click()
    tab.locator("[name=slot]").nth(later).check(force=True)
    tab.locator("[name=reason]").fill(REASON)
    tab.get_by_role("button", name=say("Book"), exact=True).click()
    said(tab, "Booked.")


def test_from_a_booked_hour_to_a_third_session_with_a_better_curve(stage: InProcess, world: World):
    teacher = stage.person(world.users["teacher"], device=PHONE)
    teacher.goto("/centre/bookings/")
    stage.observer.look(teacher, "01-book")
    book(teacher)
    psych = stage.person(world.users["psych"])
    sets_the_notes_up(stage, psych)
    for session, near in enumerate((3, 5, 8), start=1):
        stage.at = at_the_end_of_the_booked_hour()
        psych = stage.person(world.users["psych"], device=PC)  # a day or more later one signs in again
        psych.goto("/centre/day/")
        psych.get_by_role("button", name=say("Came"), exact=True).click()
        expect(psych.get_by_role("button", name=say("Came"), exact=True)).to_have_count(0)
        write_the_note(stage, psych, world.students[0].id, session, near)
        if session < 3:
            psych.goto("/centre/bookings/")
            book(psych, later=8)
    expect(psych.locator("main")).to_contain_text("3 → 5 → 8")
    expect(psych.locator("main svg").first).to_be_visible()
    stage.observer.look(psych, "06-curve")
    what_others_see(stage, world)
    assert stage.observer.findings.all() == []


def at_the_end_of_the_booked_hour() -> dt.datetime:
    with out_of_the_loop():
        slot = every_slot().filter(bookings__state="open").order_by("start_at").get()
    return slot.end_at


def sets_the_notes_up(stage: InProcess, tab: Page) -> None:
    """Choose a sentence and found the group; until then nothing can be written."""
    tab.goto("/counselling/keys/sentence/")
    for field in ("new_words", "again"):
        tab.locator(f"[name={field}]").fill(SENTENCE)
    tab.get_by_role("button", name=say("Choose this sentence")).click()
    expect(tab.locator("h1")).to_contain_text(say("Sealed notes"))
    stage.observer.look(tab, "02-sealed-notes")
    tab.get_by_role("button", name=say("Found the group")).click()
    expect(tab.locator("main")).to_contain_text(say("In the group"))


def write_the_note(stage: InProcess, tab: Page, pupil: UUID, session: int, near: int) -> None:
    if session == 1:
        tab.goto(f"/people/students/{pupil}/")
        tab.locator("main").get_by_role("link", name=say("Counselling"), exact=True).click()
        tab.get_by_label(say("The pupil"), exact=True).check()
        tab.locator("[name=signed_on]").fill(f"{stage.at:%Y-%m-%d}")
        stage.observer.look(tab, "03-agreement")
        tab.get_by_role("button", name=say("Open the course")).click()
        tab.locator("[name=words]").fill(GOAL)
        tab.get_by_role("button", name=say("Set the goal")).click()
        expect(tab.locator("main")).to_contain_text(GOAL)
    else:
        tab.goto("/counselling/")
        tab.get_by_role("link", name=PUPIL, exact=True).first.click()
    tab.get_by_role("link", name=say("Write a session's note")).first.click()
    tab.locator("[name=process]").fill(f"{SAID}（{session}）")
    tab.locator("[name=risk]").select_option("none")
    tab.locator("[name^=goal-]").fill(str(near))
    stage.observer.look(tab, f"04-note-{session}")
    tab.get_by_role("button", name=say("Keep the note")).click()
    expect(tab.locator("main")).to_contain_text(say("The notes are shut"))
    expect(tab.locator("main")).not_to_contain_text(SAID)
    tab.locator("main").get_by_role("link", name=say("Open"), exact=True).click()
    tab.locator("[name=words]").fill(SENTENCE)
    tab.get_by_role("button", name=say("Open"), exact=True).click()
    expect(tab.locator("main")).to_contain_text(f"{SAID}（{session}）")
    if session == 1:
        stage.observer.look(tab, "05-opened")


def what_others_see(stage: InProcess, world: World) -> None:
    """The teacher learns that the hour was kept; a colleague who is not on the course and the head learn nothing."""
    teacher = stage.person(world.users["teacher"], device=PHONE)
    teacher.goto("/centre/bookings/")
    expect(teacher.locator("main")).to_contain_text(PUPIL)
    expect(teacher.locator("main")).not_to_contain_text(REASON)
    for login in ("psych2", "head"):
        tab = stage.person(world.users[login])
        tab.goto("/counselling/" if login == "psych2" else "/counselling/counts/")
        expect(tab.locator("h1")).to_be_visible()
        expect(tab.locator("main")).not_to_contain_text(PUPIL)


def test_a_red_pupil_who_does_not_come_is_asked_after_the_same_day(stage: InProcess, world: World):
    with out_of_the_loop(), clock.frozen(MONDAY_10):
        set_attention(
            world.students[0], actor=world.actor("psych"), level="red", advice=WHY_RED, basis=Basis("review"),
            review_on=clock.today() + dt.timedelta(days=7),
        )  # fmt: skip
    teacher, psych = stage.person(world.users["teacher"], device=PHONE), stage.person(world.users["psych"])
    teacher.goto("/centre/bookings/")
    book(teacher)
    stage.at = at_the_end_of_the_booked_hour()
    psych.goto("/centre/day/")
    psych.get_by_role("button", name=say("Did not come"), exact=True).click()
    expect(psych.locator("main")).to_contain_text(say("Did not come: ask after them"))
    expect(psych.locator("main .is-orange").first).to_contain_text("11月23日")  # the same day
    stage.observer.look(psych, "01-did-not-come")
    nobody_asks(stage)
    head = stage.person(world.users["head"])
    head.goto("/")
    open_door(head, say("Counselling centre"))
    expect(head.locator("main")).to_contain_text(say("Did not come, not asked after in time"))
    expect(head.locator("main")).not_to_contain_text(PUPIL)
    stage.observer.look(head, "02-the-head-sees-a-number")
    psych = stage.person(world.users["psych"])  # in the evening one signs in again
    psych.goto("/")
    expect(psych.locator("main")).to_contain_text(say_like("%(counter)s pupil did not come: ask after the pupil"))
    psych.goto("/centre/day/")
    psych.locator("main").get_by_role("link", name=PUPIL).first.click()
    psych.locator("[name=words]").fill(" ")
    psych.get_by_role("button", name=say("Save"), exact=True).click()
    expect(psych.locator("main")).to_contain_text(say("Say in a few words what came of asking after the pupil."))
    psych.locator("[name=words]").fill(FOLLOWED)
    psych.get_by_role("button", name=say("Save"), exact=True).click()
    psych.goto("/centre/day/")
    expect(psych.locator("main")).not_to_contain_text(say("Did not come: ask after them"))
    teacher = stage.person(world.users["teacher"], device=PHONE)
    teacher.goto("/centre/bookings/")
    expect(teacher.locator("main")).not_to_contain_text(FOLLOWED)
    stage.observer.look(teacher, "03-what-the-teacher-learns")
    assert stage.observer.findings.all() == []


def test_who_waits_is_given_an_hour_that_stands_in_a_calendar(stage: InProcess, world: World):
    teacher, psych = stage.person(world.users["teacher"], device=PHONE), stage.person(world.users["psych"])
    teacher.goto("/centre/bookings/")
    teacher.locator("[name=q]").fill(PUPIL[:2])
    teacher.get_by_role("button", name=say("Find")).click()
    teacher.get_by_role("link", name=say("Choose a time")).first.click()
    teacher.get_by_role("link", name=say("No time suits? Put the pupil on the waiting list")).click()
    teacher.get_by_label(say("In the afternoon"), exact=True).check(force=True)
    stage.observer.look(teacher, "01-put-on-the-list")
    teacher.get_by_role("button", name=say("Put on the waiting list"), exact=True).click()
    said(teacher, "The pupil is on the waiting list.")
    psych.goto("/")
    stage.observer.look(psych, "02-today")
    psych.goto("/centre/day/")
    psych.locator("main").get_by_role("link", name=say("Waiting list")).click()
    stage.observer.look(psych, "03-waiting-list")
    psych.locator("main").get_by_role("link", name=PUPIL).click()
    psych.locator("[name=words]").fill(" ")
    psych.get_by_role("button", name=say("End the waiting"), exact=True).click()
    expect(psych.locator("main")).to_contain_text(
        say("Reason: nothing is written. Say in a few words why no hour is given.")
    )  # fmt: skip
    stage.observer.look(psych, "04-an-entry")
    psych.goto("/centre/waiting/")
    psych.get_by_role("button", name=say("Give this hour"), exact=True).click()
    said(psych, "Given and booked. The pupil sees it at the own door.")
    expect(psych.locator("main")).to_contain_text(say("Nobody waits for an hour"))
    stage.observer.look(psych, "05-nobody-waits")
    teacher.goto("/centre/bookings/")
    expect(teacher.locator("main")).to_contain_text(say("An hour was given"))
    expect(teacher.locator("main")).not_to_contain_text("个体辅导室")
    stage.observer.look(teacher, "06-what-the-teacher-learns")
    psych.goto("/centre/calendar/")
    stage.observer.look(psych, "07-no-address")
    psych.get_by_role("button", name=say("Make an address")).click()
    path = urlsplit(psych.locator("main code").inner_text()).path
    stage.observer.look(psych, "08-the-address")
    fetched = psych.evaluate("(at) => fetch(at, {credentials: 'omit'}).then((answer) => answer.text())", path)
    assert ("SUMMARY:已预约" in fetched, PUPIL in fetched) == (True, False)
    psych.goto("/centre/calendar/")
    stage.observer.look(psych, "09-fetched")
    assert stage.observer.findings.all() == []


def nobody_asks(stage: InProcess) -> None:
    """The clock runs out on the same day, and climbs."""
    with out_of_the_loop():
        due = Deadline.objects.for_system(reason="a journey").filter(kind=MISSED, met_at=None).get().due_at
        assert due.date() == stage.at.date()
        stage.at = due + dt.timedelta(minutes=1)
        with clock.frozen(stage.at):
            climb_due(stage.at)


def test_a_counsellor_who_leaves_on_a_friday(stage: InProcess, world: World):
    with out_of_the_loop(), clock.frozen(MONDAY_10):
        Sealed(world).found()
        course = open_course(world.students[0], actor=world.actor("psych"), draft=agreed())
        keep_note(course, actor=world.actor("psych"), draft=held(), note=WHOLE)
        ahead = every_slot().filter(hour__staff_id=world.id_of("psych"), start_at__gt=FRIDAY_17).order_by("start_at")
        monday, tuesday = ahead[0], ahead.filter(start_at__date=dt.date(2026, 12, 1)).last()
        book_slot(world.students[0], actor=world.actor("psych"), slot_id=monday.id)
        book_slot(world.students[1], actor=world.actor("psych"), slot_id=tuesday.id)
    stage.at = FRIDAY_17
    leaver, officer = stage.person(world.users["psych"]), stage.person(world.users["security"])
    leaver.goto("/counselling/")
    expect(leaver.locator("main")).to_contain_text(PUPIL)
    officer.goto(f"/staff/{world.id_of('psych')}/leave/")
    officer.locator("[name=heir]").select_option(str(world.id_of("psych2")))
    stage.observer.look(officer, "01-leaves")
    officer.get_by_role("button", name=say("End sessions and roles now")).click()
    said(officer, "Noted. Sessions and roles have ended.")
    leaver.goto("/counselling/")
    expect(leaver.locator("main")).not_to_contain_text(PUPIL)
    expect(leaver.locator("input[name=password]")).to_be_visible()
    the_heir_takes_over(stage, stage.person(world.users["psych2"]), str(course.id))
    assert stage.observer.findings.all() == []


def the_heir_takes_over(stage: InProcess, tab: Page, course_id: str) -> None:
    tab.goto("/")
    expect(tab.locator("main")).to_contain_text(say_like("%(counter)s booked hour has nobody who sits there: move it"))
    stage.observer.look(tab, "02-the-heirs-day")
    tab.goto("/centre/day/")
    alone = tab.locator("main .is-red")
    expect(alone).to_have_count(1)  # the heir sits elsewhere on Tuesday; what is on Monday is the heir's now
    expect(tab.locator("main")).to_contain_text("苏晚晴")
    stage.observer.look(tab, "03-nobody-sits-there")
    alone.get_by_role("link").first.click()
    tab.locator("[name=slot]").first.check(force=True)
    tab.get_by_role("button", name=say("Move"), exact=True).click()
    tab.goto("/centre/day/")
    expect(tab.locator("main .is-red")).to_have_count(0)
    tab.goto(f"/counselling/courses/{course_id}/")
    expect(tab.locator("main")).not_to_contain_text(SECRET)
    tab.locator("main").get_by_role("link", name=say("Open"), exact=True).click()
    tab.locator("[name=words]").fill("窗外的树 psych2")
    tab.get_by_role("button", name=say("Open"), exact=True).click()
    expect(tab.locator("main")).to_contain_text(
        say("This sentence does not open it. Capital letters and punctuation count.")
    )
    tab.locator("[name=words]").fill(heirs_sentence())
    tab.get_by_role("button", name=say("Open"), exact=True).click()
    expect(tab.locator("main")).to_contain_text(SECRET)
    stage.observer.look(tab, "04-the-heir-reads")


def heirs_sentence() -> str:
    return Sealed(None).words("psych2")  # type: ignore[arg-type]  # the sentence needs no world
