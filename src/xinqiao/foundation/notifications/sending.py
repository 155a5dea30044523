"""The sender: takes what waits, tries, waits longer after each failure, and gives up with a reason that is shown."""

import datetime as dt
import logging
from uuid import UUID

from django.conf import settings
from django.db.models import F

from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.mail import send_mail
from xinqiao.foundation.notifications.models import Channel, Delivery, OutboxMessage
from xinqiao.foundation.notifications.outbox import every_message
from xinqiao.foundation.notifications.webhooks import CannotSend, send_webhook

log = logging.getLogger(__name__)
BATCH = 20
MOST_TRIES = 8
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 3600
LEASE_SECONDS = 120


def pause_after(tries: int) -> dt.timedelta:
    """Return how long to wait after so many tries: 30 s, doubled each time, at most an hour."""
    return dt.timedelta(seconds=min(FIRST_PAUSE_SECONDS * 2 ** max(tries - 1, 0), LONGEST_PAUSE_SECONDS))


def send_due(now: dt.datetime) -> int:
    """Try what is due; return how many left.

    A message is leased before it is tried, in a transaction of its own, so that two senders do not send it twice and a
    killed one holds it up for two minutes only. It may then leave twice, never not at all.
    """
    due = every_message().filter(status=Delivery.WAITING, next_try_at__lte=now).order_by("next_try_at")
    return sum(_try_one(message_id, now) for message_id in list(due.values_list("id", flat=True)[:BATCH]))


def _try_one(message_id: UUID, now: dt.datetime) -> bool:
    waiting = every_message().filter(pk=message_id, status=Delivery.WAITING, next_try_at__lte=now)
    if not waiting.update(next_try_at=now + dt.timedelta(seconds=LEASE_SECONDS), tries=F("tries") + 1):
        return False
    message = every_message().get(pk=message_id)
    try:
        _deliver(message)
    except CannotSend as error:
        _note_failure(message, error, now)
        return False
    except Exception as error:  # noqa: BLE001 - whatever went wrong with one must not stop the others
        log.error("message %s: %s", message_id, type(error).__name__)
        _note_failure(message, CannotSend("unexpected"), now)
        return False
    every_message().filter(pk=message_id).update(status=Delivery.SENT, sent_at=now, last_error="")
    return True


def _deliver(message: OutboxMessage) -> None:
    (opened,) = open_sealed([message], "address")
    if not opened["address"]:
        raise CannotSend("address_destroyed", is_final=True)
    if message.channel == Channel.MAIL:
        send_mail(opened["address"], message.subject, message.body)
    else:
        send_webhook(opened["address"], message.body, settings.XINQIAO_WEBHOOK_HOSTS)


def _note_failure(message: OutboxMessage, error: CannotSend, now: dt.datetime) -> None:
    is_final = error.is_final or message.tries >= MOST_TRIES
    every_message().filter(pk=message.pk).update(
        status=Delivery.FAILED if is_final else Delivery.WAITING,
        last_error=error.code,
        next_try_at=now + pause_after(message.tries),
    )
