"""Who leaves is on duty no longer: the shifts go to the heir, or stand empty where everybody sees the gap."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.hooks import Left
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.selectors import candidates

_WHY = "the shifts of someone who left, in the transaction of the leaving"


def hand_over_shifts(lefts: Sequence[Left]) -> None:
    """End the running and coming shifts of those who left; the heir takes what the heir may and does not hold already.

    Runs inside the command that notes the leaving. A shift that nobody takes is a gap: the roster shows it, no
    screening with a suicide item is launched over it, and a signal in it is told to the principal at once.
    """
    at = now()
    for left in lefts:
        by_place: dict[str, list[DutyShift]] = defaultdict(list)
        for shift in _standing().filter(staff_id=left.staff_id, end_at__gt=at):
            by_place[shift.place].append(shift)
        for place, shifts in by_place.items():
            _hand_over(left, place, shifts)


def _hand_over(left: Left, place: str, shifts: Sequence[DutyShift]) -> None:
    at = now()
    _standing().filter(pk__in=[shift.pk for shift in shifts]).update(cancelled_at=at)
    worked = [_copy(shift, shift.staff_id, shift.start_at, at) for shift in shifts if shift.start_at < at]
    DutyShift.objects.for_system(reason=_WHY).bulk_create(worked)
    heir, taken = left.heir_staff_id, []
    if heir is not None and heir in candidates(place, timezone.localtime(at).date()):
        held = set(_standing().filter(place=place, staff_id=heir).values_list("role", "start_at"))
        taken = [
            _copy(shift, heir, max(shift.start_at, at), shift.end_at, left.staff_id)
            for shift in shifts
            if (shift.role, max(shift.start_at, at)) not in held
        ]
        DutyShift.objects.for_system(reason=_WHY).bulk_create(taken)
    record(
        "duty.shifts.handed_over", subject_kind="staff", subject_id=left.staff_id, place=place,
        county_id=shifts[0].county_id, facts={"handed_over": len(taken), "dropped": len(shifts) - len(taken)},
    )  # fmt: skip


def _copy(
    shift: DutyShift, staff_id: UUID, start_at: dt.datetime, end_at: dt.datetime, instead_of: UUID | None = None
) -> DutyShift:
    return DutyShift(
        county_id=shift.county_id, place=shift.place, staff_id=staff_id, role=shift.role, start_at=start_at,
        end_at=end_at, substitute_for=instead_of or shift.substitute_for,
    )  # fmt: skip


def _standing() -> "QuerySet[DutyShift]":
    rows: QuerySet[DutyShift] = DutyShift.objects.for_system(reason=_WHY)
    return rows.filter(cancelled_at__isnull=True)
