"""Who says that a signal waits at a second gate: the registry through which what is above tells alerts.

Signals know nothing of what they came from; whoever plans (a screening) answers for the signals that it knows.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from xinqiao.care.alerts.models import Signal

Gatekeeper = Callable[[Sequence[Signal]], Mapping[UUID, str]]
_keepers: list[Gatekeeper] = []


def register_gatekeeper(ask: Gatekeeper) -> None:
    """Let `ask` say of some signals, by id, which gate (`states.Gate`) they wait at; once, in `ready()`."""
    if ask not in _keepers:
        _keepers.append(ask)


def gate_planned_for(signal: Signal) -> str:
    """Return the gate that was planned for a signal, "" for none."""
    for ask in _keepers:
        if gate := ask([signal]).get(signal.id, ""):
            return gate
    return ""
