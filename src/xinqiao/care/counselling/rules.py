"""Why keys, courses and notes cannot be changed so: predicates over plain facts. Pure."""

import datetime as dt
from collections.abc import Collection
from typing import TypeVar

Id = TypeVar("Id")

NO_STAFF, NO_SENTENCE, NOT_OPEN, NOT_MEMBER, NOT_WAITING = (
    "no_staff", "no_sentence", "not_open", "not_member", "not_waiting",
)  # fmt: skip
NO_RIGHT, HOLDER_IS_MEMBER, SAME_HOLDER, NOT_HOLDER, TOO_LATE, NOT_HEIR, NO_HALVES, GROUP_LIVES = (
    "no_right", "holder_is_member", "same_holder", "not_holder", "too_late", "not_heir", "no_halves", "group_lives",
)  # fmt: skip


def refusal_to_name(
    chosen: Collection[Id], *, members: Collection[Id], may_hold: Collection[Id], with_sentence: Collection[Id]
) -> str:
    """Return why two people cannot hold the halves, "" if nothing stands against it."""
    if len(set(chosen)) != 2:  # there are two halves
        return SAME_HOLDER
    if set(chosen) & set(members):
        return HOLDER_IS_MEMBER
    if not set(chosen) <= set(may_hold):
        return NO_RIGHT
    return "" if set(chosen) <= set(with_sentence) else NO_SENTENCE


def refusal_to_join_recovery(begun_at: dt.datetime, at: dt.datetime, minutes: int, *, is_other: bool) -> str:
    """Return why the second holder cannot act; both act within so many minutes, and are two."""
    if at - begun_at > dt.timedelta(minutes=minutes):
        return TOO_LATE
    return "" if is_other else SAME_HOLDER
