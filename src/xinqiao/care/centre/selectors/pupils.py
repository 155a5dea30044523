"""Finding a pupil to book for: among those whom the reader may book for, by name or number."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.models import Student
from xinqiao.register.people.sorting import is_found, sound_order
from xinqiao.register.people.states import StudentStatus

MOST_FOUND = 30


@dataclass(frozen=True)
class PupilRow:
    """A pupil who was found."""

    id: UUID
    name: str
    number: str
    class_name: str


def found_pupils(actor: Actor, query: str) -> Sequence[PupilRow] | None:
    """Return pupils by name or number, sorted by sound; None where nothing was asked. The audit has a line of it."""
    if not query:
        return None
    rows = list(
        Student.objects.visible_to(actor, Permission.BOOKING_MAKE).filter(status=StudentStatus.ACTIVE)
    )  # fmt: skip
    units = units_by_path({row.place for row in rows})
    found = []
    for row, words in zip(rows, open_sealed(rows, "name", "number"), strict=True):
        name, number = words["name"] or "", words["number"] or ""
        if is_found(name, query) or number.startswith(query):
            class_name = name_on(units[row.place], today()) if row.place in units else ""
            found.append((row, PupilRow(row.id, name, number, class_name)))
    found = sorted(found, key=lambda each: sound_order(each[1].name))[:MOST_FOUND]
    if found:
        note_reading(
            actor, "centre.search.read", place=found[0][0].school_place, county_id=found[0][0].county_id,
            facts={"count": len(found), "ids": [str(row.id) for row, _shown in found]},
        )  # fmt: skip
    return [shown for _row, shown in found]


def note_pupil_read(actor: Actor, student: Student) -> None:
    """Note that the booking page of a pupil was opened."""
    note_reading(actor, "centre.pupil.read", subject_kind="student", subject_id=student.id, place=student.place,
                 county_id=student.county_id)  # fmt: skip
