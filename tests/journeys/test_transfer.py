"""A whole grade moves from the primary school to the junior one: its files are sent class by class, taken in and
acknowledged; whoever was looked after is looked at there; a file whose handing over was refused stays."""

import datetime as dt
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, InProcess, staged
from tests.journeys.looking import PHONE
from tests.journeys.wording import say, say_like
from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.archives.services.plans import PlanWords, write_plans
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.models import Student
from xinqiao.register.people.moving import place_students
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.people.services.consents import publish_form, record_consents, shipped_text
from xinqiao.register.people.states import Purpose, StayEnd

pytestmark = MARKS
AIM, REFUSED, RED = "适应新学校，交两个新朋友", "学生一班1", "学生二班2"
IN_A_CLASS = 8


@dataclass
class Grade:
    """Two classes of the primary school, and the same children at the junior one."""

    world: World
    primary: Unit
    left: dict[int, list[Student]]
    here: dict[int, list[Student]]


def drafts(unit: Unit, number: int, first: str) -> list[StudentDraft]:
    word = "一二"[number - 1]
    return [
        StudentDraft(f"学生{word}班{n}", unit, f"{first}{number}{n:03}", f"G3301022014{number:03}{n:05}",
                     birth_on=dt.date(2014, number, n))
        for n in range(1, IN_A_CLASS + 1)
    ]  # fmt: skip


def written_and_asked(world: World, unit: Unit, pupils: list[Student], number: int) -> None:
    """Growth plans of a class, what guardians decided on handing over, and one pupil at a red level."""
    psych = world.actor("psych_primary")
    plan = PlanWords("乐于助人", AIM, "班主任两周聊一次", clock.today() + dt.timedelta(days=60))
    write_plans(unit, actor=psych, student_ids=[each.id for each in pupils], said=plan)
    if number == 1:
        form = publish_form(
            world.users["school"], actor=psych, purpose=Purpose.TRANSFER, text=shipped_text(Purpose.TRANSFER, 14)
        )
        for some, decision in ((pupils[:1], "refused"), (pupils[1:4], "given")):
            record_consents(unit, actor=psych, form=form, student_ids=[each.id for each in some], decision=decision,
                            given_by="guardian")  # fmt: skip
    else:
        again = clock.today() + dt.timedelta(days=7)
        set_attention(pupils[1], actor=psych, level="red", advice="每天看一眼", basis=Basis("review"), review_on=again)


@pytest.fixture
def grade(db, loop) -> Grade:
    with clock.frozen(MONDAY_10 - dt.timedelta(days=10)):
        world = build_world()
        primary = build_unit(world.county, "school", "p1", "实验小学", stages="primary")
        primary.save(force_insert=True)
        world.users["school"] = primary
        add_staff(world, "psych_primary", "苏晚晴", Role.PSYCH_TEACHER, primary)
        left, here = {}, {}
        for number in (1, 2):
            unit, _is_new = ensure_class(primary, "primary", 2020, number)
            left[number] = register_students(primary, drafts(unit, number, "20"), dt.date(2020, 9, 1))
            written_and_asked(world, unit, left[number], number)
            new, _is_new = ensure_class(world.school, "junior", 2026, number)
            here[number] = register_students(world.school, drafts(new, number, "26"), dt.date(2026, 9, 1))
        with recording(system_actor("years.turn")):
            leaving = [(each, None) for pupils in left.values() for each in pupils]
            place_students(leaving, dt.date(2026, 7, 5), ended_as=StayEnd.GRADUATED)
    return Grade(world, primary, left, here)


@pytest.fixture
def stage(browser, loop, grade, tmp_path, request):
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def press(tab: Page, msgid: str) -> None:
    tab.locator("main").get_by_role("button", name=say(msgid)).first.click()


def test_a_whole_grade_moves_to_the_next_school(grade: Grade, stage: InProcess):
    primary = stage.person(grade.world.users["psych_primary"])
    the_first_class_is_sent_but_one(stage, primary)
    the_second_class_is_sent_from_the_phone(stage, grade)
    junior = stage.person(grade.world.users["psych"])
    all_are_taken_in_and_acknowledged(stage, junior)
    whoever_was_looked_after_is_looked_at(stage, junior)
    the_file_shows_what_came(stage, grade, junior)
    the_bureau_sees_numbers(stage, grade)
    primary.goto("/transfers/")
    expect(primary.locator("main tbody tr.is-red")).to_have_count(0)
    stage.observer.look(primary, "12-all-over")
    assert stage.observer.findings.all() == []


