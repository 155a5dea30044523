"""Why a referral cannot be written, sent or answered. Pure: plain facts in, codes out."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from xinqiao.care.crisis.referral.states import DeclineReason, EndReason, ReferralState, answers_from

LONGEST_WORDS = 1200
LATEST_VISIT_DAYS = 366


def partner_refusal(*, is_left: bool, agreed_from: dt.date | None, agreed_until: dt.date | None, on: dt.date) -> str:
    """Return why nobody is referred to an institution on a day; empty where pupils may be."""
    if is_left:
        return "partner_left"
    if agreed_from is None:
        return "no_agreement"
    if agreed_from > on:
        return "agreement_not_begun"
    return "agreement_over" if agreed_until is not None and agreed_until < on else ""


def refusals_to_send(
    state: str, *, consent: str, is_asked: bool, emergency: str, partner: str, is_changed: bool
) -> list[str]:
    """Return why a referral cannot be sent now. `consent` is what the decisions come to, `is_asked` whether a form
    for referrals is published at all, `emergency` why it cannot wait for a yes; `partner` as `partner_refusal`."""
    why = [] if state == ReferralState.READY else ["not_ready"]
    why += ["changed_meanwhile"] if is_changed else []
    why += [partner] if partner else []
    if consent not in ("given", "not_needed") and not emergency:
        why.append("no_consent" if is_asked else "no_form")
    return why


@dataclass(frozen=True)
class Answer:
    """What an institution says: the state it leads to, and what belongs to it."""

    target: str
    reason: str = ""
    day: dt.date | None = None
    words: str = ""


def refusal_to_answer(state: str, answer: Answer, *, is_station: bool, on: dt.date) -> str:
    """Return why an answer cannot be taken; empty where it can."""
    if answer.target not in [target.value for target in answers_from(state, is_station=is_station)]:
        return "not_now"
    if len(answer.words) > LONGEST_WORDS:
        return "too_long"
    if answer.target == ReferralState.DECLINED and answer.reason not in DeclineReason.values:
        return "reason_needed"
    if answer.target == ReferralState.VISIT_DATED:
        return _refusal_of_visit(answer.day, on)
    if answer.target == ReferralState.ATTENDED and (answer.day is None or answer.day > on):
        return "day_of_visit_past"
    needs_words = answer.target in (ReferralState.ADVICE, ReferralState.RETURNED)
    return "words_needed" if needs_words and not answer.words.strip() else ""


def _refusal_of_visit(day: dt.date | None, on: dt.date) -> str:
    return "" if day is not None and 0 <= (day - on).days <= LATEST_VISIT_DAYS else "day_of_visit_ahead"


def refusal_to_end(state: str, sources: Collection[str], reason: str) -> str:
    """Return why a referral cannot be closed or withdrawn by the school."""
    if state not in sources:
        return "not_now"
    return "" if reason in EndReason.values else "reason_needed"
