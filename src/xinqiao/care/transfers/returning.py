"""Moving a handover, and letting a file go back that was not taken in. Private bodies of commands of both schools."""

import datetime as dt
from uuid import UUID

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.transfers import rules
from xinqiao.care.transfers.clocks import HANDOVER, due_to_hand, start_handing
from xinqiao.care.transfers.errors import CannotHand
from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.care.transfers.rows import every_arrival, every_handover
from xinqiao.care.transfers.states import ArrivalState, HandoverState, arrival_sources_of, handover_sources_of
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.keys.store import destroy_keys


def move_handover(handover: Handover, target: str, *, refusal: str = rules.NOT_TO_DECIDE, **changes: object) -> None:
    """Move a handover; of two at the same time one wins. Raises CannotHand with the refusal."""
    sources = handover_sources_of(target)
    moved = every_handover().filter(pk=handover.pk, state__in=sources).update(state=HandoverState(target), **changes)
    if not moved:
        raise CannotHand([refusal])
    handover.refresh_from_db()


def empty_out(arrival: Arrival, target: str, *, at: dt.datetime, by: UUID) -> None:
    """End an arrival that is not taken in: its text and the key of the way are gone. Raises CannotHand."""
    moved = every_arrival().filter(pk=arrival.pk, state__in=arrival_sources_of(target)).update(
        state=ArrivalState(target), parcel=None, ended_by=by, ended_at=at
    )  # fmt: skip
    if not moved:
        raise CannotHand([rules.NOT_WAITING])
    destroy_keys([arrival.key_id])
    arrival.refresh_from_db()


def give_back(handover: Handover, *, at: dt.datetime, reason: str = "") -> None:
    """Let the school that was left decide again, with a new clock; `reason` is the next school's."""
    handover.reason = reason or None
    seal_rows([handover])
    move_handover(handover, HandoverState.RETURNED, reason=handover.reason, due_at=due_to_hand(handover.place, at))
    start_handing(handover, at=at)
    send_neutral_word(("psychology_teachers",), (), handover.place, about_kind=HANDOVER, about_id=handover.id, at=at)
