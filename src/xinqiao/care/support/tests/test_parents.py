"""Teaching parents: noted once, no more families than pupils, counted for each class against the policy."""

import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse

from xinqiao.care.support.models import ParentSession
from xinqiao.care.support.rules import NO_TOPIC, SESSION_AHEAD, TOO_MANY
from xinqiao.care.support.selectors import parents
from xinqiao.care.support.selectors.parents import session_rows, taught_rows
from xinqiao.care.support.services.parents import CannotTeach, SessionDraft, note_session
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.orgs.models import SchoolYear, Term


@pytest.fixture
def term(world):
    year = SchoolYear.objects.create(
        unit=world.county, starts_in=2026, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 7, 5)
    )
    return Term.objects.create(year=year, number=1, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 1, 24))


def draft(**said):
    base = {
        "kind": "school", "way": "hall", "title": "陪孩子睡好觉", "topic": "sleep", "held_on": clock.today(),
        "led_by": "心理教师", "families": 1, "key": new_id(),
    }  # fmt: skip
    return SessionDraft(**{**base, **said})


def check_counted_for_each_class(world):
    """A class counts its own sessions and those of its whole school, of this term alone."""

    def counted(login):
        return {row.name: (row.sessions, row.asked) for row in taught_rows(world.actor(login), clock.today())}

    note_session(world.class_b, actor=world.actor("teacher"), draft=draft(held_on=dt.date(2026, 8, 20)))
    assert counted("teacher") == {"七年级(3)班": (0, 1)}, "of the term before"
    note_session(world.class_b, actor=world.actor("teacher"), draft=draft())
    assert counted("psych") == {"七年级(1)班": (0, 1), "七年级(3)班": (1, 1)}
    note_session(world.school, actor=world.actor("psych"), draft=draft(families=3))
    assert counted("teacher_a") == {"七年级(1)班": (1, 1)}


def test_a_class_counts_its_own_sessions_and_its_schools(world, term):
    check_counted_for_each_class(world)


def test_control_counting_without_looking_where_is_seen(world, term, monkeypatch):
    monkeypatch.setattr(parents, "covers", lambda *_places: True)
    with pytest.raises(AssertionError):
        check_counted_for_each_class(world)


def test_a_session_is_noted_once_and_what_is_wrong_is_named_with_the_words_kept(world, client):
    teacher, unit = world.actor("teacher"), world.class_b
    said = draft()
    assert isinstance(note_session(unit, actor=teacher, draft=said), ParentSession)
    assert note_session(unit, actor=teacher, draft=said) == Unchanged("noted_already")
    for wrong, code in (({"families": 3}, TOO_MANY), ({"topic": "money"}, NO_TOPIC),
                        ({"held_on": clock.today() + dt.timedelta(days=1)}, SESSION_AHEAD)):  # fmt: skip
        with pytest.raises(CannotTeach) as refused:
            note_session(unit, actor=teacher, draft=draft(**wrong))
        assert refused.value.code == code
    with pytest.raises(Forbidden):
        note_session(world.class_a, actor=teacher, draft=draft())
    assert session_rows(world.actor("teacher_a"), clock.today()) == []
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    client.force_login(world.users["teacher"], backend=settings.AUTHENTICATION_BACKENDS[0])
    typed = {"key": str(new_id()), "unit": str(unit.id), "kind": "meeting", "way": "online", "title": "家长会上的一课",
             "topic": "respect", "held_on": "2026-11-20", "led_by": "周海宁", "families": "9"}  # fmt: skip
    answer = client.post(reverse("support:parents"), typed)
    assert answer.status_code == 422
    assert "到场家庭数超过了学生数" in answer.content.decode()
    assert "家长会上的一课" in answer.content.decode()
    assert client.post(reverse("support:parents"), {**typed, "families": "2"}).status_code == 302
    assert "2 / 2" in client.get(reverse("support:parents")).content.decode()
