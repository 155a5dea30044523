"""What opens a case by itself: a settled signal that needs continued care."""

from collections.abc import Sequence

from xinqiao.care.alerts.settling import Settled
from xinqiao.care.alerts.states import Outcome
from xinqiao.care.crisis.services.opening import write_case


def open_cases(settled: Sequence[Settled]) -> None:
    """Receive SignalsSettled: whoever needs continued care gets a case in the same transaction."""
    for each in settled:
        if each.outcome == Outcome.CASE:
            write_case(each.student, by=each.by, at=each.at)
