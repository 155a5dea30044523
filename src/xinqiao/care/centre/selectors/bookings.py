"""Bookings as pages show them: one's own, the counsellor's day, one booking."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xinqiao.care.centre.models import Booking, Slot, Waiting
from xinqiao.care.centre.slots import free_slots
from xinqiao.care.centre.states import BookingState
from xinqiao.care.centre.terms import rules_at
from xinqiao.care.centre.wording import kept_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.kinds import MISSED
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.models import Student

SHOWN_DAYS, DAYS_AHEAD, FEW_SLOTS = 60, 14, 60


@dataclass(frozen=True)
class OwnRow:
    """A booking that the reader made: that it exists and whether it was kept, nothing else."""

    id: UUID
    name: str
    class_name: str
    start_at: dt.datetime
    kept: str
    is_open: bool


@dataclass(frozen=True)
class BookingRow:
    """A booking as the psychology teacher sees it; `due_at` is by when a pupil who stayed away is asked after;
    `is_alone`: whoever sat there has left and nobody took the hour over."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    start_at: dt.datetime
    end_at: dt.datetime
    room: str
    sits: str
    state: str
    state_label: str
    booked_by: str
    due_at: dt.datetime | None
    is_to_note: bool
    is_alone: bool


@dataclass(frozen=True)
class Day:
    """The counsellor's page: booked and nobody sits there, who stayed away and was not asked after, what is to be
    noted, and what comes."""

    alone: tuple[BookingRow, ...]
    missed: tuple[BookingRow, ...]
    to_note: tuple[BookingRow, ...]
    ahead: tuple[BookingRow, ...]


@dataclass(frozen=True)
class BookingPage:
    """One booking, with the words that were written."""

    row: BookingRow
    reason: str
    followed: str


def own_bookings(actor: Actor, at: dt.datetime) -> list[OwnRow]:
    """Return the bookings that the reader made, the latest first, as far as the pupils are still the reader's."""
    since = at - dt.timedelta(days=SHOWN_DAYS)
    rows = list(
        Booking.objects.visible_to(actor, Permission.BOOKING_MAKE)
        .filter(booked_by=actor.person_id, is_own=False, slot__start_at__gte=since)
        .select_related("student", "slot").order_by("-slot__start_at")
    )  # fmt: skip
    note_read(actor, "centre.own.read", rows)
    names, classes = named(rows, at)
    return [
        OwnRow(row.id, names[row.student_id], classes[row.student_id], row.slot.start_at, kept_words(row.state),
               row.state == BookingState.OPEN and row.slot.start_at > at)
        for row in rows
    ]  # fmt: skip


def day_of(actor: Actor, at: dt.datetime) -> Day:
    """Return what the psychology teacher has to do with bookings; every pupil named leaves a line in the audit."""
    rows = list(
        Booking.objects.visible_to(actor, Permission.BOOKING_HOLD)
        .filter(state__in=[BookingState.OPEN, BookingState.MISSED])
        .filter(slot__start_at__lt=at + dt.timedelta(days=DAYS_AHEAD))
        .select_related("student", "slot__hour__room").order_by("slot__start_at")
    )  # fmt: skip
    note_read(actor, "centre.day.read", rows)
    shown = booking_rows(rows, at)
    return Day(
        alone=tuple(row for row in shown if row.is_alone and row.start_at > at),
        missed=tuple(row for row in shown if row.state == BookingState.MISSED),
        to_note=tuple(row for row in shown if row.state == BookingState.OPEN and row.start_at <= at),
        ahead=tuple(row for row in shown if row.state == BookingState.OPEN and row.start_at > at and not row.is_alone),
    )


def alone_after(at: dt.datetime) -> Q:
    """Return which bookings lie ahead in an hour that nobody holds any more."""
    return Q(state=BookingState.OPEN, slot__start_at__gt=at, slot__hour__dropped_at__isnull=False)


def counts_of_day(actor: Actor, at: dt.datetime) -> tuple[int, int, int]:
    """Return how many pupils who stayed away wait to be asked after, how many bookings are to be noted, and in how many
    hours ahead nobody sits."""
    rows = Booking.objects.visible_to(actor, Permission.BOOKING_HOLD)
    missed = rows.filter(state=BookingState.MISSED).count()
    to_note = rows.filter(state=BookingState.OPEN, slot__start_at__lte=at).count()
    return missed, to_note, rows.filter(alone_after(at)).count()


