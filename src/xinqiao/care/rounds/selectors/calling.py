"""Where and for what the reader may call for a round."""

import datetime as dt
from collections.abc import Sequence

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.policy.packs import RoundWindow
from xinqiao.register.policy.selectors import parameters_by_place


def units_to_call(actor: Actor) -> list[Unit]:
    """Return the units at which the actor holds the right: the own school, or the own bureau with all its schools."""
    found = units_by_path(actor.places(Permission.ROUND_CALL)).values()
    return sorted((unit for unit in found if not unit.is_closed), key=lambda unit: unit.path)


def windows_to_call(units: Sequence[Unit], on: dt.date) -> list[RoundWindow]:
    """Return what a round can be called for at any of some units."""
    rules = parameters_by_place([unit.path for unit in units], on)
    found = {
        window.code: window
        for unit in units
        for window in rules[unit.path].round_rules.windows
        if window.when == "declared"
    }
    return list(found.values())
