"""Requests for a sealed name, for the second person; they see why, never the letter and never the name."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from xinqiao.care.mailbox.models import NameRequest
from xinqiao.care.mailbox.states import SECOND_WAITS
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.selectors import running_clocks

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

SHOWN = 50


@dataclass(frozen=True)
class DecideRow:
    """One request: who asks, why, what the pupil reads, whether it was opened already, minutes left, how it ended."""

    id: UUID
    is_rescue: bool
    waits: bool
    label: str
    asked_by: str
    asked_at: dt.datetime
    reason: str
    told: str
    decision: str
    is_own: bool
    minutes_left: int | None


def request_rows(actor: Actor, now: dt.datetime) -> list[DecideRow]:
    """Return the requests, those that wait first; one event where there are any."""
    rows = list(_requests(actor).order_by("-asked_at")[:SHOWN])
    if not rows:
        return []
    note_reading(actor, "mailbox.requests.read", subject_kind="students", place=min(row.place for row in rows),
                 county_id=rows[0].county_id, facts={"count": len(rows)})  # fmt: skip
    names = staff_names(sorted({row.asked_by for row in rows}))
    clocks = running_clocks([row.id for row in rows], now)
    shown = [
        DecideRow(
            id=row.id, is_rescue=row.is_rescue, waits=row.state in SECOND_WAITS, label=str(row.get_state_display()),
            asked_by=names.get(row.asked_by, ""), asked_at=row.asked_at, reason=opened["reason"] or "",
            told=opened["told"] or "", decision=opened["decision"] or "", is_own=row.asked_by == actor.person_id,
            minutes_left=min((clock.minutes_left for clock in clocks.get(row.id, [])), default=None),
        )
        for row, opened in zip(rows, open_sealed(rows, "reason", "told", "decision"), strict=True)
    ]  # fmt: skip
    return sorted(shown, key=lambda row: (not row.waits, not row.is_rescue))


def count_to_decide(actor: Actor) -> int:
    """Return how many requests wait for a second person; a number, so no event."""
    return _requests(actor).filter(state__in=SECOND_WAITS).count()


def _requests(actor: Actor) -> "ScopedQuerySet[NameRequest]":
    rows: ScopedQuerySet[NameRequest] = NameRequest.objects.visible_to(actor, Permission.MAIL_NAME)
    return rows
