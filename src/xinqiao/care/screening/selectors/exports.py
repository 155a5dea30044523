"""Requests to take named results out, for a list."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.screening.models import Campaign, ExportRequest
from xinqiao.care.screening.states import ExportPurpose, ExportState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.accounts.models import User
from xinqiao.register.orgs.selectors import name_on, units_by_id


@dataclass(frozen=True)
class ExportRow:
    """One request. `may_decide`: the reader is a second person; `may_fetch`: the reader asked, and the link lives."""

    id: UUID
    purpose: str
    scope: str
    pupils: int
    state: str
    state_label: str
    requested_by: str
    requested_at: dt.datetime
    decided_by: str
    expires_at: dt.datetime | None
    fetches: int
    may_decide: bool
    may_fetch: bool


def export_rows(actor: Actor, campaign: Campaign, now: dt.datetime, on: dt.date) -> list[ExportRow]:
    """Return the requests of one campaign, newest first."""
    rows = list(
        ExportRequest.objects.visible_to(actor, Permission.EXPORT_APPROVE)
        .filter(campaign=campaign)
        .order_by("-requested_at")
    )
    names = _names({row.requested_by for row in rows} | {row.decided_by for row in rows if row.decided_by})
    units = units_by_id({row.class_id for row in rows if row.class_id})
    scopes = {unit_id: name_on(unit, on) for unit_id, unit in units.items()}
    return [_row(row, actor, names, scopes, now) for row in rows]


def _names(user_ids: set[UUID]) -> dict[UUID, str]:
    users = dict(User.objects.filter(pk__in=user_ids).values_list("pk", "staff_id"))
    names = staff_names([staff_id for staff_id in users.values() if staff_id])
    return {user_id: names.get(staff_id, "") if staff_id else "" for user_id, staff_id in users.items()}


def _row(
    row: ExportRequest, actor: Actor, names: dict[UUID, str], scopes: dict[UUID, str], now: dt.datetime
) -> ExportRow:
    is_alive = row.state == ExportState.APPROVED and row.expires_at is not None and now < row.expires_at
    return ExportRow(
        id=row.id, purpose=str(ExportPurpose(row.purpose).label),
        scope=scopes.get(row.class_id, "") if row.class_id else "",
        pupils=row.pupils, state=row.state, state_label=str(ExportState(row.state).label),
        requested_by=names.get(row.requested_by, ""), requested_at=row.requested_at,
        decided_by=names.get(row.decided_by, "") if row.decided_by else "", expires_at=row.expires_at,
        fetches=row.fetches, may_decide=row.state == ExportState.WAITING and row.requested_by != actor.id,
        may_fetch=is_alive and row.requested_by == actor.id,
    )  # fmt: skip
