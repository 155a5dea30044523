"""Words, dates and durations as a reader of the present language expects them."""

from datetime import date, datetime
from typing import TypeAlias

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from xinqiao.foundation.core.clock import today

Text: TypeAlias = str | Promise

MINUTES_IN_HOUR = 60
MINUTES_IN_DAY = 24 * 60
HALF_A_YEAR_DAYS = 183


def day_words(on: date) -> str:
    """A date with its weekday: 2026年11月22日 周日, or Sun 22 Nov 2026. An aware datetime is read in local time."""
    local = _local(on)
    return pgettext("a day with its year", "%(weekday)s %(day)d %(month)s %(year)d") % {
        "weekday": _weekdays()[local.weekday()],
        "day": local.day,
        "month": _months()[local.month - 1],
        "year": local.year,
    }


def short_day_words(on: date) -> str:
    """A date without its year, 11月22日 周日 or Sun 22 Nov; with it where it could be taken for this year's."""
    local = _local(on)
    if _is_far(local):
        return day_words(local)
    return pgettext("a day without its year", "%(weekday)s %(day)d %(month)s") % {
        "weekday": _weekdays()[local.weekday()],
        "day": local.day,
        "month": _months()[local.month - 1],
    }


def moment_words(at: datetime) -> str:
    """A local day and clock time: 11月22日 周日 14:05, or Sun 22 Nov 14:05."""
    return f"{short_day_words(at)} {clock_words(at)}"


def clock_words(at: datetime) -> str:
    """A local clock time of the 24-hour day: 14:05."""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{local.hour:02d}:{local.minute:02d}"


def duration_words(minutes: float) -> str:
    """A length of time in at most two units: 45 min, 2 h 5 min, 3 days 4 h. The sign is dropped, seconds are too."""
    whole = int(abs(minutes))
    if whole < MINUTES_IN_HOUR:
        return _("%(minutes)d min") % {"minutes": whole}
    if whole < MINUTES_IN_DAY:
        hours, rest = divmod(whole, MINUTES_IN_HOUR)
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest} if rest else _hours(hours)
    days, rest = divmod(whole, MINUTES_IN_DAY)
    hours = rest // MINUTES_IN_HOUR
    day_part = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    return f"{day_part} {_hours(hours)}" if hours else day_part


def due_words(minutes_left: float) -> str:
    """How a deadline stands: "45 min left" or "overdue by 2 h"."""
    words = duration_words(minutes_left)
    if minutes_left < 0:
        return _("overdue by %(duration)s") % {"duration": words}
    return _("%(duration)s left") % {"duration": words}


def share_words(done: int, total: int) -> str:
    """A share as whole percent: "71%"; a dash where there is nothing to count. Never 100% before all is done."""
    if total <= 0:
        return "–"
    return f"{min(100, done * 100 // total)}%"


def _is_far(local: date) -> bool:
    present, day = today(), local.date() if isinstance(local, datetime) else local
    return day.year != present.year and abs((day - present).days) > HALF_A_YEAR_DAYS


def _hours(hours: int) -> str:
    return _("%(hours)d h") % {"hours": hours}


def _local(on: date) -> date:
    if isinstance(on, datetime) and timezone.is_aware(on):
        return timezone.localtime(on)
    return on


def _weekdays() -> tuple[str, ...]:
    return (
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    )


def _months() -> tuple[str, ...]:
    return (
        pgettext("month", "Jan"),
        pgettext("month", "Feb"),
        pgettext("month", "Mar"),
        pgettext("month", "Apr"),
        pgettext("month", "May"),
        pgettext("month", "Jun"),
        pgettext("month", "Jul"),
        pgettext("month", "Aug"),
        pgettext("month", "Sep"),
        pgettext("month", "Oct"),
        pgettext("month", "Nov"),
        pgettext("month", "Dec"),
    )
