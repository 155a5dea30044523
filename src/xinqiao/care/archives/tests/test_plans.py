"""Growth plans and family sections: many in one step, once, kept by version; what is wrong comes back as typed."""

import datetime as dt

import pytest
from django.urls import reverse

from xinqiao.care.archives.rows import every_family_note, every_plan
from xinqiao.care.archives.selectors.classes import count_without_plan
from xinqiao.care.archives.services import plans as service
from xinqiao.care.archives.tests.conftest import AIM, HELPS, STRENGTHS, UPBRINGING
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.orgs.models import SchoolYear, Term

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.fixture
def term(world):
    year = SchoolYear.objects.create(
        unit=world.county, starts_in=2026, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 8, 31)
    )
    first = Term.objects.create(year=year, number=1, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 1, 20))
    Term.objects.create(year=year, number=2, start_on=dt.date(2027, 2, 15), end_on=dt.date(2027, 7, 5))
    return first


def test_a_class_teacher_plans_the_class_in_one_step_from_a_template(house, term, sign_in):
    world, client = house.world, sign_in("teacher")
    a, b, other = world.students
    there = reverse("archives:plans", args=[world.class_b.id])
    assert count_without_plan(world.actor("teacher"), clock.today()) == 2
    begun = client.get(there, {"template": "junior"})
    assert "第 1 学期" in text(begun)
    assert "参与班级生活" in text(begun)
    body = {"strengths": STRENGTHS, "aim": AIM, "helps": HELPS, "look_on": "2026-11-01", "pupils": [str(a.id)]}
    back = client.post(there, body)
    assert back.status_code == 422
    assert "这一天已过" in text(back)
    assert AIM in text(back)
    assert client.post(there, {**body, "pupils": []}).status_code == 422
    stranger = {**body, "look_on": "2027-01-10", "pupils": [str(a.id), str(other.id)]}
    assert client.post(there, stranger).status_code == 422
    assert not every_plan().exists(), "nobody's plan is written where one of them is refused"
    good = {**body, "look_on": "2027-01-10", "pupils": [str(a.id), str(b.id)]}
    assert client.post(there, good).status_code == 302
    assert "之前已经写好" in text(client.post(there, good, follow=True)), "a second click writes nothing"
    assert sorted(every_plan().values_list("student_id", "year", "term", "number")) == sorted(
        [(a.id, 2026, 1, 1), (b.id, 2026, 1, 1)]
    )
    assert AuditEvent.objects.filter(event="archives.plans.written").count() == 1
    assert count_without_plan(world.actor("teacher"), clock.today()) == 0
    single = {**good, "aim": "每天读十分钟书"}
    assert client.post(reverse("archives:plan", args=[a.id]), single).status_code == 302
    assert list(every_plan().filter(student=a).order_by("number").values_list("number", "is_current")) == [
        (1, False), (2, True),
    ]  # fmt: skip
    with clock.frozen(dt.datetime(2027, 4, 20, 2, 0, tzinfo=dt.UTC)):
        assert count_without_plan(world.actor("teacher"), clock.today()) == 2, "a new term wants a new plan"
    assert sign_in("teacher_a").get(there).status_code == 404
    assert sign_in("head").get(there).status_code == 403


def demand_written_once(house):
    """Two people who write the same leave one version in force."""
    student = house.world.students[0]
    house.plan(student)
    house.plan(student, by="psych")
    house.plan(student, by="psych", aim="别的目标")
    current = every_plan().filter(student=student, is_current=True)
    assert current.count() == 1
    assert every_plan().filter(student=student).count() == 2


def test_the_same_plan_is_written_once(house):
    demand_written_once(house)


def test_control_without_looking_at_what_stands_there_it_is_written_again(house, monkeypatch):
    monkeypatch.setattr(service, "open_sealed", lambda rows, *_names: [{} for _row in rows])
    with pytest.raises(AssertionError):
        demand_written_once(house)


def test_family_sections_are_the_psychology_teachers_and_kept_by_version(house, sign_in):
    student = house.world.students[0]
    there = reverse("archives:family", args=[student.id])
    client = sign_in("psych")
    empty = client.post(there, {"told_by": "pupil"})
    assert empty.status_code == 422
    assert "没有填写" in text(empty)
    body = {"told_by": "pupil", "upbringing": UPBRINGING}
    assert client.post(there, body).status_code == 302
    assert client.post(there, body).status_code == 302
    assert every_family_note().count() == 1
    assert client.post(there, {**body, "situation": "父母在外", "experience": "搬家三次"}).status_code == 302
    rows = every_family_note().order_by("number").values_list("number", "is_current", "is_whole")
    assert list(rows) == [(1, False, False), (2, True, True)]
    for login in ("head", "teacher"):
        assert sign_in(login).get(there).status_code == 403
