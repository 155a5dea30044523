"""Imports whose worker died are taken up again."""

import datetime as dt

from django.db.models import Q

from xinqiao.register.people.models import RosterRun
from xinqiao.register.people.states import RosterState
from xinqiao.register.people.tasks import compare_roster, write_roster

STALE_AFTER = dt.timedelta(minutes=2)


def resume_rosters(now: dt.datetime) -> int:
    """Enqueue runs that nobody has worked on for two minutes, and those never begun; return how many."""
    stale = RosterRun.objects.for_system(reason="an accepted import runs to its end").filter(
        Q(state=RosterState.APPLYING) & (Q(worked_at__lt=now - STALE_AFTER) | Q(worked_at=None))
        & Q(accepted_at__lt=now - STALE_AFTER)
        | Q(state=RosterState.UPLOADED, uploaded_at__lt=now - STALE_AFTER)
    )  # fmt: skip
    runs = list(stale.only("id", "state"))
    for run in runs:
        (write_roster if run.state == RosterState.APPLYING else compare_roster).enqueue(str(run.id))
    return len(runs)