def the_first_class_is_sent_but_one(stage: InProcess, tab: Page) -> None:
    look = stage.observer.look
    tab.goto("/transfers/")
    expect(tab.locator("main tbody tr")).to_have_count(2)
    look(tab, "01-who-left")
    tab.locator("main tbody a").first.click()
    expect(tab.locator("main tbody input:checked")).to_have_count(IN_A_CLASS - 1)  # not the refused one
    look(tab, "02-class")
    tab.locator("main tbody tr", has_text=REFUSED).locator("input").check()
    press(tab, "Send them")
    refused = say("For a ticked pupil handing over was refused. Untick it, and say why it is kept.")
    expect(tab.locator("main")).to_contain_text(refused)
    look(tab, "03-refused")
    tab.locator("main tbody tr", has_text=REFUSED).locator("input").uncheck()
    press(tab, "Send them")
    expect(tab.locator("main tbody input")).to_have_count(1)
    tab.locator("main tbody tr", has_text=REFUSED).locator("input").check()
    tab.locator("[name=reason]").fill("家长不同意转接")
    press(tab, "Keep them here")
    expect(tab.locator("main tbody input")).to_have_count(0)
    look(tab, "04-decided")


def the_second_class_is_sent_from_the_phone(stage: InProcess, grade: Grade) -> None:
    tab = stage.person(grade.world.users["psych_primary"], PHONE)
    tab.goto("/transfers/")
    tab.locator("main tbody a").first.click()  # what is to be decided stands first
    tab.locator("main tbody tr", has_text=RED).get_by_role("link", name=say("What goes")).click()
    expect(tab.locator("main")).to_contain_text(AIM)
    stage.observer.look(tab, "05-what-goes")
    tab.go_back()
    press(tab, "Send them")
    expect(tab.locator("main tbody input")).to_have_count(0)


def all_are_taken_in_and_acknowledged(stage: InProcess, tab: Page) -> None:
    look = stage.observer.look
    tab.goto("/transfers/")
    tab.get_by_role("link", name=say("Files that came")).first.click()
    expect(tab.locator("main tbody input:checked")).to_have_count(2 * IN_A_CLASS - 1)
    expect(tab.locator("main")).not_to_contain_text(AIM)
    look(tab, "06-came")
    press(tab, "Take the ticked files in")
    expect(tab.locator(".xq-message").first).to_contain_text(str(2 * IN_A_CLASS - 1))
    look(tab, "07-taken")
    press(tab, "Acknowledge the ticked files")
    expect(tab.locator(".xq-message").first).to_contain_text(str(2 * IN_A_CLASS - 1))
    look(tab, "08-acknowledged")


def whoever_was_looked_after_is_looked_at(stage: InProcess, tab: Page) -> None:
    tab.goto("/alerts/")
    expect(tab.locator("main tbody tr")).to_have_count(1)
    tab.locator("main tbody").first.get_by_role("link", name=say("Open")).click()
    expect(tab.locator("main")).to_contain_text(say("The school before"))
    expect(tab.locator("main")).to_contain_text(say_like("the school before had set: {level}"))
    stage.observer.look(tab, "09-looked-at")


def the_file_shows_what_came(stage: InProcess, grade: Grade, tab: Page) -> None:
    address = f"/files/pupils/{grade.here[2][1].id}/"
    tab.goto(address)
    expect(tab.locator("main")).to_contain_text(say("From the school before"))
    expect(tab.locator("main")).to_contain_text(AIM)
    stage.observer.look(tab, "10-file")
    head = stage.person(grade.world.users["head"])
    head.goto(address)
    expect(head.locator("main")).not_to_contain_text(say("From the school before"))


def the_bureau_sees_numbers(stage: InProcess, grade: Grade) -> None:
    officer = stage.person(grade.world.users["officer"])
    officer.goto("/transfers/counts/")
    expect(officer.locator("main tbody tr").first).to_contain_text("100 %")
    expect(officer.locator("main")).not_to_contain_text(RED)
    stage.observer.look(officer, "11-counts")
