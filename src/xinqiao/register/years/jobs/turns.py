"""Accepted turns begin on their day, and those whose worker died go on."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.states import TurnState
from xinqiao.register.years.tasks import turn_year

STALE_AFTER = dt.timedelta(minutes=2)


def begin_due_turns(now: dt.datetime) -> int:
    """Enqueue turns whose day has come, and those that nobody has worked on for two minutes; return how many."""
    day, before = timezone.localtime(now).date(), now - STALE_AFTER
    due = YearTurn.objects.for_system(reason="an accepted turn runs to its end").filter(
        Q(state=TurnState.ACCEPTED, on__lte=day, accepted_at__lt=before)
        | Q(state=TurnState.WRITING, worked_at__lt=before)
    )
    turns = list(due.only("id"))
    for turn in turns:
        turn_year.enqueue(str(turn.id))
    return len(turns)
