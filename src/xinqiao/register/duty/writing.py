"""Private bodies that write shifts, inside the transaction of a command that records what happened."""

import datetime as dt
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.register.duty.models import DutyRole, DutyShift

Span = tuple[dt.datetime, dt.datetime]


def standing() -> QuerySet[DutyShift]:
    """Return the shifts that were not cancelled."""
    rows: QuerySet[DutyShift] = DutyShift.objects.for_system(reason="body of a command")
    return rows.filter(cancelled_at__isnull=True)


def keep_worked_part(shift: DutyShift, until: dt.datetime) -> None:
    """Write the part of a cancelled shift that was worked before it ended."""
    DutyShift(
        county_id=shift.county_id, place=shift.place, staff_id=shift.staff_id, role=shift.role,
        start_at=shift.start_at, end_at=until, substitute_for=shift.substitute_for,
    ).save(force_insert=True)  # fmt: skip


def write_spans(
    place: str, county_id: UUID, *, staff_id: UUID, role: str, spans: Iterable[Span], substitute_for: UUID | None
) -> list[DutyShift]:
    """Insert those spans that the person does not stand in already; of several with one beginning the longest."""
    role, longest = DutyRole(role).value, dict(sorted(spans))
    taken: Collection[dt.datetime] = set(
        standing()
        .filter(place=place, staff_id=staff_id, role=role, start_at__in=longest)
        .values_list("start_at", flat=True)
    )
    rows = [
        DutyShift(
            county_id=county_id, place=place, staff_id=staff_id, role=role, start_at=start, end_at=end,
            substitute_for=substitute_for,
        )
        for start, end in longest.items()
        if start not in taken
    ]  # fmt: skip
    DutyShift.objects.for_system(reason="body of a command").bulk_create(rows)
    return rows
