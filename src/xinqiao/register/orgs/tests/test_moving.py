"""Hanging units elsewhere: whatever says where it belongs follows, history does not."""

import json
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services import moving
from xinqiao.register.orgs.services.moving import CannotMoveUnit, move_unit
from xinqiao.register.orgs.services.units import add_unit, build_unit
from xinqiao.register.orgs.tests.conftest import ON
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("a test")


@pytest.fixture
def city_two(tree):
    unit = build_unit(tree.province, "city", "lx2", "lx2")
    unit.save(force_insert=True)
    return unit


@pytest.fixture
def pupil(tree):
    return register_students(tree.school, [StudentDraft("王𠮷", tree.group, "20260301")], ON)[0]


def teacher_of(tree):
    user = get_user_model().objects.create_user("class.teacher", "only-in-tests-7Q")
    user.memberships.create(role=Role.CLASS_TEACHER, place=tree.group.path, start_on=ON)
    return user


def seen_by(user):
    return Student.objects.visible_to(actor_for(user, ON), Permission.STUDENT_LIST).count()


def test_everything_below_follows_and_history_stays(tree, city_two, pupil):
    teacher = teacher_of(tree)
    added = add_unit(tree.school, actor=SYSTEM, kind="dormitory", code="d1", name="一号楼")
    old_place = AuditEvent.objects.get(event="orgs.unit.added").place
    assert seen_by(teacher) == 1
    move_unit(tree.county, actor=SYSTEM, parent=city_two)
    for unit in (tree.county, tree.school, tree.group, added):
        unit.refresh_from_db()
        assert unit.path.startswith(city_two.path)
    moved = Student.objects.for_system(reason="a test").get(pk=pupil.pk)
    assert (moved.place, moved.school_place) == (tree.group.path, tree.school.path)
    assert moved.county_id == tree.county.id
    assert seen_by(teacher) == 1
    assert tree.other.path not in set(Unit.objects.values_list("path", flat=True)), "no row was left behind"
    assert AuditEvent.objects.get(event="orgs.unit.added").place == old_place
    event = AuditEvent.objects.get(event="orgs.unit.moved")
    assert event.place == tree.county.path
    assert json.loads(event.facts)["rows"] >= 7


def test_control_without_the_rewriting_nobody_finds_the_pupils(tree, city_two, pupil, monkeypatch):
    officer = tree.actor(Role.PRINCIPAL, "school")
    monkeypatch.setattr(moving, "_rewrite_places", lambda old, new: Unit.objects.filter(path=old).update(path=new))
    move_unit(tree.county, actor=SYSTEM, parent=city_two)
    tree.school.refresh_from_db()
    assert not tree.school.path.startswith(city_two.path), "a test that looked only at the unit itself would not see it"
    assert officer.grants[0].place == tree.school.path


@pytest.mark.parametrize(
    ("what", "to", "code"),
    [
        ("school", "city", "other_county"),
        ("county", "school", "inside_itself"),
        ("group", "other", "bad_parent"),
        ("city", "county", "inside_itself"),
    ],
)
def test_what_cannot_hang_there_is_refused(tree, what, to, code):
    with pytest.raises(CannotMoveUnit, match=code):
        move_unit(getattr(tree, what), actor=SYSTEM, parent=getattr(tree, to))


def test_what_lies_in_a_school_stays_in_it(tree):
    house = add_unit(tree.school, actor=SYSTEM, kind="dormitory", code="d1", name="一号楼")
    campus = add_unit(tree.school, actor=SYSTEM, kind="campus", code="k1", name="东校区")
    with pytest.raises(CannotMoveUnit, match="other_school"):
        move_unit(house, actor=SYSTEM, parent=tree.other)
    assert move_unit(house, actor=SYSTEM, parent=campus).path.startswith(campus.path)


def test_the_right_is_asked_at_both_parents(tree, city_two):
    officer = tree.actor(Role.CITY_OFFICER, "city")
    with pytest.raises(Forbidden):
        move_unit(tree.county, actor=officer, parent=city_two)


def test_the_command_moves_once_and_explains_a_refusal(tree, city_two):
    out = StringIO()
    call_command("unit", "move", "--unit", "sh", "--to", "lx2", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"unit": "sh", "to": "lx2", "moved": True}
    out = StringIO()
    call_command("unit", "move", "--unit", "sh", "--to", "lx2", "--json", stdout=out)
    assert json.loads(out.getvalue())["moved"] is False
    assert isinstance(move_unit(Unit.objects.get(code="sh"), actor=SYSTEM, parent=city_two), Unchanged)
    with pytest.raises(CommandError, match="两个县"):
        call_command("unit", "move", "--unit", "sh-one", "--to", "lx")
    with pytest.raises(CommandError, match="nowhere"):
        call_command("unit", "move", "--unit", "nowhere", "--to", "lx")


def listed(*arguments):
    out = StringIO()
    call_command("unit", "list", *arguments, stdout=out)
    return out.getvalue()


def test_the_list_gives_the_codes_that_other_commands_ask_for(tree):
    units = json.loads(listed("--json"))["units"]
    assert {unit["code"]: unit["under"] for unit in units} == {
        "yl": None, "lx": "yl", "sh": "lx", "sh-one": "sh", "sh-two": "sh"
    }  # fmt: skip
    below = json.loads(listed("--json", "--all", "--under", "sh-one"))["units"]
    assert [unit["kind"] for unit in below] == ["school", "grade", "class"]
    assert "      sh-one  sh-one (学校)" in listed()
