"""Reminding schools of screenings that the policy asks for: once when the day comes near, once when it is over.

Of the register only its keepers are reminded, in the same neutral words.
"""

import datetime as dt

from django.utils import timezone

from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.care.screening.cadence import DueState
from xinqiao.care.screening.models import CadenceReminder
from xinqiao.care.screening.recipients import addresses_at
from xinqiao.care.screening.selectors.cadence import SchoolDue, due_of
from xinqiao.care.screening.selectors.register_due import register_due
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind

_REASON = "the clock reminds of screenings that are due"
TOLD_OF = (DueState.SOON, DueState.LATE)
OF_REGISTER = "reg-"  # begins the kind of a reminder about the register


def remind_of_due(now: dt.datetime) -> int:
    """Remind each school of what is due soon or late and was not reminded of yet; return how many reminders."""
    on = timezone.localtime(now).date()
    units = list(Unit.objects.filter(kind__in=(*SCHOOL_KINDS, UnitKind.CLASS), is_closed=False))
    schools = [unit for unit in units if unit.kind in SCHOOL_KINDS]
    found = due_of(schools, [unit for unit in units if unit.kind == UnitKind.CLASS], on)
    known = set(
        CadenceReminder.objects.for_system(reason=_REASON).values_list("school_id", "due_on", "kind")
    )  # fmt: skip
    of_grades = sum(
        _remind(row.unit, due_on, str(kind), _grades(row, due_on, kind), now)
        for row in found
        for due_on, kind in sorted({(g.due_on, g.state) for g in row.grades if g.due_on and g.state in TOLD_OF})
        if (row.unit.id, due_on, str(kind)) not in known
    )
    of_register = sum(
        _remind(row.unit, row.due_on, f"{OF_REGISTER}{row.state}", 0, now)
        for row in register_due(schools, on)
        if row.due_on and row.state in TOLD_OF and (row.unit.id, row.due_on, f"{OF_REGISTER}{row.state}") not in known
    )
    return of_grades + of_register


def _grades(row: SchoolDue, due_on: dt.date, kind: DueState) -> int:
    return sum(each.due_on == due_on and each.state == kind for each in row.grades)


def _remind(school: Unit, due_on: dt.date, kind: str, grades: int, now: dt.datetime) -> bool:
    """One school, one short transaction; two runs at once remind once, by the row's constraint."""
    on = timezone.localtime(now).date()
    reminder = CadenceReminder(
        county_id=school.shard_id, place=school.path, school_id=school.id, due_on=due_on, kind=kind,
        grades=grades, reminded_at=now,
    )  # fmt: skip
    with recording(system_actor("screening.cadence")):
        reminder.save(force_insert=True)
        addresses = addresses_at([school.path], on)[school.path]
        post_messages(
            addresses, about_kind="cadence", about_id=reminder.id, at=now, not_before=next_digest_at(school.path, now)
        )
        record(
            "screening.register.reminded" if kind.startswith(OF_REGISTER) else "screening.cadence.reminded",
            subject_kind="unit", subject_id=school.id, place=school.path,
            county_id=school.shard_id, facts={"grades": grades, "due_on": due_on.isoformat(), "kind": kind,
                                              "addresses": len(addresses)},
        )  # fmt: skip
    return True
