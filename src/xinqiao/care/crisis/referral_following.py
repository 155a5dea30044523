"""What referrals listen to: their own clocks, when nobody answered in time."""

from collections.abc import Sequence

from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.referral.states import ENDED, StepKind
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.referral_steps import SUBJECT, record_referral, tell_people, write_step
from xinqiao.register.deadlines.climbing import Climb

OPEN_REFERRAL = "open_referral"


def tell_of_referrals(climbs: Sequence[Climb]) -> None:
    """Tell those on the rung that a referral's clock climbed to, besides the psychology teachers; connected to
    `clock_climbed`, in its transaction."""
    for climb in climbs:
        if climb.subject_kind == SUBJECT:
            _tell_of_one(climb)


def _tell_of_one(climb: Climb) -> None:
    referral = every_referral().select_related("student").filter(pk=climb.subject_id).first()
    if referral is None or referral.state in ENDED:
        return
    sent = tell_people(referral, ("psychology_teachers", *climb.recipients), at=climb.at)
    write_step(referral, StepKind.OVERDUE, at=climb.at, by=None, reason=_short(climb.kind))
    record_referral(referral, "crisis.referral.overdue", clock=climb.kind, rung=climb.rung, sent=sent)


def open_referral_of(case: Case) -> str:
    """Return the obstacle that a case of a pupil meets whose referral has not ended, "" for none."""
    is_open = every_referral().filter(student_id=case.student_id).exclude(state__in=ENDED).exists()
    return OPEN_REFERRAL if is_open else ""


def _short(kind: str) -> str:
    """Return which clock it was, as the story keeps it."""
    return kind.removeprefix("referral_").removeprefix("referral") or "answer"
