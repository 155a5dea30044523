"""The order behind a school's plan: its bounds, and what the school still has to answer."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.screening.models import Campaign, OrderedSchool
from xinqiao.care.screening.ordering import is_late, refusals_of_bounds, standing_of
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.states import CampaignState, OrderedState, OrderState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.selectors import units_by_id

_REASON = "the order that a plan of the school belongs to"


@dataclass(frozen=True)
class Task:
    """One plan that a bureau ordered and a school has not answered yet."""

    campaign_id: UUID
    name: str
    school: str
    ordered_by: str
    earliest_on: dt.date
    latest_on: dt.date
    answer_by: dt.date
    is_late: bool
    reminded_at: dt.datetime | None


def ordered_of(campaign: Campaign) -> OrderedSchool | None:
    """Return the row of the order that a campaign was made for; None for one that the school planned itself."""
    rows = OrderedSchool.objects.for_system(reason=_REASON).filter(campaign_id=campaign.pk)
    found: OrderedSchool | None = rows.select_related("order").first()
    return found


def order_refusals(campaign: Campaign) -> list[WhyNot]:
    """Return why an order stands against launching its plan as it is; an order never takes a reason away."""
    ordered = ordered_of(campaign)
    if ordered is None:
        return []
    if ordered.state == OrderedState.CANNOT:
        return [WhyNot("declined")]
    return bounds_refusals(ordered, campaign.opens_at, campaign.closes_at)


def bounds_refusals(ordered: OrderedSchool, opens_at: dt.datetime, closes_at: dt.datetime) -> list[WhyNot]:
    """Return why a window does not lie within the days of an order."""
    first, last = (timezone.localtime(at).date() for at in (opens_at, closes_at))
    return refusals_of_bounds(first, last, ordered.order.earliest_on, ordered.order.latest_on)


def tasks_for(actor: Actor, on: dt.date) -> list[Task]:
    """Return the ordered plans that an actor's schools have not answered yet, the most pressing first."""
    rows = list(
        OrderedSchool.objects.visible_to(actor, Permission.CAMPAIGN_EDIT)
        .filter(state=OrderedState.WAITING, campaign__state=CampaignState.DRAFT, order__state=OrderState.ISSUED)
        .select_related("order", "campaign")
        .order_by("order__answer_by", "id")
    )
    units = units_by_id({row.school_id for row in rows} | {row.order.unit_id for row in rows}) if rows else {}
    return [_task(row, units[row.school_id].name, units[row.order.unit_id].name, on) for row in rows]


def _task(row: OrderedSchool, school: str, ordered_by: str, on: dt.date) -> Task:
    order = row.order
    standing = standing_of(row.state, CampaignState.DRAFT, is_looked_at=row.looked_at is not None)
    assert row.campaign_id is not None
    return Task(
        campaign_id=row.campaign_id, name=order.name, school=school, ordered_by=ordered_by,
        earliest_on=order.earliest_on, latest_on=order.latest_on, answer_by=order.answer_by,
        is_late=is_late(standing, on, order.answer_by, order.latest_on), reminded_at=row.reminded_at,
    )  # fmt: skip
