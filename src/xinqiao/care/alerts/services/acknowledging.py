"""Taking a signal: the climb ends, and everyone sees who has it."""

import datetime as dt
from uuid import UUID

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rows import every_notice, every_signal
from xinqiao.care.alerts.services.joining import without_own_clock
from xinqiao.care.alerts.services.moves import move_signal
from xinqiao.care.alerts.services.telling import end_notices
from xinqiao.care.alerts.states import SignalState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.deadlines.kinds import ACKNOWLEDGE
from xinqiao.register.deadlines.services.clocks import meet_deadline
from xinqiao.register.people.models import Staff


@command(Permission.NOTICE_ACKNOWLEDGE)
def acknowledge_signal(signal: Signal, *, actor: Actor) -> Signal | Unchanged:
    """Say "I have it": the clock of acknowledgement is met and climbs no more, and nobody is called any longer.

    Where it was taken before and climbed since for another reason, only the actor's own notice ends; the signal is the
    actor's where whoever had it has left the school.
    `Unchanged("already_acknowledged")` where nothing called on the actor.
    """
    at = now()
    own = every_notice().filter(signal=signal, staff_id=actor.person_id)
    own_called = own.filter(ended_at__isnull=True).update(acknowledged_at=at, ended_at=at)
    if move_signal(signal, SignalState.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by=actor.staff_id):
        meet_deadline(ACKNOWLEDGE, signal.id, at=at, by=actor.staff_id)
        end_notices([signal], at=at)
        record_acknowledged(signal, at)
        take_joined(signal, at=at, by=actor.staff_id)
        return signal
    if not own_called:
        return Unchanged("already_acknowledged")
    if signal.acknowledged_by is not None and _has_left(signal.acknowledged_by):
        every_signal().filter(pk=signal.pk).update(acknowledged_by=actor.staff_id)
        signal.acknowledged_by = actor.staff_id
    record(
        "alerts.notice.acknowledged", subject_kind="student", subject_id=signal.student_id, place=signal.place,
        county_id=signal.county_id, facts={"signal": str(signal.id)},
    )  # fmt: skip
    return signal


def take_joined(lead: Signal, *, at: dt.datetime, by: UUID | None) -> None:
    """Take the signals for which this one's clock runs: whoever has the child has them; inside the running command."""
    for each in without_own_clock(lead):
        if move_signal(each, SignalState.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by=by):
            end_notices([each], at=at)
            record_acknowledged(each, at)


def _has_left(staff_id: UUID) -> bool:
    rows = Staff.objects.for_system(reason="whether whoever took the signal is still here")
    return bool(rows.filter(pk=staff_id, left_on__isnull=False).exists())


def record_acknowledged(signal: Signal, at: dt.datetime) -> None:
    """Record that a signal was taken; inside the running command."""
    record(
        "alerts.signal.acknowledged", subject_kind="student", subject_id=signal.student_id, place=signal.place,
        county_id=signal.county_id,
        facts={"signal": str(signal.id), "urgency": signal.urgency,
               "minutes": int((at - signal.raised_at).total_seconds() // 60)},
    )  # fmt: skip
