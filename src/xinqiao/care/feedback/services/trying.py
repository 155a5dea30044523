"""Trying to give a guardian the feedback, and giving up with a reason."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.services.guardians import CannotTell, Telling, write_guardian_told
from xinqiao.care.alerts.states import ToldBy
from xinqiao.care.feedback import rules
from xinqiao.care.feedback.models import Feedback, GuardianTry
from xinqiao.care.feedback.owing import end_feedback, record_feedback
from xinqiao.care.feedback.rows import every_feedback, every_try
from xinqiao.care.feedback.states import NOT_HEARD, Audience, FeedbackState, Through, TryOutcome, TryWay
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.people.selectors.students import guardians_of
from xinqiao.register.policy.selectors import parameters_for

TOLD_BY = {
    TryWay.PHONE: ToldBy.PHONE, TryWay.IN_PERSON: ToldBy.IN_PERSON, TryWay.VISIT: ToldBy.IN_PERSON,
    TryWay.VIDEO: ToldBy.VIDEO,
}  # fmt: skip


@dataclass(frozen=True)
class TryDraft:
    """One try: when, how, whom, what came of it, and how it was received. `guardian_id` None is somebody else of the
    family; `is_advised` says that seeing a doctor was advised."""

    tried_at: dt.datetime
    way: str
    outcome: str
    words: str
    guardian_id: UUID | None = None
    is_advised: bool = False


@command(Permission.FEEDBACK_EDIT)
def record_try(feedback: Feedback, *, actor: Actor, draft: TryDraft) -> GuardianTry:
    """Write down a try. One that reached a guardian is written down with the signal, too, if there is one, and ends the
    clocks there; a refusal ends the feedback with its words as the reason. Raises CannotDo."""
    at = now()
    held = every_feedback().select_for_update(of=("self",)).filter(pk=feedback.pk, to=Audience.GUARDIAN)
    row = held.filter(state__in=(FeedbackState.OWED, *NOT_HEARD)).first()
    rules.demand("" if row else rules.NOT_RUNNING)
    known = {guardian.guardian_id for guardian in guardians_of(feedback.student)}
    facts = rules.TryFacts(
        tried_at=draft.tried_at, flagged_at=feedback.flagged_at, now=at, words=draft.words,
        is_guardian_known=draft.guardian_id is None or draft.guardian_id in known,
    )  # fmt: skip
    rules.demand(*rules.refusals_to_try(facts))
    made = GuardianTry(
        county_id=feedback.county_id, place=feedback.place, feedback=feedback, key_id=feedback.key_id,
        tried_at=draft.tried_at, way=draft.way, guardian_id=draft.guardian_id, outcome=draft.outcome,
        words=draft.words.strip(), recorded_by=actor.person_id, recorded_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    record_feedback(feedback, "feedback.guardian.tried", outcome=draft.outcome)
    _follow(feedback, made, draft, actor, at)
    return made


def _follow(feedback: Feedback, made: GuardianTry, draft: TryDraft, actor: Actor, at: dt.datetime) -> None:
    if draft.outcome == TryOutcome.REFUSED:
        end_feedback(feedback, FeedbackState.REFUSED, at=at, by=actor.person_id, origin_id=made.id)
    if draft.outcome != TryOutcome.REACHED:
        return
    # Ended first: what the signal says of the same talk then finds nothing left to count.
    end_feedback(feedback, FeedbackState.GIVEN, at=at, by=actor.person_id, through=Through.HERE, origin_id=made.id)
    if feedback.signal is not None and draft.tried_at >= feedback.signal.raised_at:
        telling = Telling(
            told_at=draft.tried_at, way=TOLD_BY[TryWay(draft.way)], words=draft.words, guardian_id=draft.guardian_id,
            is_advised=draft.is_advised,
        )  # fmt: skip
        try:
            write_guardian_told(feedback.signal, actor=actor, telling=telling)
        except CannotTell as error:
            raise rules.CannotDo(rules.NO_WORDS) from error


@command(Permission.FEEDBACK_EDIT)
def give_up(feedback: Feedback, *, actor: Actor, reason: str) -> Feedback:
    """Say that a guardian cannot be reached, after the tries that the rules ask for. Raises CannotDo."""
    tries = every_try().filter(feedback=feedback, outcome=TryOutcome.NOBODY).count()
    at_least = parameters_for(feedback.student.place, today()).feedback.tries_at_least
    rules.demand(*rules.refusals_to_give_up(tries=tries, at_least=at_least, reason=reason))
    feedback.reason = reason.strip()
    seal_rows([feedback])
    is_mine = feedback.to == Audience.GUARDIAN and end_feedback(
        feedback, FeedbackState.UNREACHABLE, at=now(), by=actor.person_id, reason=feedback.reason
    )
    rules.demand("" if is_mine else rules.NOT_RUNNING)
    record_feedback(feedback, "feedback.guardian.given_up", tries=tries)
    return feedback
