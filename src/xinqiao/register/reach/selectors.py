"""Reading what is set up where, and which notices reached nobody."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import covers, places_above, within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.delivering import nearest, open_settings
from xinqiao.foundation.notifications.models import PERSONAL, Channel, ChannelSetting, Delivery
from xinqiao.foundation.notifications.outbox import Unreached, every_message, unreached_since
from xinqiao.register.accounts.selectors import INNER_KINDS, names_of_places
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Staff
from xinqiao.register.policy.selectors import parameters_for
from xinqiao.register.reach.ways import LOOKED_BACK

SHOWN = 50


@dataclass(frozen=True)
class ChannelRow:
    """One channel as it leaves from a unit. `source` is here, above, environment or nowhere; `of_unit` names the one
    above. `waiting` and `given_up` count messages of the unit and below it, of the last days."""

    channel: str
    source: str
    of_unit: str
    setting: ChannelSetting | None
    waiting: int
    given_up: int


@dataclass(frozen=True)
class UnreachedRow:
    """A notice that reached nobody: where, since when, why (codes), and whom it was for (a key's id)."""

    unit: str
    created_at: dt.datetime
    errors: tuple[str, ...]
    key_id: UUID


def channel_rows(unit: Unit, now: dt.datetime) -> list[ChannelRow]:
    """Return every channel as it leaves from a unit."""
    known = open_settings(places_above(unit.path))
    names = names_of_places({place for place, _channel in known}, timezone.localtime(now).date())
    counts = _counts(unit.path, now)
    found = []
    for channel in PERSONAL:
        way = nearest(channel, unit.path, known)
        setting = way.setting if way else None
        source = "nowhere" if way is None else "environment" if setting is None else "above"
        source = "here" if setting and setting.place == unit.path else source
        of_unit = names.get(setting.place, "") if setting else ""
        waiting, given_up = (counts.get((channel, state), 0) for state in (Delivery.WAITING, Delivery.FAILED))
        found.append(ChannelRow(channel, source, of_unit, setting, waiting, given_up))
    return found


def _counts(place: str, now: dt.datetime) -> dict[tuple[str, str], int]:
    rows = every_message().filter(within([place]), created_at__gte=now - LOOKED_BACK).exclude(status=Delivery.SENT)
    counted = rows.order_by().values_list("channel", "status").annotate(count=Count("id"))
    return {(channel, status): count for channel, status, count in counted}


def unreached(places: Collection[str], now: dt.datetime) -> list[UnreachedRow]:
    """Return notices of the last days that reached nobody, to people who work at or below these places; newest first.

    An urgent one has as long as the clock on telling of a red signal gives.
    """
    allowed: dict[str, dt.timedelta] = {}

    def late(place: str) -> dt.timedelta:
        if place not in allowed:
            allowed[place] = _time_to_tell(place, timezone.localtime(now).date())
        return allowed[place]

    rows = [row for row in unreached_since(now - LOOKED_BACK, now, late) if _is_below(row, places)]
    names = names_of_places({row.place for row in rows}, timezone.localtime(now).date())
    return [UnreachedRow(names.get(row.place, ""), row.created_at, row.errors, row.key_id) for row in rows]


def _is_below(row: Unreached, places: Collection[str]) -> bool:
    return any(covers(place, row.place) for place in places)


def _time_to_tell(place: str, on: dt.date) -> dt.timedelta:
    """How long telling of a red signal may take; a rule by the day gives a day."""
    rule = parameters_for(place, on).clocks["red"].told
    return dt.timedelta(minutes=rule.amount) if rule.kind == "minutes" else dt.timedelta(days=1)


def names_by_key(key_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of staff by the id of their key, for those who see their names anyway."""
    rows = list(Staff.objects.for_system(reason="names of colleagues on a page").filter(key_id__in=list(key_ids)))
    return {row.key_id: opened["name"] or "" for row, opened in zip(rows, open_sealed(rows, "name"), strict=True)}


def units_below(actor: Actor, unit: Unit) -> list[Unit]:
    """Return the units right below for which this actor may set up channels."""
    found = Unit.objects.filter(parent=unit, is_closed=False).exclude(kind__in=INNER_KINDS).order_by("kind", "name")
    return [each for each in found if actor.can(Permission.CHANNEL_EDIT, each.path)]


def all_settings() -> list[tuple[Unit | None, ChannelSetting]]:
    """Return every open setting with its unit, for the command."""
    rows = ChannelSetting.objects.for_system(reason="the operator's list; it names nobody")
    found = list(rows.filter(ended_at__isnull=True).order_by("place", "channel"))
    units = {unit.path: unit for unit in Unit.objects.filter(path__in={row.place for row in found})}
    return [(units.get(row.place), row) for row in found]


def counts_of(setting: ChannelSetting, now: dt.datetime) -> tuple[int, int]:
    """Return how many messages at or below a setting's unit wait and were given up, of the last days."""
    counts = _counts(setting.place, now)
    return counts.get((setting.channel, Delivery.WAITING), 0), counts.get((setting.channel, Delivery.FAILED), 0)


def is_personal(channel: str) -> bool:
    """Is this a channel that can be set up for people?"""
    return channel in {each.value for each in PERSONAL} and channel != Channel.NONE
