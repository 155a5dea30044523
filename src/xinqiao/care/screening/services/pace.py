"""The days of a campaign's classes: set from the proposal or by hand, dropped, moved to later days while it runs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.screening.models import Campaign, ClassDay
from xinqiao.care.screening.rules import WhyNot, refusals_of_days, refusals_of_window
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.selectors.class_days import begun_classes, remaining_days
from xinqiao.care.screening.selectors.pacing import Days, days_for
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_id

_REASON = "body of a command that has checked its actor at the school"
NOT_BEGUN = (SittingState.WAITING, SittingState.EXCUSED)


@command(Permission.CAMPAIGN_EDIT)
def set_class_days(campaign: Campaign, *, actor: Actor, days: Mapping[UUID, dt.date]) -> Campaign | Unchanged:
    """Say on which school day each of some classes sits; the campaign lasts as long as the last of them needs.

    Of a running campaign only classes in which nobody has begun. Raises CannotRun for a day on which no class can sit.
    """
    del actor
    campaign, at = _locked(campaign), now()
    _demand([WhyNot("not_open")] if campaign.state == CampaignState.CLOSED else [])
    changed = {class_id: day for class_id, day in days.items() if _days_of(campaign).get(class_id) != day}
    if not changed:
        return Unchanged("same_days")
    able = days_for(campaign, _school(campaign), at)
    _demand(_refusals(campaign, changed, able, at))
    _write(campaign, changed, able)
    _record(campaign, "screening.pace.set", classes=len(changed), until=campaign.closes_at.isoformat())
    return campaign


@command(Permission.CAMPAIGN_EDIT)
def drop_class_days(campaign: Campaign, *, actor: Actor) -> Campaign | Unchanged:
    """Let all classes of a planned campaign sit in its whole window again. Raises CannotRun once it was launched."""
    del actor
    campaign = _locked(campaign)
    _demand([WhyNot("not_draft")] if campaign.state != CampaignState.DRAFT else [])
    if not _rows(campaign).delete()[0]:
        return Unchanged("no_pace")
    _record(campaign, "screening.pace.dropped")
    return campaign


@command(Permission.CAMPAIGN_EDIT)
def move_remaining_classes(campaign: Campaign, *, actor: Actor, later: int) -> Campaign:
    """Move every class in which nobody has begun to its `later`-th next day of sitting; the campaign lasts longer if
    need be. Raises CannotRun where no class is left to move, or the term holds no such day.
    """
    del actor
    campaign, at = _locked(campaign), now()
    _demand([WhyNot("not_open")] if campaign.state != CampaignState.OPEN else [])
    able = days_for(campaign, _school(campaign), at)
    remaining = remaining_days(campaign, at)
    moved = {class_id: _later(day, later, able) for class_id, day in remaining.items()}
    _demand([WhyNot("nobody_to_move")] if not moved else [])
    days = {class_id: day for class_id, day in moved.items() if day is not None}
    _demand([WhyNot("no_later_day")] if later < 1 or len(days) < len(moved) else [])
    _demand(_refusals(campaign, days, able, at))
    _write(campaign, days, able)
    _record(campaign, "screening.pace.moved", classes=len(days), days=later, until=campaign.closes_at.isoformat())
    return campaign


def _later(day: dt.date, steps: int, able: Days) -> dt.date | None:
    ahead = sorted(each for each in able.sitting if each > day)
    return ahead[steps - 1] if 0 < steps <= len(ahead) else None


def _refusals(campaign: Campaign, days: Mapping[UUID, dt.date], able: Days, at: dt.datetime) -> list[WhyNot]:
    classes = {unit.id for unit in classes_of(campaign)}
    if not set(days) <= classes:
        return [WhyNot("class_elsewhere")]
    if campaign.state == CampaignState.OPEN and set(days) & begun_classes(campaign):
        return [WhyNot("class_begun")]
    reasons = refusals_of_days(days.values(), frozenset(able.every), able.guarded)
    if reasons:
        return reasons
    return refusals_of_window(campaign.opens_at, max(able.window(day).closes_at for day in days.values()), at)


def _write(campaign: Campaign, days: Mapping[UUID, dt.date], able: Days) -> None:
    """Write the days; sittings that stand in their class's window, and were not begun, follow."""
    units = {unit.id: unit for unit in classes_of(campaign)}
    before = {row.class_id: row for row in _rows(campaign)}
    for class_id, day in days.items():
        window = able.window(day)
        old = before.get(class_id)
        was = (old.opens_at, old.closes_at) if old else (campaign.opens_at, campaign.closes_at)
        row = old or ClassDay(county_id=campaign.county_id, campaign=campaign, class_id=class_id)
        row.place, row.opens_at, row.closes_at = units[class_id].path, window.opens_at, window.closes_at
        row.save()
        _sittings(campaign).filter(
            class_id=class_id, state__in=NOT_BEGUN, opens_at=was[0], closes_at=was[1]
        ).update(opens_at=window.opens_at, closes_at=window.closes_at)  # fmt: skip
    last = max((able.window(day).closes_at for day in days.values()), default=campaign.closes_at)
    if last > campaign.closes_at:
        # Whoever could answer until the end can still do so: classes without a day, and those admitted late.
        _sittings(campaign).filter(
            state__in=(*NOT_BEGUN, SittingState.STARTED), opens_at=campaign.opens_at, closes_at=campaign.closes_at
        ).exclude(class_id__in=list(days)).update(closes_at=last)
        campaign.closes_at = last
        campaign.save(update_fields=["closes_at"])


def _days_of(campaign: Campaign) -> dict[UUID, dt.date]:
    return {row.class_id: timezone.localtime(row.opens_at).date() for row in _rows(campaign)}


def _school(campaign: Campaign) -> Unit:
    return units_by_id([campaign.school_id])[campaign.school_id]


def _rows(campaign: Campaign) -> "QuerySet[ClassDay]":
    rows: QuerySet[ClassDay] = ClassDay.objects.for_system(reason=_REASON).filter(campaign=campaign)
    return rows.order_by("opens_at", "id")


def _sittings(campaign: Campaign) -> "QuerySet[Sitting]":
    rows: QuerySet[Sitting] = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    return rows


def _locked(campaign: Campaign) -> Campaign:
    found: Campaign = Campaign.objects.for_system(reason=_REASON).select_for_update().get(pk=campaign.pk)
    return found


def _demand(reasons: Sequence[WhyNot]) -> None:
    if reasons:
        raise CannotRun(reasons)


def _record(campaign: Campaign, event: str, **facts: object) -> None:
    record(event, subject_kind="campaign", subject_id=campaign.id, place=campaign.place, county_id=campaign.county_id,
           facts=facts)  # fmt: skip
