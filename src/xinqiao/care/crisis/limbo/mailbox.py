"""Letters of pupils and requests for sealed names: what waits has a clock, an opened name has its signal."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw
from xinqiao.care.crisis.limbo.rooms import Room
from xinqiao.care.mailbox.models import NameRequest, PupilLetter

_REASON = "proof that nothing waits unseen; nobody is named"
LETTER, NAME = "pupil_letter", "name_request"
NAME_CLOCKS = {"asked": "name_decide", "rescue": "name_confirm"}


def _rows() -> Mapping[str, Mapping[UUID, Mapping[str, Any]]]:
    read: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
        (LETTER, PupilLetter, ("id", "state", "urgent", "waits_since", "urgent_since", "told_at")),
        (NAME, NameRequest, ("id", "letter_id", "state", "is_rescue", "asked_by", "decided_by", "signal_id")),
    )
    return {
        kind: {row["id"]: row for row in model.objects.for_system(reason=_REASON).values(*columns)}
        for kind, model, columns in read
    }


def _is_over(kind: str, row: Mapping[str, Any]) -> bool:
    if kind == LETTER:
        return bool(row["state"] != "waiting" and row["urgent"] != "waiting")
    return row["state"] not in NAME_CLOCKS


def clocked(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """Every letter that waits, that does not wait, and every request has a running clock of its kind; one that has just
    come may wait for the job that starts it."""
    for row in raw.others[LETTER].values():
        running = raw.running[row["id"]]
        for column, since, clock in (
            ("state", "waits_since", "letter_answer"), ("urgent", "urgent_since", "letter_urgent"),
        ):  # fmt: skip
            is_fresh = row["told_at"] is None and raw.now - (row[since] or raw.now) <= allowance.late
            if row[column] == "waiting" and clock not in running and not is_fresh:
                yield Fault("letter_without_clock", LETTER, row["id"], clock)
    for row in raw.others[NAME].values():
        clock = NAME_CLOCKS.get(row["state"], "")
        if clock and clock not in raw.running[row["id"]]:
            yield Fault("name_without_clock", NAME, row["id"], clock)


def opened(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """A name that was opened to save a life has its signal, and nobody decided on what they asked themselves."""
    for row in raw.others[NAME].values():
        if row["is_rescue"] and row["signal_id"] not in raw.signals:
            yield Fault("rescue_without_signal", NAME, row["id"])
        if row["decided_by"] is not None and row["decided_by"] == row["asked_by"]:
            yield Fault("name_decided_alone", NAME, row["id"])


ROOM = Room("mailbox", (LETTER, NAME), _rows, _is_over, (clocked, opened))
