"""Proof that no filing waits unseen, from raw rows: part of `xinqiao care audit`.

It shares no code with the services: what should be owed is read from the packs, when it is due is counted again.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from xinqiao.care.crisis.limbo.counted import Packs
from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.heard import unheard_climbs
from xinqiao.care.crisis.limbo.raw import Raw, Row
from xinqiao.care.crisis.limbo.rooms import Room
from xinqiao.care.filings.models import Edition, Filing
from xinqiao.register.policy.packs import FilingOrder
from xinqiao.register.policy.selectors import parameters_by_place

_REASON = "proof that nothing waits unseen; nobody is named"
_OWED = ("writing", "composed", "checked")
_COLUMNS = (
    "id", "case_id", "order", "number", "kind", "state", "terms", "version", "owed_at", "due_at", "sent_at", "place",
    "lapsed_by",
)  # fmt: skip


def _rows() -> dict[str, dict[UUID, Row]]:
    found = Filing.objects.for_system(reason=_REASON).values(*_COLUMNS).order_by("case_id", "number")
    return {"filing": {row["id"]: row for row in found}}


def _filings(raw: Raw) -> list[Row]:
    return list(raw.others["filing"].values())


def _is_over(_kind: str, row: Row) -> bool:
    return not _wanted(row["state"])


def _orders(raw: Raw) -> dict[UUID, list[FilingOrder]]:
    """What the packs in force order up of the running cases at the levels they stand at."""
    running = {key: case for key, case in raw.cases.items() if case["state"] == "judged"}
    places = {raw.students[case["student_id"]]["place"] for case in running.values()}
    rules = parameters_by_place(places, raw.now.astimezone(raw.days.zone).date())
    return {
        key: [
            order
            for order in rules[raw.students[case["student_id"]]["place"]].filings.orders
            if case["level"] in order.levels
        ]
        for key, case in running.items()
    }


def owed(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every case at a level that is ordered up has a filing, and after one was sent the next about the visits."""
    by_case: dict[tuple[UUID, str], list[Row]] = {}
    for row in _filings(raw):
        if row["state"] != "lapsed":
            by_case.setdefault((row["case_id"], row["order"]), []).append(row)
    for case_id, orders in _orders(raw).items():
        for order in orders:
            own = by_case.get((case_id, order.code), [])
            if not own:
                yield Fault("case_never_filed", "case", case_id, order.code)
            elif _visits_are_missing(own, raw.cases[case_id]["level"]):
                yield Fault("visits_never_owed", "case", case_id, order.code)


def _visits_are_missing(own: list[Row], level: str) -> bool:
    every: dict[str, int] = json.loads(own[-1]["terms"]).get("visits_every_days", {})
    return level in every and all(row["sent_at"] is not None for row in own)


def clocked(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every filing that waits has its clock, due when the filing is, and none runs about one that waits no more."""
    filings = raw.others["filing"]
    for key, row in filings.items():
        wanted = _wanted(row["state"])
        clock = raw.running[key].get(wanted)
        if wanted and clock is None:
            yield Fault("filing_without_clock", "filing", key, wanted)
        elif clock is not None and row["sent_at"] is None and clock["due_at"] != row["due_at"]:
            yield Fault("filing_due_put_off", "filing", key, f"{row['due_at']} / {clock['due_at']}")
    for key, own in raw.running.items():
        for kind, clock in own.items():
            if clock["subject_kind"] != "filing":
                continue
            if key not in filings:
                yield Fault("clock_without_filing", "filing", key, kind)
            elif kind != _wanted(filings[key]["state"]):
                yield Fault("clock_after_the_filing", "filing", key, kind)


def _wanted(state: str) -> str:
    return "filing" if state in _OWED else "filing_seen" if state == "sent" else ""


def due_right(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """A first filing is due no later than its order says, counted again day by day."""
    for row in _filings(raw):
        if row["kind"] == "first" and row["due_at"] > _due_again(raw, row):
            yield Fault("filing_due_too_late", "filing", row["id"], str(row["due_at"]))


def _due_again(raw: Raw, row: Row, since: dt.datetime | None = None) -> Any:
    within: dict[str, Any] = json.loads(row["terms"])["within"]
    kind, amount = next((kind, amount) for kind, amount in within.items() if amount is not None)
    amount = amount["at_least_minutes"] if kind == "same_day" else amount
    return raw.days.due(kind, amount, since or row["owed_at"], row["place"])


def clocks_right(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every clock of a filing was due when its order says, also of the next filings about visits, of corrections and of
    what a rising level made sooner; and the bureau's when the pack says."""
    filings, packs = raw.others["filing"], Packs(raw)
    replaced: dict[UUID, dict[UUID, dt.datetime]] = defaultdict(dict)
    for clock in raw.clocks:
        if clock["kind"] == "filing" and clock["cancel_reason"] == "redated":
            replaced[clock["subject_id"]][clock["id"]] = clock["original_due_at"]
    for clock in raw.clocks:
        row = filings.get(clock["subject_id"]) if clock["subject_kind"] == "filing" else None
        if row is None:
            continue
        if clock["kind"] == "filing_seen":
            pack = packs.at(clock)
            if pack is None:
                continue
            rule = pack.filings.acknowledged_within
            expected = raw.days.due(rule.kind, rule.amount, clock["began_at"], clock["place"])
        elif row["kind"] == "visit" and clock["began_at"] == row["owed_at"]:
            expected = _visit_due(raw, clock, row)
        else:
            expected = _due_again(raw, row, clock["began_at"])
        others = [due for key, due in replaced[row["id"]].items() if key != clock["id"]]
        if expected != clock["original_due_at"] and clock["original_due_at"] not in others:  # else a pupil moved
            yield Fault("filing_clock_wrong", "filing", row["id"], f"{clock['original_due_at']} / {expected}")


def _visit_due(raw: Raw, clock: Row, row: Row) -> dt.datetime:
    """The end of the day so many days after the filing before went up; the clock kept the level of then."""
    days: int = json.loads(row["terms"])["visits_every_days"][clock["urgency"]]
    return raw.days.last_minute(row["owed_at"].astimezone(raw.days.zone).date() + dt.timedelta(days=days))


def told(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """Every climb of a filing's clock was told on its rung: that it was missed is known to somebody."""
    yield from unheard_climbs(
        raw, allowance, kind="filing", event="filings.filing.overdue", fact="filing", code="filing_climb_to_nobody"
    )  # fmt: skip


def ended(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """What was sent has the version that went up, and what was dropped says by whom."""
    editions = Edition.objects.for_system(reason=_REASON)
    sent = set(editions.filter(sent_at__isnull=False).values_list("filing_id", "number"))
    by_filing = {filing_id for filing_id, _number in sent}
    for row in _filings(raw):
        if row["sent_at"] is not None and row["id"] not in by_filing:
            yield Fault("filing_sent_without_words", "filing", row["id"])
        if row["state"] in ("sent", "acknowledged") and (row["id"], row["version"]) not in sent:
            yield Fault("filing_state_without_version", "filing", row["id"])
        if row["state"] == "lapsed" and row["lapsed_by"] is None:
            yield Fault("filing_dropped_by_nobody", "filing", row["id"])


CHECKS = (owed, clocked, due_right, clocks_right, told, ended)
ROOM = Room(name="filings", kinds=("filing",), rows=_rows, is_over=_is_over, checks=CHECKS)
