"""`xinqiao worker`: runs background tasks."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.crypto import get_random_string

from xinqiao.foundation.core.jobs.worker import Heart, QuietWorker


class Command(BaseCommand):
    """Runs tasks of every queue until told to stop."""

    help = "Run background tasks (imports, the outbox) until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", default="*", help="queues, separated by commas (all)")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks into the queue (1)")
        parser.add_argument("--batch", action="store_true", help="end when the queue is empty")

    def handle(self, *args: Any, **options: Any) -> None:
        worker_id = get_random_string(32)
        heart = Heart(worker_id)
        heart.start()
        worker = QuietWorker(
            queue_names=options["queues"].split(","),
            interval=options["interval"],
            batch=options["batch"],
            backend_name=next(iter(settings.TASKS)),
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        try:
            worker.run()
        finally:
            heart.stopping.set()
