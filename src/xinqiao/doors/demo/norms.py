"""A local norm of the city, made of the screenings that are over; a city with too few pupils has none."""

from xinqiao.care.scales.norming import draft_norm
from xinqiao.care.scales.selectors import best_version
from xinqiao.care.scales.services.norms import publish_norm
from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.orgs.naming import school_year_of

SCALE, OFFICER = "ces-dc", "city.linxi"  # asked in every screening of the city that is over


def add_norm(built: Built, city: City) -> None:
    """Publish it as the city's officer."""
    unit, actor = built.units[city.city.code], actor_for(built.users[OFFICER], today())
    version = best_version(SCALE, unit.path)
    assert version is not None
    draft = draft_norm(actor, unit, version, school_year_of(built.dates.ended_on))
    if not draft.why_not:
        publish_norm(unit, actor=actor, draft=draft)
