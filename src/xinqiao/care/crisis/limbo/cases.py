"""Cases: each is led by somebody who is there, is looked at again, and none ends while something runs."""

from collections.abc import Iterator

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw


def led(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every open case is led by somebody at work."""
    for case in raw.cases.values():
        if case["state"] != "closed" and case["owner"] not in raw.staff_at_work:
            yield Fault("case_led_by_nobody", "case", case["id"])


def ended(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """A closed case says why."""
    for case in raw.cases.values():
        if case["state"] == "closed" and not (case["end_reason"] and case["closed_by"] and case["closed_at"]):
            yield Fault("case_closed_without_reason", "case", case["id"])


def dated(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every open case has a day of the next judgement and, above green, of the next follow-up, each with its clock."""
    for case in raw.cases.values():
        if case["state"] == "closed":
            continue
        running = raw.running[case["id"]]
        if case["judge_by"] is None or "judgement" not in running:
            yield Fault("judgement_without_clock", "case", case["id"])
        if case["state"] != "judged" or case["level"] == "green":
            continue
        if case["follow_up_on"] is None:
            yield Fault("follow_up_without_date", "case", case["id"])
        elif "follow_up" not in running:
            yield Fault("follow_up_without_clock", "case", case["id"])
