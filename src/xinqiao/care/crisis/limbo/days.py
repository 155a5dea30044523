"""When a clock is due, counted day by day from the published calendar and the days that units changed.

Written from the words of `docs/guides` and the packs, not from `engines.schedule`, so that one can be held against the
other.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import chinese_calendar

LAST_MINUTE = (23, 59)
MOST_DAYS = 800


@dataclass(frozen=True)
class Days:
    """`changed` holds `{path of a unit: {day: is it a school day}}`; the nearest unit above a place decides."""

    zone: ZoneInfo
    changed: Mapping[str, Mapping[dt.date, bool]] = field(default_factory=dict)

    def is_school_day(self, day: dt.date, place: str) -> bool:
        """Is school held at a place on a day?"""
        at = place
        while at:
            said = self.changed.get(at, {}).get(day)
            if said is not None:
                return said
            at = at[: at.rstrip("/").rfind("/") + 1]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:  # a year whose holidays are not published
            return day.weekday() < 5

    def last_minute(self, day: dt.date) -> dt.datetime:
        """The last minute of a local day."""
        return dt.datetime(day.year, day.month, day.day, *LAST_MINUTE, tzinfo=self.zone)

    def due(self, kind: str, amount: int, began_at: dt.datetime, place: str) -> dt.datetime:
        """Return when something that began then is due. ValueError for a kind that no pack knows."""
        if kind == "minutes":
            return began_at + dt.timedelta(seconds=60 * amount)
        if kind == "days":
            return began_at + dt.timedelta(hours=24 * amount)
        local = began_at.astimezone(self.zone).date()
        if kind == "same_day":
            return max(self.last_minute(local), began_at + dt.timedelta(seconds=60 * amount))
        if kind != "school_days":
            raise ValueError(f"{kind} is no kind of clock")
        return self.last_minute(self._after(local, amount, place))

    def _after(self, day: dt.date, school_days: int, place: str) -> dt.date:
        """The so-many-th school day after a day; for none that day, or the next one held."""
        left = school_days if school_days or self.is_school_day(day, place) else 1
        for _ in range(MOST_DAYS):
            if not left:
                return day
            day += dt.timedelta(days=1)
            left -= self.is_school_day(day, place)
        raise ValueError(f"no {school_days} school days after {day} at {place}")


@dataclass(frozen=True)
class Kept:
    """What a clock kept of its pack: its length as (kind, amount), how many rungs it has, how often the last hears."""

    kind: str
    amount: int
    rungs: int
    again_minutes: int
    again_is_in_minutes: bool

    def step(self, rung: int) -> tuple[str, int]:
        """How long a rung has before the clock climbs on."""
        if self.again_is_in_minutes and rung >= self.rungs - 1:
            return "minutes", self.again_minutes
        return self.kind, self.amount


def kept_of(text: str) -> Kept:
    """Read `Deadline.parameters`."""
    body = json.loads(text)
    return Kept(
        body["within"]["kind"], body["within"]["amount"], len(body["rungs"]), body["again_minutes"],
        body["again_is_in_minutes"],
    )  # fmt: skip
