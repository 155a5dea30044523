"""The proof: every check over all rows, at one moment."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from xinqiao.care.crisis.limbo import cases, clocks, counted, courses, incidents, moved, signals, watches, ways_out
from xinqiao.care.crisis.limbo.faults import Allowance, Check, Fault
from xinqiao.care.crisis.limbo.raw import read_all
from xinqiao.care.crisis.limbo.rooms import rooms

CHECKS: tuple[Check, ...] = (
    signals.told, signals.clocked, signals.ended, signals.placed, signals.cared_for,
    clocks.has_subject, clocks.is_due_right, clocks.climbs, clocks.to_somebody, clocks.levels,
    cases.led, cases.ended, cases.dated, ways_out.answered, ways_out.led_back, ways_out.signed,
    watches.looked_after, watches.signalled, watches.ended, watches.begun,
    moved.with_the_pupil, moved.with_an_heir, incidents.clocked, incidents.led, incidents.ended,
    courses.led, courses.waiting, courses.agreed, courses.ended,
    counted.due_by_the_pack, counted.planned, counted.told,
)  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """What was looked at (how many rows of each kind) and what was found, in the order of the checks."""

    at: dt.datetime
    looked_at: Mapping[str, int]
    faults: tuple[Fault, ...]


def prove(now: dt.datetime, allowance: Allowance | None = None) -> Proof:
    """Look at everything as it stands at `now` (aware)."""
    raw = read_all(now)
    checks = (*CHECKS, *(check for room in rooms() for check in room.checks))
    found = [fault for check in checks for fault in check(raw, allowance or Allowance())]
    looked_at = {
        "signals": len(raw.signals), "clocks": len(raw.clocks), "levels": len(raw.attentions), "cases": len(raw.cases),
        "referrals": len(raw.referrals), "leaves": len(raw.leaves), "lists": len(raw.lists),
        "watches": len(raw.watches), "incidents": len(raw.incidents),
        "courses": len(raw.courses),
        "notices": sum(map(len, raw.notices.values())), "climbs": sum(map(len, raw.climbs.values())),
        **{f"{kind}s": len(rows) for kind, rows in raw.others.items()},
    }  # fmt: skip
    return Proof(now, looked_at, tuple(found))
