"""What the partner register tells the app of incidents: whom of health a bureau can begin a joint activation with."""

import datetime as dt

from xinqiao.care.crisis.selectors.partners import usable_partners
from xinqiao.care.incidents.partners import HealthPartner


def partners_in_force(place: str, on: dt.date) -> list[HealthPartner]:
    """Return the institutions in force at a place on a day; names no person."""
    return [HealthPartner(each.id, each.name, each.contact) for each in usable_partners(place, on)]
