"""The days on which what recurs with the school year opens: by terms, by a day of the year, by free stretches.

Everything opens on a school day of its term: what would fall on a free day opens on the next school day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from xinqiao.engines.schedule.working_days import WorkingCalendar

WindowKind = Literal[
    "after_term_start", "before_term_end", "on_day", "before_holiday", "after_holiday", "declared"
]  # fmt: skip
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WindowRule:
    """When a window opens in the terms whose numbers are listed (in every term where none is).

    `days` count from the term's first day, or back from the day after its last, or from the holiday. `month_day` is
    MM-DD. A holiday is a stretch of at least `free_days` days without school inside a term. A declared window follows
    from no calendar.
    """

    kind: WindowKind
    terms: tuple[int, ...] = ()
    days: int = 0
    month_day: str = ""
    free_days: int = 0


@dataclass(frozen=True, slots=True)
class TermSpan:
    """One term: the year in which its school year began, its number, [start_on, end_on)."""

    year: int
    number: int
    start_on: dt.date
    end_on: dt.date


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening. `occasion` names it so that it stays the same when a calendar is corrected by a few days."""

    occasion: str
    on: dt.date


def openings(rule: WindowRule, terms: Sequence[TermSpan], calendar: WorkingCalendar) -> list[Opening]:
    """Return the openings of a window in some terms, in the order of days."""
    wanted = [term for term in terms if not rule.terms or term.number in rule.terms]
    found = [opening for term in wanted for opening in _in_term(rule, term, calendar)]
    return sorted(found, key=lambda opening: opening.on)


def _in_term(rule: WindowRule, term: TermSpan, calendar: WorkingCalendar) -> list[Opening]:
    whole_term = f"{term.year}-{term.number}"
    if rule.kind == "after_term_start":
        return _opened(whole_term, term.start_on + dt.timedelta(days=rule.days), term, calendar)
    if rule.kind == "before_term_end":
        return _opened(whole_term, term.end_on - dt.timedelta(days=rule.days), term, calendar)
    if rule.kind == "on_day":
        month, day = (int(part) for part in rule.month_day.split("-"))
        days = [dt.date(year, month, day) for year in sorted({term.start_on.year, term.end_on.year})]
        return [each for on in days if term.start_on <= on < term.end_on
                for each in _opened(str(on.year), on, term, calendar)]  # fmt: skip
    if rule.kind in ("before_holiday", "after_holiday"):
        return [
            each
            for number, (first, after) in enumerate(_free_stretches(term, calendar, rule.free_days), 1)
            for each in _opened(f"{whole_term}-{number}", _beside(rule, first, after), term, calendar)
        ]
    return []


def _opened(occasion: str, on: dt.date, term: TermSpan, calendar: WorkingCalendar) -> list[Opening]:
    """The first school day of the term from a day on; none where the term has no such day."""
    day = max(on, term.start_on)
    while day < term.end_on:
        if calendar.is_school_day(day):
            return [Opening(occasion, day)]
        day += A_DAY
    return []


def _free_stretches(term: TermSpan, calendar: WorkingCalendar, fewest: int) -> list[tuple[dt.date, dt.date]]:
    """Return [first, after) of every stretch of free days that lies between two school days of the term."""
    found: list[tuple[dt.date, dt.date]] = []
    first: dt.date | None = None
    was_at_school, day = False, term.start_on
    while day < term.end_on:
        if calendar.is_school_day(day):
            if first is not None and was_at_school and (day - first).days >= fewest:
                found.append((first, day))
            first, was_at_school = None, True
        elif first is None:
            first = day
        day += A_DAY
    return found


def _beside(rule: WindowRule, first: dt.date, after: dt.date) -> dt.date:
    days = dt.timedelta(days=rule.days)
    return first - days if rule.kind == "before_holiday" else after + days
