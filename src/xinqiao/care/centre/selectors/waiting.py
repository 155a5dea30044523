"""The waiting list as pages show it: what one asked, the counsellor's list with the hour that suits, an entry."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.selectors.attention import LEVEL_ORDER, levels_of
from xinqiao.care.alerts.states import Level
from xinqiao.care.centre import rules
from xinqiao.care.centre.models import Slot, Waiting
from xinqiao.care.centre.selectors.bookings import named, note_read, slots_to_book
from xinqiao.care.centre.states import WaitingState
from xinqiao.care.centre.wording import asked_words, wish_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.kinds import WAITING_HOUR
from xinqiao.register.deadlines.services.clocks import open_clocks

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

SHOWN_DAYS = 60


@dataclass(frozen=True)
class AskedRow:
    """A pupil for whom the reader asked: that one waits, and whether an hour was given, nothing else: since when would
    tell that somebody asked before."""

    name: str
    class_name: str
    outcome: str


@dataclass(frozen=True)
class FreeHour:
    """A free hour that suits."""

    id: UUID
    start_at: dt.datetime
    end_at: dt.datetime
    room: str


@dataclass(frozen=True)
class WaitingRow:
    """Who waits, as the psychology teacher sees it; `level` is "" without one, `free` the next free hour that suits
    and is offered to nobody further up the list, `due_at` by when an hour is to be given."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    level: str
    wish: str
    since: dt.datetime
    due_at: dt.datetime | None
    asked_by: str
    is_own: bool
    free: FreeHour | None


def asked_rows(actor: Actor, at: dt.datetime) -> list[AskedRow]:
    """Return for whom the reader asked lately, the latest first, as far as the pupils are still the reader's."""
    rows = list(
        Waiting.objects.visible_to(actor, Permission.BOOKING_MAKE)
        .filter(asked_by__contains=str(actor.person_id), since__gte=at - dt.timedelta(days=SHOWN_DAYS))
        .select_related("student").order_by("-since")
    )  # fmt: skip
    note_read(actor, "centre.own.read", rows)
    names, classes = named(rows, at)
    return [AskedRow(names[row.student_id], classes[row.student_id], asked_words(row.state)) for row in rows]


def waiting_rows(actor: Actor, at: dt.datetime) -> list[WaitingRow]:
    """Return who waits: by level where the reader may see it, else by time. Every pupil named leaves a line."""
    rows = list(_waiting(actor))
    note_read(actor, "centre.waiting.read", rows)
    levels = _levels(actor, rows)
    rows.sort(key=lambda row: (_urgency(levels.get(row.student_id, "")), row.since, row.id))
    return _shown(rows, levels, at)


def counts_of_waiting(actor: Actor, at: dt.datetime) -> tuple[int, int]:
    """Return how many pupils wait for an hour, and for how many of them one is free now."""
    rows = list(_waiting(actor).order_by("since"))
    return len(rows), len(_offered(rows, at))


def waiting_for(actor: Actor, waiting_id: UUID) -> Waiting | None:
    """Return an entry for whose pupil the actor holds hours, also one that is over; else None."""
    rows = Waiting.objects.visible_to(actor, Permission.BOOKING_HOLD).select_related("student")
    found: Waiting | None = rows.filter(pk=waiting_id).first()
    return found


def waiting_page(actor: Actor, row: Waiting, at: dt.datetime) -> tuple[WaitingRow, str]:
    """Return an entry that was found for the actor, and why it ended without an hour; reading it is an audit event."""
    note_reading(
        actor, "centre.waiting.opened", subject_kind="student", subject_id=row.student_id, place=row.student.place,
        county_id=row.county_id, facts={"waiting": str(row.id)},
    )  # fmt: skip
    return _shown([row], _levels(actor, [row]), at)[0], open_sealed([row], "words")[0]["words"] or ""


def slots_for(row: Waiting, at: dt.datetime) -> list[Slot]:
    """Return the free slots for an entry that was found for the actor: those that suit first, then the others."""
    free = slots_to_book(row.student, at)
    return sorted(free, key=lambda slot: (not _suits(slot, row), slot.start_at, slot.id))


def _waiting(actor: Actor) -> "ScopedQuerySet[Waiting]":
    rows: ScopedQuerySet[Waiting] = Waiting.objects.visible_to(actor, Permission.BOOKING_HOLD).filter(
        state=WaitingState.WAITING
    )
    return rows.select_related("student")


def _levels(actor: Actor, rows: Sequence[Waiting]) -> dict[UUID, str]:
    seen = [row.student_id for row in rows if actor.can(Permission.ATTENTION_VIEW, row.student.place)]
    return {student_id: level for student_id, (level, _advice) in levels_of(seen).items()}


def _urgency(level: str) -> int:
    return LEVEL_ORDER[Level(level)] if level else len(LEVEL_ORDER)


def _suits(slot: Slot, row: Waiting) -> bool:
    return rules.suits(timezone.localtime(slot.start_at), slot.hour.during, row.weekdays, row.parts.split())


def _offered(rows: Sequence[Waiting], at: dt.datetime) -> dict[UUID, Slot]:
    """The next free hour that suits each, none offered twice: whoever stands further up comes first."""
    free: dict[UUID, list[Slot]] = {}
    offered: dict[UUID, Slot] = {}
    for row in rows:
        if row.school_id not in free:
            free[row.school_id] = slots_to_book(row.student, at)
        ahead = free[row.school_id]
        slot = next((slot for slot in ahead if _suits(slot, row)), None)
        if slot is not None:
            ahead.remove(slot)
            offered[row.id] = slot
    return offered


def _shown(rows: Sequence[Waiting], levels: dict[UUID, str], at: dt.datetime) -> list[WaitingRow]:
    names, classes = named(rows, at)
    staff = staff_names(list({UUID(each) for row in rows for each in row.asked_by.split()}))
    clocks = open_clocks().filter(kind=WAITING_HOUR, subject_id__in=[row.id for row in rows])
    due, offered = dict(clocks.values_list("subject_id", "due_at")), _offered(rows, at)
    return [
        WaitingRow(
            id=row.id, student_id=row.student_id, name=names[row.student_id], class_name=classes[row.student_id],
            level=levels.get(row.student_id, ""), wish=wish_words(row.weekdays, row.parts), since=row.since,
            due_at=due.get(row.id), asked_by=", ".join(staff.get(UUID(each), "") for each in row.asked_by.split()),
            is_own=row.is_own, free=_free(offered.get(row.id)),
        )
        for row in rows
    ]  # fmt: skip


def _free(slot: Slot | None) -> FreeHour | None:
    return FreeHour(slot.id, slot.start_at, slot.end_at, slot.hour.room.name) if slot is not None else None
