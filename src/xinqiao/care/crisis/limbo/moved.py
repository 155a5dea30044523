"""Moves: what is open goes with the pupil or the heir; nothing stays behind with a class or with who left."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.over import is_over
from xinqiao.care.crisis.limbo.raw import Raw, Row


def kinds(raw: Raw) -> Mapping[str, Mapping[UUID, Row]]:
    """Return what moves with a pupil, by kind."""
    return {
        "signal": raw.signals, "case": raw.cases, "watch": raw.watches, "referral": raw.referrals, "leave": raw.leaves,
        "course": raw.courses,
    }  # fmt: skip


def with_the_pupil(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Whatever is open stands where its pupil is; a leave does not outlast the stay at the school."""
    for kind, rows in kinds(raw).items():
        for row in rows.values():
            student = raw.students.get(row["student_id"])
            if is_over(kind, row) or row.get("state") == "ended" or student is None:
                continue
            if row["place"] != student["place"]:
                yield Fault("left_behind", kind, row["id"])
            if kind == "leave" and student["status"] != "active":
                yield Fault("leave_of_a_pupil_who_left", kind, row["id"])
    for row in raw.attentions.values():
        student = raw.students.get(row["student_id"])
        if row["ended_at"] is None and student is not None and row["place"] != student["place"]:
            yield Fault("left_behind", "attention", row["id"])


def with_an_heir(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Nobody who left has a taken signal or is the helper of a plan in force; a signal may call on others instead."""
    for signal in raw.signals.values():
        is_taken = signal["state"] == "acknowledged" and signal["acknowledged_by"] is not None
        if not is_taken or signal["acknowledged_by"] in raw.staff_at_work:
            continue
        if all(notice["ended_at"] is not None for notice in raw.notices.get(signal["id"], ())):
            yield Fault("signal_taken_by_nobody", "signal", signal["id"])
    for plan in raw.plans.values():
        case = raw.cases.get(plan["case_id"])
        is_in_force = plan["is_current"] and case is not None and case["state"] != "closed"
        if is_in_force and plan["helper"] not in raw.staff_at_work:
            yield Fault("helper_has_left", "plan", plan["id"])
