"""What feedback follows by itself: settled signals, guardians who heard, pupils who move, clocks that nobody met."""

from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.hearing import Heard
from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.alerts.settling import Settled
from xinqiao.care.alerts.states import Outcome
from xinqiao.care.feedback.colleagues import colleagues_at
from xinqiao.care.feedback.owing import SUBJECT, count_as_given, drop_feedback, owe
from xinqiao.care.feedback.rows import every_decision, every_feedback, every_meeting
from xinqiao.care.feedback.states import NOT_HEARD, RUNNING, Audience, DecisionState, MeetingState, Through
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.hooks import Left
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.people.hooks import Moved
from xinqiao.register.policy.selectors import parameters_for

FLAGGED = (Outcome.CASE, Outcome.WATCH)
MEETING_SUBJECT, DECISION_SUBJECT = "meeting", "decision"


def owe_feedback(settled: Sequence[Settled]) -> None:
    """Receive SignalsSettled: of a pupil who stays in care or in view teachers and a guardian hear."""
    for each in settled:
        if each.outcome in FLAGGED:
            owe(each.student, at=each.at, signals=each.signal_ids)


def count_hearing(heard: Sequence[Heard]) -> None:
    """Receive GuardianHeard: what was written down elsewhere is the feedback; nobody writes it a second time."""
    for each in heard:
        rows = every_feedback().filter(
            student_id=each.student_id, to=Audience.GUARDIAN, state__in=(*RUNNING, *NOT_HEARD)
        )
        row = rows.order_by("-flagged_at").first()
        if row is not None:
            count_as_given(row, Through(each.through), origin_id=each.origin_id, by=each.by, at=each.at)


def follow_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: what is owed follows into another class, and ends for a pupil who left."""
    for move in moves:
        if move.is_at_school:
            every_feedback().filter(student_id=move.student_id, state__in=RUNNING).update(place=move.place)
        else:
            drop_feedback(move.student_id, at=now())


def hand_over_tasks(left: Sequence[Left]) -> None:
    """Receive StaffLeft: open tasks of meetings go to the named heir; without one they climb."""
    for each in left:
        if each.heir_staff_id is not None:
            for row in every_decision().filter(owner=each.staff_id, state=DecisionState.OPEN).select_related("meeting"):
                heir = colleagues_at(row.meeting.place, each.on).get(each.heir_staff_id)
                place = heir.place if heir else row.meeting.place
                every_decision().filter(pk=row.pk).update(owner=each.heir_staff_id, place=place)
            every_meeting().exclude(state=MeetingState.HELD).filter(led_by=each.staff_id).update(
                led_by=each.heir_staff_id
            )


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: what is overdue is told on the rung it climbed to, neutrally."""
    for climb in climbs:
        if climb.subject_kind in (SUBJECT, MEETING_SUBJECT, DECISION_SUBJECT) and _still_waits(climb):
            _tell(climb)


def _still_waits(climb: Climb) -> bool:
    if climb.subject_kind == SUBJECT:
        return every_feedback().filter(pk=climb.subject_id, state__in=RUNNING).exists()
    if climb.subject_kind == MEETING_SUBJECT:
        return every_meeting().filter(pk=climb.subject_id).exclude(state=MeetingState.HELD).exists()
    return every_decision().filter(pk=climb.subject_id, state=DecisionState.OPEN).exists()


def _tell(climb: Climb) -> None:
    rules = parameters_for(climb.place, timezone.localtime(climb.at).date())
    leads = rules.meetings.led_by if climb.subject_kind == MEETING_SUBJECT else ()
    words = tuple(dict.fromkeys(("psychology_teachers", *leads, *climb.recipients)))
    sent = send_neutral_word(
        words, rules.nobody_on_duty, climb.place, about_kind=climb.subject_kind, about_id=climb.subject_id, at=climb.at
    )
    record(
        "feedback.clock.overdue", subject_kind=climb.subject_kind, subject_id=climb.subject_id, place=climb.place,
        county_id=climb.county_id, facts={"clock": climb.kind, "rung": climb.rung, "sent": sent},
    )  # fmt: skip
