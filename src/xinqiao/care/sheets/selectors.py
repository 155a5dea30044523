"""Reads of sittings and results: everything for who may read results, handed in or not for a class teacher."""

import array
import datetime as dt
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from xinqiao.care.alerts.models import Attention
from xinqiao.care.sheets.models import AnswerSheet, CriticalTick, Paper, Sitting
from xinqiao.care.sheets.scoring import read_result
from xinqiao.care.sheets.states import Informant, SittingState
from xinqiao.engines.scoring import MISSING
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import covers, within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.rules import leads_and_types

DECISECONDS = 10.0


@dataclass(frozen=True)
class SheetRow:
    """One answer sheet, opened. `answers` has None where nothing was answered; `result` is that of `scoring`.

    `result` is empty and `answers` too where the pupil's key was destroyed.
    """

    sheet_id: UUID
    sitting_id: UUID
    student_id: UUID
    student_name: str
    place: str
    scale_code: str
    scale_id: UUID
    submitted_at: dt.datetime
    answers: tuple[int | None, ...]
    seconds: tuple[float, ...]
    result: dict[str, Any]


@dataclass(frozen=True)
class TickRow:
    """A critical item, ticked or changed, in the order in which it was."""

    sitting_id: UUID
    student_id: UUID
    scale_code: str
    item: int
    answer: int | None
    ticked_at: dt.datetime


@dataclass(frozen=True)
class LevelRow:
    """What a class teacher may know of one sitting: did the pupil hand in, and which level did a person set."""

    sitting_id: UUID
    student_id: UUID
    student_name: str
    place: str
    state: str
    excuse: str
    submitted_at: dt.datetime | None
    level: str


@dataclass(frozen=True)
class CodeRow:
    """One line of a seat list: a pupil's one-time code for a sitting."""

    sitting_id: UUID
    student_id: UUID
    student_name: str
    student_number: str
    place: str
    window_code: str
    code: str
    state: str


def sheets_of(actor: Actor, student_id: UUID) -> list[SheetRow]:
    """Return every sheet that one pupil answered, newest first; the reading is recorded once."""
    return _opened_sheets(actor, Q(student_id=student_id, sitting__informant=Informant.SELF))


def results_for(actor: Actor, origin_id: UUID, *, students: Iterable[UUID] | None = None) -> list[SheetRow]:
    """Return the sheets of one origin (a campaign), of all pupils the actor may read or of some; read once, recorded
    once with the number of pupils."""
    condition = Q(origin_id=origin_id)
    return _opened_sheets(actor, condition if students is None else condition & Q(student_id__in=list(students)))


def _opened_sheets(actor: Actor, condition: Q) -> list[SheetRow]:
    found = AnswerSheet.objects.visible_to(actor, Permission.RESULT_FULL).filter(condition)
    sheets = list(found.select_related("student").order_by("-submitted_at", "id"))
    opened = open_sealed(sheets, "answers", "seconds", "result")
    names = open_sealed([sheet.student for sheet in sheets], "name")
    rows = [
        SheetRow(
            sheet_id=sheet.id, sitting_id=sheet.sitting_id, student_id=sheet.student_id,
            student_name=name["name"] or "", place=sheet.student.place, scale_code=sheet.scale_code,
            scale_id=sheet.scale_id, submitted_at=sheet.submitted_at, answers=_answers(plain["answers"]),
            seconds=_seconds(plain["seconds"]), result=read_result(plain["result"]) if plain["result"] else {},
        )
        for sheet, plain, name in zip(sheets, opened, names, strict=True)
    ]  # fmt: skip
    _note(actor, "sheets.result.read", sheets)
    return rows


def _answers(packed: bytes | None) -> tuple[int | None, ...]:
    return tuple(None if code == MISSING else code for code in packed or b"")


def _seconds(packed: bytes | None) -> tuple[float, ...]:
    values = array.array("H", packed or b"")
    if sys.byteorder == "big":
        values.byteswap()
    return tuple(value / DECISECONDS for value in values)


def _note(actor: Actor, event: str, rows: Sequence[AnswerSheet | Sitting]) -> None:
    """One event for a reading, with the number of pupils; nothing where there was nothing to read."""
    pupils = sorted({row.student_id for row in rows})
    if not pupils or actor.is_system or pupils == [actor.own_student_id]:
        return
    is_one = len(pupils) == 1
    note_reading(
        actor, event, subject_kind="student" if is_one else "origin", county_id=rows[0].county_id,
        subject_id=pupils[0] if is_one else rows[0].origin_id, place=rows[0].place,
        facts={"count": len(pupils), "origin_id": rows[0].origin_id, "student_ids": [str(p) for p in pupils]},
    )  # fmt: skip


