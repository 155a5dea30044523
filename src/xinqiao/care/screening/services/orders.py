"""A bureau's orders: issued to many schools in one step, reminded, given other days, withdrawn. Never launched: a plan
runs by its school's own hand, with the school's own duty and consent.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from xinqiao.care.screening.models import Campaign, OrderedSchool, ScreeningOrder
from xinqiao.care.screening.ordering import refusals_of_days
from xinqiao.care.screening.recipients import addresses_at
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.orders import late_schools, school_choices
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.screening.states import CampaignState, OrderedState, OrderState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.orgs.models import Unit

_REASON = "body of a command that has checked its actor at the unit that orders"


@dataclass(frozen=True)
class OrderDraft:
    """What a bureau asks: of which schools (ids), of which stages, with which scales (codes), between which days."""

    name: str
    school_ids: tuple[UUID, ...]
    stages: tuple[str, ...]
    scale_codes: tuple[str, ...]
    earliest_on: dt.date
    latest_on: dt.date
    answer_by: dt.date
    note: str = ""
    provider: str = ""


@dataclass(frozen=True)
class Reminded:
    """How many schools were reminded, and how many of them have nobody whom a message can reach."""

    schools: int
    unreached: int


@command(Permission.ORDER_EDIT)
def issue_order(unit: Unit, *, actor: Actor, draft: OrderDraft) -> ScreeningOrder:
    """Ask schools below a unit to screen. Raises CannotRun with every reason.

    The plans of the schools are made afterwards by `jobs.ordering.make_plans`, in short transactions: call it for an
    answer at once; the clock's job does so anyway.
    """
    at = now()
    on = timezone.localtime(at).date()
    _demand(_refusals_of_draft(unit, draft, on))
    order = ScreeningOrder(
        county_id=unit.shard_id, place=unit.path, unit_id=unit.id, name=draft.name, note=draft.note,
        provider=draft.provider, scale_codes=json.dumps(list(draft.scale_codes)), stages=json.dumps(list(draft.stages)),
        earliest_on=draft.earliest_on, latest_on=draft.latest_on, answer_by=draft.answer_by,
        issued_by=actor.id, issued_at=at,
    )  # fmt: skip
    order.save(force_insert=True)
    schools = Unit.objects.filter(pk__in=draft.school_ids)
    rows = [
        OrderedSchool(county_id=school.shard_id, place=school.path, order=order, school_id=school.id)
        for school in schools
    ]
    OrderedSchool.objects.for_system(reason=_REASON).bulk_create(rows)
    _record(order, "screening.order.issued", schools=len(rows), scales=list(draft.scale_codes))
    return order


def _refusals_of_draft(unit: Unit, draft: OrderDraft, on: dt.date) -> list[WhyNot]:
    found = refusals_of_days(draft.earliest_on, draft.latest_on, draft.answer_by, on)
    choices = {choice.unit.id: choice for choice in school_choices(unit, on)}
    asked = [choices[school_id] for school_id in draft.school_ids if school_id in choices]
    if not asked or len(asked) != len(set(draft.school_ids)):
        return [*found, WhyNot("no_schools")]
    if not draft.scale_codes:
        found.append(WhyNot("no_scales"))
    for choice in asked:
        if not choice.cohorts_in(draft.stages):
            found.append(WhyNot("school_without_stage", choice.unit.name))
        faults = choice.faults_with(draft.scale_codes, draft.stages)
        found += [WhyNot("school_scale", choice.unit.name, (code, fault)) for code, fault in faults]
    return found


@command(Permission.ORDER_EDIT, is_batch=True)
def remind_schools(order: ScreeningOrder, *, actor: Actor) -> Reminded | Unchanged:
    """Remind every school that is late: on its page of today's work, and by a message that names nothing."""
    del actor
    at = now()
    order = _locked(order)
    late = late_schools(order, timezone.localtime(at).date()) if order.state == OrderState.ISSUED else []
    if not late:
        return Unchanged("nobody_late")
    addresses = addresses_at({row.place for row in late}, timezone.localtime(at).date())
    post_messages([each for row in late for each in addresses[row.place]], about_kind="order", about_id=order.id, at=at)
    _rows(order).filter(pk__in=[row.pk for row in late]).update(reminded_at=at, reminders=F("reminders") + 1)
    unreached = sum(not addresses[row.place] for row in late)
    _record(order, "screening.order.reminded", schools=len(late), unreached=unreached)
    return Reminded(len(late), unreached)


