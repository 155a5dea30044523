"""Writing an accepted list to its end: by a background task and, after a crash, by the clock."""

import secrets
from uuid import UUID

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core.clock import now
from xinqiao.register.staffing.models import StaffLine, StaffRun
from xinqiao.register.staffing.services.lists import CannotImport, finish_list, write_line
from xinqiao.register.staffing.states import ListState
from xinqiao.register.staffing.writing import is_written_later

_WHY = "work on a staff list by its id"


def list_by_id(run_id: UUID) -> StaffRun | None:
    """Return a list, for the background only: pages ask `visible_to`."""
    found: StaffRun | None = StaffRun.objects.for_system(reason=_WHY).filter(pk=run_id).first()
    return found


def write_list(run: StaffRun, *, actor: Actor) -> None:
    """Write what is not written yet, person by person, and finish."""
    token = take_over(run)
    fresh = list_by_id(run.id)
    assert fresh is not None
    lines = StaffLine.objects.for_system(reason=_WHY).filter(run=run).select_related("run").order_by("row", "id")
    for line in list(lines):
        is_missing = line.written_at is None or (fresh.roles_by is not None and line.roles_at is None)
        if is_written_later(line) and is_missing:
            write_line(line, actor=actor, token=token)
    finish_list(fresh, actor=actor, token=token)


def take_over(run: StaffRun) -> str:
    """Take the lease of a list that is being written and return its token; whoever had it stops at the next line."""
    token = secrets.token_hex(16)
    rows = StaffRun.objects.for_system(reason=_WHY).filter(pk=run.pk, state__in=[ListState.WRITING, ListState.DONE])
    if not rows.update(token=token, worked_at=now()):
        raise CannotImport("lease_lost")
    return token
