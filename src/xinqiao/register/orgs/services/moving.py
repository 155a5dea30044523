"""Hanging a unit elsewhere in the tree of its county: every row that says where it belongs follows, history stays."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from xinqiao.foundation.access.actors import Actor, demand
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.places import PLACE_LENGTH, PlaceField, within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.rules import may_hang
from xinqiao.register.orgs.selectors import school_of
from xinqiao.register.orgs.services.units import shard_below

HISTORY = (AuditEvent,)  # says where something was when it happened


class CannotMoveUnit(ValueError):
    """The unit cannot hang there; `code`: bad_parent, parent_closed, inside_itself, other_county,
    other_school, too_deep."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.UNIT_EDIT)
def move_unit(unit: Unit, *, actor: Actor, parent: Unit) -> Unit | Unchanged:
    """Hang a unit below another parent; raise CannotMoveUnit.

    Whoever moves it holds the right at both parents. Nothing moves to another county, whose rows are kept apart, or to
    another school: a child's file goes there by transfer.
    """
    for place in (unit.parent.path if unit.parent else "", parent.path):
        demand(actor, Permission.UNIT_EDIT, place)
    if unit.parent_id == parent.id:
        return Unchanged("same_parent")
    old, new = unit.path, f"{parent.path}{unit.key}/"
    if code := _refusal(unit, parent, new):
        raise CannotMoveUnit(code)
    rows = _rewrite_places(old, new)
    unit.parent, unit.path = parent, new
    unit.save(update_fields=["parent"])
    record("orgs.unit.moved", subject_kind="unit", subject_id=unit.id, place=new, county_id=unit.county_id,
           facts={"from": old, "rows": rows})  # fmt: skip
    return unit


def _refusal(unit: Unit, parent: Unit, new: str) -> str:
    if parent.path.startswith(unit.path):
        return "inside_itself"
    if parent.is_closed:
        return "parent_closed"
    if not may_hang(unit.kind, parent.kind):
        return "bad_parent"
    if shard_below(unit, parent) != unit.county_id:
        return "other_county"
    if _school_of(unit.parent) != _school_of(parent):
        return "other_school"
    longest = max((len(path) for path in _below(unit)), default=0)
    return "too_deep" if longest - len(unit.path) + len(new) > PLACE_LENGTH else ""


def _school_of(unit: Unit | None) -> str:
    """The path of the school that a unit is or lies in, "" above schools."""
    school = None if unit is None else school_of(unit.path)
    return "" if school is None else school.path


def _below(unit: Unit) -> Iterator[str]:
    yield from Unit.objects.filter(within([unit.path], "path")).values_list("path", flat=True)


def _rewrite_places(old: str, new: str) -> int:
    """Let every place at or below `old` begin with `new`, in every table but the audit; return how many rows."""
    return sum(
        _every_row(model)
        .filter(within([old], field.attname))
        .update(**{field.attname: Concat(Value(new), Substr(F(field.attname), len(old) + 1))})
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, PlaceField) and model not in HISTORY and not getattr(model, "IS_PLACELESS", False)
    )


def _every_row(model: type[models.Model]) -> "models.QuerySet[models.Model]":
    rows = model._default_manager  # noqa: SLF001 - of any model, whatever its manager is called
    if hasattr(rows, "for_system"):
        found: models.QuerySet[models.Model] = rows.for_system(reason="a unit moves with all that is below it")
        return found
    return rows.all()
