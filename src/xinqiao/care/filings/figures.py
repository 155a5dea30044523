"""What a bureau is shown of each school, in numbers. Pure.

No figure gets worse by a case that is filed: what came in is counted up, what is missing only goes down by sending, and
no share is formed in which a case could weigh against the school that filed it. Schools stand in the order of their
names, never of their numbers (S1-10b forbids to hide or omit; whoever files must not look worse for it).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Dated:
    """One filing as the figures see it: at which school, when it was due, when it was first sent, whether dropped."""

    school: str
    due_at: dt.datetime
    sent_at: dt.datetime | None
    is_lapsed: bool = False


@dataclass(frozen=True)
class SchoolFigures:
    """What came in from a school, how much of it in time, what is missing after its time, what was dropped."""

    school: str
    came: int
    in_time: int
    missing: int
    dropped: int


def figures_of(filings: Iterable[Dated], now: dt.datetime) -> list[SchoolFigures]:
    """Return one line a school, by name."""
    by_school: dict[str, list[Dated]] = {}
    for each in filings:
        by_school.setdefault(each.school, []).append(each)
    return [
        SchoolFigures(
            school,
            came=sum(each.sent_at is not None for each in rows),
            in_time=sum(each.sent_at is not None and each.sent_at <= each.due_at for each in rows),
            missing=sum(is_missing(each, now) for each in rows),
            dropped=sum(each.is_lapsed for each in rows),
        )
        for school, rows in sorted(by_school.items())
    ]


def is_missing(filing: Dated, now: dt.datetime) -> bool:
    """Should it have been sent by now, and was not?"""
    return filing.sent_at is None and not filing.is_lapsed and filing.due_at < now


def hours_late(due_at: dt.datetime, until: dt.datetime) -> int:
    """Return how many whole hours lie between a deadline and a moment after it."""
    return max(0, int((until - due_at).total_seconds() // 3600))
