"""Courses of counselling: a running one has a counsellor at work, an ended one a reason; one that waits, or whose
consent was taken back, has a clock."""

from collections.abc import Iterator

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw


def led(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every running course is led by somebody at work."""
    for course in raw.courses.values():
        if course["state"] == "running" and course["counsellor"] not in raw.staff_at_work:
            yield Fault("course_led_by_nobody", "counselling_course", course["id"])


def waiting(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every course without a counsellor waits under a running clock."""
    for course in raw.courses.values():
        if course["state"] == "waiting" and "counselling_heir" not in raw.running[course["id"]]:
            yield Fault("course_waits_without_clock", "counselling_course", course["id"])


def agreed(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every open course whose consent was taken back is under a running clock."""
    for course in raw.courses.values():
        is_open = course["state"] != "ended" and course["consent_back_at"] is not None
        if is_open and "counselling_consent" not in raw.running[course["id"]]:
            yield Fault("course_goes_on_without_consent", "counselling_course", course["id"])


def ended(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """A course that ended says why, by whom and when."""
    for course in raw.courses.values():
        if course["state"] == "ended" and not (course["end_reason"] and course["ended_by"] and course["ended_on"]):
            yield Fault("course_ended_without_reason", "counselling_course", course["id"])
