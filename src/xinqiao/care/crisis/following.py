"""What a case follows by itself: settled signals, pupils who move, staff who leave, clocks that nobody met."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.following import pupils_by_place
from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.alerts.settling import Settled
from xinqiao.care.alerts.states import Outcome
from xinqiao.care.crisis.clocks import CLOCK_URGENCY, hasten_judgement
from xinqiao.care.crisis.leave.states import ENDED as LEAVE_ENDED
from xinqiao.care.crisis.leave_following import end_leaves_of
from xinqiao.care.crisis.leave_rows import every_leave
from xinqiao.care.crisis.models import CarePlan
from xinqiao.care.crisis.people import colleagues
from xinqiao.care.crisis.referral.states import ENDED as REFERRAL_ENDED
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.rows import every_case, every_plan, every_running_case
from xinqiao.care.crisis.rules import is_higher
from xinqiao.care.crisis.services.opening import record_handed_over, write_case
from xinqiao.care.crisis.states import CaseState
from xinqiao.care.crisis.watch_rows import every_running_watch, pass_watch_on
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
    """Receive StudentsMoved: what is open follows into another class. A case, a watch or a referral of a pupil who left
    stays open, and is ended by a person who has handed it over; a leave has nobody to come back, and ends."""
    for place, ids in pupils_by_place(moves):
        every_running_case().filter(student_id__in=ids).update(place=place)
        every_running_watch().filter(student_id__in=ids).update(place=place)
        every_referral().filter(student_id__in=ids).exclude(state__in=REFERRAL_ENDED).update(place=place)
        every_leave().filter(student_id__in=ids).exclude(state__in=LEAVE_ENDED).update(place=place)
    end_leaves_of([move.student_id for move in moves if not move.is_at_school])


def hand_over_cases(left: Sequence[Left]) -> None:
    """Receive StaffLeft: open cases and watches go to the named heir, and so does the part of a helper whom the pupil's
    school knows; without an heir they are shown as nobody's."""
    for each in left:
        heir = each.heir_staff_id
        if heir is None:
            continue
        for case in every_running_case().filter(owner=each.staff_id):
            every_case().filter(pk=case.pk).update(owner=heir)
            record_handed_over(case, heir)
        for watch in every_running_watch().filter(owner=each.staff_id):
            pass_watch_on(watch, heir)
        plans = every_plan().filter(helper=each.staff_id, is_current=True).exclude(case__state=CaseState.CLOSED)
        for plan in plans.select_related("case__student"):
            if heir in colleagues(plan.case.student):
                every_plan().filter(pk=plan.pk).update(helper=heir)
                _record_other_hands(plan, each.staff_id, heir)


def _record_other_hands(plan: CarePlan, before: UUID, heir: UUID) -> None:
    case = plan.case
    record(
        "crisis.plan.helper_changed", subject_kind="student", subject_id=case.student_id, place=case.place,
        county_id=case.county_id,
        facts={"case": str(case.id), "plan": str(plan.id), "from": str(before), "to": str(heir)},
    )  # fmt: skip


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
