"""Proof that no file rests unseen between two schools, from raw rows: part of `xinqiao care audit`.

It shares no code with the services: whether a file is owed, under way or over is read from the rows alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from xinqiao.care.crisis.limbo.counted import Packs
from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.heard import unheard_climbs
from xinqiao.care.crisis.limbo.raw import Raw, Row
from xinqiao.care.crisis.limbo.rooms import Room
from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.register.people.models import Enrolment

_REASON = "proof that nothing waits unseen; nobody is named"
_HANDOVER, _ARRIVAL = "handover", "arrival"
_CLOCK = {_HANDOVER: "file_to_hand", _ARRIVAL: "file_to_take"}
_WAITS = {_HANDOVER: ("owed", "returned"), _ARRIVAL: ("waiting", "taken")}
_THERE = {"sent": ("waiting",), "taken": ("taken",), "done": ("done",)}


def _rows() -> dict[str, dict[UUID, Row]]:
    handovers = Handover.objects.for_system(reason=_REASON)
    arrivals = Arrival.objects.for_system(reason=_REASON)
    return {
        _HANDOVER: {row["id"]: row for row in handovers.values("id", "state", "due_at", "student_id", "left_on")},
        _ARRIVAL: {row["id"]: row for row in arrivals.values("id", "state", "due_at", "handover_id")},
    }


def _is_over(kind: str, row: Mapping[str, Any]) -> bool:
    return row["state"] not in _WAITS[kind]


def clocked(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every file that is owed, and every one that came, has its clock, due when the row says."""
    for kind, name in _CLOCK.items():
        for key, row in raw.others[kind].items():
            clock = raw.running[key].get(name)
            if _is_over(kind, row):
                continue
            if clock is None:
                yield Fault("file_without_clock", kind, key)
            elif clock["due_at"] != row["due_at"]:
                yield Fault("file_due_put_off", kind, key, f"{row['due_at']} / {clock['due_at']}")


def due_right(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every clock of a file was due when the pack says, counted again day by day."""
    packs = Packs(raw)
    for clock in raw.clocks:
        if clock["kind"] not in _CLOCK.values():
            continue
        pack = packs.at(clock)
        if pack is None:
            continue
        rule = pack.transfers.send_within if clock["kind"] == _CLOCK[_HANDOVER] else pack.transfers.take_within
        expected = raw.days.due(rule.kind, rule.amount, clock["began_at"], clock["place"])
        if expected != clock["original_due_at"]:
            yield Fault("file_clock_wrong", clock["subject_kind"], clock["subject_id"],
                        f"{clock['original_due_at']} / {expected}")  # fmt: skip


def told(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """Every climb of a file's clock reached somebody on its rung."""
    for kind, event in ((_HANDOVER, "transfers.file.overdue"), (_ARRIVAL, "transfers.arrival.overdue")):
        yield from unheard_climbs(raw, allowance, kind=kind, event=event, fact=kind, code="file_climb_to_nobody")


def both_ends(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """What is on its way at one school has come to one other, once, and both say the same of it."""
    there: dict[UUID, list[str]] = {}
    for row in raw.others[_ARRIVAL].values():
        if row["state"] not in ("declined", "recalled"):
            there.setdefault(row["handover_id"], []).append(row["state"])
    for key, row in raw.others[_HANDOVER].items():
        expected = _THERE.get(row["state"], ())
        found = tuple(there.get(key, ()))
        if found != expected:
            yield Fault("file_lost_on_the_way", _HANDOVER, key, f"{row['state']} / {', '.join(found) or '–'}")


def owed(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Whoever left a school since files are handed over has a handover, or one that is over."""
    known = {row["student_id"] for row in raw.others[_HANDOVER].values()}
    since = min((row["left_on"] for row in raw.others[_HANDOVER].values()), default=None)
    if since is None:
        return
    ended = Enrolment.objects.for_system(reason=_REASON).filter(student__status="left", end_on__gt=since)
    for key in ended.order_by("student_id").values_list("student_id", flat=True).distinct():
        if key not in known:
            yield Fault("leaver_without_handover", "student", key)


CHECKS = (clocked, due_right, told, both_ends, owed)
ROOM = Room(name="transfers", kinds=(_HANDOVER, _ARRIVAL), rows=_rows, is_over=_is_over, checks=CHECKS)
