"""Which bureau a filing goes to, and at which bureaus an actor stands."""

from collections.abc import Mapping
from uuid import UUID

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import ancestors, units_by_id, units_by_path
from xinqiao.register.orgs.states import UnitKind

BUREAUS = (UnitKind.COUNTY, UnitKind.CITY, UnitKind.PROVINCE)


def bureau_above(place: str, kind: str) -> Unit | None:
    """Return the unit of a kind above a place, or else the nearest one above that kind: a city may run schools itself.

    None where nobody stands above.
    """
    above = {unit.kind: unit for unit in ancestors(place)}
    wanted = BUREAUS[BUREAUS.index(UnitKind(kind)) :]
    return next((above[each] for each in wanted if each in above), None)


def bureaus_of(actor: Actor) -> list[UUID]:
    """Return the ids of exactly the units at which an actor may receive filings, without those below them."""
    return [unit.id for unit in units_by_path(actor.places(Permission.FILING_RECEIVE)).values()]


def bureau_name(bureau: UUID) -> str:
    """Return what a bureau's unit is called; empty where it is gone."""
    unit = units_by_id([bureau]).get(bureau)
    return unit.name if unit else ""


def bureaus_beyond(bureau: UUID) -> Mapping[str, Unit]:
    """Return the bureaus above one, by kind."""
    unit = units_by_id([bureau]).get(bureau)
    return {each.kind: each for each in ancestors(unit.path)[:-1] if each.kind in BUREAUS} if unit else {}
