"""The pace of a campaign: on which days classes may sit, and the proposal of which class sits when."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.rules import LONGEST_WINDOW_DAYS, SCHOOL_DAY_UNTIL, hours_of
from xinqiao.care.screening.selectors.campaigns import scales_of
from xinqiao.care.screening.selectors.class_days import Window
from xinqiao.care.screening.selectors.outlook import Outlook
from xinqiao.care.screening.selectors.planning import guard_between, terms_between
from xinqiao.engines.capacity import ClassLoad, Pace, paced
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.calendar import zone


@dataclass(frozen=True)
class Days:
    """School days from a campaign's opening to the furthest that it may last, inside the term.

    `guarded` are those with a psychology teacher on duty in school hours; None where no scale asks about suicide.
    """

    every: tuple[dt.date, ...]
    guarded: frozenset[dt.date] | None
    opens_at: dt.datetime

    @property
    def sitting(self) -> frozenset[dt.date]:
        """The days on which a class may sit."""
        return frozenset(self.every) if self.guarded is None else self.guarded & frozenset(self.every)

    def window(self, day: dt.date) -> Window:
        """Return the hours of one of these days in which a class answers."""
        hours = hours_of(day, self.opens_at, end_of(day), zone())
        assert hours is not None
        return Window(*hours)


@dataclass(frozen=True)
class Proposal:
    """Which class should sit when. `closes_at` is when the campaign must last until then at the earliest.

    `bare_days` are days on which nobody is on duty and that the pace would need; it is then not whole.
    """

    pace: Pace
    closes_at: dt.datetime
    is_longer: bool
    clear_on: dt.date | None
    bare_days: tuple[dt.date, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Has every class a day with somebody on duty?"""
        return not self.pace.left and not self.bare_days

    @property
    def days(self) -> Mapping[UUID, dt.date]:
        """The day of each class."""
        return dict(self.pace.days)


def end_of(day: dt.date) -> dt.datetime:
    """Return the end of a school day."""
    return dt.datetime.combine(day, SCHOOL_DAY_UNTIL, zone())


def days_for(campaign: Campaign, school: Unit, now: dt.datetime) -> Days:
    """Return the days on which classes of a campaign may sit."""
    opens_at = max(campaign.opens_at, now)
    furthest = campaign.opens_at + dt.timedelta(days=LONGEST_WINDOW_DAYS)
    first, last = (timezone.localtime(at).date() for at in (opens_at, furthest))
    terms = terms_between(school, first, last)
    term = next(((start, after) for start, after in terms if start <= first < after), None)
    guard = guard_between(school, opens_at, max(furthest, opens_at + dt.timedelta(minutes=1)))
    every = tuple(
        day
        for day in guard.days
        if end_of(day) <= furthest
        and hours_of(day, opens_at, end_of(day), zone())
        and (not terms or (term is not None and day < term[1]))
    )
    needs_duty = any(scale_of(version).needs_duty for version in scales_of(campaign))
    return Days(every, guard.guarded_days if needs_duty else None, opens_at)


def proposal_of(campaign: Campaign, outlook: Outlook, days: Days) -> Proposal | None:
    """Return the pace that the school's capacity allows; None where no flags can be expected or nobody can talk."""
    if outlook.flags is None or not outlook.talks_a_day or not days.every:
        return None
    loads = [ClassLoad(row.class_id, row.flags or 0.0) for row in outlook.rows]
    pace = paced(loads, days.every, days.sitting, outlook.talks_a_day)
    bare: tuple[dt.date, ...] = ()
    if pace.left:
        pace = paced(loads, days.every, frozenset(days.every), outlook.talks_a_day)
        bare = tuple(sorted({day for _class, day in pace.days} - days.sitting))
    if pace.last_day is None:
        return None
    closes_at = max(campaign.closes_at, end_of(pace.last_day))
    return Proposal(pace, closes_at, closes_at > campaign.closes_at, _clear_on(pace, outlook, days), bare)


def _clear_on(pace: Pace, outlook: Outlook, days: Days) -> dt.date | None:
    """Return the school day on which the last of those expected has been talked to; None beyond the days known."""
    flags = {row.class_id: row.flags or 0.0 for row in outlook.rows}
    waiting = 0.0
    for day in days.every:
        waiting += sum(flags[class_id] for class_id, at in pace.days if at == day)
        waiting = max(0.0, waiting - outlook.talks_a_day)
        if pace.last_day is not None and day >= pace.last_day and waiting <= 0:
            return day
    return None
