"""Which pack holds where and when."""

import datetime as dt

from xinqiao.register.orgs.selectors import ancestors
from xinqiao.register.policy.loading import LoadedPack, packs
from xinqiao.register.policy.parameters import Parameters, parameters_of

_flat: dict[str, Parameters] = {}


class NoPolicy(LookupError):
    """No pack binds this unit on this day; ship or repair the national default."""


def pack_in_force(unit_path: str, on: dt.date) -> LoadedPack:
    """Return the nearest pack that binds a unit on a day; of several at the same unit the one in force last.

    Raises NoPolicy, or BadPack when the files are at fault.
    """
    codes = [unit.code for unit in ancestors(unit_path)] if unit_path else []
    found = [(nearness, loaded) for loaded in packs() if (nearness := _nearness(loaded, codes, on)) is not None]
    if not found:
        raise NoPolicy(f"{on.isoformat()} at {unit_path or 'no unit'}")
    return max(found, key=lambda each: (each[0], each[1].pack.in_force.from_, each[1].pack.id))[1]


def _nearness(loaded: LoadedPack, codes: list[str], on: dt.date) -> int | None:
    pack = loaded.pack
    if on < pack.in_force.from_ or (pack.in_force.until is not None and on >= pack.in_force.until):
        return None
    if pack.binds.everywhere:
        return -1
    return max((codes.index(code) for code in pack.binds.units if code in codes), default=None)


def parameters_for(unit_path: str, on: dt.date) -> Parameters:
    """Return what holds at a unit (by place; "" for the whole installation) on a day. Raises NoPolicy, BadPack."""
    loaded = pack_in_force(unit_path, on)
    if loaded.revision not in _flat:
        _flat[loaded.revision] = parameters_of(loaded.pack, loaded.revision)
    return _flat[loaded.revision]
