"""Due dates counted once more from the packs: of what waits in incidents, of referrals and of leaves.

`clocks.is_due_right` takes the length that a clock kept; here the length itself is read again from the pack that was in
force on the day on which the clock began. A pack that says something else since then judges no clock of before.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw, Row
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_by_place

NOON, EVENING = dt.time(12), dt.time(18)
SCHOOL_STATES, HOSPITAL_STATES = ("draft", "ready", "declined", "returned"), ("attended", "advice")
AWAY_STATES = ("on_leave", "not_yet")
OF_REFERRAL = {
    "referral": "answer_within", "referral_visit": "visit_named_within", "referral_talk": "talk_again_within",
}  # fmt: skip
OF_LINE = {"ask": "answer_within", "call": "arrival_within", "review": "review_within"}


class Packs:
    """What was in force at the places of clocks, read once for each day on which some of them began."""

    def __init__(self, raw: Raw) -> None:
        self._zone, self._known = raw.days.zone, dict[dt.date, Mapping[str, Parameters]]()
        self._places: dict[dt.date, set[str]] = defaultdict(set)
        for clock in raw.clocks:
            self._places[self._day(clock)].add(clock["place"])

    def _day(self, clock: Row) -> dt.date:
        day: dt.date = clock["began_at"].astimezone(self._zone).date()
        return day

    def at(self, clock: Row) -> Parameters | None:
        """Return what was in force where a clock runs on the day on which it began; None where that text is gone."""
        day = self._day(clock)
        if day not in self._known:
            self._known[day] = parameters_by_place(self._places[day], day)
        found = self._known[day][clock["place"]]
        return found if found.revision == clock["pack_revision"] else None


def due_by_the_pack(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every clock of an incident, a referral or a leave was due when the pack says."""
    packs, last_seen = Packs(raw), _last_of(raw, "referral_seen")
    for clock in raw.clocks:
        expected = _expected(raw, packs, clock, last_seen)
        if expected and clock["original_due_at"] not in expected:
            said = " or ".join(map(str, sorted(expected)))
            yield Fault("due_against_the_pack", "clock", clock["id"], f"{clock['original_due_at']} / {said}")


