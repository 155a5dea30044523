"""Setting a unit's webhook and channels; what a person says of their own."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.foundation.notifications.configs import BadConfig, checked_config, host_of
from xinqiao.foundation.notifications.models import Channel, ChannelSetting, Delivery, OwnChannel, Webhook
from xinqiao.foundation.notifications.outbox import every_message
from xinqiao.foundation.notifications.own import opened_addresses, own_rows
from xinqiao.foundation.notifications.sending import URGENT_FOR
from xinqiao.foundation.notifications.webhooks import CannotSend, check_target

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet


class CannotSetWebhook(ValueError):
    """The address cannot be used; `code` as in `webhooks.check_target`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.DUTY_EDIT)
def set_webhook(place: str, *, actor: Actor, county_id: UUID, address: str) -> Webhook | Unchanged:
    """Send this unit's messages to `address` as well, from now on; an empty address ends that.

    Raises CannotSetWebhook where the address may not be used. A host that cannot be found just now is accepted.
    """
    if address:
        try:
            check_target(address, settings.XINQIAO_WEBHOOK_HOSTS)
        except CannotSend as error:
            if error.code != "host_unknown":
                raise CannotSetWebhook(error.code) from error
    open_rows = Webhook.objects.for_system(reason="body of a command").filter(place=place, ended_at__isnull=True)
    at = now()
    ended = open_rows.update(ended_at=at)
    if not address:
        if not ended:
            return Unchanged("no_webhook")
        record("notifications.webhook.ended", subject_kind="unit", place=place, county_id=county_id)
        return Unchanged("ended")
    row = Webhook(county_id=county_id, place=place, key_id=new_key(SubjectKind.UNIT), address=address,
                  set_by=actor.id, set_at=at)  # fmt: skip
    row.save(force_insert=True)
    record("notifications.webhook.set", subject_kind="unit", subject_id=row.id, place=place, county_id=county_id)
    return row


@command(Permission.CHANNEL_EDIT)
def set_channel(
    place: str, *, actor: Actor, county_id: UUID, channel: str, values: Mapping[str, str]
) -> ChannelSetting:
    """Let a channel leave like this from a unit and everything below it, from now on.

    What was given up for want of it within the last day is tried again. Raises BadConfig; a host that cannot be found
    just now is accepted, one that the installation does not allow is not.
    """
    config = checked_config(channel, values)
    host = host_of(channel, config)
    _check_host(channel, config, host)
    at = now()
    _open_settings(place, channel).update(ended_at=at)
    row = ChannelSetting(
        county_id=county_id, place=place, key_id=new_key(SubjectKind.UNIT), channel=channel,
        config=json.dumps(config, ensure_ascii=False), host=host, set_by=actor.person_id, set_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody set it up at this very moment: the later one holds
        _open_settings(place, channel).update(ended_at=at)
        row.save(force_insert=True)
    given_up = every_message().filter(
        within([place]), channel=channel, status=Delivery.FAILED, created_at__gte=at - URGENT_FOR
    )
    given_up.update(status=Delivery.WAITING, next_try_at=at, tries=0)
    record("notifications.channel.set", subject_kind="unit", subject_id=row.id, place=place, county_id=county_id,
           facts={"channel": channel})  # fmt: skip
    return row


def _check_host(channel: str, config: Mapping[str, str], host: str) -> None:
    if not host:
        if channel == Channel.FILE and not settings.XINQIAO_DEMO:
            raise BadConfig("url", "demo_only")
        return
    if host not in settings.XINQIAO_WEBHOOK_HOSTS:
        raise BadConfig("url", "host_not_listed")
    if channel == Channel.MAIL or "url" not in config:
        return
    try:
        check_target(config["url"], settings.XINQIAO_WEBHOOK_HOSTS)
    except CannotSend as error:
        if error.code != "host_unknown":
            raise BadConfig("url", error.code) from error


def _open_settings(place: str, channel: str) -> "ScopedQuerySet[ChannelSetting]":
    rows: ScopedQuerySet[ChannelSetting] = ChannelSetting.objects.for_system(reason="body of a command")
    return rows.filter(place=place, channel=channel, ended_at__isnull=True)


@command(Permission.CHANNEL_EDIT)
def end_channel(setting: ChannelSetting, *, actor: Actor) -> ChannelSetting | Unchanged:
    """End what was set here; what is set further up holds again, if anything is."""
    del actor
    open_row = _open_settings(setting.place, setting.channel).filter(pk=setting.pk)
    if not open_row.update(ended_at=now()):
        return Unchanged("ended_already")
    record("notifications.channel.ended", subject_kind="unit", subject_id=setting.id, place=setting.place,
           county_id=setting.county_id, facts={"channel": setting.channel})  # fmt: skip
    return setting


@command(Permission.CHANNEL_EDIT)
def note_trial(place: str, *, actor: Actor, county_id: UUID, channel: str, has_left: bool) -> None:
    """Keep that a channel was tried out. The trial itself is no part of a transaction: it may take seconds."""
    del actor
    record("notifications.channel.tested", subject_kind="unit", place=place, county_id=county_id,
           facts={"channel": channel, "outcome": "sent" if has_left else "failed"})  # fmt: skip


@dataclass(frozen=True)
class OwnChoice:
    """What a person says of a channel: on for usual notices or not, and an address; empty for the staff list's."""

    channel: str
    is_on: bool
    address: str = ""


@command(Permission.HOME_VIEW)
def set_own_channels(
    place: str, *, actor: Actor, kept_at: str, county_id: UUID, choices: Sequence[OwnChoice]
) -> list[OwnChannel] | Unchanged:
    """Keep what the actor says of the own channels, at the place where the actor works, under the actor's own key.

    `place` is one where the actor holds anything at all.
    """
    assert actor.staff_id is not None
    assert actor.key_id is not None
    at = now()
    known = {row.channel: row for row in own_rows([actor.staff_id])}
    said = opened_addresses(list(known.values()))
    changed = []
    for choice in choices:
        row = known.get(choice.channel)
        if row and row.is_on == choice.is_on and said[row.id] == choice.address:
            continue
        row = row or OwnChannel(
            county_id=county_id, place=kept_at, key_id=actor.key_id, staff_id=actor.staff_id, channel=choice.channel
        )
        changed.append(_kept(row, choice, at))
    if not changed:
        return Unchanged("same")
    record("notifications.own.set", subject_kind="staff", subject_id=actor.staff_id, place=place, county_id=county_id,
           facts={"channels": sorted(row.channel for row in changed)})  # fmt: skip
    return changed


def _kept(row: OwnChannel, choice: OwnChoice, at: dt.datetime) -> OwnChannel:
    """Write a choice; two clicks at once write one row."""
    row.is_on, row.address, row.set_at = choice.is_on, choice.address or None, at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        (row,) = [each for each in own_rows([row.staff_id]) if each.channel == choice.channel]
        row.is_on, row.address, row.set_at = choice.is_on, choice.address or None, at
        row.save()
    return row
