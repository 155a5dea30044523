"""Adding, renaming and closing units."""

import secrets
from typing import Any

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.ids import new_unit_key
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind

WINDOW_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
WINDOW_LENGTH = 6


class CannotAddUnit(ValueError):
    """The unit does not fit here; `code` says why: bad_parent, code_taken, class_exists."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def new_window_code() -> str:
    """Return a class code of six characters that are not mistaken for each other when read aloud."""
    return "".join(secrets.choice(WINDOW_ALPHABET) for _ in range(WINDOW_LENGTH))


def build_unit(parent: Unit | None, kind: str, code: str, name: str, **fields: Any) -> Unit:
    """Return an unsaved unit below its parent, with path and shard set; a private body of commands and of the demo."""
    unit = Unit(parent=parent, kind=kind, code=code, name=name, key=new_unit_key(), **fields)
    unit.path = f"{parent.path if parent else ''}{unit.key}/"
    unit.county_id = _shard(unit, parent)
    if kind == UnitKind.CLASS:
        unit.window_code = new_window_code()
    if kind in (UnitKind.GRADE, UnitKind.CLASS) and parent is not None:
        unit.primary_years = parent.primary_years
    return unit


def _shard(unit: Unit, parent: Unit | None) -> Any:
    if unit.kind == UnitKind.COUNTY:
        return unit.id
    if parent is not None and parent.county_id:
        return parent.county_id
    if parent is not None and unit.kind not in (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COUNTY):
        return parent.id
    return unit.id if parent is None and unit.kind in SCHOOL_KINDS else None


@command(Permission.UNIT_EDIT)
def add_unit(parent: Unit, *, actor: Actor, kind: str, code: str, name: str, **fields: Any) -> Unit:
    """Add a unit below `parent`; raise CannotAddUnit if its code is taken."""
    del actor
    if Unit.objects.filter(code=code).exists():
        raise CannotAddUnit("code_taken")
    unit = build_unit(parent, kind, code, name, **fields)
    unit.save(force_insert=True)
    record("orgs.unit.added", subject_kind="unit", subject_id=unit.id, place=unit.path,
           county_id=unit.county_id, facts={"kind": kind, "code": code})  # fmt: skip
    return unit


@command(Permission.UNIT_EDIT)
def rename_unit(unit: Unit, *, actor: Actor, name: str) -> Unit | Unchanged:
    """Give a unit another name; its path and history stay."""
    del actor
    if unit.name == name:
        return Unchanged("same_name")
    unit.name = name
    unit.save(update_fields=["name"])
    record("orgs.unit.renamed", subject_kind="unit", subject_id=unit.id, place=unit.path, county_id=unit.county_id)
    return unit


@command(Permission.UNIT_EDIT)
def close_unit(unit: Unit, *, actor: Actor) -> Unit | Unchanged:
    """Close a unit: it takes nothing new and keeps its history."""
    del actor
    if unit.is_closed:
        return Unchanged("already_closed")
    unit.is_closed = True
    unit.save(update_fields=["is_closed"])
    record("orgs.unit.closed", subject_kind="unit", subject_id=unit.id, place=unit.path, county_id=unit.county_id)
    return unit


def ensure_class(school: Unit, stage: str, entry_year: int, number: int) -> tuple[Unit, bool]:
    """Return the class of a school, adding it and its grade where missing; a private body of roster import."""
    grade = Unit.objects.filter(parent=school, kind=UnitKind.GRADE, stage=stage, entry_year=entry_year).first()
    if grade is None:
        grade = build_unit(school, UnitKind.GRADE, f"{school.code}-{stage[:1]}{entry_year}", f"{entry_year}",
                           stage=stage, entry_year=entry_year)  # fmt: skip
        grade.save(force_insert=True)
    found = Unit.objects.filter(parent=grade, kind=UnitKind.CLASS, number=number).first()
    if found is not None:
        return found, False
    unit = build_unit(grade, UnitKind.CLASS, f"{grade.code}-{number:02d}", f"{entry_year}-{number}",
                      stage=stage, entry_year=entry_year, number=number)  # fmt: skip
    unit.save(force_insert=True)
    return unit, True
