"""Running one job, and knowing which are due."""

import logging
import os
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.jobs.marks import mark_failed, mark_good
from xinqiao.foundation.core.schedule import Job

MARK_EVERY_SECONDS = 30.0
LOG_EVERY_SECONDS = 60.0
OUR_CODE = f"{os.sep}xinqiao{os.sep}"
logger = logging.getLogger(__name__)


def trail(error: BaseException) -> str:
    """Return where an exception came from, without its message: messages quote values, and values name children."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if OUR_CODE in frame.filename] or list(frames)
    places = " < ".join(f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in reversed(ours[-4:]))
    return f"{type(error).__module__}.{type(error).__qualname__} at {places}"


@dataclass
class Timetable:
    """When each job is due next, in seconds of a monotonic clock. A job that is late runs once, not many times."""

    jobs: Mapping[str, Job]
    due_at: dict[str, float] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)

    def due(self, at: float) -> list[Job]:
        """Return the jobs that are due at a moment and not running, and set when they are due again."""
        ready = [job for name, job in self.jobs.items() if name not in self.running and self.due_at.get(name, at) <= at]
        for job in ready:
            self.due_at[job.name] = at + job.every_seconds
        return ready

    def seconds_to_next(self, at: float) -> float:
        """Return how long nothing is due, at most one second."""
        waits = [self.due_at.get(name, at) - at for name in self.jobs if name not in self.running]
        return min(1.0, max(0.0, min(waits, default=1.0)))


@dataclass
class Runner:
    """Runs jobs and writes their marks: at once after a failure and after the recovery, else every 30 s.

    A failure that goes on is told once a minute.
    """

    marked_at: dict[str, float] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    told_at: dict[str, float] = field(default_factory=dict)

    def run(self, job: Job, at: float) -> int | None:
        """Run one job; return what it did, or None if it failed. Never raises for the job's own fault."""
        began = now()
        try:
            done = job.run(began)
        except Exception as error:  # noqa: BLE001 - one job's fault must not stop the others
            self._tell_failure(job.name, trail(error), at)
            return None
        if job.name in self.failing or at - self.marked_at.get(job.name, float("-inf")) >= MARK_EVERY_SECONDS:
            mark_good(job.name, began, now())
            self.marked_at[job.name] = at
            self.failing.discard(job.name)
        return done

    def _tell_failure(self, name: str, told: str, at: float) -> None:
        if name in self.failing and at - self.told_at[name] < LOG_EVERY_SECONDS:
            return
        logger.error("job %s failed: %s", name, told)
        self.failing.add(name)
        self.told_at[name] = at
        self._mark_failed(name, told)

    def _mark_failed(self, name: str, told: str) -> None:
        try:
            mark_failed(name, now(), told)
        except Exception as error:  # noqa: BLE001 - the database itself may be what failed
            logger.error("job %s could not be marked: %s", name, trail(error))
