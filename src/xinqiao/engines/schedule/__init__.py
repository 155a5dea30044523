"""Working days and clocks as values: which day is a school day, when a clock is due, how it may be moved.

Pure: holidays, the moment and the zone are arguments.
"""

from xinqiao.engines.schedule.clocks import ClockRule, due_at, minutes_left, redated
from xinqiao.engines.schedule.windows import Opening, TermSpan, WindowRule, openings
from xinqiao.engines.schedule.working_days import (
    CalendarExhausted,
    WorkingCalendar,
    add_school_days,
    school_days_between,
    working_calendar,
)

__all__ = [
    "CalendarExhausted",
    "ClockRule",
    "Opening",
    "TermSpan",
    "WindowRule",
    "WorkingCalendar",
    "add_school_days",
    "due_at",
    "minutes_left",
    "openings",
    "redated",
    "school_days_between",
    "working_calendar",
]
