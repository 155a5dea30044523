"""Background tasks: workers' signs of life, tasks left by dead workers, old tasks, changes and sessions."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from xinqiao.foundation.core.jobs.marks import mark_good
from xinqiao.foundation.core.models import Change, JobMark
from xinqiao.foundation.core.schedule import Job, register_job

BEAT_SECONDS = 20.0
DEAD_AFTER = dt.timedelta(minutes=3)
MOST_TRIES = 3
KEPT_DAYS = 14
WORKER_LOST = "xinqiao.foundation.core.jobs.tasks.WorkerLost"
BATCH = 500


class WorkerLost(RuntimeError):
    """Each of several workers died while it ran the task; it is given up."""


def beat(worker_id: str, now: dt.datetime) -> None:
    """A worker's sign of life."""
    mark_good(worker_mark(worker_id), now, now)


def worker_mark(worker_id: str) -> str:
    """Return the name of a worker's mark."""
    return f"worker {worker_id}"


def reap_tasks(now: dt.datetime) -> int:
    """Put tasks whose worker died back into the queue, or give them up after MOST_TRIES; return how many.

    A worker is dead when it gave no sign of life for DEAD_AFTER.
    """
    reaped = 0
    for task in DBTaskResult.objects.running().filter(started_at__lt=now - DEAD_AFTER):
        if not _is_alive(task.worker_ids[-1:], now):
            reaped += _reap(task, now)
    return reaped


def _is_alive(worker_ids: Iterable[str], now: dt.datetime) -> bool:
    names = [worker_mark(worker_id) for worker_id in worker_ids]
    return JobMark.objects.filter(name__in=names, finished_at__gte=now - DEAD_AFTER).exists()


def _reap(task: "DBTaskResult[Any, Any]", now: dt.datetime) -> int:
    if len(task.worker_ids) < MOST_TRIES:
        change: dict[str, object] = {"status": "READY"}
    else:
        change = {"status": "FAILED", "finished_at": now, "exception_class_path": WORKER_LOST}
    same = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
    with transaction.atomic():
        return int(same.update(**change))


def forget_old_tasks(now: dt.datetime) -> int:
    """Delete finished tasks, and marks of workers, older than KEPT_DAYS; return how many."""
    before = now - dt.timedelta(days=KEPT_DAYS)
    old = list(DBTaskResult.objects.finished().filter(finished_at__lt=before).values_list("pk", flat=True)[:BATCH])
    gone = JobMark.objects.filter(name__startswith="worker ", finished_at__lt=before).delete()[0]
    return int(gone + DBTaskResult.objects.filter(pk__in=old).delete()[0])


def forget_old_sessions(now: dt.datetime) -> int:
    """Delete sessions that have expired, a batch at a time; return how many."""
    old = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:BATCH])
    return int(Session.objects.filter(pk__in=old).delete()[0])


def forget_old_changes(now: dt.datetime) -> int:
    """Delete notes of change that no reader has claimed within KEPT_DAYS, a batch at a time; return how many."""
    before = now - dt.timedelta(days=KEPT_DAYS)
    oldest = Change.objects.order_by("pk").values_list("pk", "at")[:BATCH]  # ids are in order of time
    old = [pk for pk, at in oldest if at < before]
    return int(Change.objects.filter(pk__in=old).delete()[0])


def register_jobs() -> None:
    """Declare them to the ticker."""
    register_job(Job("core.reap_tasks", run=reap_tasks, every_seconds=30))
    register_job(Job("core.forget_old_tasks", run=forget_old_tasks, every_seconds=600))
    register_job(Job("core.forget_old_changes", run=forget_old_changes, every_seconds=60))
    register_job(Job("core.forget_old_sessions", run=forget_old_sessions, every_seconds=600))
