"""Changing school years, terms and single days. Open clocks follow when their job next looks at them."""

import datetime as dt
from collections.abc import Sequence

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.register.orgs.models import CalendarDay, SchoolYear, Term, Unit
from xinqiao.register.orgs.rules import refusal_to_set_year


class CannotSetYear(ValueError):
    """`code` is one of rules.refusal_to_set_year."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.CALENDAR_EDIT)
def set_school_year(
    unit: Unit, *, actor: Actor, start_on: dt.date, end_on: dt.date, terms: Sequence[tuple[dt.date, dt.date]]
) -> SchoolYear:
    """Set the school year of a unit that begins in `start_on`'s year, [start_on, end_on), with its terms in order."""
    del actor
    code = refusal_to_set_year(start_on, end_on, terms)
    if code:
        raise CannotSetYear(code)
    year, _ = SchoolYear.objects.update_or_create(
        unit=unit, starts_in=start_on.year, defaults={"start_on": start_on, "end_on": end_on}
    )
    for number, (start, end) in enumerate(terms, 1):
        Term.objects.update_or_create(year=year, number=number, defaults={"start_on": start, "end_on": end})
    Term.objects.filter(year=year, number__gt=len(terms)).delete()
    record("orgs.calendar.year_set", subject_kind="unit", subject_id=unit.id, place=unit.path,
           county_id=unit.county_id, facts={"year": start_on.year, "terms": len(terms)})  # fmt: skip
    return year


@command(Permission.CALENDAR_EDIT)
def change_day(unit: Unit, *, actor: Actor, day: dt.date, is_school_day: bool, reason: str) -> CalendarDay | Unchanged:
    """Say that a day is, or is not, a school day at a unit and below, whatever the published calendar says."""
    del actor
    found = CalendarDay.objects.filter(unit=unit, day=day).first()
    if found and (found.is_school_day, found.reason) == (is_school_day, reason):
        return Unchanged("same")
    row, _ = CalendarDay.objects.update_or_create(
        unit=unit, day=day, defaults={"is_school_day": is_school_day, "reason": reason}
    )
    record("orgs.calendar.day_changed", subject_kind="unit", subject_id=unit.id, place=unit.path,
           county_id=unit.county_id, facts={"day": day, "is_school_day": is_school_day})  # fmt: skip
    return row


@command(Permission.CALENDAR_EDIT)
def drop_day(unit: Unit, *, actor: Actor, day: CalendarDay) -> Unit:
    """Let the published calendar hold again on a day that this unit had changed."""
    del actor
    record("orgs.calendar.day_dropped", subject_kind="unit", subject_id=unit.id, place=unit.path,
           county_id=unit.county_id, facts={"day": day.day})  # fmt: skip
    day.delete()
    return unit
