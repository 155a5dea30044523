"""How often a grade is screened in a school year, by which day, and where it stands. Pure: the day is an argument."""

import datetime as dt
from enum import StrEnum


class DueState(StrEnum):
    """Where one grade of one school stands this school year."""

    LATE = "late"
    SOON = "soon"
    RUNNING = "running"
    DUE = "due"
    DONE = "done"


def due_days(times: int, first: dt.date, after: dt.date) -> tuple[dt.date, ...]:
    """Return by which day each of `times` screenings of a school year [first, after) is to be held: equal parts."""
    length = (after - first).days
    return tuple(first + dt.timedelta(days=length * part // times - 1) for part in range(1, times + 1))


def next_due(done: int, days: tuple[dt.date, ...]) -> dt.date | None:
    """Return by which day the next screening is to be held; None where as many were held as are asked."""
    return days[done] if done < len(days) else None


def due_state(due_on: dt.date | None, on: dt.date, remind_days_before: int, *, is_running: bool) -> DueState:
    """Return where a grade stands. One that is being screened is not late as long as its screening runs."""
    if due_on is None:
        return DueState.DONE
    if is_running:
        return DueState.RUNNING
    if on > due_on:
        return DueState.LATE
    return DueState.SOON if (due_on - on).days <= remind_days_before else DueState.DUE
