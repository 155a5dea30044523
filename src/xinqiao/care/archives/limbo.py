"""Proof that no request about a file waits unseen, from raw rows: part of `xinqiao care audit`.

It shares no code with the services: when a request is due is counted again from the packs.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from xinqiao.care.archives.models import Erasure, Excerpt, FileRequest
from xinqiao.care.crisis.limbo.counted import Packs
from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.heard import unheard_climbs
from xinqiao.care.crisis.limbo.raw import Raw, Row
from xinqiao.care.crisis.limbo.rooms import Room

_REASON = "proof that nothing waits unseen; nobody is named"
_KIND = "file_request"
LATE_ERASURE = dt.timedelta(minutes=2)  # the clock looks once a minute
_COLUMNS = ("id", "state", "place", "recorded_at", "due_at", "answered_by", "answered_at")


def _rows() -> dict[str, dict[UUID, Row]]:
    found = FileRequest.objects.for_system(reason=_REASON).values(*_COLUMNS).order_by("id")
    return {_KIND: {row["id"]: row for row in found}}


def _is_over(_kind: str, row: Mapping[str, Any]) -> bool:
    return bool(row["state"] != "open")


def clocked(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every request that waits has its clock, due when the request is."""
    for key, row in raw.others[_KIND].items():
        clock = raw.running[key].get(_KIND)
        if row["state"] == "open" and clock is None:
            yield Fault("request_without_clock", _KIND, key)
        elif row["state"] == "open" and clock is not None and clock["due_at"] != row["due_at"]:
            yield Fault("request_due_put_off", _KIND, key, f"{row['due_at']} / {clock['due_at']}")


def due_right(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """The first clock of a request was due when the pack says, counted again day by day."""
    packs, seen = Packs(raw), set()
    for clock in sorted(raw.clocks, key=lambda each: each["began_at"]):
        key = clock["subject_id"]
        if clock["subject_kind"] != _KIND or key in seen:
            continue
        seen.add(key)
        pack = packs.at(clock)
        if pack is None:
            continue
        rule = pack.archives.answer_within
        expected = raw.days.due(rule.kind, rule.amount, clock["began_at"], clock["place"])
        if expected != clock["original_due_at"]:
            yield Fault("request_clock_wrong", _KIND, key, f"{clock['original_due_at']} / {expected}")


def told(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """Every climb of a request's clock reached somebody on its rung."""
    yield from unheard_climbs(
        raw, allowance, kind=_KIND, event="archives.request.overdue", fact="request", code="request_climb_to_nobody"
    )  # fmt: skip


def ended(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """What was answered says by whom, and no excerpt waits for a second person behind an answered request."""
    for key, row in raw.others[_KIND].items():
        if row["state"] != "open" and (row["answered_by"] is None or row["answered_at"] is None):
            yield Fault("request_answered_by_nobody", _KIND, key)
    waiting = Excerpt.objects.for_system(reason=_REASON).filter(state="waiting").exclude(request__state="open")
    for key, request_id in waiting.values_list("id", "request_id"):
        yield Fault("excerpt_waits_unseen", "excerpt", key, str(request_id))


def carried_out(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """No erasure waits behind an answered request, none stays past its day, and what was carried out is answered."""
    rows = Erasure.objects.for_system(reason=_REASON).values("id", "state", "runs_at", "request_id", "request__state")
    for row in rows:
        is_live, is_answered = row["state"] in ("proposed", "waiting"), row["request__state"] != "open"
        if is_live and is_answered:
            yield Fault("erasure_waits_unseen", "erasure", row["id"], str(row["request_id"]))
        elif row["state"] == "waiting" and row["runs_at"] + LATE_ERASURE + allowance.late < raw.now:
            yield Fault("erasure_not_carried_out", "erasure", row["id"], str(row["runs_at"]))
        elif row["state"] == "done" and not is_answered:
            yield Fault("erasure_not_answered", "erasure", row["id"], str(row["request_id"]))


CHECKS = (clocked, due_right, told, ended, carried_out)
ROOM = Room(name="archives", kinds=(_KIND,), rows=_rows, is_over=_is_over, checks=CHECKS)
