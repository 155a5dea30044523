"""Putting messages into the outbox, and reading what became of them. Bodies say that something waits, never what."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import Channel, Delivery, OutboxMessage, Webhook

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet


@dataclass(frozen=True)
class Address:
    """Where a message goes: a mail address under a person's key, or a webhook under a unit's."""

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
) -> int:
    """Put one neutral message per address into the outbox, inside the caller's transaction; return how many.

    The words name nobody and nothing: they may be read on a lock screen or by whoever keeps the mail server.
    """
    rows = [_message(address, about_kind, about_id, at, not_before or at) for address in addresses]
    OutboxMessage.objects.for_system(reason="body of a command").bulk_create(_sealed(rows))
    return len(rows)


def _message(address: Address, kind: str, about_id: UUID, at: dt.datetime, not_before: dt.datetime) -> OutboxMessage:
    with override("zh-hans"):  # the language of the houses it goes to; it carries the English line as well
        subject, body = (
            _("Something waits for you in XinQiao"),
            _("Something waits for you in XinQiao. Please sign in."),
        )
    with override("en"):
        body = f"{body}\n{_('Something waits for you in XinQiao. Please sign in.')}"
    return OutboxMessage(
        county_id=address.county_id, place=address.place, key_id=address.key_id, channel=address.channel,
        address=address.address, subject=subject, body=body, about_kind=kind, about_id=about_id, created_at=at,
        next_try_at=not_before,
    )  # fmt: skip


def _sealed(rows: list[OutboxMessage]) -> list[OutboxMessage]:
    from xinqiao.foundation.keys.fields import seal_rows

    seal_rows(rows)
    return rows


def has_waiting(about_kind: str, about_id: UUID) -> bool:
    """Does a message about this wait already?"""
    rows = every_message().filter(about_kind=about_kind, about_id=about_id, status=Delivery.WAITING)
    return bool(rows.exists())


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


def every_message() -> "ScopedQuerySet[OutboxMessage]":
    rows: ScopedQuerySet[OutboxMessage] = OutboxMessage.objects.for_system(reason="the outbox names nobody")
    return rows
