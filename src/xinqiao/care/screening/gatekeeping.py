"""Which second gate was planned for a signal: what screening answers when alerts asks."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from xinqiao.care.alerts.models import Signal
from xinqiao.care.screening.models import Campaign
from xinqiao.care.sheets.models import Sitting

_REASON = "alerts asks which gate was planned for a signal that it raises"


def gates_of_signals(signals: Sequence[Signal]) -> Mapping[UUID, str]:
    """Return the gate of each signal that comes from a sheet of a campaign with one, by the signal's id."""
    sittings = Sitting.objects.for_system(reason=_REASON).filter(pk__in=[signal.origin_id for signal in signals])
    campaigns = dict(sittings.values_list("pk", "origin_id"))
    planned = Campaign.objects.for_system(reason=_REASON).filter(pk__in=set(campaigns.values())).exclude(gate="")
    gates = dict(planned.values_list("pk", "gate"))
    found = {signal.id: gates.get(campaigns.get(signal.origin_id)) for signal in signals}
    return {signal_id: gate for signal_id, gate in found.items() if gate}
