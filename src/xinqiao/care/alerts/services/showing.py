"""Noting what a page that polls has shown to whom."""

import datetime as dt
from collections.abc import Sequence

from xinqiao.care.alerts.models import LevelWarning
from xinqiao.care.alerts.rows import every_notice, every_warning
from xinqiao.care.alerts.selectors.notices import NoticeRow
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.register.duty.services.presence import note_seen


def note_polled(actor: Actor, rows: Sequence[NoticeRow], at: dt.datetime) -> int:
    """Note that the actor's page is open, and which notices it shows for the first time; return how many those are.

    Not a command: nothing but the actor's own notices is touched. The first showing is one audit event.
    """
    if actor.staff_id is None:
        return 0
    note_seen(actor.staff_id, at)
    fresh = [row for row in rows if row.shown_at is None]
    if not fresh:
        return 0
    own = every_notice().filter(pk__in=[row.id for row in fresh])
    shown = own.filter(staff_id=actor.staff_id, shown_at__isnull=True).update(shown_at=at)
    note_reading(
        actor, "alerts.notice.shown", subject_kind="students", place=fresh[0].place, county_id=fresh[0].county_id,
        facts={"count": len(fresh), "ids": [str(row.student_id) for row in fresh]},
    )  # fmt: skip
    return shown


def note_warning_shown(actor: Actor, warning: LevelWarning, at: dt.datetime) -> None:
    """Note that the actor has a warning of one's own on screen; nothing but that row is touched. One audit event."""
    every_warning().filter(pk=warning.pk, shown_at__isnull=True).update(shown_at=at)
    note_reading(
        actor, "alerts.warning.read", subject_kind="student", subject_id=warning.signal.student_id,
        place=warning.place, county_id=warning.county_id, facts={"count": 1},
    )  # fmt: skip
