"""The demo city's channel: what would go out is written into a file, so that a person can look at it."""

from django.conf import settings

from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import Channel
from xinqiao.foundation.notifications.services import set_channel
from xinqiao.register.accounts.actors import actor_for


def add_channels(built: Built, city: City) -> None:
    """Set the file up for the whole city, by its administrator; nothing outside a demo, where the channel is none."""
    keepers = [seed.login for seed in city.staff if seed.role == Role.SYSTEM_ADMIN and seed.at == city.city.code]
    if not settings.XINQIAO_DEMO or not keepers:
        return
    administrator = actor_for(built.users[keepers[0]], clock.today())
    unit = built.units[city.city.code]
    set_channel(unit.path, actor=administrator, county_id=unit.shard_id, channel=Channel.FILE, values={})