def ticks_of(actor: Actor, student_id: UUID) -> list[TickRow]:
    """Return the critical items a pupil ticked, also of sheets that were never handed in; the reading is recorded."""
    found = CriticalTick.objects.visible_to(actor, Permission.RESULT_FULL).filter(
        student_id=student_id, sitting__informant=Informant.SELF
    )
    ticks = list(found.select_related("sitting").order_by("ticked_at"))
    opened = [json.loads(plain["answer"] or "{}") for plain in open_sealed(ticks, "answer")]
    _note(actor, "sheets.result.read", [tick.sitting for tick in ticks])
    return [
        TickRow(
            sitting_id=tick.sitting_id, student_id=tick.student_id, scale_code=tick.scale_code,
            item=plain.get("item", 0), answer=plain.get("answer"), ticked_at=tick.ticked_at,
        )
        for tick, plain in zip(ticks, opened, strict=True)
    ]  # fmt: skip


def levels_for(actor: Actor, origin_id: UUID) -> list[LevelRow]:
    """Return who has handed in and the level a person set, for a class teacher: no answer, no score; recorded once."""
    found = Sitting.objects.visible_to(actor, Permission.RESULT_LEVEL).filter(origin_id=origin_id)
    sittings = list(found.select_related("student").order_by("place", "id"))
    names = open_sealed([sitting.student for sitting in sittings], "name")
    open_rows = Attention.objects.visible_to(actor, Permission.ATTENTION_VIEW).filter(
        student_id__in=[sitting.student_id for sitting in sittings], ended_at=None
    )
    levels = {row.student_id: row.level for row in open_rows}
    _note(actor, "sheets.level.read", sittings)
    return [
        LevelRow(
            sitting_id=sitting.id, student_id=sitting.student_id, student_name=name["name"] or "",
            place=sitting.student.place, state=sitting.state, excuse=sitting.excuse,
            submitted_at=sitting.submitted_at, level=levels.get(sitting.student_id, ""),
        )
        for sitting, name in zip(sittings, names, strict=True)
    ]  # fmt: skip


def codes_for(actor: Actor, origin_id: UUID, place: str = "") -> list[CodeRow]:
    """Return the one-time codes of an origin's sittings at or below a place, for a seat list; whoever prints it
    records that."""
    found = Sitting.objects.visible_to(actor, Permission.SEAT_LIST).filter(origin_id=origin_id)
    if place:
        found = found.filter(within([place]))
    sittings = list(found.select_related("student").order_by("place", "id"))
    codes = open_sealed(sittings, "code")
    people = open_sealed([sitting.student for sitting in sittings], "name", "number")
    return [
        CodeRow(
            sitting_id=sitting.id, student_id=sitting.student_id, student_name=person["name"] or "",
            student_number=person["number"] or "", place=sitting.place, window_code=sitting.window_code,
            code=code["code"] or "", state=sitting.state,
        )
        for sitting, code, person in zip(sittings, codes, people, strict=True)
    ]  # fmt: skip


def paper_by_id(paper_id: UUID) -> Paper:
    """Return a paper; it holds questions and no pupil."""
    found = Paper.objects.for_system(reason="a paper holds no pupil").get(pk=paper_id)
    assert isinstance(found, Paper)
    return found


def next_at_the_door(at: dt.datetime) -> Sitting | None:
    """Return a sitting that can be entered now and was not: of the screening that opened first, the one made first.

    For showing the pupils' door of an installation whose pupils are invented.
    """
    open_ones = Sitting.objects.for_system(reason="the demo city shows how an invented pupil goes in")
    found: Sitting | None = (
        open_ones.filter(
            informant=Informant.SELF,
            is_code_only=False,
            locked_until=None,
            state=SittingState.WAITING,
            opens_at__lte=at,
            closes_at__gt=at,
        )
        .order_by("opens_at", "id")
        .first()
    )
    return found


def refusal_to_type(actor: Actor, place: str) -> str:
    """Return why answers on paper are not for this actor's eyes, whatever else they hold: class_teacher of the pupils
    here, or leads, who does not read answers as a psychology teacher either; "" for nothing."""
    if any(grant.role == Role.CLASS_TEACHER and covers(grant.place, place) for grant in actor.grants):
        return "class_teacher"
    return "leads" if leads_and_types(actor.roles()) and not actor.can(Permission.RESULT_FULL, place) else ""
