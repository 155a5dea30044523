"""Rooms of a centre and the weekly times at which they are open."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from xinqiao.care.centre import rules
from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.models import CentreRoom, OpeningTime
from xinqiao.care.centre.rows import every_hour, every_opening, every_room
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit


@dataclass(frozen=True)
class RoomDraft:
    """A room as it was typed; `area_m2` in square metres, None where nobody measured it."""

    name: str
    zone: str
    area_m2: Decimal | None = None
    equipment: str = ""
    keeper_id: UUID | None = None


@dataclass(frozen=True)
class OpeningDraft:
    """A line of the weekly pattern as it was typed; weekday 1 is Monday."""

    room_id: UUID
    weekday: int
    start_at: dt.time
    end_at: dt.time
    during: str
    staff_id: UUID | None = None


@command(Permission.CENTRE_EDIT)
def add_room(school: Unit, *, actor: Actor, draft: RoomDraft) -> CentreRoom:
    """Add a room. Raises CannotDo where another open one has its name."""
    del actor
    _demand_name(school.id, draft.name, None)
    room = CentreRoom(
        county_id=school.shard_id, place=school.path, school_id=school.id, name=draft.name, zone=draft.zone,
        area_m2=draft.area_m2, equipment=draft.equipment, keeper_id=draft.keeper_id,
    )  # fmt: skip
    room.save(force_insert=True)
    _record("centre.room.added", room)
    return room


@command(Permission.CENTRE_EDIT)
def change_room(room: CentreRoom, *, actor: Actor, draft: RoomDraft) -> CentreRoom | Unchanged:
    """Write a room anew. Raises CannotDo where another open one has its name."""
    del actor
    row = _open_room(room)
    _demand_name(row.school_id, draft.name, row.id)
    fields = {"name": draft.name, "zone": draft.zone, "area_m2": draft.area_m2, "equipment": draft.equipment,
              "keeper_id": draft.keeper_id}  # fmt: skip
    if all(getattr(row, name) == value for name, value in fields.items()):
        return Unchanged("the_same")
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    _record("centre.room.changed", row)
    return row


@command(Permission.CENTRE_EDIT)
def close_room(room: CentreRoom, *, actor: Actor) -> CentreRoom | Unchanged:
    """Take a room out of use. Raises CannotDo while it stands in the weekly pattern or somebody sits there ahead."""
    del actor
    row = every_room().select_for_update().get(pk=room.pk)
    if row.closed_at is not None:
        return Unchanged("closed_already")
    at = now()
    sits = every_hour().filter(room=row, dropped_at__isnull=True, end_at__gt=at).exists()
    if sits or every_opening().filter(room=row).exists():
        raise CannotDo(rules.ROOM_IN_USE)
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    _record("centre.room.closed", row)
    return row


@command(Permission.CENTRE_EDIT)
def add_opening(school: Unit, *, actor: Actor, draft: OpeningDraft) -> OpeningTime:
    """Add a line to the weekly pattern. Raises CannotDo where the room, or who sits there, has one at that time."""
    del actor
    Unit.objects.select_for_update().get(pk=school.pk)
    room = every_room().filter(pk=draft.room_id, school_id=school.id, closed_at__isnull=True).first()
    if room is None:
        raise CannotDo(rules.NO_ROOM)
    for line in every_opening().filter(school_id=school.id, weekday=draft.weekday):
        is_same = line.room_id == room.id or (draft.staff_id is not None and line.staff_id == draft.staff_id)
        if is_same and line.start_at < draft.end_at and draft.start_at < line.end_at:
            raise CannotDo(rules.OVERLAPS)
    line = OpeningTime(
        county_id=school.shard_id, place=school.path, school_id=school.id, room=room, weekday=draft.weekday,
        start_at=draft.start_at, end_at=draft.end_at, during=draft.during, staff_id=draft.staff_id,
    )  # fmt: skip
    line.save(force_insert=True)
    _record_opening("centre.opening.added", line)
    return line


@command(Permission.CENTRE_EDIT)
def remove_opening(line: OpeningTime, *, actor: Actor) -> UUID | Unchanged:
    """Take a line out of the weekly pattern; what the roster has written of it stays until the term is written anew."""
    del actor
    if not every_opening().filter(pk=line.pk).delete()[0]:
        return Unchanged("removed_already")
    _record_opening("centre.opening.removed", line)
    return line.pk


def _open_room(room: CentreRoom) -> CentreRoom:
    row = every_room().select_for_update().filter(pk=room.pk, closed_at__isnull=True).first()
    if row is None:
        raise CannotDo(rules.NO_ROOM)
    return row


def _demand_name(school_id: UUID, name: str, but: UUID | None) -> None:
    Unit.objects.select_for_update().get(pk=school_id)
    if (
        every_room()
        .filter(school_id=school_id, name=name, closed_at__isnull=True)
        .exclude(pk__in=[but] if but else [])
        .exists()
    ):
        raise CannotDo(rules.NAME_TAKEN)


def _record(event: str, room: CentreRoom) -> None:
    record(event, subject_kind="room", subject_id=room.id, place=room.place, county_id=room.county_id,
           facts={"zone": room.zone})  # fmt: skip


def _record_opening(event: str, line: OpeningTime) -> None:
    record(event, subject_kind="opening", subject_id=line.pk, place=line.place, county_id=line.county_id,
           facts={"weekday": line.weekday})  # fmt: skip
