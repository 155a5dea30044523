"""Lists whose worker died are taken up again, people and roles alike."""

import datetime as dt

from django.db.models import Q

from xinqiao.register.staffing.models import StaffRun
from xinqiao.register.staffing.states import ListState
from xinqiao.register.staffing.tasks import write_staff

STALE_AFTER = dt.timedelta(minutes=2)


def resume_lists(now: dt.datetime) -> int:
    """Enqueue lists that nobody has worked on for two minutes; return how many."""
    # of one and the same line: its person is written, its roles were accepted and are not
    lacks_roles = Q(state=ListState.DONE, roles_by__isnull=False, lines__roles_at=None, lines__written_at__isnull=False)
    runs = StaffRun.objects.for_system(reason="an accepted staff list runs to its end").filter(
        Q(state=ListState.WRITING) | lacks_roles, worked_at__lt=now - STALE_AFTER
    )
    found = list(runs.values_list("id", flat=True).distinct())
    for run_id in found:
        write_staff.enqueue(str(run_id))
    return len(found)
