"""Whom a reader looks after following an incident: the pupil and until when, and nothing of the incident."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.incidents.models import Exposure, Incident
from xinqiao.care.incidents.states import By, CareState
from xinqiao.engines.schedule import minutes_left
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import cohort_order, name_on, units_below
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

SHOWN_DAYS = 60


@dataclass(frozen=True)
class CareRow:
    """One pupil to be looked after. `by` says whose task it is: class teachers see theirs alone."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    by: str
    state: str
    state_label: str
    due_at: dt.datetime
    minutes_left: int | None

    @property
    def is_waiting(self) -> bool:
        """Is the pupil still to be looked after?"""
        return self.state == CareState.WAITING

    @property
    def is_late(self) -> bool:
        """Is it overdue?"""
        return self.minutes_left is not None and self.minutes_left < 0


def care_rows(actor: Actor, at: dt.datetime) -> list[CareRow]:
    """Return whom the reader looks after, those that wait first; reading it is an audit event."""
    rows = list(
        Exposure.objects.visible_to(actor, Permission.INCIDENT_AFTERCARE)
        .filter(added_at__gte=at - dt.timedelta(days=SHOWN_DAYS)).exclude(state=CareState.WAIVED)
        .select_related("student").order_by("due_at", "id")
    )  # fmt: skip
    if rows:
        note_reading(
            actor, "incidents.aftercare.read", subject_kind="students", place=min(row.place for row in rows),
            county_id=rows[0].county_id,
            facts={"count": len(rows), "ids": [str(row.student_id) for row in rows]},
        )  # fmt: skip
    return sorted(_rows(rows, at), key=lambda row: (not row.is_waiting, row.due_at, row.class_name))


def count_waiting(actor: Actor, at: dt.datetime) -> tuple[int, int]:
    """Return how many pupils wait for the reader, and how many of them are late. Names nobody."""
    rows = Exposure.objects.visible_to(actor, Permission.INCIDENT_AFTERCARE).filter(state=CareState.WAITING)
    due = list(rows.values_list("due_at", flat=True))
    return len(due), sum(each < at for each in due)


def care_row(actor: Actor, exposure: Exposure, at: dt.datetime) -> CareRow:
    """Return one pupil who was fetched for the reader; reading it is an audit event."""
    note_reading(
        actor, "incidents.aftercare.read", subject_kind="student", subject_id=exposure.student_id,
        place=exposure.place, county_id=exposure.county_id, facts={"count": 1},
    )  # fmt: skip
    return _rows([exposure], at)[0]


def _rows(rows: Sequence[Exposure], at: dt.datetime) -> list[CareRow]:
    students = [row.student for row in rows]
    names, classes = names_of(students), class_names({each.place for each in students}, today())
    return [
        CareRow(
            id=row.id, student_id=row.student_id, name=names[row.student_id],
            class_name=classes.get(row.student.place, ""), by=str(By(row.by).label), state=row.state,
            state_label=str(CareState(row.state).label), due_at=row.due_at,
            minutes_left=minutes_left(row.due_at, at) if row.state == CareState.WAITING else None,
        )
        for row in rows
    ]  # fmt: skip


def classes_of(incident: Incident) -> list[tuple[UUID, str]]:
    """Return the classes of the school of an incident, by id and name."""
    units = sorted(units_below(incident.place, UnitKind.CLASS), key=cohort_order)
    return [(unit.id, name_on(unit, today())) for unit in units]


def class_of(incident: Incident, class_id: UUID) -> Unit | None:
    """Return a class of the school of an incident, else None."""
    return next((unit for unit in units_below(incident.place, UnitKind.CLASS) if unit.id == class_id), None)


def pupils_of(actor: Actor, incident: Incident, unit: Unit) -> list[tuple[Student, str]]:
    """Return the pupils of a class who are not on the map of an incident yet, with names; reading it is an event."""
    rows = Student.objects.visible_to(actor, Permission.INCIDENT_EXPOSED).filter(
        place=unit.path, status=StudentStatus.ACTIVE
    )
    students = list(rows.exclude(exposures__incident=incident).order_by("id"))
    names = names_of(students)
    note_reading(
        actor, "incidents.class.read", subject_kind="class", subject_id=unit.id, place=unit.path,
        county_id=incident.county_id,
        facts={"count": len(students), "ids": [str(student.id) for student in students]},
    )  # fmt: skip
    return [(student, names[student.id]) for student in students]
