"""Who comes to the door is noted in a few taps, named or not, and every hour on duty has a record."""

import datetime as dt

import pytest
from django.urls import reverse

from xinqiao.care.centre import rules
from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.rows import every_hour, every_visit
from xinqiao.care.centre.selectors import visits as selectors
from xinqiao.care.centre.selectors.centre import centre_page
from xinqiao.care.centre.selectors.visits import hours_without_record
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.services.visits import note_nobody
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id


def url(name, *args):
    return reverse(f"centre:{name}", args=args)


@pytest.fixture
def monday(world, pattern):
    """The first hour of the roster, today from 13:00 to 15:00."""
    write_term(world.school, actor=world.actor("head"))
    return every_hour().order_by("start_at").first()


def form(world, **more):
    return {"once": str(new_id()), "school": str(world.school.id), "pupil": "", "minutes": "15", "topics": ["study"],
            **more}  # fmt: skip


def test_visits_are_noted_named_or_not(sign_in, world, monday):
    with clock.frozen(monday.start_at + dt.timedelta(minutes=30)):
        psych, there = sign_in("psych"), url("visits")
        assert psych.get(there).status_code == 200
        unknown = psych.post(there, form(world, pupil="没有这个人"))
        assert unknown.status_code == 422
        assert "没有这个人" in unknown.content.decode(), "what was typed stays"
        assert psych.post(there, form(world, topics=[])).status_code == 422
        assert psych.post(there, form(world, pupil="别校生")).status_code == 422, "a pupil of another school"
        named = form(world, pupil="20260301", topics=["study", "family"])
        for _click in range(2):
            assert psych.post(there, named).status_code == 302
        assert psych.post(there, form(world)).status_code == 302
        page = psych.get(there).content.decode()
    assert every_visit().count() == 2, "a double click is one visit"
    assert "欧阳思源" in page
    assert "学习与考试" in page
    assert "未留名" in page
    assert set(every_visit().values_list("hour_id", flat=True)) == {monday.id}
    assert AuditEvent.objects.filter(event="centre.visit.noted", subject_id=world.students[0].id).count() == 1
    assert AuditEvent.objects.filter(event="centre.visits.read").exists()


def check_nothing_is_forgotten(world, monday):
    """The check: an hour that is over stands there until a visit, a booking or "nobody came" is written."""
    psych, after = world.actor("psych"), monday.end_at + dt.timedelta(minutes=1)
    with clock.frozen(after):
        assert [row.id for row in hours_without_record(psych, after)] == [monday.id], "an hour is forgotten"
        week = centre_page(world.actor("head"), world.school, day=after.date(), at=after).week
        assert (week.recorded, week.over) == (0, 1)
        note_nobody(monday, actor=psych)
        assert hours_without_record(psych, after) == []
        assert centre_page(world.actor("head"), world.school, day=after.date(), at=after).week.recorded == 1


def test_an_hour_in_which_nobody_came_is_recorded_when_the_counsellor_says_so(world, monday):
    with pytest.raises(CannotDo, match=rules.NOT_OVER):
        note_nobody(monday, actor=world.actor("psych"))
    check_nothing_is_forgotten(world, monday)


def test_control_where_every_hour_counts_as_recorded_the_same_check_is_red(world, monday, monkeypatch):
    from django.db.models import Q

    monkeypatch.setattr(selectors, "is_recorded", lambda: Q(pk__isnull=False))
    with pytest.raises(AssertionError, match="an hour is forgotten"):
        check_nothing_is_forgotten(world, monday)
