"""What holds of a bureau's order: its days, where each school stands, who is late. Pure: the day is an argument."""

import datetime as dt
import json
from collections.abc import Sequence
from enum import StrEnum

from xinqiao.care.screening.rules import WhyNot

# Ours: longer than this between the first and the last day, and schools no longer screen at the same time.
LONGEST_ORDER_DAYS = 120
LONGEST_PROPOSED_DAYS = 5
SATURDAY = 5


class Standing(StrEnum):
    """Where one school of an order stands, as the bureau is told."""

    MAKING = "making"
    UNSEEN = "unseen"
    PREPARING = "preparing"
    CONFIRMED = "confirmed"
    RUNNING = "running"
    ENDED = "ended"
    CANNOT = "cannot"
    WITHDRAWN = "withdrawn"


UNANSWERED = frozenset({Standing.MAKING, Standing.UNSEEN, Standing.PREPARING})
UNFINISHED = frozenset({*UNANSWERED, Standing.CONFIRMED, Standing.RUNNING})


def standing_of(state: str, campaign_state: str | None, *, is_looked_at: bool) -> Standing:
    """Return where a school stands; a campaign that was launched says more than any answer."""
    if campaign_state in ("open", "closed"):
        return Standing.RUNNING if campaign_state == "open" else Standing.ENDED
    if state in ("cannot", "withdrawn", "confirmed"):
        return Standing(state)
    if campaign_state is None:
        return Standing.MAKING
    return Standing.PREPARING if is_looked_at else Standing.UNSEEN


def is_late(standing: Standing, on: dt.date, answer_by: dt.date, latest_on: dt.date) -> bool:
    """Has a school not answered in time, or not finished in time?"""
    if standing in UNANSWERED and on > answer_by:
        return True
    return standing in UNFINISHED and on > latest_on


def refusals_of_days(earliest_on: dt.date, latest_on: dt.date, answer_by: dt.date, on: dt.date) -> list[WhyNot]:
    """Return what is wrong with the days of an order."""
    if latest_on < earliest_on:
        return [WhyNot("order_turned")]
    if latest_on < on:
        return [WhyNot("order_past")]
    if (latest_on - earliest_on).days > LONGEST_ORDER_DAYS:
        return [WhyNot("order_long", str(LONGEST_ORDER_DAYS))]
    if not on <= answer_by <= latest_on:
        return [WhyNot("answer_outside")]
    return []


def refusals_of_bounds(first: dt.date, last: dt.date, earliest_on: dt.date, latest_on: dt.date) -> list[WhyNot]:
    """Return why the days of a school's window do not lie within an order's."""
    if earliest_on <= first and last <= latest_on:
        return []
    return [WhyNot("outside_order", "", (earliest_on.isoformat(), latest_on.isoformat()))]


def missing_text(reasons: Sequence[WhyNot]) -> str:
    """Return reasons against a launch as a bureau may know them: codes and counts, nobody's name."""
    return json.dumps([[reason.code, len(reason.details)] for reason in reasons])


def proposed_days(earliest_on: dt.date, latest_on: dt.date, on: dt.date) -> tuple[dt.date, dt.date]:
    """Return the days that a new plan proposes: the first working week after `on` that the order allows, at most."""
    first = min(max(earliest_on, on + dt.timedelta(days=1)), latest_on)
    while first.weekday() >= SATURDAY and first < latest_on:
        first += dt.timedelta(days=1)
    last = first
    while last < latest_on and (last - first).days < LONGEST_PROPOSED_DAYS - 1:
        if (last + dt.timedelta(days=1)).weekday() >= SATURDAY:
            break
        last += dt.timedelta(days=1)
    return first, last
