"""What became of pupils whom talks left in view: looks by the rhythm, some ended, the newest waiting for a look."""

import datetime as dt

from django.utils import timezone

from xinqiao.care.alerts.rows import every_attention
from xinqiao.care.crisis.models import Watch
from xinqiao.care.crisis.services.watches import LookDraft, end_watch, record_look
from xinqiao.care.crisis.states import Finding, Way
from xinqiao.care.crisis.watch.rules import obstacles_to_end
from xinqiao.care.crisis.watch.states import WatchEnd, WatchState
from xinqiao.care.crisis.watch_facts import end_facts
from xinqiao.care.crisis.watch_rows import next_look_from
from xinqiao.doors.demo.cast import City, WatchSeed
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for

LATE = dt.timedelta(days=2)  # one of those that still run has waited so long for its look
ALMOST = dt.timedelta(hours=3)  # looks are held somewhat before they are due


def add_watches(built: Built, city: City) -> None:
    """Bring whoever is kept in view at every school along, up to today."""
    users = {staff.id: built.users[login] for login, staff in built.staff.items() if login in built.users}
    rows = Watch.objects.for_system(reason="the demo city is being built").filter(state=WatchState.WATCHING)
    for watch in rows.select_related("student").order_by("opened_at", "id"):
        if watch.owner in users:
            _bring_along(watch, actor_for(users[watch.owner], clock.today()), city.watch)


def _bring_along(watch: Watch, actor: Actor, seed: WatchSeed) -> None:
    """Look whenever a look is due. A watch ends after its calm looks; where the level was kept it goes on, its next
    look late by two days."""
    until, at = clock.now(), _almost_due(watch, watch.opened_at)
    is_kept = every_attention().filter(student=watch.student, ended_at__isnull=True).exists()
    while watch.state == WatchState.WATCHING and at < until:
        with clock.frozen(at):
            is_last = is_kept and _almost_due(watch, at) >= until
            record_look(watch, actor=actor, draft=LookDraft(
                held_at=at, way=Way.IN_PERSON, words=seed.seen[watch.looks % len(seed.seen)], finding=Finding.NONE,
                next_on=_late_day(at, until) if is_last else None, after=watch.looks,
            ))  # fmt: skip
            if not is_kept and not obstacles_to_end(end_facts(watch), WatchEnd.CALM):
                watch = end_watch(watch, actor=actor, reason=WatchEnd.CALM, words=seed.end)
            elif is_last:
                return
        at = _almost_due(watch, at)


def _almost_due(watch: Watch, at: dt.datetime) -> dt.datetime:
    days = next_look_from(watch.student, at) - timezone.localtime(at).date()
    return at + days - ALMOST


def _late_day(at: dt.datetime, until: dt.datetime) -> dt.date:
    """Return the day on which the last look should have been: two days ago, if that is after the look before."""
    return max(timezone.localtime(until - LATE).date(), timezone.localtime(at).date() + dt.timedelta(days=1))
