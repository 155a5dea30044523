"""The ticker: one process that runs due jobs, a few at a time, so that a slow one delays no other."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import close_old_connections

from xinqiao.foundation.core.jobs.running import Runner, Timetable, trail
from xinqiao.foundation.core.jobs.tenure import Tenure
from xinqiao.foundation.core.schedule import Job, jobs

THREADS = 4
logger = logging.getLogger(__name__)


@dataclass
class Ticker:
    """Runs jobs until told to stop or until the tenure is lost."""

    tenure: Tenure
    stopping: threading.Event = field(default_factory=threading.Event)
    runner: Runner = field(default_factory=Runner)
    timetable: Timetable = field(default_factory=lambda: Timetable(jobs()))

    def run(self) -> None:
        """Run jobs until `stopping` is set; wait for those that run. Raises TenureLost if another may take over."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="job") as pool:
            while not self.stopping.is_set():
                self.tenure.renew(time.monotonic())
                for job in self.timetable.due(time.monotonic()):
                    self._start(pool, job)
                self.stopping.wait(self.timetable.seconds_to_next(time.monotonic()))

    def run_once(self) -> dict[str, int | None]:
        """Run every job once, in this thread; return what each did (None: failed)."""
        at = time.monotonic()
        return {job.name: self.runner.run(job, at) for job in self.timetable.due(at)}

    def _start(self, pool: ThreadPoolExecutor, job: Job) -> None:
        self.timetable.running.add(job.name)
        pool.submit(self._run_aside, job).add_done_callback(self._ended(job.name))

    def _run_aside(self, job: Job) -> None:
        close_old_connections()
        try:
            self.runner.run(job, time.monotonic())
        finally:
            close_old_connections()

    def _ended(self, name: str) -> Callable[[Future[None]], None]:
        def note(future: Future[None]) -> None:
            self.timetable.running.discard(name)
            if error := future.exception():
                logger.error("job %s could not be run: %s", name, trail(error))

        return note
