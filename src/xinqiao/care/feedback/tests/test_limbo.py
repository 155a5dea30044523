"""The proof that nothing waits unseen knows feedback, meetings and their tasks: each planted breakage is named."""

import datetime as dt
from dataclasses import dataclass

import pytest

from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.feedback.jobs.calling import keep_meetings
from xinqiao.care.feedback.models import Decision, Feedback, Meeting, TeacherWord
from xinqiao.care.feedback.services.meetings import DecisionDraft, open_meeting, record_decision
from xinqiao.care.feedback.services.telling import open_words
from xinqiao.care.feedback.tests.conftest import rows
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.models import Deadline

pytestmark = pytest.mark.django_db
WHAT = "每周五课间聊十分钟，记下状态"


@dataclass
class Lived:
    """One pupil with both owed, one whose teacher has opened the words, a meeting under way and a task of it."""

    owed: Feedback
    opened: Feedback
    meeting: Meeting
    task: Decision


@pytest.fixture
def lived(house):
    house.settle(outcome="case", level="orange")
    house.settle(house.signal(house.world.students[2]), outcome="case", level="orange")
    open_words(house.word("teacher_a"), actor=house.world.actor("teacher_a"))
    keep_meetings(clock.now())
    meeting = rows(Meeting).get(school_id=house.world.school.id)
    open_meeting(meeting, actor=house.psych)
    due = clock.today() + dt.timedelta(days=5)
    draft = DecisionDraft(what=WHAT, owner=house.world.id_of("teacher"), due_on=due)
    task = record_decision(rows(Meeting).get(pk=meeting.pk), actor=house.psych, draft=draft)
    rows(Deadline).filter(kind__in=["review", "judgement"]).update(next_climb_at=clock.now() + dt.timedelta(days=9))
    return Lived(house.owed(), house.owed("teachers", house.world.students[2]), meeting, task)


def codes():
    """Faults of this room, half an hour later, when every grace is over; clocks of other rooms aside."""
    with clock.frozen(clock.now() + dt.timedelta(minutes=30)):
        return {fault.code for fault in prove(clock.now()).faults if fault.code in PLANTED}


PLANTED = {
    "feedback_never_owed": lambda it: rows(Feedback).filter(pk=it.owed.pk).delete(),
    "feedback_without_clock": lambda it: rows(Deadline).filter(subject_id=it.owed.pk).delete(),
    "feedback_without_receipt": lambda it: rows(TeacherWord).filter(feedback=it.opened).update(opened_at=None),
    "words_for_nobody": lambda _it: rows(TeacherWord).update(ended_at=clock.now()),
    "guardian_given_up_untried": lambda it: rows(Feedback).filter(pk=it.owed.pk).update(
        state="unreachable", done_at=clock.now(), reason=rows(Feedback).get(pk=it.opened.pk).words
    ),
    "meeting_without_clock": lambda it: rows(Deadline).filter(subject_id=it.meeting.pk).delete(),
    "decision_without_clock": lambda it: rows(Deadline).filter(subject_id=it.task.pk).delete(),
    "decision_of_nobody": lambda it: rows(Decision).filter(pk=it.task.pk).update(owner=ids.new_id()),
    "clock_after_the_end": lambda it: rows(Deadline).filter(subject_id=it.opened.pk).update(met_at=None),
}  # fmt: skip


def test_what_was_lived_as_it_should_be_has_no_fault(lived):
    assert codes() == set()


@pytest.mark.parametrize("code", PLANTED)
def test_each_planted_breakage_is_found_by_its_name(lived, code):
    assert code not in codes()
    PLANTED[code](lived)
    assert code in codes()


def test_a_school_with_a_pupil_in_care_and_no_meeting_ahead_is_found_after_a_day(lived):
    rows(Decision).delete()
    lived.meeting.items.for_system(reason="planted").delete()
    rows(Meeting).filter(pk=lived.meeting.pk).delete()
    with clock.frozen(clock.now() + dt.timedelta(days=2)):
        found = {fault.code for fault in prove(clock.now()).faults}
    assert "school_without_meeting" in found
