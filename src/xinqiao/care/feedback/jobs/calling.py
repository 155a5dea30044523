"""Calling analysis meetings: every school at which somebody may hold one has one ahead."""

import datetime as dt

from django.utils import timezone

from xinqiao.care.feedback.calling import call_next
from xinqiao.care.feedback.rows import every_meeting
from xinqiao.care.feedback.states import MeetingState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import recording
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS


def keep_meetings(now: dt.datetime) -> int:
    """The scheduled job: date the next meeting where none is ahead; return how many were dated. Run twice, once."""
    ahead = every_meeting().exclude(state=MeetingState.HELD).values_list("school_id", flat=True)
    on, called = timezone.localtime(now).date(), 0
    for school in Unit.objects.filter(kind__in=SCHOOL_KINDS, is_closed=False).exclude(pk__in=list(ahead)):
        if not staff_who_may(Permission.MEETING_HOLD, school.path, on):
            continue
        with recording(system_actor("feedback.call")):
            called += call_next(school, after=_last_held(school) or on, at=now) is not None
    return called


def _last_held(school: Unit) -> dt.date | None:
    row = every_meeting().filter(school_id=school.id, state=MeetingState.HELD).order_by("-held_at").first()
    return timezone.localtime(row.held_at).date() if row and row.held_at else None
