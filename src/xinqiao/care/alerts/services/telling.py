"""Telling people of a signal: a notice each, the clocks, word through the outbox. Bodies of commands and jobs."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xinqiao.care.alerts.models import Notice, Signal
from xinqiao.care.alerts.recipients import Recipient, Told, addresses_of, people_who_hear
from xinqiao.care.alerts.rows import every_notice, every_signal
from xinqiao.care.alerts.services.gates import gate_for, lead_to_gate, release_from_gate
from xinqiao.care.alerts.services.guardians import start_guardian_clock
from xinqiao.care.alerts.services.joining import start_clock_or_join
from xinqiao.care.alerts.services.signal_clocks import start_signal_clock
from xinqiao.care.alerts.services.warning import warn_levels
from xinqiao.care.alerts.settling import SignalTold, signal_told
from xinqiao.care.alerts.states import AT_GATE, SignalState, Urgency
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.notifications.outbox import Address, has_waiting, post_messages
from xinqiao.register.deadlines.kinds import ACKNOWLEDGE, SEEN, TOLD
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.deadlines.services.clocks import meet_deadline
from xinqiao.register.deadlines.services.moments import note_told
from xinqiao.register.policy.calendar import calendar_for, zone
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

DIGEST_AT = dt.time(7, 30)


class NobodyToTell(RuntimeError):
    """Nobody may read notices of this place, and no address is known: the signal stays untold, and the job says so."""


def tell(signals: Sequence[Signal], *, at: dt.datetime) -> int:
    """Tell the people of the policy's first rung of new signals; return how many signals were told of now.

    Inside a running command or `recording`. A signal that was told of before is left alone, whoever else is at it.
    """
    return sum(_tell_one(signal, at) for signal in signals)


def tell_if_anybody(signal: Signal, *, at: dt.datetime) -> bool:
    """Tell of one signal now. Where nobody can be told it stands, and the job of telling tries on and says so."""
    try:
        with transaction.atomic():
            tell([signal], at=at)
    except NobodyToTell:
        return False
    return True


def _tell_one(signal: Signal, at: dt.datetime) -> bool:
    if not every_signal().filter(pk=signal.pk, told_at__isnull=True).update(told_at=at):
        return False
    signal.told_at = at
    parameters = parameters_for(signal.place, timezone.localtime(signal.raised_at).date())
    told = people_who_hear(parameters.rungs, parameters.nobody_on_duty, signal.place, at)
    clock = _start_clocks(signal, parameters, at)
    notified = write_notices(signal, told.people, rung=0, at=at)
    if not (notified or addresses_of(told.people, signal.place)):
        raise NobodyToTell(str(signal.id))
    if signal.gate:
        end_notices([signal], at=at)  # they read of it, and nobody is called: it waits in its own list
    warned = [] if signal.gate else warn_levels(signal, parameters, rung=0, at=at)
    send_word(signal, [*told.people, *warned], at=at)
    note_told(clock.id, at=at, rung=0, people=people_words([*told.people, *warned]))
    _record_raised(signal, told, notified, parameters)
    signal_told.send([SignalTold(signal.student_id, signal.id, at)])
    return True


def people_words(people: Sequence[Recipient]) -> list[tuple[UUID, str]]:
    """Return people as the history of a clock keeps them."""
    return [(person.staff_id, person.word) for person in people]


def _start_clocks(signal: Signal, parameters: Parameters, at: dt.datetime) -> Deadline:
    """The gate's clock for a signal that waits at one, else the usual ones; a cry takes the pupil from the gate.

    Returns the clock on the telling itself, which is met by then, if late with an event of its own.
    """
    release_from_gate(signal, at=at)
    if gate := gate_for(signal):
        lead_to_gate(signal, gate, parameters)
    elif signal.state == SignalState.OPEN:
        for kind in (ACKNOWLEDGE, SEEN):
            start_clock_or_join(kind, signal, parameters, signal.raised_at)
        start_guardian_clock(signal, parameters, urgency=signal.urgency, at=signal.raised_at)
    telling = start_signal_clock(TOLD, signal, parameters, signal.raised_at)
    meet_deadline(TOLD, signal.id, at=at, by=None)
    if at > telling.due_at:
        record(
            "alerts.signal.told_late", subject_kind="student", subject_id=signal.student_id, place=signal.place,
            county_id=signal.county_id,
            facts={"signal": str(signal.id), "urgency": signal.urgency,
                   "minutes": int((at - telling.due_at).total_seconds() // 60)},
        )  # fmt: skip
    return telling


def _record_raised(signal: Signal, told: Told, notified: int, parameters: Parameters) -> None:
    record(
        "alerts.signal.raised", subject_kind="student", subject_id=signal.student_id, place=signal.place,
        county_id=signal.county_id, key_id=signal.key_id,
        facts={"signal": str(signal.id), "urgency": signal.urgency, "source": signal.source, "told": notified,
               "is_nobody_on_duty": told.is_nobody_on_duty, "gate": signal.gate, "policy": parameters.revision},
    )  # fmt: skip


def write_notices(signal: Signal, people: Sequence[Recipient], *, rung: int, at: dt.datetime) -> int:
    """Write one notice per person who may read it, or let the one they have call again; return how many people."""
    readers = [person for person in people if person.may_read]
    school_place = signal.student.school_place
    rows = [
        Notice(
            county_id=signal.county_id, place=school_place, signal_id=signal.id, staff_id=person.staff_id, rung=rung,
            role=person.word, created_at=at,
        )
        for person in readers
    ]  # fmt: skip
    again = every_notice().filter(signal_id=signal.id, staff_id__in=[person.staff_id for person in readers])
    again.update(rung=rung, ended_at=None)
    every_notice().bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def call_again(signal: Signal, *, at: dt.datetime) -> int:
    """Call the people of the first rung of a signal that waited, as urgent as it is now; return how many."""
    parameters = parameters_for(signal.place, timezone.localtime(at).date())
    told = people_who_hear(parameters.rungs, parameters.nobody_on_duty, signal.place, at)
    notified = write_notices(signal, told.people, rung=0, at=at)
    send_word(signal, [*told.people, *warn_levels(signal, parameters, rung=0, at=at)], at=at)
    return notified


def end_notices(signals: Sequence[Signal], *, at: dt.datetime) -> int:
    """Let the notices of signals call on nobody any more; return how many did."""
    calling = every_notice().filter(signal_id__in=[signal.id for signal in signals], ended_at__isnull=True)
    return calling.update(ended_at=at)


def send_word(signal: Signal, people: Sequence[Recipient], *, at: dt.datetime) -> int:
    """Put neutral messages into the outbox: at once for red and orange, with the next morning's digest for yellow and
    for what waits at the second gate. Red goes by every channel that a person has."""
    is_red = signal.urgency == Urgency.RED and signal.gate_state not in AT_GATE
    addresses = addresses_of(people, signal.place, is_urgent=is_red)
    if signal.urgency != Urgency.YELLOW and signal.gate_state not in AT_GATE:
        return post_messages(addresses, about_kind="signal", about_id=signal.id, at=at, is_urgent=is_red)
    return sum(_into_digest(address, signal.place, at) for address in addresses)


def _into_digest(address: Address, place: str, at: dt.datetime) -> int:
    """One message per address and morning, however many signals it stands for."""
    if has_waiting("digest", address.key_id, address.channel):
        return 0
    morning = next_digest_at(place, at)
    return post_messages([address], about_kind="digest", about_id=address.key_id, at=at, not_before=morning)


def next_digest_at(place: str, at: dt.datetime) -> dt.datetime:
    """Return the next school-day morning at 7:30 (our assumption) at a place."""
    local = at.astimezone(zone())
    calendar = calendar_for(place, (local.year, local.year + 1)).calendar
    if calendar.is_school_day(local.date()) and local.time() < DIGEST_AT:
        day = local.date()
    else:
        day = calendar.next_school_day(local.date())
    return dt.datetime.combine(day, DIGEST_AT, tzinfo=zone())
