"""What a referral that is out does when the family decides anew: its link closes at once, or opens again."""

from collections.abc import Sequence

from xinqiao.care.crisis.models import Referral
from xinqiao.care.crisis.referral.states import WITH_INSTITUTION, StepKind
from xinqiao.care.crisis.referral_building import consent_of
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.referral_steps import TALK, record_referral, rules_at, start_clock, tell_people, write_step
from xinqiao.foundation.core.clock import today
from xinqiao.register.deadlines.services.clocks import meet_deadline
from xinqiao.register.people.hooks import ConsentDecided
from xinqiao.register.people.states import Decision, Purpose

AGREED = ("given", "not_needed")


def follow_consent(decided: Sequence[ConsentDecided]) -> None:
    """Receive ConsentDecided: of referrals that are out, a consent taken back closes the link in the same transaction.

    One that was sent in an emergency without a yes stays open after a no; it closes where a yes is taken back.
    """
    by_student = {each.student_id: each for each in decided if each.purpose == Purpose.REFERRAL}
    if not by_student:
        return
    out = every_referral().filter(student_id__in=list(by_student), state__in=WITH_INSTITUTION)
    for referral in out.select_related("student"):
        each = by_student[referral.student_id]
        is_agreed = consent_of(referral.student, today())[0] in AGREED
        if is_agreed:
            _reopen(referral, each)
        elif not (referral.is_override and each.decision == Decision.REFUSED):
            _shut(referral, each)


def _shut(referral: Referral, decided: ConsentDecided) -> None:
    """The school has a task: a clock on the next talk with the family, and neutral word to the psychology teachers."""
    if not every_referral().filter(pk=referral.pk, shut_at=None).update(shut_at=decided.at):
        return
    start_clock(
        referral, TALK, rules_at(referral.place, decided.at).talk_again_within, began_at=decided.at, at=decided.at
    )
    tell_people(referral, ("psychology_teachers",), at=decided.at)
    write_step(referral, StepKind.SHUT, at=decided.at, by=decided.by)
    record_referral(referral, "crisis.referral.shut")


def _reopen(referral: Referral, decided: ConsentDecided) -> None:
    if not every_referral().filter(pk=referral.pk, shut_at__isnull=False).update(shut_at=None):
        return
    meet_deadline(TALK, referral.id, at=decided.at, by=decided.by)
    write_step(referral, StepKind.REOPENED, at=decided.at, by=decided.by)
    record_referral(referral, "crisis.referral.reopened")
