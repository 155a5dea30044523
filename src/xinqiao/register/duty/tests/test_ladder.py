"""Holes of the warning ladder are found before they are needed; whoever is away has a substitute."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.models import Membership
from xinqiao.register.duty import ladder as ladder_module
from xinqiao.register.duty.ladder import count_holes, holes_of, ladder_page
from xinqiao.register.duty.models import Absence
from xinqiao.register.duty.named import named_people, present
from xinqiao.register.duty.services.absences import CannotStandIn, end_absence, name_substitute
from xinqiao.register.duty.tests.world import MONDAY_10, add_staff, build_world
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.policy.tests.local_packs import put_in_force

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)
LATER = dt.timedelta(days=3)


@pytest.fixture
def world(db):
    with clock.frozen(MONDAY_10):
        yield build_world()


@pytest.fixture
def rules(tmp_path, settings, world):
    def bind(name):
        words = {"en": name, "zh-Hans": name}
        put_in_force(tmp_path, settings, {
            "id": f"local-{name}", "extends": name, "version": "1", "title": words, "authority": words,
            "document": words, "in_force": {"from": "2026-09-01"}, "sources": [],
            "binds": {"units": [world.school.code]},
        })  # fmt: skip

    return bind


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=django_settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


def found(world):
    return {(hole.level, hole.code, hole.hole) for hole in holes_of(world.school, DAY)}


def enter(world, staff="teacher", substitute="teacher_a", start=DAY, end=DAY + LATER, actor="psych"):
    return name_substitute(
        world.school, actor=world.actor(actor), staff_id=world.id_of(staff), substitute_id=world.id_of(substitute),
        start_on=start, end_on=end,
    )  # fmt: skip


# ---- holes


def test_the_national_ladder_of_a_staffed_school_has_none(world):
    assert found(world) == set()


def test_a_grade_without_a_head_and_a_class_without_a_teacher_are_named(world, rules):
    rules("s3-city-schools")
    grade = world.class_b.parent
    assert found(world) == {("grade", grade.code, "nobody")}
    add_staff(world, "grade", "沈知远", Role.GRADE_HEAD, grade, unit=world.school)
    assert found(world) == set()
    Membership.objects.filter(user__staff_id=world.id_of("teacher")).update(end_on=DAY)
    assert found(world) == {("class", world.class_b.code, "nobody")}


def test_control_without_looking_nobody_would_know(world, rules, monkeypatch):
    rules("s3-city-schools")
    monkeypatch.setattr(ladder_module, "NOBODY", "")
    assert found(world) == set()


def test_a_class_without_pupils_needs_nobody(world, rules):
    rules("s3-city-schools")
    before = found(world)
    ensure_class(world.school, "junior", 2025, 1)
    assert found(world) == before


def test_boarders_without_a_dormitory_and_several_dormitories(world, rules):
    rules("s2a-county")
    world.school.has_boarders = True
    world.school.save()
    assert ("dormitory", world.school.code, "no_dormitory") in found(world)
    for number in (1, 2):
        build_unit(world.school, "dormitory", f"dorm-{number}", f"{number}号楼").save(force_insert=True)
    assert {("dormitory", f"dorm-{n}", "which_dormitory") for n in (1, 2)} <= found(world)
    add_staff(world, "keeper", "鲁秋雁", Role.DORM_KEEPER, world.school)
    assert not {hole for hole in found(world) if hole[0] == "dormitory"}


def test_a_class_outside_every_department(world, rules):
    rules("s3-city-universities")
    assert ("department", world.class_b.code, "no_department") in found(world)


def test_a_county_without_an_officer(world):
    Membership.objects.filter(user__staff_id=world.id_of("officer")).delete()
    assert found(world) == {("beyond", "", "nobody")}


def test_whoever_answers_for_the_school_counts_and_others_do_not(world, rules):
    rules("s3-city-schools")
    counted = [count_holes(world.actor(login), DAY) for login in ("psych", "head", "teacher")]
    assert counted == [1, 1, 0]
    assert count_holes(world.actor("other_psych"), DAY) == 1, "its own: that county has no officer"


def test_it_costs_the_same_for_two_classes_and_for_ten(world, rules):
    rules("s3-city-schools")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            ladder_page(world.school, DAY)
        return len(seen)

    queries()
    before = queries()
    for number in range(4, 12):
        group, _is_new = ensure_class(world.school, "junior", 2026, number)
        register_students(world.school, [StudentDraft(f"学生{number}", group, f"n{number}")], DAY)
    assert queries() == before


@pytest.mark.parametrize(("pack", "status"), [("national-default", 0), ("s3-city-schools", 1)])
def test_the_command_says_where_and_how_it_ended(world, rules, pack, status):
    rules(pack)
    out, ended = StringIO(), 0
    try:
        call_command("duty", "holes", world.school.code, "--json", stdout=out)
    except SystemExit as stop:
        ended = stop.code
    assert ended == status
    rows = json.loads(out.getvalue())["holes"]
    assert [(row["school"], row["level"], row["hole"]) for row in rows] == [("s1", "grade", "nobody")] * status


# ---- who is away


def test_the_substitute_is_named_and_the_page_says_for_whom(world, rules, sign_in):
    rules("s3-city-schools")
    enter(world)
    (named,) = named_people(["class_teacher"], world.class_b.path, MONDAY_10, boards=False)
    assert (named.staff_id, named.instead_of) == (world.id_of("teacher_a"), world.id_of("teacher"))
    text = sign_in("psych").get("/duty/ladder/").content.decode()
    assert "陆清和（代 周海宁）" in text
    assert "2026级" not in text
    assert "没有负责人" in text
    assert AuditEvent.objects.filter(event="duty.absence.entered").count() == 1


def test_the_day_after_the_last_it_is_over(world):
    enter(world, end=DAY)
    tomorrow = MONDAY_10 + dt.timedelta(days=1)
    (named,) = named_people(["class_teacher"], world.class_b.path, tomorrow, boards=False)
    assert named.staff_id == world.id_of("teacher")


def test_who_is_back_is_named_again(world):
    row = enter(world)
    end_absence(row, actor=world.actor("head"))
    (named,) = named_people(["class_teacher"], world.class_b.path, MONDAY_10, boards=False)
    assert named.staff_id == world.id_of("teacher")
    assert isinstance(end_absence(row, actor=world.actor("head")), Unchanged)


def test_a_ring_of_absences_ends(world):
    a, b = world.id_of("teacher"), world.id_of("teacher_a")
    assert present(a, {a: b, b: a}) in (a, b)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"substitute": "teacher"}, "own_substitute"), ({"end": DAY - LATER}, "absence_ends_first"),
        ({"start": DAY - LATER, "end": DAY - dt.timedelta(days=1)}, "absence_over"),
        ({"substitute": "other_psych"}, "not_of_school"), ({"staff": "officer"}, "not_of_school"),
    ],
)  # fmt: skip
def test_what_does_not_stand(world, changes, code):
    with pytest.raises(CannotStandIn) as refused:
        enter(world, **changes)
    assert refused.value.code == code


def test_nobody_is_away_twice_and_nobody_away_stands_in(world):
    enter(world)
    for changes, code in (({}, "absence_twice"), ({"staff": "teacher_a", "substitute": "teacher"}, "substitute_away")):
        with pytest.raises(CannotStandIn) as refused:
            enter(world, **changes)
        assert refused.value.code == code


def test_only_who_keeps_the_roster_enters_it(world):
    for login in ("teacher", "other_psych", "officer"):
        with pytest.raises(Forbidden):
            enter(world, actor=login)


@pytest.mark.parametrize("change", [{"end_on": DAY - LATER}, {"substitute_id": "staff_id"}])
def test_the_database_refuses_what_cannot_be(world, change):
    row = enter(world)
    values = {key: getattr(row, value) if value == "staff_id" else value for key, value in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.for_system(reason="test").filter(pk=row.pk).update(**values)


def test_the_form(world, sign_in):
    client, url = sign_in("head"), f"/duty/schools/{world.school.id}/absence/"
    assert client.get(url).status_code == 200
    body = {"staff": world.id_of("teacher"), "substitute": world.id_of("teacher"), "start_on": "2026-11-23",
            "end_on": "2026-11-24"}  # fmt: skip
    assert client.post(url, body).status_code == 422
    assert client.post(url, body | {"substitute": world.id_of("teacher_a")}).status_code == 302
    row = Absence.objects.for_system(reason="test").get()
    assert client.post(f"/duty/absences/{row.id}/end/").status_code == 302
    assert sign_in("other_psych").get(url).status_code == 404


def test_today_says_that_there_are_holes(world, rules, sign_in):
    assert "预警体系有缺口" not in sign_in("head").get("/").content.decode()
    rules("s3-city-schools")
    assert "有 1 处预警无人接收" in sign_in("head").get("/").content.decode()
