"""From people to addresses: by which channels each member of staff is reached, now."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.places import places_above
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.delivering import nearest, open_settings
from xinqiao.foundation.notifications.models import PERSONAL, Channel, ChannelSetting
from xinqiao.foundation.notifications.outbox import Address
from xinqiao.foundation.notifications.own import opened_addresses, own_rows
from xinqiao.register.accounts.models import User
from xinqiao.register.people.models import Staff

ON_UNASKED = (Channel.MAIL, Channel.FILE)  # of whoever chose nothing: mail costs nothing and wakes nobody
LOOKED_BACK = dt.timedelta(days=7)  # a notice that reached nobody is shown for so long
OF_THE_LIST = {Channel.MAIL: "mail", Channel.SMS: "phone"}


@dataclass(frozen=True)
class Way:
    """One channel of one person. `own` is the address they gave, `listed` the staff list's; `is_on` for usual notices.

    `is_set_up` says that the channel leaves from where they work.
    """

    channel: str
    own: str
    listed: str
    is_on: bool
    is_set_up: bool

    @property
    def address(self) -> str:
        """Where it goes; empty where nothing is known."""
        return self.own or self.listed


def ways_of(staff: Collection[Staff]) -> dict[UUID, list[Way]]:
    """Return every channel of these people, in a number of queries that does not depend on how many they are."""
    known = open_settings({place for row in staff for place in places_above(row.place)})
    rows = own_rows([row.id for row in staff])
    said = opened_addresses(rows)
    own = {(row.staff_id, row.channel): (row.is_on, said[row.id]) for row in rows}
    people = list(staff)
    listed = dict(zip([row.id for row in people], open_sealed(people, "mail", "phone"), strict=True))
    logins = _logins(people) if any(channel == Channel.FILE for _place, channel in known) else {}
    found: dict[UUID, list[Way]] = {}
    for row in people:
        for channel in PERSONAL:
            is_on, address = own.get((row.id, channel), (channel in ON_UNASKED, ""))
            on_list = logins.get(row.id, "") if channel == Channel.FILE else _listed(channel, listed[row.id])
            found.setdefault(row.id, []).append(Way(channel, address, on_list, is_on, _is_set_up(channel, row, known)))
    return found


def _listed(channel: str, opened: Mapping[str, str | None]) -> str:
    return (opened[OF_THE_LIST[Channel(channel)]] or "") if channel in OF_THE_LIST else ""


def _is_set_up(channel: str, row: Staff, known: Mapping[tuple[str, str], ChannelSetting]) -> bool:
    """Mail counts always: where it is not set up its failing is told by name, as it ever was."""
    return channel == Channel.MAIL or nearest(channel, row.place, known) is not None


def _logins(people: Collection[Staff]) -> dict[UUID, str]:
    rows = User.objects.filter(staff_id__in=[row.id for row in people]).values_list("staff_id", "username")
    return {staff_id: name for staff_id, name in rows if staff_id}


def addresses_of_staff(staff_ids: Collection[UUID], *, is_urgent: bool = False) -> dict[UUID, list[Address]]:
    """Return where messages to these people go: by the channels they chose, and if it is urgent by every one they have.

    Whom nothing reaches has one address of channel `none` if it is urgent, so that it is seen, and else no entry. Who
    has left has none.
    """
    rows = Staff.objects.for_system(reason="addresses of those who are told").filter(pk__in=list(staff_ids))
    staff = list(rows.filter(left_on=None).order_by("id"))
    ways = ways_of(staff)
    found: dict[UUID, list[Address]] = {}
    for row in staff:
        wanted = [way for way in ways[row.id] if way.address and way.is_set_up and (is_urgent or way.is_on)]
        to = [(way.channel, way.address) for way in wanted] or ([(Channel.NONE.value, "")] if is_urgent else [])
        if to:
            found[row.id] = [Address(channel, text, row.key_id, row.place, row.county_id) for channel, text in to]
    return found
