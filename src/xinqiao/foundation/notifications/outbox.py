"""Putting messages into the outbox, and reading what became of them. Bodies say that something waits, never what."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from xinqiao.foundation.keys.fields import open_sealed, seal_rows
from xinqiao.foundation.notifications.models import Channel, Delivery, OutboxMessage, Webhook
from xinqiao.foundation.notifications.words import neutral_words, subject_words

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet


@dataclass(frozen=True)
class Address:
    """Where a message goes: a person's address or account under their key, or a webhook under a unit's.

    Channel `none` is somebody whom nothing reaches.
    """

    channel: str
    address: str
    key_id: UUID
    place: str
    county_id: UUID


@dataclass(frozen=True)
class Trouble:
    """A message that has not left: `error` is a code (see `sending`), `is_final` when nothing more will be tried."""

    about_id: UUID
    channel: str
    error: str
    tries: int
    is_final: bool
    created_at: dt.datetime


def post_messages(
    addresses: Iterable[Address],
    *,
    about_kind: str,
    about_id: UUID,
    at: dt.datetime,
    not_before: dt.datetime | None = None,
    is_urgent: bool = False,
) -> int:
    """Put one neutral message per address into the outbox, inside the caller's transaction; return how many can leave.

    The words name nobody and nothing: they may be read on a lock screen or by whoever keeps the mail server. Somebody
    whom no channel reaches has a row as well, given up from the first, so that it is seen.
    """
    rows = [_message(address, about_kind, about_id, at, not_before or at, is_urgent=is_urgent) for address in addresses]
    seal_rows(rows)
    OutboxMessage.objects.for_system(reason="body of a command").bulk_create(rows)
    return sum(row.channel != Channel.NONE for row in rows)


def _message(
    address: Address, kind: str, about_id: UUID, at: dt.datetime, not_before: dt.datetime, *, is_urgent: bool
) -> OutboxMessage:  # fmt: skip
    is_hopeless = address.channel == Channel.NONE
    return OutboxMessage(
        county_id=address.county_id, place=address.place, key_id=address.key_id, channel=address.channel,
        address=address.address, subject=subject_words(), body=neutral_words(), about_kind=kind, about_id=about_id,
        created_at=at, next_try_at=not_before, is_urgent=is_urgent,
        status=Delivery.FAILED if is_hopeless else Delivery.WAITING, last_error="no_channel" if is_hopeless else "",
    )  # fmt: skip


def has_waiting(about_kind: str, about_id: UUID, channel: str = "") -> bool:
    """Does a message about this wait already in this channel, or in any?"""
    rows = every_message().filter(about_kind=about_kind, about_id=about_id, status=Delivery.WAITING)
    return bool((rows.filter(channel=channel) if channel else rows).exists())


def webhook_addresses(places: Iterable[str]) -> list[Address]:
    """Return the open webhooks set exactly at these places."""
    rows = list(
        Webhook.objects.for_system(reason="addresses of a unit's receivers").filter(
            place__in=list(places), ended_at__isnull=True
        )
    )
    opened = open_sealed(rows, "address")
    return [
        Address(Channel.WEBHOOK, text["address"], row.key_id, row.place, row.county_id)
        for row, text in zip(rows, opened, strict=True)
        if text["address"]
    ]


def troubles_about(about_ids: Iterable[UUID]) -> dict[UUID, list[Trouble]]:
    """Return what failed at least once and is not sent yet, by what it is about; the newest first."""
    rows = every_message().filter(about_id__in=list(about_ids)).exclude(status=Delivery.SENT).exclude(last_error="")
    found: dict[UUID, list[Trouble]] = {}
    for row in rows.order_by("-created_at"):
        found.setdefault(row.about_id, []).append(_trouble(row))
    return found


def recent_troubles(places: Iterable[str], since: dt.datetime, limit: int = 20) -> list[Trouble]:
    """Return messages kept exactly at these places that failed since a moment, the newest first."""
    rows = every_message().filter(place__in=list(places), created_at__gte=since).exclude(status=Delivery.SENT)
    return [_trouble(row) for row in rows.exclude(last_error="").order_by("-created_at")[:limit]]


def _trouble(row: OutboxMessage) -> Trouble:
    is_final = row.status == Delivery.FAILED
    return Trouble(row.about_id, row.channel, row.last_error, row.tries, is_final, row.created_at)


@dataclass(frozen=True)
class Unreached:
    """A notice to one person that left by no channel: whose key, where kept, since when, and why, as codes."""

    about_id: UUID
    key_id: UUID
    place: str
    created_at: dt.datetime
    errors: tuple[str, ...]


def unreached_since(since: dt.datetime, now: dt.datetime, late: Callable[[str], dt.timedelta]) -> list[Unreached]:
    """Return the notices posted since a moment that left by none of a person's channels, the newest first.

    An urgent one counts once it is older than `late(place)`, another one once every channel was given up. Webhooks are
    the unit's and reach nobody in particular.
    """
    posted = every_message().filter(created_at__gte=since).exclude(channel=Channel.WEBHOOK)
    stuck: dict[tuple[UUID, UUID], list[OutboxMessage]] = {}
    for row in posted.exclude(status=Delivery.SENT).order_by("-created_at"):
        stuck.setdefault((row.about_id, row.key_id), []).append(row)
    about = [about_id for about_id, _key_id in stuck]
    left = set()
    for first in range(0, len(about), 500):
        sent = posted.filter(status=Delivery.SENT, about_id__in=about[first : first + 500])
        left |= set(sent.values_list("about_id", "key_id"))
    return [
        Unreached(*names, rows[0].place, rows[-1].created_at, tuple(sorted({row.last_error for row in rows} - {""})))
        for names, rows in stuck.items()
        if names not in left and _is_overdue(rows, now, late)
    ]


def _is_overdue(rows: list[OutboxMessage], now: dt.datetime, late: Callable[[str], dt.timedelta]) -> bool:
    if all(row.status == Delivery.FAILED for row in rows):
        return True
    return any(row.is_urgent and now - row.created_at > late(row.place) for row in rows)


def every_message() -> "ScopedQuerySet[OutboxMessage]":
    rows: ScopedQuerySet[OutboxMessage] = OutboxMessage.objects.for_system(reason="the outbox names nobody")
    return rows
