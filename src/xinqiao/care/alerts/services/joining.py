"""Several signals of one pupil: each is kept, and one clock, the strictest, runs for them. Private bodies.

A signal joins another where a clock of the same kind, as urgent and as soon, runs on it already. When that one is taken
this one is taken too; when that one is settled alone, this one's own clocks begin.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.alerts.rules import as_urgent_as
from xinqiao.care.alerts.services.signal_clocks import start_signal_clock
from xinqiao.care.alerts.states import AT_GATE, SignalState
from xinqiao.register.deadlines.kinds import ACKNOWLEDGE, SEEN
from xinqiao.register.deadlines.services.clocks import open_clocks, rule_of
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for


def start_clock_or_join(kind: str, signal: Signal, parameters: Parameters, began_at: dt.datetime) -> None:
    """Start a clock of a signal, unless one that is as strict runs on another open signal of the pupil."""
    lead = _lead_of(kind, signal, parameters, began_at)
    if lead is None:
        start_signal_clock(kind, signal, parameters, began_at)
    elif signal.joined_to_id is None:
        every_signal().filter(pk=signal.pk).update(joined_to_id=lead)
        signal.joined_to_id = lead


def _lead_of(kind: str, signal: Signal, parameters: Parameters, began_at: dt.datetime) -> UUID | None:
    others = _open_ones().filter(student_id=signal.student_id).exclude(pk=signal.pk)
    ids = [each for each, gate in others.values_list("id", "gate_state") if gate not in AT_GATE]
    if not ids:
        return None
    due = clock_due_at(rule_of(kind, signal.urgency, parameters), began_at, signal.place)
    running = open_clocks().filter(kind=kind, subject_id__in=ids, due_at__lte=due).order_by("due_at")
    return next((clock.subject_id for clock in running if as_urgent_as(clock.urgency, signal.urgency)), None)


def release_joined(settled: Sequence[Signal], *, at: dt.datetime) -> int:
    """Start the clocks of signals whose lead was settled without them; return how many signals those are."""
    left = list(_open_ones().filter(joined_to__in=[each.id for each in settled]).select_related("student"))
    for each in left:
        every_signal().filter(pk=each.pk).update(joined_to=None)
        each.joined_to_id = None
        parameters = parameters_for(each.place, timezone.localtime(at).date())
        for kind in (ACKNOWLEDGE, SEEN) if each.state == SignalState.OPEN else (SEEN,):
            start_clock_or_join(kind, each, parameters, at)
    return len(left)


def without_own_clock(lead: Signal) -> list[Signal]:
    """Return the signals not taken yet for which this one's clock runs."""
    waiting = list(_open_ones().filter(joined_to=lead, state=SignalState.OPEN).select_related("student"))
    ids = [each.id for each in waiting]
    own = set(open_clocks().filter(kind=ACKNOWLEDGE, subject_id__in=ids).values_list("subject_id", flat=True))
    return [each for each in waiting if each.id not in own]


def _open_ones() -> QuerySet[Signal]:
    return every_signal().exclude(state=SignalState.CLOSED)
