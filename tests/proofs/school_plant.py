"""Breakages planted into a year that was lived, one of each kind: the proof must find each by its name.

A clock that is over is made a day longer in every row that the product keeps of it, as if its length had been read
wrongly; or it is made to have been due ten minutes before it climbed.
"""

import datetime as dt
import json
from typing import Any

from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.filings.models import Filing
from xinqiao.care.incidents.models import Exposure, IncidentLine, IncidentReport
from xinqiao.register.deadlines.models import Deadline

REASON = "planted"
A_DAY, TEN_MINUTES = dt.timedelta(days=1), dt.timedelta(minutes=10)
KINDS = (
    "incident_step", "incident_report", "aftercare", "filing", "filing_seen", "referral", "referral_step", "leave",
)  # fmt: skip
NONE = "none of its kind"  # in a short year nobody may be referred, or nobody late
OWN_ROWS = (IncidentLine, IncidentReport, Exposure, Filing)


def planted(now: dt.datetime) -> dict[str, list[str]]:
    """Plant each, ask the proof, and take it back: the names of what was found, by kind of clock."""
    found = {}
    for kind in KINDS:
        clocks = Deadline.objects.for_system(reason=REASON).filter(kind=kind, paused_seconds=0, redated_for="")
        clock = clocks.order_by("-began_at", "pk").first()
        found[f"{kind} longer"] = _longer(clock, now) if clock else [NONE]
        climbed = clocks.filter(rung__gt=0).order_by("-began_at", "pk").first()
        found[f"{kind} climbed late"] = _climbed_late(climbed, now) if climbed else [NONE]
    return found


def _names(now: dt.datetime) -> list[str]:
    return sorted({fault.code for fault in prove(now).faults})


def _longer(clock: Deadline, now: dt.datetime) -> list[str]:
    due, kept = clock.original_due_at + A_DAY, json.loads(clock.parameters)
    kept["within"] = {"kind": "minutes", "amount": int((due - clock.began_at).total_seconds() // 60)}
    changes = {"original_due_at": due, "due_at": due, "parameters": json.dumps(kept)}
    return _while_changed(clock, changes, {"due_at": due}, now)


def _climbed_late(clock: Deadline, now: dt.datetime) -> list[str]:
    return _while_changed(clock, {"due_at": clock.due_at - TEN_MINUTES}, {}, now)


def _while_changed(clock: Deadline, changes: dict[str, Any], own: dict[str, Any], now: dt.datetime) -> list[str]:
    rows = Deadline.objects.for_system(reason=REASON).filter(pk=clock.pk)
    before = {name: getattr(clock, name) for name in changes}
    subjects = [model.objects.for_system(reason=REASON).filter(pk=clock.subject_id) for model in OWN_ROWS]
    due_before = [subject.values_list("due_at", flat=True).first() for subject in subjects]
    try:
        rows.update(**changes)
        for subject in subjects if own else ():
            subject.update(**own)
        return _names(now)
    finally:
        rows.update(**before)
        for subject, due in zip(subjects, due_before, strict=True):
            if due is not None:
                subject.update(due_at=due)
