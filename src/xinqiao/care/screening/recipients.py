"""Whom a school's screening concerns: the addresses of its psychology teachers, for neutral messages."""

import datetime as dt
from collections.abc import Collection

from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.notifications.outbox import Address, webhook_addresses
from xinqiao.register.accounts.actors import held_on
from xinqiao.register.accounts.models import Membership
from xinqiao.register.reach.ways import addresses_of_staff


def addresses_at(places: Collection[str], on: dt.date) -> dict[str, list[Address]]:
    """Return by school the addresses of its psychology teachers, by the channels they chose, and the webhook set there.

    The number of queries does not depend on the number of schools. A school that nobody can be told of has none.
    """
    held = Membership.objects.filter(
        held_on(on), role=Role.PSYCH_TEACHER, place__in=list(places),
        user__is_active=True, user__staff_id__isnull=False,
    )  # fmt: skip
    staff_at = list(held.order_by("place", "id").values_list("place", "user__staff_id").distinct())
    own = addresses_of_staff({staff_id for _place, staff_id in staff_at if staff_id})
    found: dict[str, list[Address]] = {place: [] for place in places}
    for place, staff_id in staff_at:
        found[place] += [each for each in own.get(staff_id, []) if each not in found[place]] if staff_id else []
    for address in webhook_addresses(places):
        found[address.place].append(address)
    return found
