"""Telling people of signals that the intake wrote; letting unattended red ones climb; listening to clocks."""

import datetime as dt
import logging
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.recipients import people_to_tell, people_who_hear, send_neutral_word
from xinqiao.care.alerts.rows import every_attention, every_notice, every_signal
from xinqiao.care.alerts.services.telling import people_words, send_word, tell, write_notices
from xinqiao.care.alerts.services.warning import warn_beyond, warn_levels
from xinqiao.care.alerts.states import SignalState, Urgency
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.jobs.apart import each_apart
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.deadlines.kinds import ACKNOWLEDGE, GUARDIAN
from xinqiao.register.deadlines.services.clocks import hasten_climb
from xinqiao.register.deadlines.services.moments import note_told, skip_rungs
from xinqiao.register.duty.selectors import seen_since
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

log = logging.getLogger(__name__)
BATCH = 200


class SomeWereNotTold(RuntimeError):
    """Signals of which nobody could be told just now; they are tried again, and the job's mark shows it."""


def tell_new_signals(now: dt.datetime) -> int:
    """Tell people of every signal that nobody was told of, the most urgent first; return how many.

    Each in a transaction of its own. Run twice, it tells once.
    """
    rows = every_signal().filter(told_at__isnull=True).values_list("urgency", "raised_at", "id")
    order = {urgency.value: place for place, urgency in enumerate(Urgency)}
    waiting = sorted(rows.order_by("raised_at")[: BATCH * 5], key=lambda row: (order[row[0]], row[1]))[:BATCH]
    ids = [signal_id for _urgency, _raised_at, signal_id in waiting]
    told, failed = each_apart(ids, lambda key: _tell(key, now), log=log, words="nobody could be told of this signal")
    if failed:
        raise SomeWereNotTold(str(failed))
    return told


def _tell(signal_id: UUID, now: dt.datetime) -> int:
    with recording(system_actor("alerts.tell")):
        signal = every_signal().select_related("student").filter(pk=signal_id).first()
        return tell([signal], at=now) if signal else 0


def hasten_unattended(now: dt.datetime) -> int:
    """Let red signals climb now if none of those told so far has had a page open lately; return how many will.

    From the first rung at once; on a higher one people first have as long again to reach a page.
    """
    open_red = every_signal().filter(state=SignalState.OPEN, urgency=Urgency.RED, told_at__isnull=False)
    return sum(_hasten_one(signal, now) for signal in open_red.order_by("raised_at")[:BATCH])


def _hasten_one(signal: Signal, now: dt.datetime) -> bool:
    parameters = parameters_for(signal.place, timezone.localtime(now).date())
    since = now - dt.timedelta(seconds=parameters.unattended_seconds)
    told = list(every_notice().filter(signal_id=signal.id).values_list("staff_id", "rung", "created_at"))
    if any(rung > 0 and created_at > since for _staff_id, rung, created_at in told):
        return False
    if seen_since([staff_id for staff_id, _rung, _created_at in told], since):
        return False
    return hasten_climb(ACKNOWLEDGE, signal.id, at=now, below_rung=len(parameters.rungs) - 1)


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Tell those on the rung that a clock climbed to; connected to `clock_climbed`, in its transaction."""
    for climb in climbs:
        if climb.subject_kind == "signal":
            _tell_of_signal(climb)
        elif climb.subject_kind == "attention":
            _tell_of_review(climb)


def _tell_of_signal(climb: Climb) -> None:
    signal = every_signal().select_related("student").filter(pk=climb.subject_id).first()
    if signal is None or (signal.state == SignalState.CLOSED and climb.kind != GUARDIAN):
        return
    parameters = _parameters(climb)
    rung = _rung_with_somebody_new(climb, signal, parameters)
    rungs = (climb.recipients if rung == climb.rung else parameters.rungs[rung], *parameters.rungs[rung + 1 :])
    told = people_who_hear(rungs, parameters.nobody_on_duty, signal.place, climb.at)
    notified = write_notices(signal, told.people, rung=rung, at=climb.at)
    warned = warn_beyond(signal, told.people, rung=rung, at=climb.at)
    if climb.kind == ACKNOWLEDGE:
        warned = warn_levels(signal, parameters, rung=rung, at=climb.at)
    send_word(signal, [*told.people, *warned], at=climb.at)
    note_told(climb.deadline_id, at=climb.at, rung=rung, people=people_words([*told.people, *warned]))
    record(
        "alerts.signal.climbed", subject_kind="student", subject_id=signal.student_id, place=signal.place,
        county_id=signal.county_id,
        facts={"signal": str(signal.id), "clock": climb.kind, "rung": rung, "told": notified,
               "due_at": climb.due_at.isoformat()},
    )  # fmt: skip


def _rung_with_somebody_new(climb: Climb, signal: Signal, parameters: Parameters) -> int:
    """Return the rung to tell: one on which everybody was called already is passed over at once, up to the last rung of
    the school. What lies beyond the school is reached by time alone."""
    last = len(parameters.rungs) - 1
    if climb.kind != ACKNOWLEDGE or climb.rung >= last:
        return climb.rung
    called = set(every_notice().filter(signal=signal, ended_at__isnull=True).values_list("staff_id", flat=True))
    rung = climb.rung
    while rung < last and _are_all_called(parameters.rungs[rung], called, signal, climb.at):
        rung += 1
    if rung > climb.rung:
        skip_rungs(climb.deadline_id, to_rung=rung, at=climb.at, detail="told_already")
    return rung


def _are_all_called(words: Sequence[str], called: set[UUID], signal: Signal, at: dt.datetime) -> bool:
    """Is there somebody on this rung, and does the signal call on all of them already?"""
    people = [person for person in people_to_tell(words, (), signal.place, at).people if person.may_read]
    return bool(people) and all(person.staff_id in called for person in people)


def _tell_of_review(climb: Climb) -> None:
    row = every_attention().select_related("student").filter(pk=climb.subject_id).first()
    if row is None or row.ended_at is not None:
        return
    place = row.student.place
    sent = send_neutral_word(
        ("psychology_teachers", *climb.recipients), _parameters(climb).nobody_on_duty, place, about_kind="attention",
        about_id=row.id, at=climb.at,
    )  # fmt: skip
    record(
        "alerts.attention.overdue", subject_kind="student", subject_id=row.student_id, place=place,
        county_id=row.county_id, facts={"rung": climb.rung, "sent": sent},
    )  # fmt: skip


def _parameters(climb: Climb) -> Parameters:
    return parameters_for(climb.place, timezone.localtime(climb.at).date())
