"""The pages of a turn: who sees what, what is named, and that what was typed is not lost."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.alerts.models import Attention
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import SchoolYear, Term
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.years import doubts
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.running import write_turn
from xinqiao.register.years.school import digest_of, layout_of, read_school
from xinqiao.register.years.selectors.pages import turn_page, usual_day
from xinqiao.register.years.tests.conftest import (
    CLOCK,
    ON,
    PASSWORD,
    THE_DAY,
    WHY,
    accept,
    key_of,
    plan,
    pupils_of,
    written,
)

NINTH, SEVENTH = 3, 1


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.XINQIAO_SECOND_FACTOR = False


@pytest.fixture
def signed_in(cast):
    def build(login: str) -> Client:
        client = Client(headers={"user-agent": "Lab"})
        client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
        return client

    return build


@pytest.fixture
def child(cast) -> dict:
    """A pupil of the ninth grade whose level is orange."""
    pupil = pupils_of(cast.classes["songhu-junior", "junior", NINTH, 1].path)[0]
    Attention(
        student=pupil, county_id=pupil.county_id, place=pupil.place, key_id=pupil.key_id, level="orange", advice="陪伴",
        basis_kind="interview", set_by=cast.users["psych.songhu"].id, set_at=clock.now(),
    ).save(force_insert=True)  # fmt: skip
    return {"pupil": pupil, "name": open_sealed([pupil], "name")[0]["name"]}


def page_of(client: Client, turn: YearTurn) -> str:
    response = client.get(reverse("years:turn", args=[turn.id]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_head_begins_a_plan_and_sees_what_it_comes_to(signed_in, school):
    client = signed_in("head.songhu")
    assert "2027-09-01" in client.get(reverse("years:turns")).content.decode()
    answer = client.post(reverse("years:turn-begin"), {"unit": str(school.id), "on": "2027-09-01"}, follow=True)
    text = answer.content.decode()
    for words in ("九年级(1)班", "八年级(3)班", "毕业，班级关闭", "个班没有班主任"):
        assert words in text


def test_a_day_in_spring_is_refused_and_kept_on_the_form(signed_in, school):
    answer = signed_in("head.songhu").post(reverse("years:turn-begin"), {"unit": str(school.id), "on": "2027-03-01"})
    assert answer.status_code == 422
    assert "2027-03-01" in answer.content.decode()
    assert "7 月至 12 月" in answer.content.decode()


def test_a_child_who_needs_attention_and_would_graduate_is_named_to_those_who_may_know(signed_in, turn, child):
    for login in ("head.songhu", "psych.songhu"):
        assert child["name"] in page_of(signed_in(login), turn)
    events = AuditEvent.objects.filter(event="years.doubts.read")
    assert events.count() == 2
    assert all(child["name"] not in event.facts for event in events)


def test_an_officer_sees_numbers_and_no_child(signed_in, turn, child):
    text = page_of(signed_in("county.songhu"), turn)
    assert "九年级(1)班" in text
    assert child["name"] not in text
    assert "需要关注的学生" not in text
    assert not AuditEvent.objects.filter(event="years.doubts.read").exists()


def test_control_a_source_that_does_not_ask_who_reads_tells_the_officer(signed_in, turn, child, monkeypatch):
    def careless(question):
        return [doubts.Doubt("red", "需要关注的学生", "", (doubts.Named(child["pupil"].id, "橙色"),))]

    monkeypatch.setitem(doubts._sources, "alerts", careless)
    text = page_of(signed_in("county.songhu"), turn)
    with pytest.raises(AssertionError):
        assert "需要关注的学生" not in text


def moved_on(school, turn, head, kept: int) -> None:
    """Let so many pupils of the ninth grade be kept back."""
    pupils = pupils_of(class_of(school, NINTH))[:kept]
    plan(turn, head, kept_back={str(pupil.id): key_of(school, NINTH - 1, 1) for pupil in pupils})


def class_of(school, grade: int) -> str:
    return next(unit.path for key, unit in read_school(school, ON).classes.items() if key == key_of(school, grade, 1))


def numbers_of(page) -> tuple:
    rows = [(row.pupils, row.staying, row.leaving, row.kept_back, row.coming) for row in page.rows]
    return page.totals.going_on, page.totals.leaving, page.totals.kept_back, rows


def test_an_officer_learns_of_no_handful_who_is_kept_back_also_not_by_subtraction(school, turn, head, actor_of):
    officer = actor_of("county.songhu")
    seen = []
    for kept in (1, 2):
        moved_on(school, turn, head, kept)
        seen.append(numbers_of(turn_page(turn, officer)))
        assert turn_page(turn, head).totals.kept_back == kept, "control: the head plans it"
    assert seen[0] == seen[1]
    assert seen[0][2] is None


def test_control_told_as_the_head_is_the_officer_would(school, turn, head, actor_of, monkeypatch):
    monkeypatch.setattr("xinqiao.register.years.selectors.pages.may_tell_moves", lambda *_: True)
    with pytest.raises(AssertionError):
        test_an_officer_learns_of_no_handful_who_is_kept_back_also_not_by_subtraction(school, turn, head, actor_of)


def test_the_page_of_an_officer_says_fewer_than_five(signed_in, school, turn, head):
    moved_on(school, turn, head, 1)
    told, exact = page_of(signed_in("county.songhu"), turn), page_of(signed_in("head.songhu"), turn)
    assert ("不足 5 人" in told, "人留到低一级" in told) == (True, False)
    assert ("不足 5 人" in exact, "人留到低一级" in exact) == (False, True)


def test_a_child_who_does_not_graduate_is_not_named(signed_in, turn, child):
    Attention.objects.for_system(reason=WHY).update(level="green")
    assert child["name"] not in page_of(signed_in("psych.songhu"), turn)


def test_the_calendar_is_asked_for_until_both_terms_are_there(cast, turn, head):
    title = "校历中还没有新学年的学期"
    assert title in {doubt.title for doubt in turn_page(turn, head).doubts}
    year = SchoolYear.objects.create(unit=cast.units["linxi"], starts_in=2027, start_on=ON, end_on=dt.date(2028, 7, 1))
    Term.objects.create(year=year, number=1, start_on=ON, end_on=dt.date(2028, 1, 20))
    assert title in {doubt.title for doubt in turn_page(turn, head).doubts}
    Term.objects.create(year=year, number=2, start_on=dt.date(2028, 2, 20), end_on=dt.date(2028, 7, 1))
    assert title not in {doubt.title for doubt in turn_page(turn, head).doubts}


def test_pupils_who_are_kept_back_are_chosen_by_class(signed_in, cast, school, turn):
    unit = cast.classes["songhu-junior", "junior", NINTH, 1]
    address = reverse("years:turn-pupils", args=[turn.id, unit.id])
    client = signed_in("head.songhu")
    form = client.get(address).context["form"]
    name, field = next(iter(form.fields.items()))
    target = field.choices[1][0]
    client.post(address, {name: target})
    turn.refresh_from_db()
    assert list(turn.plan["kept_back"].values()) == [target]
    assert client.get(address).context["form"].fields[name].initial == target
    client.post(address, {name: ""})
    turn.refresh_from_db()
    assert turn.plan["kept_back"] == {}
    assert client.post(address, {name: "elsewhere"}).status_code == 422


def test_a_teacher_is_named_and_who_accepts_is_not_in_the_list(signed_in, cast, school, turn, head):
    client, new = signed_in("head.songhu"), cast.staff["subject.songhu"]
    address = reverse("years:turn-teachers", args=[turn.id])
    form = client.get(address).context["form"]
    offered = {value for value, _label in next(iter(form.fields.values())).choices}
    assert str(new.id) in offered
    assert str(head.staff_id) not in offered
    elsewhere = {str(staff.id) for staff in cast.staff.values() if not staff.place.startswith(school.path)}
    assert elsewhere
    assert not elsewhere & offered
    client.post(address, {next(iter(form.fields)): str(new.id)})
    turn.refresh_from_db()
    assert list(turn.plan["teachers"].values()) == [str(new.id)]


def test_entering_classes_and_a_grade_that_differs_are_kept(signed_in, turn):
    address = reverse("years:turn-grades", args=[turn.id])
    client = signed_in("head.songhu")
    fields = {name: field.initial for name, field in client.get(address).context["form"].fields.items()}
    entry = next(name for name in fields if name.startswith("entry"))
    ninth = next(name for name, value in fields.items() if value == "graduate")
    client.post(address, {**fields, entry: "9", ninth: "go_on"})
    turn.refresh_from_db()
    assert list(turn.plan["entry"].values()) == [9]
    assert "go_on" in turn.plan["cohorts"].values()
    assert turn_page_totals(turn) == (0, 9)
    assert client.post(address, {**fields, entry: "400"}).status_code == 422


def turn_page_totals(turn: YearTurn) -> tuple[int, int]:
    layout = layout_of(turn)[1]
    return len(layout.leaving), len(layout.opened)


def test_an_accepted_plan_shows_its_day_and_can_be_taken_back(signed_in, turn, head):
    client = signed_in("head.songhu")
    client.post(reverse("years:turn-accept", args=[turn.id]), {"digest": digest_of(turn, layout_of(turn)[1])})
    turn.refresh_from_db()
    assert turn.state == "accepted"
    assert "2027年9月1日" in page_of(client, turn)
    client.post(reverse("years:turn-take-back", args=[turn.id]))
    turn.refresh_from_db()
    assert turn.state == "draft"


def test_a_stale_yes_is_explained(signed_in, turn):
    client = signed_in("head.songhu")
    answer = client.post(reverse("years:turn-accept", args=[turn.id]), {"digest": "old"}, follow=True)
    assert "没有生效" in answer.content.decode()
    turn.refresh_from_db()
    assert turn.state == "draft"


def test_what_was_left_out_is_named_when_it_is_done(signed_in, school, turn, head):
    plan(turn, head, teachers={key_of(school, SEVENTH, 1): str(head.staff_id)})
    done = written(turn, head)
    with clock.frozen(THE_DAY):
        text = page_of(signed_in("head.songhu"), done)
    assert "贺长风" in text
    assert "不能给自己授予角色" in text


def test_the_usual_day_is_this_years_while_a_grade_has_outgrown_its_stage(school, turn, head):
    assert usual_day([school]) == ON
    accepted = accept(turn, head)
    with clock.frozen(THE_DAY):
        assert usual_day([school]) == ON
    assert written_usual_day(accepted, school) == dt.date(2028, 9, 1)


def written_usual_day(accepted: YearTurn, school) -> dt.date:
    with clock.frozen(THE_DAY):
        write_turn(accepted, actor=CLOCK)
        return usual_day([school])


def test_the_page_of_a_school_costs_the_same_for_more_pupils(cast, turn, head):
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            turn_page(turn, head)
        return len(seen)

    before = cost()
    unit = cast.classes["songhu-junior", "junior", NINTH, 1]
    drafts = [StudentDraft(name=f"学生{n}", class_unit=unit, number=f"9{n:07d}") for n in range(30)]
    register_students(cast.units["songhu-junior"], drafts, dt.date(2026, 9, 1))
    assert cost() == before
