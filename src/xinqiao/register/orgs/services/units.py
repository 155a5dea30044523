"""Adding, renaming and closing units."""

import secrets
from typing import Any

from xinqiao.foundation.access.actors import Actor, demand
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.ids import new_unit_key
from xinqiao.foundation.core.places import within
from xinqiao.register.orgs.hooks import units_closing
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.rules import may_hang
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind

WINDOW_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
WINDOW_LENGTH = 6


class CannotAddUnit(ValueError):
    """The unit does not fit here; `code` says why: bad_parent, parent_closed, code_taken, class_exists."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CannotCloseUnit(ValueError):
    """The unit is still in use; `code`: has_parts (open units below), has_people."""

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
    unit.county_id = shard_below(unit, parent)
    if kind == UnitKind.CLASS:
        unit.window_code = new_window_code()
    if kind in (UnitKind.GRADE, UnitKind.CLASS) and parent is not None:
        unit.primary_years = parent.primary_years
    return unit


def shard_below(unit: Unit, parent: Unit | None) -> Any:
    """Return the county to whose rows a unit belongs below a parent; a school run by a city belongs to the city's."""
    if unit.kind == UnitKind.COUNTY:
        return unit.id
    if parent is not None and parent.county_id:
        return parent.county_id
    if parent is not None and unit.kind not in (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COUNTY):
        return parent.id
    return unit.id if parent is None and unit.kind in SCHOOL_KINDS else None


@command(Permission.UNIT_EDIT)
def add_unit(parent: Unit, *, actor: Actor, kind: str, code: str, name: str, **fields: Any) -> Unit:
    """Add a unit below `parent`; raise CannotAddUnit if it does not fit there or its code is taken."""
    del actor
    if parent.is_closed:
        raise CannotAddUnit("parent_closed")
    if not may_hang(kind, parent.kind):
        raise CannotAddUnit("bad_parent")
    if Unit.objects.filter(code=code).exists():
        raise CannotAddUnit("code_taken")
    unit = build_unit(parent, kind, code, name, **fields)
    unit.save(force_insert=True)
    record("orgs.unit.added", subject_kind="unit", subject_id=unit.id, place=unit.path,
           county_id=unit.county_id, facts={"kind": kind, "code": code})  # fmt: skip
    return unit


@command(Permission.UNIT_EDIT)
def add_class(school: Unit, *, actor: Actor, stage: str, entry_year: int, number: int) -> Unit:
    """Add a class, and its grade where there is none; raise CannotAddUnit if it is there already."""
    del actor
    if school.kind not in SCHOOL_KINDS or stage not in school.stage_list:
        raise CannotAddUnit("bad_parent")
    if school.is_closed:
        raise CannotAddUnit("parent_closed")
    unit, is_new = ensure_class(school, stage, entry_year, number)
    if not is_new:
        raise CannotAddUnit("class_exists")
    record("orgs.unit.added", subject_kind="unit", subject_id=unit.id, place=unit.path,
           county_id=unit.county_id, facts={"kind": unit.kind, "code": unit.code})  # fmt: skip
    return unit


@command(Permission.UNIT_EDIT)
def change_school(
    school: Unit, *, actor: Actor, name: str, stages: list[str], primary_years: int, has_boarders: bool
) -> Unit | Unchanged:
    """Change what a school teaches; five or six primary years hold for all its grades and classes."""
    del actor
    wanted = {"name": name, "stages": ",".join(stages), "primary_years": primary_years, "has_boarders": has_boarders}
    changed = sorted(field for field, value in wanted.items() if getattr(school, field) != value)
    if not changed:
        return Unchanged("same")
    for field in changed:
        setattr(school, field, wanted[field])
    school.save(update_fields=changed)
    if "primary_years" in changed:
        Unit.objects.filter(within([school.path], "path")).update(primary_years=primary_years)
    record("orgs.unit.changed", subject_kind="unit", subject_id=school.id, place=school.path,
           county_id=school.county_id, facts={"changed": changed})  # fmt: skip
    return school


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
    """Close a unit: it takes nothing new and keeps its history. Raise CannotCloseUnit while it is in use.

    Whoever closes a unit holds the right above it: a principal does not close the own school.
    """
    demand(actor, Permission.UNIT_EDIT, unit.parent.path if unit.parent else "")
    if unit.is_closed:
        return Unchanged("already_closed")
    if Unit.objects.filter(parent=unit, is_closed=False).exists():
        raise CannotCloseUnit("has_parts")
    shut_unit(unit)
    return unit


def shut_unit(unit: Unit) -> None:
    """Close a unit and record it; a private body. Raise CannotCloseUnit where something is still open there."""
    units_closing.send([unit])
    unit.is_closed = True
    unit.save(update_fields=["is_closed"])
    record("orgs.unit.closed", subject_kind="unit", subject_id=unit.id, place=unit.path, county_id=unit.county_id)


def ensure_class(parent: Unit, stage: str, entry_year: int, number: int) -> tuple[Unit, bool]:
    """Return the class of a school or campus, adding it and its grade where missing; a private body of commands."""
    grade = Unit.objects.filter(parent=parent, kind=UnitKind.GRADE, stage=stage, entry_year=entry_year).first()
    if grade is None:
        grade = build_unit(parent, UnitKind.GRADE, f"{parent.code}-{stage[:1]}{entry_year}", f"{entry_year}",
                           stage=stage, entry_year=entry_year)  # fmt: skip
        grade.save(force_insert=True)
    found = Unit.objects.filter(parent=grade, kind=UnitKind.CLASS, number=number).first()
    if found is not None:
        return found, False
    unit = build_unit(grade, UnitKind.CLASS, f"{grade.code}-{number:02d}", f"{entry_year}-{number}",
                      stage=stage, entry_year=entry_year, number=number)  # fmt: skip
    unit.save(force_insert=True)
    return unit, True
