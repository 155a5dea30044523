"""What the policy asks of each school this school year: due, done, late; reminded once."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.screening.cadence import DueState, due_days, due_state, next_due
from xinqiao.care.screening.jobs import reminding
from xinqiao.care.screening.jobs.reminding import remind_of_due
from xinqiao.care.screening.models import CadenceReminder
from xinqiao.care.screening.selectors.cadence import due_for
from xinqiao.care.screening.services.campaigns import close_campaign
from xinqiao.care.screening.tests.bureau import add_schools, build_bureau
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.orgs.models import SchoolYear

LAST_DAY = dt.date(2027, 7, 4)  # the school year of the tests ends on 5 July
LOW = {"phq-9": [0] * 9, "gad-7": [0] * 7}


def grades(school, on: dt.date) -> dict[int, tuple[int, DueState]]:
    (row,) = due_for(school.actor("psych"), Permission.CAMPAIGN_VIEW, on)
    return {each.grade: (each.done, each.state) for each in row.grades}


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(2), dt.UTC)


def reminders(school) -> list[tuple[str, int]]:
    rows = CadenceReminder.objects.for_system(reason="a test looks").filter(school_id=school.unit.id)
    rows = rows.order_by("reminded_at")
    return list(rows.values_list("kind", "grades"))


def test_each_screened_grade_is_due_by_the_last_day_of_the_schools_own_year(school):
    (row,) = due_for(school.actor("psych"), Permission.CAMPAIGN_VIEW, clock.today())
    assert {each.due_on for each in row.grades} == {LAST_DAY}
    assert [each.grade for each in row.grades] == [7, 8]
    assert grades(school, clock.today())[7] == (0, DueState.DUE)
    assert grades(school, LAST_DAY - dt.timedelta(days=30))[7] == (0, DueState.SOON)
    SchoolYear.objects.update(end_on=dt.date(2027, 6, 11))
    assert grades(school, dt.date(2027, 6, 11))[7] == (0, DueState.LATE)


def test_a_grade_is_done_when_its_screening_has_ended_and_somebody_handed_in(school):
    campaign = school.launched()
    assert grades(school, clock.today())[7] == (0, DueState.RUNNING)
    hand_in(campaign, school.students[0], LOW)
    close_campaign(campaign, actor=school.actor("psych"))
    assert grades(school, clock.today()) == {7: (1, DueState.DONE), 8: (0, DueState.DUE)}


def test_control_a_screening_that_nobody_answered_counts_for_nothing(school):
    close_campaign(school.launched(), actor=school.actor("psych"))
    assert grades(school, clock.today())[7] == (0, DueState.DUE)


def test_a_school_is_reminded_once_before_and_once_after_the_day(school):
    assert remind_of_due(MONDAY_10) == 0
    soon, late = at(LAST_DAY - dt.timedelta(days=10)), at(LAST_DAY + dt.timedelta(days=1))
    assert remind_of_due(soon) == 1  # the other school keeps no calendar: its year ends with July
    assert remind_of_due(soon + dt.timedelta(hours=5)) == 0
    assert remind_of_due(late) == 2  # late here, soon there
    assert remind_of_due(late + dt.timedelta(days=3)) == 0
    assert reminders(school) == [("soon", 2), ("late", 2)]
    events = AuditEvent.objects.filter(event="screening.cadence.reminded", place=school.unit.path)
    facts = [json.loads(each.facts) for each in events.order_by("id")]
    assert [(each["kind"], each["due_on"]) for each in facts] == [("soon", "2027-07-04"), ("late", "2027-07-04")]
    assert (
        OutboxMessage.objects.for_system(reason="a test counts").filter(about_kind="cadence").count() == 2
    )  # one address here, none there


def test_control_without_the_memory_the_row_itself_refuses_a_second_reminder(school, monkeypatch):
    soon = at(LAST_DAY - dt.timedelta(days=10))
    remind_of_due(soon)
    monkeypatch.setattr(reminding, "CadenceReminder", _Forgetful)
    with pytest.raises(IntegrityError):
        remind_of_due(soon)


class _Forgetful:
    """Makes reminders and finds none."""

    def __new__(cls, **fields):
        return CadenceReminder(**fields)

    class objects:  # noqa: N801 - stands where the manager stands
        @staticmethod
        def for_system(*, reason: str):
            return CadenceReminder.objects.for_system(reason="a test looks").none()


def test_the_pages_say_what_is_due(school):
    for login, url in (("psych", "screening:index"), ("officer", "screening:coverage")):
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(school.world.users[login])
        text = client.get(reverse(url)).content.decode()
        assert "本学年应完成" in text
        assert "2027年7月4日" in text
    teacher = Client(headers={"accept-language": "zh-hans"})
    teacher.force_login(school.world.users["teacher"])
    assert "本学年应完成" not in teacher.get(reverse("screening:index")).content.decode()


def test_twenty_schools_cost_no_more_queries_than_one(school):
    bureau = build_bureau(school, 1)
    client = Client()
    client.force_login(school.world.users["officer"])
    counts = []
    for more in (0, 19):
        add_schools(bureau, more)
        client.get(reverse("screening:coverage"))
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("screening:coverage"))
        counts.append(len(made))
    assert counts[1] <= counts[0]


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_a_school_year_is_divided_evenly_and_its_last_part_ends_with_it(times):
    first, after = dt.date(2026, 9, 1), dt.date(2027, 7, 5)
    days = due_days(times, first, after)
    assert len(days) == times
    assert days[-1] == after - dt.timedelta(days=1)
    lengths = [(b - a).days for a, b in zip((first - dt.timedelta(days=1), *days), days, strict=False)]
    assert max(lengths) - min(lengths) <= 1
    assert next_due(times, days) is None
    assert next_due(0, days) == days[0]


def test_where_a_grade_stands():
    due, day = dt.date(2027, 1, 10), dt.timedelta(days=1)
    assert due_state(due, due, 30, is_running=False) == DueState.SOON
    assert due_state(due, due + day, 30, is_running=False) == DueState.LATE
    assert due_state(due, due + day, 30, is_running=True) == DueState.RUNNING
    assert due_state(due, due - 31 * day, 30, is_running=False) == DueState.DUE
    assert due_state(None, due, 30, is_running=False) == DueState.DONE
