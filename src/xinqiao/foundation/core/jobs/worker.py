"""The worker of background tasks: the library's, with signs of life, and without messages of exceptions at rest."""

import threading
import types
from typing import Any

from django.db import connection, transaction
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.jobs.running import trail
from xinqiao.foundation.core.jobs.tasks import BEAT_SECONDS, beat


def set_failed_quietly(task: Any, error: BaseException) -> None:
    """Store a failure with its class and place only: a message may quote what a pupil wrote."""
    task.status, task.finished_at, task.return_value = "FAILED", now(), None
    task.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
    task.traceback = trail(error)
    with transaction.atomic():
        task.save(update_fields=["status", "return_value", "finished_at", "exception_class_path", "traceback"])


class QuietWorker(Worker):
    """Runs tasks."""

    def run_task(self, db_task_result: "DBTaskResult[Any, Any]") -> None:
        """Run one task; its failure is stored without its message."""
        db_task_result.set_failed = types.MethodType(set_failed_quietly, db_task_result)
        super().run_task(db_task_result)


class Heart(threading.Thread):
    """Gives a sign of life every BEAT_SECONDS on a connection of its own until stopped."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(name="heart", daemon=True)
        self.worker_id = worker_id
        self.stopping = threading.Event()

    def run(self) -> None:
        while True:
            try:
                beat(self.worker_id, now())
            finally:
                connection.close()
            if self.stopping.wait(BEAT_SECONDS):
                return
