"""The closed manager: no row of a child's is read without saying who asks."""

import asyncio
import uuid

import pytest
from django.apps import apps
from django.db.models import Count, Exists, OuterRef

from xinqiao.foundation.access import scoped
from xinqiao.foundation.access.actors import Actor, Grant, system_actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.access.scoped import ScopedQuerySet, Unscoped
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.people.models import Enrolment, Student

pytestmark = pytest.mark.django_db
CLASS, OTHER_CLASS, OTHER_SCHOOL = "aaaaaaaa/bbbbbbbb/cccccccc/", "aaaaaaaa/bbbbbbbb/dddddddd/", "aaaaaaaa/eeeeeeee/"


@pytest.fixture
def students():
    rows = {}
    for place in (CLASS, OTHER_CLASS, OTHER_SCHOOL):
        rows[place] = Student(
            county_id=uuid.uuid4(), place=place, school_id=uuid.uuid4(), school_place=place, key_id=new_key("student"),
            name="生",
        )  # fmt: skip
        rows[place].save(force_insert=True)
    return rows


def actor(role, place):
    return Actor(id=uuid.uuid4(), grants=(Grant(role, place),))


def everybody():
    return Student.objects.for_system(reason="test")


READS = {
    "all": lambda rows: Student.objects.all(),
    "list": lambda rows: list(Student.objects.filter()),
    "get": lambda rows: Student.objects.get(pk=rows[CLASS].pk),
    "first": lambda rows: Student.objects.first(),
    "count": lambda rows: Student.objects.count(),
    "exists": lambda rows: Student.objects.filter().exists(),
    "contains": lambda rows: Student.objects.filter().contains(rows[CLASS]),
    "values": lambda rows: list(Student.objects.values("id")),
    "in_bulk": lambda rows: Student.objects.in_bulk(),
    "aggregate": lambda rows: Student.objects.aggregate(Count("id")),
    "iterator": lambda rows: list(Student.objects.iterator()),
    "latest": lambda rows: Student.objects.latest("created_at"),
    "update": lambda rows: Student.objects.update(ethnicity="x"),
    "delete": lambda rows: Student.objects.filter().delete(),
    "get_or_create": lambda rows: Student.objects.get_or_create(pk=rows[CLASS].pk),
    "raw": lambda rows: list(Student.objects.raw("SELECT * FROM people_student")),
    "subquery": lambda rows: list(
        Enrolment.objects.for_system(reason="test").filter(student__in=Student.objects.filter(ethnicity="x"))
    ),
    "or": lambda rows: list(everybody().none() | Student.objects.filter()),
    "and": lambda rows: list(everybody() & Student.objects.filter()),
    "xor": lambda rows: list(everybody() ^ Student.objects.filter()),
    "union": lambda rows: list(everybody().union(Student.objects.filter())),
    "reverse relation": lambda rows: list(rows[CLASS].enrolments.filter()),
    "reverse relation, all": lambda rows: rows[CLASS].enrolments.all(),
    "prefetch": lambda rows: list(everybody().prefetch_related("enrolments")),
    "async iterator": lambda rows: asyncio.run(collected(Student.objects.filter())),
}


async def collected(rows):
    return [row async for row in rows.aiterator()]


@pytest.mark.parametrize("way", READS)
def test_every_unscoped_read_is_refused(way, students):
    with pytest.raises(Unscoped):
        READS[way](students)


def test_control_without_the_demand_the_same_reads_give_rows(students, monkeypatch):
    monkeypatch.setattr(ScopedQuerySet, "_demand_scope", lambda self: None)
    for way in ("list", "get", "first", "values", "raw", "subquery", "xor"):
        READS[way](students)


def test_exists_needs_an_open_outer_query(students):
    enrolled = Exists(Enrolment.objects.filter(student=OuterRef("pk")))
    with pytest.raises(Unscoped):
        list(Student.objects.filter(enrolled))


def test_a_reason_must_be_given(students):
    with pytest.raises(Unscoped):
        Student.objects.for_system(reason=" ")
    assert Student.objects.for_system(reason="a count for the test").count() == 3


@pytest.mark.parametrize(
    ("role", "place", "seen"),
    [
        (Role.PSYCH_TEACHER, "aaaaaaaa/bbbbbbbb/", {CLASS, OTHER_CLASS}),
        (Role.CLASS_TEACHER, CLASS, {CLASS}),
        (Role.PSYCH_TEACHER, OTHER_SCHOOL, {OTHER_SCHOOL}),
        (Role.PSYCH_TEACHER, "aaaaaaaa/bbbbbbb0/", set()),
        (Role.COUNTY_OFFICER, "aaaaaaaa/", set()),
        (Role.SYSTEM_ADMIN, "aaaaaaaa/", set()),
    ],
)
def test_an_actor_sees_what_stands_at_or_below_the_own_places(role, place, seen, students):
    rows = Student.objects.visible_to(actor(role, place), Permission.STUDENT_LIST)
    assert {row.place for row in rows} == seen


def test_control_with_scope_patched_out_everybody_sees_everything(students, monkeypatch):
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda self, actor, permission: self._opened())
    assert Student.objects.filter().visible_to(actor(Role.CLASS_TEACHER, CLASS), Permission.STUDENT_LIST).count() == 3


def test_scope_is_kept_by_what_is_chained(students):
    rows = Student.objects.visible_to(actor(Role.CLASS_TEACHER, CLASS), Permission.STUDENT_LIST)
    assert rows.exclude(ethnicity="x").order_by("id").filter(place__gte="a").count() == 1
    assert (rows | rows).count() == 1
    assert rows.union(rows).count() == 1


def test_a_pupil_sees_the_own_row_only(students):
    pupil = Actor(id=uuid.uuid4(), kind="student", grants=(Grant(Role.STUDENT, ""),), own_student_id=students[CLASS].pk)
    rows = Student.objects.visible_to(pupil, Permission.RESULT_OWN)
    assert [row.pk for row in rows] == [students[CLASS].pk]
    assert not Student.objects.visible_to(pupil, Permission.STUDENT_LIST)


def test_the_system_sees_all(students):
    assert Student.objects.visible_to(system_actor("test"), Permission.STUDENT_LIST).count() == 3


def test_the_base_manager_serves_relations_of_every_scoped_model():
    models = [model for model in apps.get_models() if issubclass(model, scoped.ScopedModel)]
    assert len(models) > 10
    assert all(model._base_manager.name == "_system" for model in models)
