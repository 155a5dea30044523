"""Reads of pupils: lists sorted and searched by name, one pupil's roster data, PIN slips of a class."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id, units_by_path
from xinqiao.register.people.models import Enrolment, Guardian, PupilPin, Student, Tie
from xinqiao.register.people.sorting import is_found, sound_order
from xinqiao.register.people.states import Relation, Sex, StayEnd, StudentStatus, TieKind

SHOWN_END = 4


@dataclass(frozen=True)
class StudentRow:
    """A pupil in a list."""

    id: UUID
    name: str
    number: str
    class_name: str
    sex: str
    boards: bool | None
    has_left: bool


@dataclass(frozen=True)
class GuardianRow:
    """A guardian of a pupil; `tie_id` names the tie that can be ended."""

    tie_id: UUID
    guardian_id: UUID
    name: str
    relation: str
    phone: str


@dataclass(frozen=True)
class StayRow:
    """One stay in one class; the first day after it, or None while it lasts."""

    class_name: str
    start_on: dt.date
    end_on: dt.date | None
    ended_as: str = ""


@dataclass(frozen=True)
class StudentFile:
    """A pupil's roster data as the page shows it. Identity numbers are cut for those who may not edit."""

    row: StudentRow
    national_number: str
    id_number: str
    birth_on: dt.date | None
    birth_year: int | None
    ethnicity: str
    guardians: tuple[GuardianRow, ...]
    stays: tuple[StayRow, ...]
    pin_set_at: dt.datetime | None
    pin_locked_until: dt.datetime | None


@dataclass(frozen=True)
class Slip:
    """What a pupil needs at the door: class code, student number, PIN."""

    name: str
    number: str
    pin: str


def students_in(actor: Actor, places: Sequence[str], *, on: dt.date, query: str = "", has_left: bool = False) -> list[
    StudentRow
]:  # fmt: skip
    """Return pupils of some places whom the actor may list, sorted by the sound of their names.

    Names are searched after opening, inside what the actor may see; one query for pupils, one for classes, one per 500
    keys.
    """
    status = StudentStatus.LEFT if has_left else StudentStatus.ACTIVE
    rows = list(
        Student.objects.visible_to(actor, Permission.STUDENT_LIST).filter(within(places), status=status)
    )  # fmt: skip
    classes = units_by_path(row.place for row in rows)
    opened = open_sealed(rows, "name", "number")
    found = [
        _row(row, values, classes.get(row.place), on)
        for row, values in zip(rows, opened, strict=True)
        if is_found(values["name"] or "", query) or (query and (values["number"] or "").startswith(query.strip()))
    ]
    return sorted(found, key=lambda row: sound_order(row.name))


def _row(row: Student, opened: Mapping[str, Any], unit: Unit | None, on: dt.date) -> StudentRow:
    has_left = row.status == StudentStatus.LEFT
    class_name = name_on(unit, on) if unit is not None and not has_left else ""
    return StudentRow(
        row.id, opened["name"] or _("(deleted)"), opened["number"] or "", class_name, str(Sex(row.sex).label),
        row.boards, has_left,
    )  # fmt: skip


def student_file(student: Student, *, on: dt.date, is_whole: bool) -> StudentFile:
    """Return the roster data of a pupil who was fetched for the actor; `is_whole` shows identity numbers uncut."""
    (opened,) = open_sealed([student], "name", "number", "national_number", "id_number", "birth_on")
    unit = units_by_path([student.place]).get(student.place)
    pin = PupilPin.objects.for_system(reason="the pupil was fetched for the actor").filter(student=student).first()
    return StudentFile(
        row=_row(student, opened, unit, on), national_number=_cut(opened["national_number"], is_whole=is_whole),
        id_number=_cut(opened["id_number"], is_whole=is_whole),
        birth_on=dt.date.fromisoformat(opened["birth_on"]) if opened["birth_on"] else None,
        birth_year=student.birth_year, ethnicity=student.ethnicity, guardians=guardians_of(student),
        stays=_stays(student), pin_set_at=pin.set_at if pin else None,
        pin_locked_until=pin.locked_until if pin else None,
    )  # fmt: skip


def _cut(number: str | None, *, is_whole: bool) -> str:
    return (number if is_whole else f"…{number[-SHOWN_END:]}") if number else ""


def guardians_of(student: Student) -> tuple[GuardianRow, ...]:
    """Return the present guardians of a pupil who was fetched for the actor."""
    ties = list(
        Tie.objects.for_system(reason="the pupil was fetched for the actor").filter(
            student=student, kind=TieKind.GUARDIAN, end_on=None
        )
    )
    people = list(
        Guardian.objects.for_system(reason="the pupil was fetched for the actor").filter(
            pk__in=[tie.person_id for tie in ties]
        )
    )
    opened = {row.id: values for row, values in zip(people, open_sealed(people, "name", "phone"), strict=True)}
    return tuple(
        GuardianRow(
            tie.id, tie.person_id, opened[tie.person_id]["name"] or _("name not known"),
            str(Relation(tie.relation).label) if tie.relation else "", opened[tie.person_id]["phone"] or "",
        )
        for tie in ties
        if tie.person_id in opened
    )  # fmt: skip


def _stays(student: Student) -> tuple[StayRow, ...]:
    rows = list(
        Enrolment.objects.for_system(reason="the pupil was fetched for the actor")
        .filter(student=student)
        .order_by("-start_on", "-id")
    )
    units = units_by_id(row.class_id for row in rows)
    return tuple(
        StayRow(name_on(units[row.class_id], row.start_on), row.start_on, row.end_on,
                str(StayEnd(row.ended_as).label) if row.ended_as else "")
        for row in rows
    )  # fmt: skip


def pin_slips(unit: Unit, actor: Actor) -> list[Slip]:
    """Return the slips of a class's pupils, sorted by name; the audit notes that they were printed."""
    pins = list(
        PupilPin.objects.visible_to(actor, Permission.PIN_SLIP)
        .filter(within([unit.path], "student__place"), student__status=StudentStatus.ACTIVE)
        .select_related("student")
    )
    opened = open_sealed(pins, "pin")
    people = open_sealed([row.student for row in pins], "name", "number")
    slips = [
        Slip(person["name"] or "", person["number"] or "", values["pin"] or "")
        for values, person in zip(opened, people, strict=True)
    ]
    note_reading(actor, "people.pins.printed", subject_kind="unit", subject_id=unit.id, place=unit.path,
                 county_id=unit.shard_id, facts={"pupils": len(slips)})  # fmt: skip
    return sorted(slips, key=lambda slip: sound_order(slip.name))
