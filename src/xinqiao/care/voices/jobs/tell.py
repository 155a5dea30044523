"""Telling people of what the intake wrote: class teachers that a report came in, and who finds out whom it is about."""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.recipients import Recipient, addresses_of, people_who_hear
from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.care.voices.models import ClassmateWorry, ClassReport
from xinqiao.care.voices.rows import every_report, every_worry
from xinqiao.care.voices.states import WorryState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.jobs.apart import each_apart
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.deadlines.kinds import NAME
from xinqiao.register.deadlines.services.clocks import start_deadline
from xinqiao.register.duty.selectors import staff_with_role
from xinqiao.register.policy.selectors import parameters_for

log = logging.getLogger(__name__)
BATCH = 200


class SomeWereNotTold(RuntimeError):
    """Some could not be told just now; they are tried again, and the job's mark shows it."""


def tell_new_voices(now: dt.datetime) -> int:
    """Start the clocks of new worries and tell of new reports; return how many. Run twice, it tells once."""
    worries = every_worry().filter(told_at__isnull=True).order_by("raised_at").values_list("id", flat=True)
    reports = every_report().filter(told_at__isnull=True).order_by("reported_at").values_list("id", flat=True)
    of_worries = _each(list(worries[:BATCH]), _tell_worry, now)
    of_reports = _each(list(reports[:BATCH]), _tell_report, now)
    told, failed = (sum(pair) for pair in zip(of_worries, of_reports, strict=True))
    if failed:
        raise SomeWereNotTold(str(failed))
    return told


def _each(ids: Sequence[UUID], tell: Callable[[UUID, dt.datetime], int], now: dt.datetime) -> tuple[int, int]:
    def told(row_id: UUID) -> int:
        with recording(system_actor("voices.tell")):
            return tell(row_id, now)

    return each_apart(ids, told, log=log, words="nobody could be told")


def _tell_worry(worry_id: UUID, now: dt.datetime) -> int:
    if not every_worry().filter(pk=worry_id, told_at__isnull=True).update(told_at=now):
        return 0
    worry = every_worry().get(pk=worry_id)
    parameters = parameters_for(worry.place, timezone.localtime(worry.raised_at).date())
    start_deadline(
        NAME, subject_kind="worry", subject_id=worry.id, place=worry.place, county_id=worry.county_id,
        urgency=worry.urgency, parameters=parameters, began_at=worry.raised_at,
    )  # fmt: skip
    told = people_who_hear(parameters.rungs, parameters.nobody_on_duty, worry.place, now)
    _record_worry(worry, "voices.worry.told", sent=_send(worry, told.people, now), rung=0)
    return 1


def _send(worry: ClassmateWorry, people: Sequence[Recipient], at: dt.datetime) -> int:
    return post_messages(addresses_of(people, worry.place), about_kind="worry", about_id=worry.id, at=at)


def _record_worry(worry: ClassmateWorry, event: str, **facts: int) -> None:
    record(event, subject_kind="worry", subject_id=worry.id, place=worry.place, county_id=worry.county_id, facts=facts)


def _tell_report(report_id: UUID, now: dt.datetime) -> int:
    """A neutral word to the class teacher, the next school-day morning."""
    if not every_report().filter(pk=report_id, told_at__isnull=True).update(told_at=now):
        return 0
    report: ClassReport = every_report().get(pk=report_id)
    teachers = staff_with_role(Role.CLASS_TEACHER, report.place, timezone.localtime(now).date())
    people = [Recipient(staff_id, Role.CLASS_TEACHER, may_read=True) for staff_id in teachers]
    own = [address for address in addresses_of(people, report.place) if address.channel != "webhook"]
    sent = post_messages(
        own, about_kind="class_report", about_id=report.id, at=now, not_before=next_digest_at(report.place, now)
    )  # fmt: skip
    record(
        "voices.report.told", subject_kind="class_report", subject_id=report.id, place=report.place,
        county_id=report.county_id, facts={"sent": sent},
    )  # fmt: skip
    return 1


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: nobody has found out whom a committee member means, so others are told."""
    for climb in climbs:
        if climb.subject_kind != "worry":
            continue
        worry = every_worry().filter(pk=climb.subject_id, state=WorryState.OPEN).first()
        if worry is None:
            continue
        parameters = parameters_for(climb.place, timezone.localtime(climb.at).date())
        rungs = (climb.recipients, *parameters.rungs[climb.rung + 1 :])
        told = people_who_hear(rungs, parameters.nobody_on_duty, worry.place, climb.at)
        _record_worry(worry, "voices.worry.climbed", sent=_send(worry, told.people, climb.at), rung=climb.rung)
