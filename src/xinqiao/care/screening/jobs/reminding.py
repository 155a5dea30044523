"""Reminding schools of screenings that the policy asks for: once when the day comes near, once when it is over."""

import datetime as dt

from django.utils import timezone

from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.care.screening.cadence import DueState
from xinqiao.care.screening.models import CadenceReminder
from xinqiao.care.screening.recipients import addresses_at
from xinqiao.care.screening.selectors.cadence import SchoolDue, due_of
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind

_REASON = "the clock reminds of screenings that are due"
TOLD_OF = (DueState.SOON, DueState.LATE)


def remind_of_due(now: dt.datetime) -> int:
    """Remind each school of what is due soon or late and was not reminded of yet; return how many reminders."""
    on = timezone.localtime(now).date()
    units = list(Unit.objects.filter(kind__in=(*SCHOOL_KINDS, UnitKind.CLASS), is_closed=False))
    schools = [unit for unit in units if unit.kind in SCHOOL_KINDS]
    found = due_of(schools, [unit for unit in units if unit.kind == UnitKind.CLASS], on)
    known = set(
        CadenceReminder.objects.for_system(reason=_REASON).values_list("school_id", "due_on", "kind")
    )  # fmt: skip
    return sum(
        _remind(row, due_on, kind, now)
        for row in found
        for due_on, kind in sorted({(g.due_on, g.state) for g in row.grades if g.due_on and g.state in TOLD_OF})
        if (row.unit.id, due_on, str(kind)) not in known
    )


def _remind(row: SchoolDue, due_on: dt.date, kind: DueState, now: dt.datetime) -> bool:
    """One school, one short transaction; two runs at once remind once, by the row's constraint."""
    school, on = row.unit, timezone.localtime(now).date()
    grades = sum(each.due_on == due_on and each.state == kind for each in row.grades)
    reminder = CadenceReminder(
        county_id=school.shard_id, place=school.path, school_id=school.id, due_on=due_on, kind=str(kind),
        grades=grades, reminded_at=now,
    )  # fmt: skip
    with recording(system_actor("screening.cadence")):
        reminder.save(force_insert=True)
        addresses = addresses_at([school.path], on)[school.path]
        post_messages(
            addresses, about_kind="cadence", about_id=reminder.id, at=now, not_before=next_digest_at(school.path, now)
        )
        record(
            "screening.cadence.reminded", subject_kind="unit", subject_id=school.id, place=school.path,
            county_id=school.shard_id, facts={"grades": grades, "due_on": due_on.isoformat(), "kind": str(kind),
                                              "addresses": len(addresses)},
        )  # fmt: skip
    return True
