"""Visits at the door, and hours of the roster of which nothing is written yet."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from xinqiao.care.centre.models import Booking, RosterHour, Visit
from xinqiao.care.centre.states import BookingState
from xinqiao.care.centre.terms import rules_at
from xinqiao.care.centre.wording import topic_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

SHOWN_DAYS = 30
_REASON = "whether an hour of the roster has a record; names nobody"


@dataclass(frozen=True)
class VisitRow:
    """One visit; `name` is empty where nobody was named."""

    came_at: dt.datetime
    name: str
    minutes: int
    topics: str
    noted_by: str


@dataclass(frozen=True)
class OpenHour:
    """An hour of the roster that is over and has no record."""

    id: UUID
    start_at: dt.datetime
    end_at: dt.datetime
    room: str


def visit_rows(actor: Actor, at: dt.datetime) -> list[VisitRow]:
    """Return the visits of the last weeks, the newest first; pupils named leave a line in the audit."""
    rows = list(
        Visit.objects.visible_to(actor, Permission.BOOKING_HOLD)
        .filter(came_at__gte=at - dt.timedelta(days=SHOWN_DAYS)).select_related("student").order_by("-came_at")
    )  # fmt: skip
    students = list({row.student_id: row.student for row in rows if row.student is not None}.values())
    names = {s.id: words["name"] or "" for s, words in zip(students, open_sealed(students, "name"), strict=True)}
    staff = staff_names(list({row.noted_by for row in rows}))
    if rows:
        note_reading(
            actor, "centre.visits.read", place=rows[0].place, county_id=rows[0].county_id,
            facts={"count": len(rows), "ids": [str(student.id) for student in students]},
        )  # fmt: skip
    topics = topics_of(rows, timezone.localtime(at).date())
    return [
        VisitRow(row.came_at, names.get(row.student_id, "") if row.student_id else "", row.minutes, told,
                 staff.get(row.noted_by, ""))
        for row, told in zip(rows, topics, strict=True)
    ]  # fmt: skip


def topics_of(rows: Sequence[Visit], on: dt.date) -> list[str]:
    """Return of each visit what it was about, in the words of the rules in force at its school."""
    known = {place: rules_at(place, on).topics for place in {row.place for row in rows}}
    return [
        topic_words(known[row.place], json.loads(words["topics"] or "[]"))
        for row, words in zip(rows, open_sealed(rows, "topics"), strict=True)
    ]


def hours_without_record(actor: Actor, at: dt.datetime) -> list[OpenHour]:
    """Return the reader's own hours of the last weeks that are over and of which nothing is written."""
    rows = RosterHour.objects.visible_to(actor, Permission.BOOKING_HOLD).filter(
        staff_id=actor.person_id, dropped_at__isnull=True, end_at__lte=at,
        end_at__gte=at - dt.timedelta(days=SHOWN_DAYS),
    )  # fmt: skip
    found = rows.exclude(is_recorded()).select_related("room").order_by("-start_at")
    return [OpenHour(row.id, row.start_at, row.end_at, row.room.name) for row in found]


def is_recorded() -> Q:
    """The condition that an hour has a visit, a booking of which something was noted, or that nobody came."""
    visits = Visit.objects.for_system(reason=_REASON).filter(hour=OuterRef("pk"))
    noted = [BookingState.CAME, BookingState.MISSED, BookingState.SETTLED]
    bookings = Booking.objects.for_system(reason=_REASON).filter(slot__hour=OuterRef("pk"), state__in=noted)
    return Q(nil_at__isnull=False) | Q(Exists(visits)) | Q(Exists(bookings))


def visitor(actor: Actor, school_id: UUID, typed: str) -> Sequence[Student]:
    """Return the pupils of a school whose number or whole name was typed; more than one where several have the name."""
    rows = list(
        Student.objects.visible_to(actor, Permission.BOOKING_HOLD)
        .filter(status=StudentStatus.ACTIVE, school_id=school_id)
    )  # fmt: skip
    opened = zip(rows, open_sealed(rows, "name", "number"), strict=True)
    return [row for row, words in opened if typed in (words["number"], words["name"])]


def own_hour_for(actor: Actor, hour_id: UUID) -> RosterHour | None:
    """Return an hour of the roster that the actor holds, else None."""
    found: RosterHour | None = RosterHour.objects.visible_to(actor, Permission.BOOKING_HOLD).filter(pk=hour_id).first()
    return found
