"""Names of pupils and of their classes, for rows of alerts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.models import Student


def names_of(students: Sequence[Student]) -> dict[UUID, str]:
    """Return opened names of pupils whom the actor may see."""
    return {
        student.id: opened["name"] or ""
        for student, opened in zip(students, open_sealed(students, "name"), strict=True)
    }


def class_names(places: Iterable[str], on: dt.date) -> dict[str, str]:
    """Return what the units at some places are called on a day."""
    return {path: name_on(unit, on) for path, unit in units_by_path(places).items()}
