"""The sender: takes what waits, tries, waits longer after each failure, and gives up with a reason that is shown.

Each channel is a lane of its own with a job of its own, so that one that hangs holds up no other. A message that left
may leave a second time if the process dies before that is written down: at least once, never not at all. Its id goes
along (Message-ID, `{id}` of a gateway) for receivers that know what comes twice; the robots' services know none.

Only one process sends at a time: the ticker that holds the tenure.
"""

import datetime as dt
import logging
from uuid import UUID

from django.db.models import F

from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.delivering import InForce, deliver, nearest
from xinqiao.foundation.notifications.models import Channel, Delivery, OutboxMessage
from xinqiao.foundation.notifications.outbox import every_message
from xinqiao.foundation.notifications.robots import Word
from xinqiao.foundation.notifications.webhooks import CannotSend

log = logging.getLogger(__name__)
LANES = tuple(channel for channel in Channel if channel != Channel.NONE)
BATCH = 20
MOST_TRIES = 8
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 3600
URGENT_FIRST_SECONDS = 5
URGENT_LONGEST_SECONDS = 30
URGENT_FOR = dt.timedelta(days=1)
LEASE_SECONDS = 40  # more than the longest try: seven waits of five seconds for a mail server
UNREACHABLE = ("mail_server_unreachable", "timeout", "no_connection", "host_unknown")

_begun: set[str] = set()  # the channels by which this process has sent


def pause_after(tries: int, *, is_urgent: bool = False) -> dt.timedelta:
    """Return how long to wait after so many tries: 30 s, doubled each time, at most an hour; urgent 5 s, at most 30."""
    first, longest = FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
    if is_urgent:
        first, longest = URGENT_FIRST_SECONDS, URGENT_LONGEST_SECONDS
    return dt.timedelta(seconds=min(first * 2 ** min(max(tries - 1, 0), 20), longest))


def send_due(now: dt.datetime) -> int:
    """Try what is due, one channel after the other; return how many left."""
    return sum(send_lane(channel, now) for channel in LANES)


def send_lane(channel: str, now: dt.datetime) -> int:
    """Try what is due by one channel, what is urgent first; return how many left.

    A message is leased before it is tried, in a transaction of its own, so that two senders do not send it twice and a
    killed one holds it up until the next process begins, or for LEASE_SECONDS. Where the channel cannot be reached, the
    rest waits for the next run instead of waiting in a row; once it can be reached again, what is urgent does not wait
    its pause out.
    """
    if channel not in _begun:
        void_leases(channel, now)
        _begun.add(channel)
    due = every_message().filter(channel=channel, status=Delivery.WAITING, next_try_at__lte=now)
    down: set[str] = set()
    left = 0
    for message_id in list(due.order_by("-is_urgent", "next_try_at").values_list("id", flat=True)[:BATCH]):
        left += _try_one(message_id, now, down)
    if left and not down:
        resting = every_message().filter(
            channel=channel, status=Delivery.WAITING, is_urgent=True, last_error__in=UNREACHABLE, next_try_at__gt=now
        )
        resting.update(next_try_at=now)
    return left


def _try_one(message_id: UUID, now: dt.datetime, down: set[str]) -> bool:
    message = every_message().filter(pk=message_id).first()
    way = nearest(message.channel, message.place) if message and message.channel != Channel.WEBHOOK else None
    if message is None or (way and way.endpoint in down):
        return False
    waiting = every_message().filter(pk=message_id, status=Delivery.WAITING, next_try_at__lte=now)
    lease_end = now + dt.timedelta(seconds=LEASE_SECONDS)
    if not waiting.update(next_try_at=lease_end, leased_at=now, tries=F("tries") + 1):
        return False
    message.tries += 1
    try:
        _deliver(message, way)
    except CannotSend as error:
        if way and error.code in UNREACHABLE:
            down.add(way.endpoint)
        _note_failure(message, error, now)
        return False
    except Exception as error:  # noqa: BLE001 - whatever went wrong with one must not stop the others
        log.error("message %s: %s", message_id, type(error).__name__)
        _note_failure(message, CannotSend("unexpected"), now)
        return False
    every_message().filter(pk=message_id).update(status=Delivery.SENT, sent_at=now, last_error="", leased_at=None)
    return True


def void_leases(channel: str, now: dt.datetime) -> int:
    """Take back what a process that died had leased, as the first act of the one that took over; return how many."""
    rows = every_message().filter(channel=channel, status=Delivery.WAITING, leased_at__isnull=False)
    return int(rows.update(next_try_at=now, leased_at=None))


def _deliver(message: OutboxMessage, way: InForce | None) -> None:
    (opened,) = open_sealed([message], "address")
    if not opened["address"]:
        raise CannotSend("address_destroyed", is_final=True)
    deliver(way, Word(opened["address"], message.body, str(message.id)), channel=message.channel)


def _note_failure(message: OutboxMessage, error: CannotSend, now: dt.datetime) -> None:
    is_final = error.is_final or _is_enough(message, now)
    every_message().filter(pk=message.pk).update(
        status=Delivery.FAILED if is_final else Delivery.WAITING,
        last_error=error.code,
        leased_at=None,
        next_try_at=now + pause_after(message.tries, is_urgent=message.is_urgent),
    )


def _is_enough(message: OutboxMessage, now: dt.datetime) -> bool:
    """Is it given up? What is urgent only after a day, the rest after so many tries."""
    return now - message.created_at >= URGENT_FOR if message.is_urgent else message.tries >= MOST_TRIES
