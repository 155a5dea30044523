"""Worries about classmates of whom nobody knows yet who is meant."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.voices.models import ClassmateWorry
from xinqiao.care.voices.services.worries import said_of
from xinqiao.care.voices.states import WorryState
from xinqiao.care.voices.wording import kinds_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import blind_index
from xinqiao.register.deadlines.selectors import running_clocks
from xinqiao.register.people.models import Student
from xinqiao.register.people.selectors.students import students_in
from xinqiao.register.people.states import StudentStatus

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet


@dataclass(frozen=True)
class WorryRow:
    """One open worry: its class, who wrote it, how urgent it is and the minutes left."""

    id: UUID
    class_name: str
    writer: str
    urgency: str
    raised_at: dt.datetime
    minutes_left: int | None


@dataclass(frozen=True)
class WorryPage:
    """What was said, and the classmates among whom it may be."""

    row: WorryRow
    about: str
    what: str
    words: str
    classmates: tuple[tuple[UUID, str], ...]


def open_worries(actor: Actor, now: dt.datetime) -> list[WorryRow]:
    """Return the worries that wait to be named, who has least time first; one event where there are any."""
    found = list(_open(actor).order_by("raised_at"))
    if not found:
        return []
    note_reading(actor, "voices.worries.read", subject_kind="students", place=min(row.place for row in found),
                 county_id=found[0].county_id, facts={"count": len(found)})  # fmt: skip
    rows = _rows(found, now)
    return sorted(rows, key=lambda row: (row.minutes_left is None, row.minutes_left or 0))


def count_open_worries(actor: Actor) -> int:
    """Return how many wait; a number, so no event."""
    return _open(actor).count()


def find_worry(actor: Actor, worry_id: UUID) -> ClassmateWorry | None:
    """Return a worry that the actor may settle, its writer with it."""
    rows = ClassmateWorry.objects.visible_to(actor, Permission.WORRY_SETTLE).select_related("student")
    found: ClassmateWorry | None = rows.filter(pk=worry_id).first()
    return found


def worry_page(actor: Actor, worry: ClassmateWorry, now: dt.datetime) -> WorryPage:
    """Return what was said of a classmate; reading it is an event."""
    kinds, about, words = said_of(worry)
    note_reading(actor, "voices.worry.read", subject_kind="student", subject_id=worry.student_id, place=worry.place,
                 county_id=worry.county_id, facts={"worry": str(worry.id)})  # fmt: skip
    on = timezone.localtime(now).date()
    mates = students_in(actor, [worry.place], on=on)
    return WorryPage(
        row=_rows([worry], now)[0], about=about, what=kinds_words(kinds), words=words,
        classmates=tuple((mate.id, mate.name) for mate in mates if mate.id != worry.student_id),
    )  # fmt: skip


def pupil_named(actor: Actor, worry: ClassmateWorry, student_id: UUID | None, number: str) -> Student | None:
    """Return the pupil of the writer's school who was chosen, or who has this number; None if there is none."""
    rows = Student.objects.visible_to(actor, Permission.WORRY_SETTLE).filter(
        school_id=worry.student.school_id, status=StudentStatus.ACTIVE
    )
    if student_id is not None:
        chosen: Student | None = rows.filter(pk=student_id).first()
        return chosen
    found = list(rows.filter(number_index=blind_index(ring().secrets["index"], "student_number", number))[:2])
    return found[0] if len(found) == 1 else None


def _open(actor: Actor) -> "ScopedQuerySet[ClassmateWorry]":
    rows: ScopedQuerySet[ClassmateWorry] = ClassmateWorry.objects.visible_to(actor, Permission.WORRY_SETTLE)
    return rows.filter(state=WorryState.OPEN).select_related("student")


def _rows(worries: list[ClassmateWorry], now: dt.datetime) -> list[WorryRow]:
    clocks = running_clocks([worry.id for worry in worries], now)
    names = names_of([worry.student for worry in worries])
    classes = class_names({worry.place for worry in worries}, timezone.localtime(now).date())
    return [
        WorryRow(
            id=worry.id, class_name=classes.get(worry.place, ""), writer=names[worry.student_id],
            urgency=worry.urgency, raised_at=worry.raised_at,
            minutes_left=min((clock.minutes_left for clock in clocks.get(worry.id, [])), default=None),
        )
        for worry in worries
    ]  # fmt: skip
