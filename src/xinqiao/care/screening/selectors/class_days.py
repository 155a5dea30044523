"""Which class of a campaign sits when."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.screening.models import Campaign, ClassDay
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState

BEGUN = (SittingState.STARTED, SittingState.SUBMITTED)
_REASON = "days of a campaign whose reader was checked for"


@dataclass(frozen=True)
class Window:
    """From when to when a class may answer."""

    opens_at: dt.datetime
    closes_at: dt.datetime

    def is_open(self, at: dt.datetime) -> bool:
        """May the class answer at this moment?"""
        return self.opens_at <= at < self.closes_at


def class_windows(campaign: Campaign) -> dict[UUID, Window]:
    """Return the windows of the classes that have a day of their own, by class; empty where there is no pace."""
    rows = ClassDay.objects.for_system(reason=_REASON).filter(campaign_id=campaign.id).order_by("opens_at", "id")
    return {row.class_id: Window(row.opens_at, row.closes_at) for row in rows}


def window_of(campaign: Campaign, class_id: UUID) -> Window:
    """Return when a class may answer: on its own day, or else in the campaign's window."""
    return class_windows(campaign).get(class_id, Window(campaign.opens_at, campaign.closes_at))


def begun_classes(campaign: Campaign) -> set[UUID]:
    """Return the classes in which at least one pupil has begun."""
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id, state__in=BEGUN)
    return set(sittings.values_list("class_id", flat=True).distinct())


def remaining_days(campaign: Campaign, at: dt.datetime) -> dict[UUID, dt.date]:
    """Return the days of the classes that still have one ahead and in which nobody has begun."""
    begun = begun_classes(campaign)
    return {
        class_id: timezone.localtime(window.opens_at).date()
        for class_id, window in class_windows(campaign).items()
        if window.closes_at > at and class_id not in begun
    }
