"""Launching a large school: few statements a pupil, short transactions, nothing made twice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinqiao.care.screening.jobs import filling
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.services.campaigns import create_campaign, launch_campaign
from xinqiao.care.sheets.models import Sitting
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.store import forget_keys
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.registering import StudentDraft, register_students

PUPILS = 600


@pytest.fixture
def large(school):
    drafts = [StudentDraft(f"众{n}", school.class_a, f"9{n:07d}", birth_year=2013) for n in range(PUPILS)]
    school.consent(register_students(school.unit, drafts, clock.today()))
    forget_keys()
    actor = school.actor("psych")
    return launch_campaign(create_campaign(school.unit, actor=actor, draft=school.draft()), actor=actor)


def test_statements_grow_with_chunks_and_not_with_pupils(large, school):
    total = PUPILS + len(school.students)
    chunks = -(-total // filling.CHUNK)
    with CaptureQueriesContext(connection) as made:
        assert fill_campaign(large, MONDAY_10).made == total
    assert len(made) < 40 * chunks
    sittings = Sitting.objects.for_system(reason="test").filter(origin_id=large.id)
    assert sittings.count() == sittings.values("student_id").distinct().count() == total
    assert AuditEvent.objects.filter(event="screening.sittings.opened").count() == chunks


def test_control_one_pupil_a_chunk_costs_many_more_statements(large, school, monkeypatch):
    monkeypatch.setattr(filling, "CHUNK", 20)
    with CaptureQueriesContext(connection) as made:
        fill_campaign(large, MONDAY_10)
    assert len(made) > 40 * 5


def test_a_second_run_makes_nothing(large):
    fill_campaign(large, MONDAY_10)
    assert fill_campaign(large, MONDAY_10).total == 0
