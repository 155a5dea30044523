"""Pages of the committee in both languages, what can be done on them, and what they tell to whom."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.voices.rows import every_seat, every_worry
from xinqiao.care.voices.services.committee import appoint_member
from xinqiao.care.voices.tests.conftest import CANARY
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.orgs.models import CalendarDay
from xinqiao.register.orgs.services.units import ensure_class
from xinqiao.register.people.registering import StudentDraft, register_students


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, world, write_worry, language):
    client, worry = sign_in("psych", language), write_worry()
    names = {"classes": (), "class": (world.class_b.id,), "worries": (), "worry": (worry.id,)}
    for name, args in names.items():
        response = client.get(reverse(f"voices:{name}", args=args))
        assert response.status_code == 200, name
        assert "欧阳思源" in response.content.decode(), name
    assert CANARY in client.get(reverse("voices:worry", args=[worry.id])).content.decode()


def test_a_class_teacher_sees_the_class_and_nothing_of_a_classmate(sign_in, world, write_worry):
    client, worry = sign_in("teacher"), write_worry()
    page = client.get(reverse("voices:class", args=[world.class_b.id])).content.decode()
    assert "有点低落" in page
    assert "比较重" in page
    assert "窗边" not in page
    assert client.get(reverse("voices:worries")).status_code == 403
    assert client.get(reverse("voices:worry", args=[worry.id])).status_code == 403
    assert client.get(reverse("voices:class", args=[world.class_a.id])).status_code == 404
    listed = client.get(reverse("voices:classes")).content.decode()
    assert reverse("voices:class", args=[world.class_b.id]) in listed
    assert reverse("voices:class", args=[world.class_a.id]) not in listed
    assert AuditEvent.objects.filter(event="voices.reports.read").count() == 1


def test_another_schools_psychology_teacher_finds_nothing(sign_in, world, write_worry, seat):
    client, worry = sign_in("other_psych"), write_worry()
    assert client.get(reverse("voices:worry", args=[worry.id])).status_code == 404
    assert client.get(reverse("voices:class", args=[world.class_b.id])).status_code == 404
    assert client.post(reverse("voices:seat-end", args=[seat.id])).status_code == 404
    assert "欧阳思源" not in client.get(reverse("voices:classes")).content.decode()


def test_appointing_and_ending_by_hand(sign_in, world):
    client, there = sign_in("teacher"), reverse("voices:class", args=[world.class_b.id])
    assert client.post(there, {"student": ""}).status_code == 422
    assert client.post(there, {"student": str(world.students[2].id)}).status_code == 422
    assert client.post(there, {"student": str(world.students[1].id)}).url == there
    seat = every_seat().get()
    assert seat.student_id == world.students[1].id
    assert client.post(reverse("voices:seat-end", args=[seat.id])).url == there
    assert every_seat().get().end_on == clock.today()


def test_a_worry_is_named_by_choosing_or_by_number(sign_in, world, write_worry):
    client = sign_in("psych")
    worry = write_worry()
    there = reverse("voices:worry", args=[worry.id])
    assert client.post(there, {"student": "", "number": ""}).status_code == 422
    assert client.post(there, {"student": "", "number": "404"}).status_code == 422
    assert "/alerts/" in client.post(there, {"student": "", "number": "20260101"}).url
    assert every_worry().get().named_id == world.students[2].id
    page = client.get(there).content.decode()
    assert "这一条已经处理" in page
    other = write_worry()
    chosen = {"student": str(world.students[1].id), "number": ""}
    signal = client.post(reverse("voices:worry", args=[other.id]), chosen)
    told = client.get(signal.url).content.decode()
    assert CANARY in told
    assert "心理委员注意到：好些天都不开心" in told
    assert CANARY not in client.get("/alerts/").content.decode()  # the queue brings codes, not words
    assert "心理委员注意到" in client.get("/alerts/").content.decode()


def test_setting_aside_by_hand(sign_in, world, write_worry):
    client, worry = sign_in("psych"), write_worry()
    there = reverse("voices:worry-set-aside", args=[worry.id])
    assert client.post(there, {"reason": "短"}).status_code == 422
    assert client.post(there, {"reason": "问过了，说的是外校的人"}).url == reverse("voices:worries")
    assert "没有待办" in client.get(reverse("voices:worries")).content.decode()


def test_a_missing_report_is_said_and_free_weeks_are_not(sign_in, world, write_report):
    write_report(weeks_ago=1)
    client = sign_in("teacher")
    assert "<strong>未交</strong>" not in client.get(reverse("voices:classes")).content.decode(), "appointed today"
    every_seat().update(start_on=clock.today() - dt.timedelta(days=40))
    page = client.get(reverse("voices:classes")).content.decode()
    assert page.count("<strong>未交</strong>") == 2  # two and three weeks ago; of this week there is time until Friday
    assert "还没到期" in page
    free = [dt.date(2026, 11, 9) + dt.timedelta(days=n) for n in range(7)]  # the week two weeks ago
    for day in free:
        CalendarDay.objects.create(unit=world.school, day=day, is_school_day=False)
    assert client.get(reverse("voices:classes")).content.decode().count("<strong>未交</strong>") == 1


def test_twenty_classes_cost_no_more_queries_than_one(sign_in, world, seat, write_report):
    client, counts = sign_in("psych"), []
    write_report()
    for numbers in ((), range(10, 29)):
        for number in numbers:
            unit, _is_new = ensure_class(world.school, "junior", 2026, number)
            draft = StudentDraft(f"学生{number}", unit, f"20269{number}")
            (pupil,) = register_students(world.school, [draft], clock.today())
            appoint_member(pupil, actor=world.actor("psych"))
        client.get(reverse("voices:classes"))
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("voices:classes"))
        counts.append(len(made))
    assert counts[1] <= counts[0]
