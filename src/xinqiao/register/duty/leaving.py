"""Who leaves, or loses the right, is on duty no longer: an heir takes the shifts, or everybody sees the gap."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.hooks import Left, RoleEnded
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.selectors import candidates
from xinqiao.register.duty.writing import Span, keep_worked_part, standing, write_spans


def hand_over_shifts(lefts: Sequence[Left]) -> None:
    """End the running and coming shifts of those who left; the heir takes what the heir may and does not hold already.

    Runs inside the command that notes the leaving. A shift that nobody takes is a gap: the roster shows it, no
    screening with a suicide item is launched over it, and a signal in it is told to the principal at once.
    """
    at = now()
    for left in lefts:
        for place, shifts in _shifts_from(at, left.staff_id).items():
            _hand_over(left, place, shifts, at)


def drop_shifts_without_right(ended: Sequence[RoleEnded]) -> None:
    """Take those off the roster who may no longer acknowledge notices where their shifts are.

    Runs inside the command that ends the role. The roster shows the gap, and papers with a suicide item stay shut.
    """
    at = now()
    for one in ended:
        for place, shifts in _shifts_from(at, one.staff_id).items():
            if one.staff_id not in candidates(place, one.on):
                _end_shifts(shifts, at)
                record(
                    "duty.shifts.dropped", subject_kind="staff", subject_id=one.staff_id, place=place,
                    county_id=shifts[0].county_id, facts={"dropped": len(shifts)},
                )  # fmt: skip


def _shifts_from(at: dt.datetime, staff_id: UUID) -> dict[str, list[DutyShift]]:
    """Return someone's running and coming shifts by place."""
    by_place: dict[str, list[DutyShift]] = defaultdict(list)
    for shift in standing().filter(staff_id=staff_id, end_at__gt=at):
        by_place[shift.place].append(shift)
    return by_place


def _end_shifts(shifts: Sequence[DutyShift], at: dt.datetime) -> None:
    """Cancel what is to come, and keep the part of a running shift that was worked."""
    standing().filter(pk__in=[shift.pk for shift in shifts]).update(cancelled_at=at)
    for shift in shifts:
        if shift.start_at < at:
            keep_worked_part(shift, at)


def _hand_over(left: Left, place: str, shifts: Sequence[DutyShift], at: dt.datetime) -> None:
    _end_shifts(shifts, at)
    spans: dict[str, list[Span]] = defaultdict(list)
    for shift in shifts:
        spans[shift.role].append((max(shift.start_at, at), shift.end_at))
    county_id, heir, handed_over = shifts[0].county_id, left.heir_staff_id, 0
    if heir is not None and heir in candidates(place, timezone.localtime(at).date()):
        for role, of_role in spans.items():
            handed_over += len(
                write_spans(place, county_id, staff_id=heir, role=role, spans=of_role, substitute_for=left.staff_id)
            )
    record(
        "duty.shifts.handed_over", subject_kind="staff", subject_id=left.staff_id, place=place, county_id=county_id,
        facts={"handed_over": handed_over, "dropped": len(shifts) - handed_over},
    )  # fmt: skip
