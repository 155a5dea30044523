"""Starting the clocks of pupils who went on the waiting list at their own door."""

import datetime as dt
import logging
from uuid import UUID

from xinqiao.care.centre.rows import every_waiting
from xinqiao.care.centre.states import WaitingState
from xinqiao.care.centre.waiting import record_waiting, start_clock
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core.jobs.apart import each_apart

log = logging.getLogger(__name__)


class SomeHaveNoClock(RuntimeError):
    """Some clocks could not be started just now; they are tried again, and the job's mark shows it."""


def start_clocks(now: dt.datetime) -> int:
    """Start the clocks of entries that have none, as the intake leaves them; return how many. Run twice, it starts
    each once."""
    fresh = every_waiting().filter(state=WaitingState.WAITING, clocked_at__isnull=True).order_by("since")
    ids = list(fresh.values_list("id", flat=True))
    started, failed = each_apart(ids, lambda key: _start(key, now), log=log, words="no clock could be started")
    if failed:
        raise SomeHaveNoClock(str(failed))
    return started


def _start(waiting_id: UUID, now: dt.datetime) -> int:
    with recording(system_actor("centre.wait")):
        rows = every_waiting().select_for_update(of=("self",)).select_related("student")
        row = rows.filter(pk=waiting_id, state=WaitingState.WAITING, clocked_at__isnull=True).first()
        if row is None:
            return 0
        start_clock(row)
        every_waiting().filter(pk=row.pk).update(clocked_at=now)
        record_waiting("centre.waiting.clocked", row)
        return 1
