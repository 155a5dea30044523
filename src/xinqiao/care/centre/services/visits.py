"""Noting who came to the door, and that nobody came in an hour of the roster."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.centre import rules
from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.models import RosterHour, Visit
from xinqiao.care.centre.rows import every_booking, every_hour, every_visit
from xinqiao.care.centre.states import BookingState
from xinqiao.care.centre.terms import rules_at
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student


@dataclass(frozen=True)
class VisitDraft:
    """A visit as it was typed; `student` is None where nobody was named, `topics` are codes of the pack."""

    once: UUID
    student: Student | None
    minutes: int
    topics: tuple[str, ...]


@command(Permission.BOOKING_HOLD)
def note_visit(school: Unit, *, actor: Actor, draft: VisitDraft) -> Visit | Unchanged:
    """Note a visit that ends now. The same form again is Unchanged. Raises CannotDo."""
    at = now()
    if every_visit().filter(once=draft.once).exists():
        return Unchanged("noted_already")
    known = {topic.code for topic in rules_at(school.path, timezone.localtime(at).date()).topics}
    if not draft.topics or not set(draft.topics) <= known:
        raise CannotDo(rules.NO_TOPIC)
    key_id = draft.student.key_id if draft.student else actor.key_id
    if key_id is None or (draft.student and draft.student.school_id != school.id):
        raise CannotDo(rules.NOT_AT_SCHOOL)
    hour = every_hour().filter(
        school_id=school.id, staff_id=actor.person_id, dropped_at__isnull=True, start_at__lte=at, end_at__gte=at
    ).first()  # fmt: skip
    row = Visit(
        county_id=school.shard_id, place=school.path, school_id=school.id, hour=hour, student=draft.student,
        key_id=key_id, came_at=at, minutes=draft.minutes, topics=json.dumps(list(draft.topics)),
        noted_by=actor.person_id, once=draft.once,
    )  # fmt: skip
    row.save(force_insert=True)
    if hour is not None:
        every_hour().filter(pk=hour.pk).update(nil_at=None, nil_by=None)
    subject = ("student", draft.student.id) if draft.student else ("visit", row.id)
    record("centre.visit.noted", subject_kind=subject[0], subject_id=subject[1], place=row.place,
           county_id=row.county_id, facts={"visit": str(row.id)})  # fmt: skip
    return row


@command(Permission.BOOKING_HOLD)
def note_nobody(hour: RosterHour, *, actor: Actor) -> RosterHour | Unchanged:
    """Note that nobody came in an hour of the roster that is over: it counts as recorded. Raises CannotDo."""
    row = every_hour().select_for_update().get(pk=hour.pk)
    if row.nil_at is not None:
        return Unchanged("noted_already")
    if row.dropped_at is not None:
        raise CannotDo(rules.DROPPED)
    if row.end_at > now():
        raise CannotDo(rules.NOT_OVER)
    came = every_booking().filter(slot__hour=row, state__in=[BookingState.CAME, BookingState.OPEN]).exists()
    if came or every_visit().filter(hour=row).exists():
        raise CannotDo(rules.SOMEBODY_CAME)
    row.nil_at, row.nil_by = now(), actor.person_id
    row.save(update_fields=["nil_at", "nil_by"])
    record("centre.hour.nil", subject_kind="roster_hour", subject_id=row.id, place=row.place, county_id=row.county_id)
    return row
