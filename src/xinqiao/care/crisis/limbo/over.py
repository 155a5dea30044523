"""When a subject waits for nothing any more. The states are written down anew: the proof asks no table it proves."""

from collections.abc import Mapping
from typing import Any

# "closed" where no states are named.
OVER = {
    "watch": ("ended", "case"), "referral": ("closed", "withdrawn"), "leave": ("ended", "dropped", "left"),
    "round_list": ("signed", "dropped"), "counselling_course": ("running", "ended"),
}  # fmt: skip


def is_over(kind: str, row: Mapping[str, Any]) -> bool:
    """Is a row of this kind at its end?"""
    if kind == "counselling_course" and row["state"] == "running" and row["consent_back_at"] is not None:
        return False  # it is to end, or to be agreed anew
    return row.get("state") in OVER.get(kind, ("closed",))
