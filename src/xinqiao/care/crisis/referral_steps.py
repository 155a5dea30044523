"""What commands and jobs of referrals share: the story, the audit, the clocks, who hears that something waits."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.crisis.models import Referral, ReferralStep
from xinqiao.care.crisis.referral.states import IS_SEEN_THERE, WAITS_FOR_SCHOOL, StepKind, Way
from xinqiao.engines.schedule import ClockRule
from xinqiao.foundation.audit.recording import record
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, start_deadline
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.parameters import ReferralRules
from xinqiao.register.policy.selectors import parameters_for

# Clocks of a referral: its answer, the first visit's day, whether the pupil was there, the talk after a no; and what
# waits for the school, or for the next word of whoever sees the pupil.
ANSWER, VISIT, SEEN, TALK = "referral", "referral_visit", "referral_seen", "referral_talk"
STEP = "referral_step"
SUBJECT = "referral"
URGENCY = "orange"  # whoever is referred needs help that the school cannot give


def write_step(
    referral: Referral,
    kind: StepKind,
    *,
    at: dt.datetime,
    by: UUID | None,
    way: str = Way.SCHOOL,
    reason: str = "",
    day: dt.date | None = None,
    words: str = "",
) -> ReferralStep:
    """Add one dated thing to the story."""
    step = ReferralStep(
        county_id=referral.county_id, place=referral.place, referral=referral, key_id=referral.key_id, kind=kind, at=at,
        by=by, way=way, reason=reason, day=day, words=words.strip() or None,
    )  # fmt: skip
    step.save(force_insert=True)
    return step


def record_referral(referral: Referral, event: str, **facts: object) -> None:
    """Leave an event about a referral."""
    record(event, subject_kind="student", subject_id=referral.student_id, place=referral.place,
           county_id=referral.county_id, facts={"referral": str(referral.id), **facts})  # fmt: skip


def rules_at(place: str, at: dt.datetime) -> ReferralRules:
    """Return what the policy says of referrals at a place."""
    return parameters_for(place, timezone.localtime(at).date()).referrals


def start_clock(referral: Referral, kind: str, rule: ClockRule, *, began_at: dt.datetime, at: dt.datetime) -> None:
    """Start one clock of a referral; it climbs when due, whoever is at it."""
    place = referral.student.place
    start_deadline(
        kind, subject_kind=SUBJECT, subject_id=referral.id, place=place, county_id=referral.county_id, urgency=URGENCY,
        parameters=parameters_for(place, timezone.localtime(at).date()), began_at=at,
        due_at=clock_due_at(rule, began_at, place),
    )  # fmt: skip


def wait_for_step(referral: Referral, *, at: dt.datetime) -> None:
    """Wait for the school, or for the institution's next word, in a state that no other clock watches. A clock that
    runs goes on: writing a referral anew puts nothing off."""
    limits = rules_at(referral.place, at)
    if referral.state in WAITS_FOR_SCHOOL:
        start_clock(referral, STEP, limits.step_within, began_at=at, at=at)
    elif referral.state in IS_SEEN_THERE:
        cancel_deadlines(referral.id, at=at, reason="heard_of", kind=STEP)
        start_clock(referral, STEP, limits.word_within, began_at=at, at=at)


def tell_people(referral: Referral, words: Sequence[str], *, at: dt.datetime) -> int:
    """Put neutral messages into the outbox of whoever stands behind the policy's words; return how many."""
    return send_neutral_word(words, (), referral.student.place, about_kind=SUBJECT, about_id=referral.id, at=at)