def planned(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every incident has each line, report and review that the pack asks for, each due when its clock first was."""
    first = {}
    for clock in sorted(raw.clocks, key=lambda each: each["began_at"], reverse=True):
        first[clock["subject_id"]] = clock
    lines: dict[UUID, set[str]] = {key: set() for key in raw.incidents}
    reports: dict[UUID, set[str]] = {key: set() for key in raw.incidents}
    for line in raw.incident_lines.values():
        lines[line["incident_id"]].add(line["code"] if line["kind"] == "step" else line["kind"])
    for report in raw.incident_reports.values():
        reports[report["incident_id"]].add(report["form"])
    for key, incident in raw.incidents.items():
        day = incident["opened_at"].astimezone(raw.days.zone).date()
        pack = parameters_by_place([incident["place"]], day)[incident["place"]]
        if pack.revision not in _revisions(raw, first, key):
            continue  # the pack says something else since
        steps = {step.code for step in pack.emergency.plan_for(incident["kind"])} | {"review"}
        forms = {each.form for each in pack.emergency.reports}
        for missing in sorted((steps - lines[key]) | (forms - reports[key])):
            yield Fault("incident_without_its_plan", "incident", key, missing)
    for kind, key, row in _waits(raw):
        if key in first and row["due_at"] != first[key]["original_due_at"]:
            yield Fault("incident_due_put_off", kind, key, f"{row['due_at']} / {first[key]['original_due_at']}")


def _revisions(raw: Raw, first: Mapping[UUID, Row], incident_id: UUID) -> set[str]:
    """Under which texts of packs the clocks of an incident's lines and reports began."""
    rows = (*raw.incident_lines.values(), *raw.incident_reports.values())
    own = (first.get(row["id"]) for row in rows if row["incident_id"] == incident_id)
    return {clock["pack_revision"] for clock in own if clock}


def told(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """Every climb in an incident was told, on its rung, to somebody."""
    for kind, key, row in _waits(raw):
        words = raw.told_in_incidents.get(row["incident_id"], ())
        for climb in raw.climbs.get(key, ()):
            if not any(_is_about(each, climb, allowance) for each in words):
                yield Fault("incident_climb_to_nobody", kind, key, f"{climb['kind']} {climb['rung']}")


def _waits(raw: Raw) -> Iterator[tuple[str, UUID, Row]]:
    """Everything in incidents that waits or waited with a clock: the subject kind of the clock, its id, the row."""
    for kind, rows in (("incident_line", raw.incident_lines), ("incident_report", raw.incident_reports),
                       ("exposure", raw.exposures)):  # fmt: skip
        for key, row in rows.items():
            yield kind, key, row


def _is_about(word: Row, climb: Row, allowance: Allowance) -> bool:
    is_same = (word["clock"], word["rung"]) == (climb["kind"], climb["rung"])
    return is_same and bool(word["told"]) and abs(word["at"] - climb["at"]) <= allowance.late


def _last_of(raw: Raw, kind: str) -> Mapping[UUID, Row]:
    """The newest clock of a kind, by subject: the earlier ones waited for days that were set anew since."""
    own = sorted((clock for clock in raw.clocks if clock["kind"] == kind), key=lambda each: each["began_at"])
    return {clock["subject_id"]: clock for clock in own}


def _expected(raw: Raw, packs: Packs, clock: Row, last_seen: Mapping[UUID, Row]) -> set[dt.datetime]:
    """When a clock may have been due at first; empty where no pack says it, or where it is not known any more."""
    kind, subject, pack = clock["subject_kind"], clock["subject_id"], packs.at(clock)
    if pack is None:
        return set()
    if kind == "referral" and subject in raw.referrals:
        return _of_referral(raw, pack, clock, raw.referrals[subject], last_seen)
    if kind == "leave" and subject in raw.leaves:
        return _of_leave(raw, pack, clock, raw.leaves[subject])
    rule = _rule_of_incident(raw, pack, clock)
    return {_counted(raw, clock, rule)} if rule is not None else set()


def _counted(raw: Raw, clock: Row, rule: Any, since: dt.datetime | None = None) -> dt.datetime:
    return raw.days.due(rule.kind, rule.amount, since or clock["began_at"], clock["place"])


def _of_referral(
    raw: Raw, pack: Parameters, clock: Row, referral: Row, last_seen: Mapping[UUID, Row]
) -> set[dt.datetime]:  # fmt: skip
    rules, kind = pack.referrals, clock["kind"]
    if kind in OF_REFERRAL:
        return {_counted(raw, clock, getattr(rules, OF_REFERRAL[kind]))}
    if kind == "referral_seen":
        is_last = last_seen[clock["subject_id"]]["id"] == clock["id"] and referral["visit_on"] is not None
        visit = dt.datetime.combine(referral["visit_on"], NOON, tzinfo=raw.days.zone) if is_last else None
        return {_counted(raw, clock, rules.attended_within, max(visit, clock["began_at"]))} if visit else set()
    if kind != "referral_step":
        return set()
    is_running = raw.running[clock["subject_id"]].get(kind) is clock
    lengths = [rules.step_within] if not is_running or referral["state"] in SCHOOL_STATES else []
    lengths += [rules.word_within] if not is_running or referral["state"] in HOSPITAL_STATES else []
    return {_counted(raw, clock, length) for length in lengths}


def _of_leave(raw: Raw, pack: Parameters, clock: Row, leave: Row) -> set[dt.datetime]:
    """A running clock waits for what the state says; of an earlier one the state is not known any more."""
    rules, is_running = pack.leave, raw.running[clock["subject_id"]].get(clock["kind"]) is clock
    if clock["kind"] == "return":
        day = leave["look_on"] if is_running else clock["original_due_at"].astimezone(raw.days.zone).date()
        return {dt.datetime.combine(day, EVENING, tzinfo=raw.days.zone)} if day else set()
    lengths = [rules.step_within] if not is_running or leave["state"] not in AWAY_STATES else []
    lengths += [rules.contact_within] if not is_running or leave["state"] in AWAY_STATES else []
    return {_counted(raw, clock, length) for length in lengths}


def _rule_of_incident(raw: Raw, pack: Parameters, clock: Row) -> Any:
    """The length that the pack gives what waits in an incident; None for a day that a person set."""
    kind, subject = clock["subject_kind"], clock["subject_id"]
    if kind == "exposure" and subject in raw.exposures:
        return pack.emergency.aftercare[raw.exposures[subject]["how"]].within
    if kind == "incident_report" and subject in raw.incident_reports:
        form = raw.incident_reports[subject]["form"]
        return next((each.within for each in pack.emergency.reports if each.form == form), None)
    if kind != "incident_line" or subject not in raw.incident_lines:
        return None
    line, rules = raw.incident_lines[subject], pack.emergency
    if line["kind"] in OF_LINE:
        return getattr(rules, OF_LINE[line["kind"]])
    return next((step.within for step in rules.plan if line["kind"] == "step" and step.code == line["code"]), None)
