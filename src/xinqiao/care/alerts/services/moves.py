"""The one place that writes a signal's state: by the table, conditionally, so that two people cannot both succeed."""

from typing import Any

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.alerts.states import SignalState, sources_of


def move_signal(signal: Signal, target: SignalState, **changes: Any) -> bool:
    """Move a signal to a state with further column changes; False where the table or someone else forbids it.

    A private body: the command records the move's event.
    """
    rows = every_signal().filter(pk=signal.pk, state__in=sources_of(target))
    if not rows.update(state=target.value, **changes):
        return False
    signal.state = target.value
    for name, value in changes.items():
        setattr(signal, name, value)
    return True
