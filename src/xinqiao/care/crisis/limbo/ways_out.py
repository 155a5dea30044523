"""Referrals, leaves and class lists: whatever is not at its end waits for somebody, and a clock runs on it."""

from collections.abc import Iterator

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.over import is_over
from xinqiao.care.crisis.limbo.raw import Raw

# What each open state of a referral waits for, written here once more: the proof does not ask the table it proves.
WAITS = {
    "draft": {"referral_step"}, "ready": {"referral_step", "referral_talk"}, "refused": {"referral_talk"},
    "sent": {"referral"}, "accepted": {"referral_visit"}, "visit_dated": {"referral_seen"},
    "attended": {"referral_step"}, "advice": {"referral_step"}, "declined": {"referral_step"},
    "returned": {"referral_step"},
}  # fmt: skip


def answered(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every referral that has not ended waits under a running clock of its state; one that has ended says why."""
    for referral in raw.referrals.values():
        if is_over("referral", referral):
            if not referral["end_reason"] or referral["ended_at"] is None:
                yield Fault("referral_ended_without_reason", "referral", referral["id"])
        elif not raw.running[referral["id"]].keys() & WAITS[referral["state"]]:
            yield Fault("referral_without_clock", "referral", referral["id"], referral["state"])


def led_back(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every leave that has not ended waits under a running clock, and one that is over has its day."""
    for leave in raw.leaves.values():
        if not is_over("leave", leave) and not raw.running[leave["id"]].keys() & {"leave", "return"}:
            yield Fault("leave_without_clock", "leave", leave["id"], leave["state"])


def signed(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every class list that nobody signed waits under a clock, or has been told to everybody on its ladder."""
    told_to_the_top = {clock["subject_id"] for clock in raw.clocks if clock["cancel_reason"] == "last_rung"}
    for row in raw.lists.values():
        if row["state"] == "waiting" and "round" not in raw.running[row["id"]] and row["id"] not in told_to_the_top:
            yield Fault("list_without_clock", "round_list", row["id"])
