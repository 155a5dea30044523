"""The roster: a whole term written from the weekly pattern, and single hours added, handed over or dropped."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.centre import rules
from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.models import OpeningTime, RosterHour
from xinqiao.care.centre.rows import every_booking, every_hour, every_opening, every_room, every_slot
from xinqiao.care.centre.sitting import at_the_same_time, is_booked, may_sit, record_hour
from xinqiao.care.centre.slots import write_slots
from xinqiao.care.centre.terms import school_days, term_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.calendar import zone

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class Written:
    """What writing a term did: hours written, hours taken away that the pattern no longer has, and hours that stood."""

    written: int
    removed: int
    stood: int


@dataclass(frozen=True)
class HourDraft:
    """One stretch of one day as it was typed."""

    room_id: UUID
    staff_id: UUID
    day: dt.date
    start_at: dt.time
    end_at: dt.time
    during: str


@command(Permission.CENTRE_EDIT, is_batch=True)
def write_term(school: Unit, *, actor: Actor) -> Written | Unchanged:
    """Write the roster from now to the end of the term by the weekly pattern, over school days alone.

    Hours that the pattern no longer has are taken away, but what was changed by hand or is booked stays, and so does
    an hour that was dropped by hand. Writing it again writes nothing. Raises CannotDo.
    """
    del actor
    Unit.objects.select_for_update().get(pk=school.pk)
    at = now()
    today = timezone.localtime(at).date()
    term = term_of(school.path, today)
    lines = [line for line in every_opening().filter(school_id=school.id) if line.staff_id is not None]
    if term is None:
        raise CannotDo(rules.NO_TERM)
    if not lines:
        raise CannotDo(rules.NO_PATTERN)
    days = school_days(school.path, max(today, term.start_on), term.end_on)
    wanted = [hour for day in days for hour in _hours_of(lines, day, school) if hour.start_at > at]
    ahead = list(every_hour().filter(school_id=school.id, start_at__gt=at))
    removed = _remove(ahead, {_key(hour) for hour in wanted})
    standing = [hour for hour in ahead if hour.pk not in removed]
    fresh = [hour for hour in wanted if not any(_is_in_the_way(hour, other) for other in _same_day(standing, hour))]
    if not (fresh or removed):
        return Unchanged("written_already")
    every_hour().filter(pk__in=removed).delete()
    every_hour().bulk_create(fresh)
    write_slots(fresh)
    done = Written(len(fresh), len(removed), len(standing))
    record("centre.term.written", subject_kind="unit", subject_id=school.id, place=school.path,
           county_id=school.shard_id, facts={"written": done.written, "removed": done.removed})  # fmt: skip
    return done


@command(Permission.CENTRE_EDIT)
def add_hour(school: Unit, *, actor: Actor, draft: HourDraft) -> RosterHour:
    """Add a stretch of one day by hand. Raises CannotDo where it is over, or room or person are taken."""
    del actor
    Unit.objects.select_for_update().get(pk=school.pk)
    room = every_room().filter(pk=draft.room_id, school_id=school.id, closed_at__isnull=True).first()
    if room is None:
        raise CannotDo(rules.NO_ROOM)
    start, end = (dt.datetime.combine(draft.day, each, zone()) for each in (draft.start_at, draft.end_at))
    hour = RosterHour(
        county_id=school.shard_id, place=school.path, school_id=school.id, room=room, staff_id=draft.staff_id,
        start_at=start, end_at=end, during=draft.during, is_by_hand=True,
    )  # fmt: skip
    _demand_free(hour, draft.staff_id)
    hour.save(force_insert=True)
    write_slots([hour])
    record_hour("centre.hour.added", hour)
    return hour


@command(Permission.CENTRE_EDIT)
def hand_over(hour: RosterHour, *, actor: Actor, staff_id: UUID) -> RosterHour | Unchanged:
    """Let somebody else sit there this once; booked hours stay booked. Raises CannotDo."""
    del actor
    row = _standing(hour)
    if row.staff_id == staff_id:
        return Unchanged("sits_there_already")
    _demand_free(row, staff_id)
    row.instead_of, row.staff_id, row.is_by_hand = row.instead_of or row.staff_id, staff_id, True
    row.save()
    record_hour("centre.hour.handed_over", row)
    return row


@command(Permission.CENTRE_EDIT)
def drop_hour(hour: RosterHour, *, actor: Actor) -> RosterHour | Unchanged:
    """Say that the room is not open then. Raises CannotDo where it is over, or a slot of it is booked."""
    row = every_hour().select_for_update().get(pk=hour.pk)
    if row.dropped_at is not None:
        return Unchanged("dropped_already")
    row = _standing(row)
    list(every_slot().select_for_update().filter(hour=row))  # whoever books comes after
    if is_booked(row):
        raise CannotDo(rules.IS_BOOKED)
    row.dropped_at, row.dropped_by, row.is_by_hand = now(), actor.person_id, True
    row.save()
    record_hour("centre.hour.dropped", row)
    return row


def _hours_of(lines: Sequence[OpeningTime], day: dt.date, school: Unit) -> list[RosterHour]:
    return [
        RosterHour(
            county_id=school.shard_id, place=school.path, school_id=school.id, room_id=line.room_id,
            staff_id=line.staff_id, start_at=dt.datetime.combine(day, line.start_at, zone()),
            end_at=dt.datetime.combine(day, line.end_at, zone()), during=line.during,
        )
        for line in lines
        if line.staff_id is not None and line.weekday == day.isoweekday()
    ]  # fmt: skip


def _key(hour: RosterHour) -> tuple[object, ...]:
    return (hour.room_id, hour.staff_id, hour.start_at, hour.end_at, hour.during)


def _remove(ahead: Sequence[RosterHour], wanted: set[tuple[object, ...]]) -> set[UUID]:
    """What the pattern no longer has; an hour of which a slot was ever booked stays."""
    gone = {hour.pk for hour in ahead if not hour.is_by_hand and _key(hour) not in wanted}
    return gone - set(every_booking().filter(slot__hour__in=gone).values_list("slot__hour_id", flat=True))


def _same_day(standing: Sequence[RosterHour], hour: RosterHour) -> list[RosterHour]:
    day = timezone.localtime(hour.start_at).date()
    return [other for other in standing if timezone.localtime(other.start_at).date() == day]


def _is_in_the_way(hour: RosterHour, other: RosterHour) -> bool:
    """Also an hour that was dropped keeps its room's time: it was dropped for this day."""
    is_same = other.room_id == hour.room_id or (other.dropped_at is None and other.staff_id == hour.staff_id)
    return is_same and rules.overlaps(hour.start_at, hour.end_at, other.start_at, other.end_at)


def _standing(hour: RosterHour) -> RosterHour:
    Unit.objects.select_for_update().get(pk=hour.school_id)
    row = every_hour().select_for_update().filter(pk=hour.pk, dropped_at__isnull=True).first()
    if row is None:
        raise CannotDo(rules.DROPPED)
    if row.end_at <= now():
        raise CannotDo(rules.PAST)
    return row


def _demand_free(hour: RosterHour, staff_id: UUID) -> None:
    if hour.end_at <= now():
        raise CannotDo(rules.PAST)
    if not may_sit(staff_id, hour.place, timezone.localtime(hour.start_at).date()):
        raise CannotDo(rules.NOT_A_COUNSELLOR)
    others = at_the_same_time(hour)
    if others.filter(staff_id=staff_id).exists():
        raise CannotDo(rules.SITS_ELSEWHERE)
    if others.filter(room_id=hour.room_id).exists():
        raise CannotDo(rules.ROOM_TAKEN)
