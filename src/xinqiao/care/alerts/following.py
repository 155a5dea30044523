"""What signals and levels follow by themselves: pupils who move, and members of staff who leave."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rows import every_attention, every_signal
from xinqiao.care.alerts.services.telling import call_again
from xinqiao.care.alerts.states import SignalState
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.hooks import Left
from xinqiao.register.people.hooks import Moved

A_QUERY = 500


def pupils_by_place(moves: Sequence[Moved]) -> Iterator[tuple[str, list[UUID]]]:
    """Return where pupils are now with their ids, a few hundred at a time."""
    found: dict[str, list[UUID]] = {}
    for move in moves:
        found.setdefault(move.place, []).append(move.student_id)
    for place, ids in found.items():
        for start in range(0, len(ids), A_QUERY):
            yield place, ids[start : start + A_QUERY]


def follow_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: open signals and levels follow into another class. Those of a pupil who left stay open at
    the school until a person has settled them; what was settled keeps the place where it was."""
    for place, ids in pupils_by_place(moves):
        every_signal().filter(student_id__in=ids).exclude(state=SignalState.CLOSED).update(place=place)
        every_attention().filter(student_id__in=ids, ended_at__isnull=True).update(place=place)


def hand_over_signals(left: Sequence[Left]) -> None:
    """Receive StaffLeft: signals that somebody had taken go to the named heir; without one people are called again."""
    for each in left:
        taken = every_signal().filter(acknowledged_by=each.staff_id, state=SignalState.ACKNOWLEDGED)
        for signal in taken.select_related("student"):
            if each.heir_staff_id is not None:
                every_signal().filter(pk=signal.pk).update(acknowledged_by=each.heir_staff_id)
            else:
                call_again(signal, at=now())
            _record(signal, each)


def _record(signal: Signal, left: Left) -> None:
    record(
        "alerts.signal.handed_over", subject_kind="student", subject_id=signal.student_id, place=signal.place,
        county_id=signal.county_id,
        facts={"signal": str(signal.id), "from": str(left.staff_id), "to": str(left.heir_staff_id or "")},
    )  # fmt: skip
