"""The schedule: what the clock does, declared by the app that owns the work and run by `xinqiao ticker`.

An app declares its jobs in `ready()`:

    register_job(Job("deadlines.climb", run=climb_due, every_seconds=15))

`run(now)` is given the moment, calls services as a system actor, commits in short transactions of its own, may be run
twice for the same moment (a crash repeats it), and returns how many things it did. Its outcome is kept in `JobMark`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

JOB_NAME_LENGTH = 80


class BadJob(ValueError):
    """A job was declared in a way that cannot run; the message names the job and the mend."""


@dataclass(frozen=True)
class Job:
    """One repeated piece of work.

    `name` is `app.verb_noun`, `every_seconds` the pause between two beginnings (at least 0.1). A marked job (the
    default) writes its JobMark at every run; a job that runs many times a second marks itself at most once a minute.
    """

    name: str
    run: Callable[[dt.datetime], int]
    every_seconds: float


_jobs: dict[str, Job] = {}


def register_job(job: Job) -> None:
    """Add a job; declaring the same one again changes nothing, another one under the same name is refused."""
    if not 0 < len(job.name) <= JOB_NAME_LENGTH or "." not in job.name:
        raise BadJob(f"{job.name!r}: name a job app.verb_noun, at most {JOB_NAME_LENGTH} characters")
    if job.every_seconds < 0.1:
        raise BadJob(f"{job.name}: every_seconds is at least 0.1")
    known = _jobs.get(job.name)
    if known is not None and known != job:
        raise BadJob(f"{job.name}: two jobs have this name")
    _jobs[job.name] = job


def jobs() -> Mapping[str, Job]:
    """Return every declared job by name."""
    return dict(_jobs)
