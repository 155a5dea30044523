"""What the proof that nothing waits unseen asks of feedback and meetings, from raw rows alone."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw
from xinqiao.care.crisis.limbo.rooms import Room
from xinqiao.care.feedback.models import Decision, Feedback, Meeting

_REASON = "proof that nothing waits unseen; nobody is named"
WAITS = {"feedback": ("owed", "released"), "meeting": ("called", "open"), "decision": ("open",)}
GRACE = dt.timedelta(minutes=10)  # a case opened by hand is seen by the job of the next minute

CALLED_WITHIN = dt.timedelta(days=1)  # the job that dates meetings looks every hour


def _rows() -> Mapping[str, Mapping[UUID, Mapping[str, Any]]]:
    feedback = Feedback.objects.for_system(reason=_REASON).annotate(
        tries_of_nobody=Count("tries", filter=Q(tries__outcome="nobody"), distinct=True),
        opened=Count("teachers", filter=Q(teachers__opened_at__isnull=False), distinct=True),
        readers=Count("teachers", filter=Q(teachers__ended_at__isnull=True), distinct=True),
    )
    columns = (
        "id", "student_id", "to", "state", "flagged_at", "done_at", "through", "tries_of_nobody", "opened", "readers",
    )  # fmt: skip
    meetings = Meeting.objects.for_system(reason=_REASON).values("id", "place", "state", "present")
    decisions = Decision.objects.for_system(reason=_REASON).values("id", "state", "owner")
    found = {"feedback": feedback.values(*columns), "meeting": meetings, "decision": decisions}
    return {kind: {row["id"]: row for row in rows} for kind, rows in found.items()}


def _is_over(kind: str, row: Mapping[str, Any]) -> bool:
    return row["state"] not in WAITS[kind]


def owed(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Whoever a talk found in need since feedback is kept is owed both; of one in care neither is forgotten."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for row in raw.others["feedback"].values():
        found[row["student_id"]].add(row["to"])
    for case in raw.cases.values():
        student = raw.students.get(case["student_id"])
        is_fresh = raw.now - case["opened_at"] < GRACE
        if case["state"] == "closed" or is_fresh or student is None or student["status"] != "active":
            continue
        if found[case["student_id"]] != {"teachers", "guardian"}:
            yield Fault("feedback_never_owed", "case", case["id"])


def clocked(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Whatever of this room waits has a running clock of its kind."""
    for kind, rows in raw.others.items():
        for row in rows.values() if kind in WAITS else ():
            if row["state"] in WAITS[kind] and kind not in raw.running[row["id"]]:
                yield Fault(f"{kind}_without_clock", kind, row["id"])


def ended(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """What is called given was received, and nobody was given up untried."""
    for row in raw.others["feedback"].values():
        if row["state"] == "given" and row["through"] == "words" and not row["opened"]:
            yield Fault("feedback_without_receipt", "feedback", row["id"])
        if row["state"] == "released" and not row["readers"]:
            yield Fault("words_for_nobody", "feedback", row["id"])
        if row["state"] == "unreachable" and not row["tries_of_nobody"]:
            yield Fault("guardian_given_up_untried", "feedback", row["id"])


def met(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """A school with a pupil in care has a meeting ahead; a meeting held had people in it; each task has its owner."""
    meetings, ahead = raw.others["meeting"].values(), set()
    for row in meetings:
        if row["state"] != "held":
            ahead.add(row["place"])
        elif row["present"] == "[]":
            yield Fault("meeting_of_nobody", "meeting", row["id"])
    for case in raw.cases.values():
        student = raw.students.get(case["student_id"])
        is_old = raw.now - case["opened_at"] >= CALLED_WITHIN
        if case["state"] != "closed" and is_old and student and student["school_place"] not in ahead:
            yield Fault("school_without_meeting", "case", case["id"])
    for row in raw.others["decision"].values():
        if row["state"] == "open" and row["owner"] not in raw.staff_at_work:
            yield Fault("decision_of_nobody", "decision", row["id"])


ROOM = Room(name="feedback", kinds=tuple(WAITS), rows=_rows, is_over=_is_over, checks=(owed, clocked, ended, met))