@command(Permission.ORDER_EDIT)
def change_days(
    order: ScreeningOrder, *, actor: Actor, earliest_on: dt.date, latest_on: dt.date, answer_by: dt.date
) -> ScreeningOrder:
    """Give an order other days. Plans stay as they are; one outside of the new days is named to its school."""
    del actor
    order = _locked(order)
    _demand([] if order.state == OrderState.ISSUED else [WhyNot("order_withdrawn")])
    _demand(refusals_of_days(earliest_on, latest_on, answer_by, timezone.localtime(now()).date()))
    days = {"earliest_on": earliest_on, "latest_on": latest_on, "answer_by": answer_by}
    _own(order).update(**days)
    _record(order, "screening.order.redated", until=latest_on.isoformat(), answer_by=answer_by.isoformat())
    order.refresh_from_db()
    return order


@command(Permission.ORDER_EDIT, is_batch=True)
def withdraw_order(order: ScreeningOrder, *, actor: Actor) -> ScreeningOrder | Unchanged:
    """Withdraw an order from the schools that have not launched; what runs or has ended stays the school's own."""
    del actor
    at, order = now(), _locked(order)
    if order.state == OrderState.WITHDRAWN:
        return Unchanged("already_withdrawn")
    drafts = list(_drafts(order).values_list("pk", flat=True))
    open_rows = _rows(order).exclude(state=OrderedState.WITHDRAWN)
    withdrawn = open_rows.filter(campaign=None).update(state=OrderedState.WITHDRAWN)
    withdrawn += open_rows.filter(campaign_id__in=drafts).update(state=OrderedState.WITHDRAWN, campaign=None)
    Campaign.objects.for_system(reason=_REASON).filter(pk__in=drafts).delete()
    _own(order).update(state=OrderState.WITHDRAWN, withdrawn_at=at)
    _record(order, "screening.order.withdrawn", schools=withdrawn)
    order.refresh_from_db()
    return order


def _drafts(order: ScreeningOrder) -> "QuerySet[Campaign]":
    """Return the plans of an order that were not launched, locked: a launch at the same moment waits, or has won."""
    plans = Campaign.objects.for_system(reason=_REASON).filter(ordered__order=order, state=CampaignState.DRAFT)
    rows: QuerySet[Campaign] = plans.order_by("pk").select_for_update(of=("self",))
    return rows


def _locked(order: ScreeningOrder) -> ScreeningOrder:
    found: ScreeningOrder = _own(order).select_for_update().get()
    return found


def _own(order: ScreeningOrder) -> "QuerySet[ScreeningOrder]":
    rows: QuerySet[ScreeningOrder] = ScreeningOrder.objects.for_system(reason=_REASON).filter(pk=order.pk)
    return rows


def _rows(order: ScreeningOrder) -> "QuerySet[OrderedSchool]":
    rows: QuerySet[OrderedSchool] = OrderedSchool.objects.for_system(reason=_REASON).filter(order=order)
    return rows


def _demand(reasons: Sequence[WhyNot]) -> None:
    if reasons:
        raise CannotRun(reasons)


def _record(order: ScreeningOrder, event: str, **facts: object) -> None:
    record(event, subject_kind="order", subject_id=order.id, place=order.place, county_id=order.county_id,
           facts=facts)  # fmt: skip
