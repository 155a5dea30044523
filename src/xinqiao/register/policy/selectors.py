"""Which pack holds where and when."""

import datetime as dt
from collections.abc import Iterable, Mapping

from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.loading import LoadedPack, packs
from xinqiao.register.policy.parameters import Parameters, parameters_of

_flat: dict[str, Parameters] = {}


class NoPolicy(LookupError):
    """No pack binds this unit on this day; ship or repair the national default."""


def pack_in_force(unit_path: str, on: dt.date) -> LoadedPack:
    """Return the nearest pack that binds a unit on a day; of several at the same unit the one in force last.

    Raises NoPolicy, or BadPack when the files are at fault.
    """
    return _nearest(unit_path, _places_bound(), on)


def _places_bound() -> dict[str, str]:
    """Return the places of the units that packs bind, by code; one query, and none while no pack binds units."""
    codes = {code for loaded in packs() for code in loaded.pack.binds.units}
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "path")) if codes else {}


def _nearest(unit_path: str, bound: Mapping[str, str], on: dt.date) -> LoadedPack:
    found = [(near, loaded) for loaded in packs() if (near := _nearness(loaded, unit_path, bound, on)) is not None]
    if not found:
        raise NoPolicy(f"{on.isoformat()} at {unit_path or 'no unit'}")
    return max(found, key=lambda each: (each[0], each[1].pack.in_force.from_, each[1].pack.id))[1]


def _nearness(loaded: LoadedPack, unit_path: str, bound: Mapping[str, str], on: dt.date) -> int | None:
    """Return how near a pack binds a place: the length of the path of the nearest unit; -1 for a pack for everyone."""
    pack = loaded.pack
    if on < pack.in_force.from_ or (pack.in_force.until is not None and on >= pack.in_force.until):
        return None
    if pack.binds.everywhere:
        return -1
    paths = (bound[code] for code in pack.binds.units if code in bound)
    return max((len(path) for path in paths if unit_path.startswith(path)), default=None)


def parameters_for(unit_path: str, on: dt.date) -> Parameters:
    """Return what holds at a unit (by place; "" for the whole installation) on a day. Raises NoPolicy, BadPack."""
    return _flattened(pack_in_force(unit_path, on))


def parameters_by_place(places: Iterable[str], on: dt.date) -> dict[str, Parameters]:
    """Return what holds at each of many places on a day, at the cost of one. Raises NoPolicy, BadPack."""
    bound = _places_bound()
    return {place: _flattened(_nearest(place, bound, on)) for place in set(places)}


def _flattened(loaded: LoadedPack) -> Parameters:
    if loaded.revision not in _flat:
        _flat[loaded.revision] = parameters_of(loaded.pack, loaded.revision)
    return _flat[loaded.revision]
