"""The clocks of letters and of sealed names, and whom they call. Private bodies of commands and jobs."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.recipients import Recipient, addresses_of, people_to_tell, people_who_hear
from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.care.mailbox.models import NameRequest, PupilLetter
from xinqiao.care.mailbox.rows import every_letter
from xinqiao.care.mailbox.states import LetterState, UrgentState
from xinqiao.engines.schedule import ClockRule
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.kinds import LETTER_ANSWER, LETTER_URGENT, NAME_CONFIRM, NAME_DECIDE
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline, start_deadline
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

LETTER, NAME = "pupil_letter", "name_request"
USUAL = "orange"  # of clocks that climb in their own steps; one that does not wait climbs as a red signal does


def rules_at(place: str, at: dt.datetime) -> Parameters:
    """Return the policy in force at a school at a moment."""
    return parameters_for(place, timezone.localtime(at).date())


def start_letter_clocks(letter: PupilLetter, *, at: dt.datetime) -> int:
    """Start what a letter's state asks for and tell whoever is on duty; return how many messages left.

    A clock that runs goes on. A letter that can wait calls at night nobody who is not on duty: the word leaves next
    morning.
    """
    parameters = rules_at(letter.place, letter.waits_since)
    rules, is_urgent = parameters.mailbox, letter.urgent == UrgentState.WAITING
    if letter.state == LetterState.WAITING:
        due = _start(LETTER_ANSWER, letter, rules.answer_within, letter.waits_since, USUAL, parameters)
        every_letter().filter(pk=letter.pk).update(due_at=due)
        letter.due_at = due
    if is_urgent and letter.urgent_since is not None:
        _start(LETTER_URGENT, letter, rules.urgent_within, letter.urgent_since, rules.urgent, parameters)
    told = people_who_hear(parameters.rungs, parameters.nobody_on_duty, letter.place, at)
    waits = told.is_nobody_on_duty and not is_urgent
    return post_messages(
        addresses_of(told.people, letter.place, is_urgent=is_urgent), about_kind=LETTER, about_id=letter.id, at=at,
        is_urgent=is_urgent, not_before=next_digest_at(letter.place, at) if waits else None,
    )  # fmt: skip


def _start(
    kind: str, letter: PupilLetter, within: ClockRule, since: dt.datetime, urgency: str, parameters: Parameters
) -> dt.datetime:  # fmt: skip
    clock = start_deadline(
        kind, subject_kind=LETTER, subject_id=letter.id, place=letter.place, county_id=letter.county_id,
        urgency=urgency, parameters=parameters, began_at=since, within=within,
    )  # fmt: skip
    due: dt.datetime = clock.due_at
    return due


def start_name_clock(request: NameRequest, *, at: dt.datetime) -> tuple[dt.datetime, int]:
    """Start the clock of the second person and tell them; return when it is due and how many messages left."""
    parameters = rules_at(request.place, at)
    rules = parameters.mailbox
    clock = start_deadline(
        NAME_CONFIRM if request.is_rescue else NAME_DECIDE, subject_kind=NAME, subject_id=request.id,
        place=request.place, county_id=request.county_id, urgency=USUAL, parameters=parameters, began_at=at,
        within=rules.confirm_within if request.is_rescue else rules.decide_within, ladder=rules.ladder,
    )  # fmt: skip
    sent = tell_second(rules.ladder[0], request, at=at, is_urgent=request.is_rescue)
    return clock.due_at, sent


def tell_second(words: Sequence[str], request: NameRequest, *, at: dt.datetime, is_urgent: bool = False) -> int:
    """Put neutral messages into the outbox of those who decide; return how many left."""
    people: Sequence[Recipient] = people_to_tell(words, (), request.place, at).people
    addresses = addresses_of(people, request.place, is_urgent=is_urgent)
    return post_messages(addresses, about_kind=NAME, about_id=request.id, at=at, is_urgent=is_urgent)


__all__ = [
    "LETTER", "LETTER_ANSWER", "LETTER_URGENT", "NAME", "NAME_CONFIRM", "NAME_DECIDE", "cancel_deadlines",
    "meet_deadline", "rules_at", "start_letter_clocks", "start_name_clock", "tell_second",
]  # fmt: skip
