"""The clocks of a signal. A private body of commands and jobs."""

import datetime as dt

from xinqiao.care.alerts.models import Signal
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.deadlines.services.clocks import start_deadline
from xinqiao.register.policy.parameters import Parameters


def start_signal_clock(
    kind: str, signal: Signal, parameters: Parameters, began_at: dt.datetime, *, urgency: str = ""
) -> Deadline:
    """Start one clock of a signal, as urgent as it is unless a level says otherwise, or return the one that runs."""
    return start_deadline(
        kind, subject_kind="signal", subject_id=signal.id, place=signal.place, county_id=signal.county_id,
        urgency=urgency or signal.urgency, parameters=parameters, began_at=began_at,
    )  # fmt: skip
