"""Marks of jobs: when each last began, last ended well, and how. Silence can be seen in them."""

import datetime as dt
from dataclasses import dataclass

from xinqiao.foundation.core.models import JobMark

WELL = "ok"


@dataclass(frozen=True)
class JobState:
    """A job as an administrator sees it; `finished_at` is the last good end, `outcome` "ok" or what went wrong."""

    name: str
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    outcome: str

    @property
    def is_well(self) -> bool:
        return self.outcome == WELL


def mark_good(name: str, started_at: dt.datetime, finished_at: dt.datetime) -> None:
    """Note that a job ended well."""
    told = {"started_at": started_at, "finished_at": finished_at, "outcome": WELL}
    JobMark.objects.update_or_create(name=name, defaults=told)


def mark_failed(name: str, started_at: dt.datetime, outcome: str) -> None:
    """Note that a job failed; the moment of its last good end stays. `outcome` is a code, never a person's data."""
    JobMark.objects.update_or_create(name=name, defaults={"started_at": started_at, "outcome": outcome[:200]})


def job_states() -> list[JobState]:
    """Return every mark by name."""
    rows = JobMark.objects.order_by("name").values_list("name", "started_at", "finished_at", "outcome")
    return [JobState(*row) for row in rows]


def last_good_end(name: str) -> dt.datetime | None:
    """Return when a job last ended well; None if it never did."""
    return JobMark.objects.filter(name=name).values_list("finished_at", flat=True).first()