def booking_rows(rows: Sequence[Booking], at: dt.datetime) -> list[BookingRow]:
    """Return bookings that were fetched for the reader as pages show them; a fixed number of queries for any number."""
    names, classes = named(rows, at)
    staff = staff_names(list({each for row in rows for each in (row.slot.hour.staff_id, row.booked_by)}))
    due = dict(
        open_clocks().filter(kind=MISSED, subject_id__in=[row.id for row in rows]).values_list("subject_id", "due_at")
    )
    return [
        BookingRow(
            id=row.id, student_id=row.student_id, name=names[row.student_id], class_name=classes[row.student_id],
            start_at=row.slot.start_at, end_at=row.slot.end_at, room=row.slot.hour.room.name,
            sits=staff.get(row.slot.hour.staff_id, ""), state=row.state, state_label=str(BookingState(row.state).label),
            booked_by="" if row.is_own else staff.get(row.booked_by, ""), due_at=due.get(row.id),
            is_to_note=row.state == BookingState.OPEN and row.slot.start_at <= at,
            is_alone=row.state == BookingState.OPEN and row.slot.hour.dropped_at is not None,
        )
        for row in rows
    ]  # fmt: skip


def own_booking_for(actor: Actor, booking_id: UUID) -> Booking | None:
    """Return a booking that the actor may cancel: one's own, or any where the actor holds the hours."""
    rows = Booking.objects.visible_to(actor, Permission.BOOKING_MAKE).select_related("student", "slot")
    found: Booking | None = rows.filter(pk=booking_id).first()
    if found is None:
        return None
    is_mine = found.booked_by == actor.person_id and not found.is_own
    return found if is_mine or actor.can(Permission.BOOKING_HOLD, found.student.place) else None


def booking_for(actor: Actor, booking_id: UUID) -> Booking | None:
    """Return a booking that the actor holds, else None."""
    rows = Booking.objects.visible_to(actor, Permission.BOOKING_HOLD).select_related("student", "slot__hour__room")
    found: Booking | None = rows.filter(pk=booking_id).first()
    return found


def booking_page(actor: Actor, booking: Booking, at: dt.datetime) -> BookingPage:
    """Return a booking that was found for the actor with its words; reading it is an audit event."""
    note_reading(
        actor, "centre.booking.read", subject_kind="student", subject_id=booking.student_id,
        place=booking.student.place, county_id=booking.county_id, facts={"booking": str(booking.id)},
    )  # fmt: skip
    (words,) = open_sealed([booking], "reason", "followed")
    return BookingPage(booking_rows([booking], at)[0], words["reason"] or "", words["followed"] or "")


def slots_to_book(student: Student, at: dt.datetime) -> list[Slot]:
    """Return the next free slots of the school of a pupil who was found for the actor."""
    asked = rules_at(student.school_place, timezone.localtime(at).date())
    return list(free_slots(student.school_id, at, asked.ahead_days)[:FEW_SLOTS])


def named(rows: Sequence[Booking] | Sequence[Waiting], at: dt.datetime) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Return names and class names by the id of the pupil, of rows that were fetched for the reader."""
    students = list({row.student_id: row.student for row in rows}.values())
    opened = open_sealed(students, "name")
    units, on = units_by_path({student.place for student in students}), timezone.localtime(at).date()
    names = {student.id: words["name"] or "" for student, words in zip(students, opened, strict=True)}
    classes = {s.id: name_on(units[s.place], on) if s.place in units else "" for s in students}
    return names, classes


def note_read(actor: Actor, event: str, rows: Sequence[Booking] | Sequence[Waiting]) -> None:
    """Note that rows which name pupils were read; one line for all of them, none where there are none."""
    if rows:
        note_reading(
            actor, event, place=rows[0].student.school_place, county_id=rows[0].county_id,
            facts={"count": len(rows), "ids": [str(row.student_id) for row in rows]},
        )  # fmt: skip
