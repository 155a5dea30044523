"""What a case follows by itself: settled signals, pupils who move, staff who leave, clocks that nobody met."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.alerts.settling import Settled
from xinqiao.care.alerts.states import Outcome
from xinqiao.care.crisis.clocks import CLOCK_URGENCY, hasten_judgement
from xinqiao.care.crisis.rows import every_case, every_running_case
from xinqiao.care.crisis.rules import is_higher
from xinqiao.care.crisis.services.opening import record_handed_over, write_case
from xinqiao.foundation.audit.recording import record
from xinqiao.register.accounts.hooks import Left
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.people.hooks import Moved
from xinqiao.register.policy.selectors import parameters_for


def is_in_care(student_id: UUID) -> bool:
    """Answer alerts: has this pupil an open case?"""
    return every_running_case().filter(student_id=student_id).exists()


def open_cases(settled: Sequence[Settled]) -> None:
    """Receive SignalsSettled: whoever needs continued care gets a case in the same transaction. Of one who is in care
    already and whose level a talk raised, people sit together sooner."""
    for each in settled:
        if each.outcome == Outcome.CASE:
            write_case(each.student, by=each.by, at=each.at, urgency=each.level or "orange")
        elif each.level in CLOCK_URGENCY:
            _judge_sooner(each)


def _judge_sooner(settled: Settled) -> None:
    case = every_running_case().select_related("student").filter(student=settled.student).first()
    if case is not None and is_higher(settled.level, case.level):
        hasten_judgement(case, CLOCK_URGENCY[settled.level], at=settled.at)


def follow_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: an open case follows into another class. One of a pupil who left stays open, and is
    closed by a person who has handed it over."""
    for move in moves:
        every_running_case().filter(student_id=move.student_id).update(place=move.place)


def hand_over_cases(left: Sequence[Left]) -> None:
    """Receive StaffLeft: open cases go to the named heir; without one they are shown as nobody's."""
    for each in left:
        if each.heir_staff_id is None:
            continue
        for case in every_running_case().filter(owner=each.staff_id):
            every_case().filter(pk=case.pk).update(owner=each.heir_staff_id)
            record_handed_over(case, each.heir_staff_id)


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: a judgement or a follow-up that is overdue is told on the rung it climbed to, neutrally."""
    for climb in climbs:
        if climb.subject_kind == "case":
            _tell(climb)


def _tell(climb: Climb) -> None:
    case = every_running_case().select_related("student").filter(pk=climb.subject_id).first()
    if case is None:
        return
    place = case.student.place
    instead = parameters_for(place, timezone.localtime(climb.at).date()).nobody_on_duty
    sent = send_neutral_word(
        ("psychology_teachers", *climb.recipients), instead, place, about_kind="case", about_id=case.id, at=climb.at
    )
    record(
        "crisis.case.overdue", subject_kind="student", subject_id=case.student_id, place=place,
        county_id=case.county_id, facts={"clock": climb.kind, "rung": climb.rung, "sent": sent},
    )  # fmt: skip
