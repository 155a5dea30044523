"""The signs of a calendar's address, and whose feed they open. Nothing of them is stored readable."""

import datetime as dt
import hmac
import secrets
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from xinqiao.care.centre.models import CalendarFeed
from xinqiao.care.centre.rows import every_feed
from xinqiao.care.centre.terms import rules_at
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.keys.ring import ring
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.models import User

TOKEN_BYTES = 32  # 256 bits: cannot be guessed or counted through
LONGEST = 64
_PURPOSE = b"calendar-feed|"
_HOUR = dt.timedelta(hours=1)


def new_token() -> str:
    """Return fresh signs for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_mac(token: str) -> bytes:
    """Return what finds the feed of an address: HMAC-SHA256 under a key outside the database."""
    return hmac.digest(ring().secrets["index"], _PURPOSE + token.encode(), "sha256")


def feed_at(token: str) -> CalendarFeed | None:
    """Return the feed that an address leads to, else None."""
    mac = token_mac(token[:LONGEST])
    found = every_feed().filter(mac=mac).first()
    return found if found is not None and hmac.compare_digest(bytes(found.mac), mac) else None


def holder_of(feed: CalendarFeed, at: dt.datetime) -> tuple[User, Actor] | None:
    """Return whose feed it is, as that person may act now; None who has left, is blocked or holds no hours any more."""
    user = User.objects.filter(staff_id=feed.staff_id, is_active=True).first()
    if user is None:
        return None
    actor = actor_for(user, timezone.localtime(at).date())
    return (user, actor) if actor.can_somewhere(Permission.BOOKING_HOLD) else None


def holds_hours(staff_id: UUID, at: dt.datetime) -> bool:
    """Does somebody with an address hold hours anywhere, still?"""
    feed = every_feed().filter(staff_id=staff_id).first()
    return feed is not None and holder_of(feed, at) is not None


def may_fetch(feed: CalendarFeed, at: dt.datetime) -> bool:
    """Count a fetch; whether this one is within what the pack allows in an hour. A conditional update: of many at once
    no more come through."""
    most = rules_at(feed.place, timezone.localtime(at).date()).feed_an_hour
    row = every_feed().filter(pk=feed.pk)
    row.filter(hour_at__lte=at - _HOUR).update(hour_at=at, fetches=0)
    return bool(row.filter(fetches__lt=most).update(fetches=F("fetches") + 1, fetched_at=at))


def forget_feed(staff_id: UUID) -> None:
    """End the address of whoever holds no hours any more, for good; body of what listens to leaving."""
    for feed in every_feed().filter(staff_id=staff_id):
        every_feed().filter(pk=feed.pk).delete()
        record_feed("centre.feed.left", feed)


def record_feed(event: str, feed: CalendarFeed) -> None:
    """Record what was done to an address; it names no sign of it."""
    record(event, subject_kind="staff", subject_id=feed.staff_id, place=feed.place, county_id=feed.county_id)
