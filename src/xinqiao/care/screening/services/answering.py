"""A school's answer to an order: looked at, confirmed for a date, or cannot, because. The launch stays its own."""

from collections.abc import Sequence

from django.db.models import QuerySet

from xinqiao.care.screening.models import Campaign, OrderedSchool
from xinqiao.care.screening.ordering import missing_text
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.planning import launch_refusals
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.screening.states import CampaignState, Obstacle, OrderedState, OrderState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now

_REASON = "body of a command that has checked its actor at the school"


@command(Permission.CAMPAIGN_EDIT)
def look_at_order(ordered: OrderedSchool, *, actor: Actor, missing: Sequence[WhyNot]) -> OrderedSchool | Unchanged:
    """Note that the school has opened an ordered plan for the first time, and what was missing then."""
    del actor
    at = now()
    seen = {"looked_at": at, "missing": missing_text(missing), "missing_at": at}
    if not _own(ordered).filter(looked_at=None).update(**seen):
        return Unchanged("already_seen")
    _record(ordered, "screening.order.seen")
    return ordered


@command(Permission.CAMPAIGN_EDIT)
def confirm_order(ordered: OrderedSchool, *, actor: Actor) -> OrderedSchool | Unchanged:
    """Confirm that the school holds an ordered screening on the days of its plan. Raises CannotRun with every reason.

    What would stand against the launch stands against the confirmation: duty, consent form, days within the order's.
    """
    ordered, campaign = _locked(ordered)
    if ordered.state == OrderedState.CONFIRMED:
        return Unchanged("already_confirmed")
    reasons = _refusals_to_answer(ordered, campaign, OrderedState.WAITING)
    _demand(reasons or launch_refusals(campaign, now()))
    _answer(ordered, OrderedState.WAITING, OrderedState.CONFIRMED, actor)
    days = {"opens_at": campaign.opens_at.isoformat(), "closes_at": campaign.closes_at.isoformat()}
    _record(ordered, "screening.order.confirmed", **days)
    return ordered


@command(Permission.CAMPAIGN_EDIT)
def decline_order(ordered: OrderedSchool, *, actor: Actor, obstacle: str, remark: str = "") -> OrderedSchool:
    """Say that the school cannot hold an ordered screening, and why; the bureau is told. Raises CannotRun."""
    ordered, campaign = _locked(ordered)
    before = OrderedState(ordered.state)
    _demand(_refusals_to_answer(ordered, campaign, OrderedState.WAITING, OrderedState.CONFIRMED))
    reason = {"obstacle": Obstacle(obstacle), "remark": remark.strip()}
    _answer(ordered, before, OrderedState.CANNOT, actor, **reason)
    _record(ordered, "screening.order.declined", obstacle=str(reason["obstacle"]))
    return ordered


@command(Permission.CAMPAIGN_EDIT)
def reconsider_order(ordered: OrderedSchool, *, actor: Actor) -> OrderedSchool:
    """Take back that the school cannot; the plan waits for an answer again. Raises CannotRun."""
    ordered, campaign = _locked(ordered)
    _demand(_refusals_to_answer(ordered, campaign, OrderedState.CANNOT))
    _answer(ordered, OrderedState.CANNOT, OrderedState.WAITING, actor, obstacle="", remark="")
    _record(ordered, "screening.order.reconsidered")
    return ordered


def _refusals_to_answer(ordered: OrderedSchool, campaign: Campaign | None, *states: OrderedState) -> list[WhyNot]:
    if ordered.order.state != OrderState.ISSUED or campaign is None:
        return [WhyNot("order_withdrawn")]
    if campaign.state != CampaignState.DRAFT:
        return [WhyNot("not_draft")]
    return [] if ordered.state in states else [WhyNot("answered")]


def _answer(ordered: OrderedSchool, source: OrderedState, target: OrderedState, actor: Actor, **fields: object) -> None:
    """Move by conditional update; of two at once only one succeeds."""
    moved = _own(ordered).filter(state=source).update(
        state=target, answered_by=actor.id, answered_at=now(), **fields
    )  # fmt: skip
    _demand([] if moved else [WhyNot("answered")])
    ordered.refresh_from_db()


def _locked(ordered: OrderedSchool) -> tuple[OrderedSchool, Campaign]:
    row = _own(ordered).select_for_update().get()
    campaigns = Campaign.objects.for_system(reason=_REASON).filter(pk=row.campaign_id).select_for_update()
    campaign = campaigns.first()
    _demand([] if campaign is not None else [WhyNot("order_withdrawn")])
    assert campaign is not None
    return row, campaign


def _own(ordered: OrderedSchool) -> "QuerySet[OrderedSchool]":
    rows: QuerySet[OrderedSchool] = OrderedSchool.objects.for_system(reason=_REASON).filter(pk=ordered.pk)
    return rows


def _demand(reasons: Sequence[WhyNot]) -> None:
    if reasons:
        raise CannotRun(reasons)


def _record(ordered: OrderedSchool, event: str, **facts: object) -> None:
    record(event, subject_kind="ordered", subject_id=ordered.id, place=ordered.place, county_id=ordered.county_id,
           facts={"order": str(ordered.order_id), **facts})  # fmt: skip
