"""Who is reading: name, unit and role for the head of the page."""

from django.http import HttpRequest

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.ui.shell import Identity
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.orgs.selectors import name_on, school_of, unit_by_path
from xinqiao.register.orgs.states import UnitKind


def identity(request: HttpRequest) -> Identity | None:
    """Return the reader, or None for an anonymous one."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return None
    if not actor.grants:
        return Identity(actor.name, "", "")
    grant = actor.grants[0]
    return Identity(actor.name, unit_name(grant.place), ROLE_LABELS[grant.role])


def unit_name(place: str) -> str:
    """Return what a place is called today; a class or grade with its school before it."""
    unit = unit_by_path(place)
    if unit is None:
        return ""
    if unit.kind in (UnitKind.CLASS, UnitKind.GRADE):
        school = school_of(place)
        return f"{school.name if school else ''} {name_on(unit, today())}".strip()
    return unit.name


def may_see_operation(request: HttpRequest) -> bool:
    """Is the reader someone who keeps the installation running?"""
    return may_somewhere(request, Permission.OPERATION_VIEW)


def is_signed_in(request: HttpRequest) -> bool:
    """Is anyone signed in?"""
    return getattr(request, "actor", None) is not None
