"""Finding the pupil of a report by class and name or by number, without telling the reporter anything of the pupil."""

import unicodedata
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import covers, within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import schools_for, units_below
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student, Tie
from xinqiao.register.people.registering import index_of
from xinqiao.register.people.states import StudentStatus

_REASON = "who reports learns nothing of the pupil: only that the report was taken down"


def classes_to_name(actor: Actor, permission: Permission) -> list[Unit]:
    """Return the classes of the schools at which an actor may report, in their order."""
    return [each for school in schools_for(actor, permission) for each in units_below(school.path, UnitKind.CLASS)]


def school_places(actor: Actor, permission: Permission) -> list[str]:
    """Return the places of the schools at which an actor may report."""
    return [school.path for school in schools_for(actor, permission)]


def place_held(actor: Actor, permission: Permission, student: Student) -> str:
    """Return the place at which an actor may report about a pupil: at, above or beside it in the same school; or ""."""
    held = actor.places(permission)
    return next((each for each in held if lies_in_school(each, student)), "")


def lies_in_school(place: str, student: Student) -> bool:
    """Is a place the pupil's school, in it, or above it?"""
    return covers(student.school_place, place) or covers(place, student.school_place)


def pupils_of(place: str) -> list[Student]:
    """Return the active pupils of a class that the actor's form offers."""
    rows: QuerySet[Student] = Student.objects.for_system(reason=_REASON).filter(
        place=place, status=StudentStatus.ACTIVE
    )
    return list(rows)


def find_pupils(places: Sequence[str], typed: str) -> list[Student]:
    """Return the active pupils below some places whose number or whole name was typed."""
    rows: QuerySet[Student] = Student.objects.for_system(reason=_REASON).filter(
        within(places), status=StudentStatus.ACTIVE
    )
    index = index_of("student_number", typed.strip())
    numbered = list(rows.filter(number_index=index)) if index else []
    return numbered or _named(list(rows), typed)


def _named(rows: Sequence[Student], typed: str) -> list[Student]:
    wanted = _plain(typed)
    opened = open_sealed(rows, "name")
    return [row for row, values in zip(rows, opened, strict=True) if wanted and _plain(values["name"] or "") == wanted]


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def pupil_to_name(actor: Actor, permission: Permission, student_id: str) -> Student | None:
    """Return the pupil from whose row a reporter came, if the reporter knows them anyway: of a class whose pupils the
    reporter lists, or by a tie of the reporter's own; else None."""
    try:
        found = Student.objects.for_system(reason=_REASON).filter(pk=UUID(student_id)).first()
    except ValueError:
        return None
    if found is None or found.status != StudentStatus.ACTIVE or not place_held(actor, permission, found):
        return None
    ties = Tie.objects.for_system(reason=_REASON).filter(student=found, person_id=actor.staff_id, end_on=None)
    is_own = actor.can(Permission.STUDENT_LIST, found.place) or (actor.staff_id is not None and ties.exists())
    return found if is_own else None
