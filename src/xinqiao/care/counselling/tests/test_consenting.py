"""Consent to counselling is taken back: no session is held, the counsellor has a task, and nobody forgets it."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from xinqiao.care.counselling import consenting
from xinqiao.care.counselling.course_rows import every_course
from xinqiao.care.counselling.course_rules import CONSENT_SAYS_NO, CONSENT_TAKEN_BACK
from xinqiao.care.counselling.errors import CannotCounsel
from xinqiao.care.counselling.notes import Note
from xinqiao.care.counselling.services.courses import end_course, open_course
from xinqiao.care.counselling.services.noting import keep_note
from xinqiao.care.counselling.tests.test_courses import WHOLE, agreed, held
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.kinds import CONSENT_BACK
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.people.services.consents import FormText, publish_form, record_consents

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def form(world):
    text = FormText("心理辅导知情同意书", "自愿，可随时停止。", "Consent to counselling", "Free, at any time ended.")
    return publish_form(world.school, actor=world.actor("psych"), purpose="counselling", text=text)


@pytest.fixture
def course(world, sealed, form):
    """The guardian said yes, and psych counsels the pupil."""
    sealed.found()
    decide(world, form, "given")
    return open_course(world.students[0], actor=world.actor("psych"), draft=agreed())


def decide(world, form, decision, by="guardian"):
    return record_consents(
        world.class_b, actor=world.actor("psych"), form=form, student_ids=[world.students[0].id], decision=decision,
        given_by=by,
    )  # fmt: skip


def fresh(course):
    return every_course().select_related("student").get(pk=course.pk)


def clocks(**of):
    return Deadline.objects.for_system(reason="a test looks").filter(kind=CONSENT_BACK, **of)


def demand_no_session_goes_on(world, course, form, frozen):
    """What was held before is written down; afterwards nothing, but for danger; and it climbs when nobody does it."""
    decide(world, form, "withdrawn")
    keep_note(fresh(course), actor=world.actor("psych"), draft=held(), note=WHOLE)
    assert clocks(met_at=None).count() == 1, "the counsellor has a task"
    with clock.frozen(frozen + A_DAY):
        with pytest.raises(CannotCounsel) as error:
            keep_note(fresh(course), actor=world.actor("psych"), draft=held(), note=WHOLE)
        assert error.value.code == CONSENT_TAKEN_BACK
        danger = Note(process="她说撑不下去了", risk="acute")
        keep_note(fresh(course), actor=world.actor("psych"), draft=held(), note=danger)
    due = clocks().get().due_at
    with clock.frozen(due):
        climb_due(due)
    assert AuditEvent.objects.filter(event="counselling.course.consent_overdue").count() == 1


def test_no_session_goes_on_after_it_was_taken_back(world, course, form, frozen):
    demand_no_session_goes_on(world, course, form, frozen)


def test_control_nobody_listens_and_sessions_go_on(world, course, form, frozen, monkeypatch):
    monkeypatch.setattr(consenting, "_take_back", lambda *_a: None)
    with pytest.raises(AssertionError, match="has a task"):
        demand_no_session_goes_on(world, course, form, frozen)


def test_agreed_anew_it_goes_on_and_ended_it_is_over(world, course, form, frozen):
    decide(world, form, "withdrawn")
    decide(world, form, "given")
    assert fresh(course).consent_back_at is None
    assert clocks(met_at=None).count() == 0
    with clock.frozen(frozen + A_DAY):
        keep_note(fresh(course), actor=world.actor("psych"), draft=held(), note=WHOLE)
        decide(world, form, "withdrawn")
        end_course(fresh(course), actor=world.actor("psych"), why="wish", effect="some")
        with pytest.raises(CannotCounsel) as error:
            open_course(world.students[0], actor=world.actor("psych"), draft=agreed())
    assert clocks(met_at=None).count() == 0
    assert prove(frozen + A_DAY).faults == ()
    assert error.value.code == CONSENT_SAYS_NO


def test_a_course_that_goes_on_without_its_clock_is_found(world, course, form, frozen):
    decide(world, form, "withdrawn")
    assert prove(frozen).faults == ()
    clocks().delete()
    assert [fault.code for fault in prove(frozen).faults] == ["course_goes_on_without_consent"]


def test_no_form_stands_in_the_way_where_none_is_published(world, sealed):
    sealed.found()
    opened = open_course(world.students[1], actor=world.actor("psych"), draft=agreed())
    assert opened.consent_back_at is None


def test_the_page_says_it_in_red_until_somebody_decides(world, course, form, sign_in, frozen):
    there = reverse("counselling:course", args=[course.id])
    client = sign_in("psych")
    assert "同意已撤回" not in client.get(there).content.decode()
    decide(world, form, "withdrawn")
    page = client.get(there)
    assert "同意已撤回" in page.content.decode()
    assert f"{reverse('people:consents', args=[world.class_b.id])}?purpose=counselling" in page.content.decode()
    assert "同意已撤回" in client.get(reverse("counselling:index")).content.decode()
    typed = {"key": str(uuid4()), "held_on": "2026-11-24", "minutes": "45", "form": "online", "risk": "none",
             "process": "还在谈"}  # fmt: skip
    with clock.frozen(frozen + A_DAY):
        client.logout()
        client = sign_in("psych")
        refused = client.post(reverse("counselling:write", args=[course.id]), typed)
    assert refused.status_code == 422
    assert "此日之前同意已撤回" in refused.content.decode()
    assert "还在谈" in refused.content.decode()
