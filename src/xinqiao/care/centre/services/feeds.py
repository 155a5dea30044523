"""A counsellor's own calendar address: made, renewed, switched off."""

from xinqiao.care.centre.feeding import new_token, record_feed, token_mac
from xinqiao.care.centre.models import CalendarFeed
from xinqiao.care.centre.rows import every_feed
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit


@command(Permission.BOOKING_HOLD)
def make_feed(school: Unit, *, actor: Actor) -> str:
    """Give the actor a fresh address and return its signs, which are shown this once; an older one is dead with it."""
    Unit.objects.select_for_update().get(pk=school.pk)  # of two clicks one comes after the other
    at, token = now(), new_token()
    old = every_feed().filter(staff_id=actor.person_id)
    event = "centre.feed.renewed" if old.exists() else "centre.feed.made"
    old.delete()
    feed = CalendarFeed(
        county_id=school.shard_id, place=school.path, staff_id=actor.person_id, mac=token_mac(token), made_at=at,
        hour_at=at,
    )  # fmt: skip
    feed.save(force_insert=True)
    record_feed(event, feed)
    return token


@command(Permission.BOOKING_HOLD)
def end_feed(feed: CalendarFeed, *, actor: Actor) -> CalendarFeed | Unchanged:
    """Switch the actor's own address off: it leads nowhere from now on."""
    rows = every_feed().filter(pk=feed.pk, staff_id=actor.person_id)
    if not rows.delete()[0]:
        return Unchanged("off_already")
    record_feed("centre.feed.ended", feed)
    return feed
