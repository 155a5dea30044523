"""Who of those with a shift counts as on duty: now, and over a window. Pure: plain facts in.

The teller (selectors) and the intake (raw rows) both ask here, so that a pupil is never promised somebody whom the
teller does not tell.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission

READERS = frozenset(role.value for role, held in ROLE_PERMISSIONS.items() if Permission.NOTICE_VIEW in held)


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that somebody holds over a place, for [start_on, end_on)."""

    role: str
    place: str
    start_on: dt.date
    end_on: dt.date | None


def is_able_now(held: Iterable[HeldRole], above: Collection[str], today: dt.date) -> bool:
    """May the holder of these roles read notices today of the place whose path is `above` (itself included)?

    Whoever could when the shift began and cannot any more is not on duty; whoever can only since is.
    """
    return any(_reads(each, above) and each.start_on <= today and (not each.end_on or today < each.end_on)
               for each in held)  # fmt: skip


def is_able_through(held: Collection[HeldRole], above: Collection[str], first: dt.date, last: dt.date) -> bool:
    """May the holder read notices of the place on the first and on the last day of a shift that is planned?"""
    return is_able_now(held, above, first) and is_able_now(held, above, last)


def _reads(held: HeldRole, above: Collection[str]) -> bool:
    return held.role in READERS and held.place in above


def refusal_of_absence(
    *,
    staff_id: UUID,
    substitute_id: UUID,
    start_on: dt.date,
    end_on: dt.date,
    today: dt.date,
    of_school: Collection[UUID],
    standing: Iterable[tuple[UUID, dt.date, dt.date]],
) -> str:
    """Return why someone may not be entered as away with this substitute; "" if it stands.

    `standing` are the absences entered already: who, the first and the last day.
    """
    if staff_id == substitute_id:
        return "own_substitute"
    if end_on < start_on:
        return "absence_ends_first"
    if end_on < today:
        return "absence_over"
    if staff_id not in of_school or substitute_id not in of_school:
        return "not_of_school"
    meets = [who for who, first, last in standing if first <= end_on and start_on <= last]
    if staff_id in meets:
        return "absence_twice"
    return "substitute_away" if substitute_id in meets else ""
