"""Whom a school's screening concerns: the addresses of its psychology teachers, for neutral messages."""

import datetime as dt
from collections.abc import Collection

from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import Channel
from xinqiao.foundation.notifications.outbox import Address, webhook_addresses
from xinqiao.register.accounts.actors import held_on
from xinqiao.register.accounts.models import Membership
from xinqiao.register.people.models import Staff


def addresses_at(places: Collection[str], on: dt.date) -> dict[str, list[Address]]:
    """Return by school the mail addresses of its psychology teachers and the webhook set there.

    The number of queries does not depend on the number of schools. A school that nobody can be told of has none.
    """
    held = Membership.objects.filter(
        held_on(on), role=Role.PSYCH_TEACHER, place__in=list(places),
        user__is_active=True, user__staff_id__isnull=False,
    )  # fmt: skip
    staff_at = list(held.order_by("place", "id").values_list("place", "user__staff_id").distinct())
    mails = _mails({staff_id for _place, staff_id in staff_at if staff_id})
    found: dict[str, list[Address]] = {place: [] for place in places}
    for place, staff_id in staff_at:
        if staff_id in mails and mails[staff_id] not in found[place]:
            found[place].append(mails[staff_id])
    for address in webhook_addresses(places):
        found[address.place].append(address)
    return found


def _mails(staff_ids: Collection[object]) -> dict[object, Address]:
    rows = list(
        Staff.objects.for_system(reason="addresses of those whose school is asked").filter(
            pk__in=list(staff_ids), left_on=None
        )
    )
    return {
        row.id: Address(Channel.MAIL, text["mail"], row.key_id, row.place, row.county_id)
        for row, text in zip(rows, open_sealed(rows, "mail"), strict=True)
        if text["mail"]
    }
