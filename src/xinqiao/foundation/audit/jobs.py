"""What the clock does for the audit: seal twice a second, checkpoint every minute."""

import datetime as dt

from xinqiao.foundation.audit.sealer import BATCH, seal_pending, write_checkpoint
from xinqiao.foundation.core.schedule import Job, register_job

MOST_BATCHES = 20


def seal_events(now: dt.datetime) -> int:  # noqa: ARG001 - every job is given the moment
    """Seal what waits; return how many events."""
    sealed = 0
    for _ in range(MOST_BATCHES):
        some = seal_pending()
        sealed += some
        if some < BATCH:
            break
    return sealed


def write_checkpoints(now: dt.datetime) -> int:  # noqa: ARG001 - every job is given the moment
    """Write the heads of the chains outside the database; return how many chains there are."""
    return len(write_checkpoint())


def register_jobs() -> None:
    """Declare both jobs to the ticker."""
    register_job(Job("audit.seal_events", run=seal_events, every_seconds=0.5))
    register_job(Job("audit.write_checkpoints", run=write_checkpoints, every_seconds=60))
