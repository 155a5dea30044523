"""When things happened in the demo city. Pure: everything follows from the day on which the city is loaded.

The screenings are one of the school year before, one that is over, and one that runs; each lies inside a term. Where
the usual calendar is on holiday on the day of loading, the nearer term of the city is lengthened until it holds the
running screening: a city may set its terms, and the rule stays as it is.
"""

import datetime as dt
from dataclasses import dataclass

from xinqiao.register.orgs.naming import school_year_of

Span = tuple[dt.date, dt.date]  # [first day, day after the last)

RUNS_SINCE_DAYS, RUNS_DAYS = 2, 16
ENDED_DAYS, LOOKED_AGAIN_DAYS = 9, 20


@dataclass(frozen=True)
class Dates:
    """`years` are (year it begins in, first term, second term); the last one is the school year of `today`.

    `ended_on` is the first day of the screening that is over; it lies in this school year once the year is old enough,
    before that in the spring of the last one.
    """

    today: dt.date
    year: int
    years: tuple[tuple[int, Span, Span], ...]
    last_year_on: dt.date
    ended_on: dt.date

    @property
    def ended_this_year(self) -> bool:
        """Does the screening that is over belong to this school year?"""
        return school_year_of(self.ended_on) == self.year

    @property
    def staff_since(self) -> dt.date:
        """The day since which everyone holds the role that they have."""
        return self.years[0][1][0]

    def entered_on(self, grade: int) -> dt.date:
        """Return the first school day of those who are now in this year of their stage."""
        usual = dt.date(self.year - grade + 1, 9, 1)
        return min(usual, self.years[-1][1][0]) if grade == 1 else usual


def dates_around(today: dt.date) -> Dates:
    """Return the dates of a city that is loaded on a day."""
    year = school_year_of(today)
    window = (today - dt.timedelta(days=RUNS_SINCE_DAYS), today + dt.timedelta(days=RUNS_DAYS - RUNS_SINCE_DAYS + 1))
    autumn = _monday_from(dt.date(year, 9, 14))
    is_over = autumn + dt.timedelta(days=LOOKED_AGAIN_DAYS + 1) < window[0]  # a day later elsewhere
    return Dates(
        today=today,
        year=year,
        years=((year - 1, *usual_terms(year - 1)), (year, *terms_holding(usual_terms(year), window))),
        last_year_on=_monday_from(dt.date(year - 1, 10, 13)),
        ended_on=autumn if is_over else _monday_from(dt.date(year, 5, 11)),
    )


def usual_terms(year: int) -> tuple[Span, Span]:
    """Return the two terms of a school year without a reason to move them."""
    return (
        (dt.date(year, 9, 1), dt.date(year + 1, 1, 24)),
        (dt.date(year + 1, 2, 22), dt.date(year + 1, 7, 5)),
    )


def terms_holding(terms: tuple[Span, Span], window: Span) -> tuple[Span, Span]:
    """Return the terms with the one that needs least lengthened, if need be, so that it holds the window."""
    first, second = terms
    longer = tuple((min(start, window[0]), max(end, window[1])) for start, end in terms)
    added = [_days(long) - _days(term) for long, term in zip(longer, terms, strict=True)]
    return (longer[0], second) if added[0] <= added[1] else (first, longer[1])


def _days(span: Span) -> int:
    return (span[1] - span[0]).days


def _monday_from(day: dt.date) -> dt.date:
    """Return the first Monday on or after a day: screenings begin with the week."""
    return day + dt.timedelta(days=-day.weekday() % 7)
