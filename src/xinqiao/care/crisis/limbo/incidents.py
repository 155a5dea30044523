"""Incidents: whatever waits in one has a clock, each is led by somebody who is there, and none ends while something
waits."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw, Row

CLOCK_OF = {
    "step": "incident_step", "ask": "incident_answer", "call": "incident_arrival", "review": "incident_review",
    "action": "incident_action",
}  # fmt: skip
CLOCK_OF_OPINION = {"found": "opinion_judge", "judged": "opinion_answer", "answered": "opinion_close"}
REPORT_WAITS = ("waiting", "written", "checked")


def clocked(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every line, exposed pupil, report and item of public opinion that waits has a running clock of its kind, and an
    item none of a step that is behind it."""
    for kind, row, clock in _waiting(raw):
        if clock not in raw.running[row["id"]]:
            yield Fault("incident_without_clock", kind, row["id"], clock)
    for item in raw.opinion_items.values():
        wanted = {CLOCK_OF_OPINION[item["state"]]} if item["state"] in CLOCK_OF_OPINION else set()
        if raw.running[item["id"]].keys() - wanted:
            yield Fault("opinion_clock_of_another_step", "opinion_item", item["id"], item["state"])


def led(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every running incident is led by somebody at work, and every action and every item of public
    opinion that waits belongs to somebody at work."""
    for incident in raw.incidents.values():
        if incident["state"] == "open" and incident["leader"] not in raw.staff_at_work:
            yield Fault("incident_led_by_nobody", "incident", incident["id"])
    for line in raw.incident_lines.values():
        if line["state"] == "waiting" and line["kind"] == "action" and line["owner"] not in raw.staff_at_work:
            yield Fault("action_of_nobody", "incident_line", line["id"])
    for item in raw.opinion_items.values():
        if item["state"] in ("judged", "answered") and item["answerer"] not in raw.staff_at_work:
            yield Fault("opinion_of_nobody", "opinion_item", item["id"])


def ended(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Nothing waits in a closed incident, no message either, and a worry about an exposed pupil is a signal."""
    closed = {incident["id"] for incident in raw.incidents.values() if incident["state"] == "closed"}
    for kind, row, _clock in _waiting(raw):
        if row["incident_id"] in closed:
            yield Fault("waits_in_a_closed_incident", kind, row["id"])
    for draft in raw.message_drafts.values():
        if draft["state"] in ("written", "checked") and draft["incident_id"] in closed:
            yield Fault("draft_left_in_a_closed_incident", "message_draft", draft["id"])
    for row in raw.exposures.values():
        if row["state"] == "worry" and row["signal_id"] not in raw.signals:
            yield Fault("worry_without_signal", "exposure", row["id"])


def subjects(raw: Raw) -> dict[str, Mapping[UUID, Row]]:
    """What clocks of incidents can be about."""
    return {
        "incident_line": raw.incident_lines, "exposure": raw.exposures, "incident_report": raw.incident_reports,
        "opinion_item": raw.opinion_items,
    }  # fmt: skip


def is_over(kind: str, row: Row) -> bool:
    """Does nothing of it wait any more?"""
    if kind == "opinion_item":
        return row["state"] not in CLOCK_OF_OPINION
    return row["state"] not in (REPORT_WAITS if kind == "incident_report" else ("waiting",))


def _waiting(raw: Raw) -> Iterator[tuple[str, Row, str]]:
    """What waits: of which kind, the row, and the clock it should have."""
    for line in raw.incident_lines.values():
        if line["state"] == "waiting":
            yield "incident_line", line, CLOCK_OF[line["kind"]]
    for row in raw.exposures.values():
        if row["state"] == "waiting":
            yield "exposure", row, "aftercare"
    for report in raw.incident_reports.values():
        if report["state"] in REPORT_WAITS:
            yield "incident_report", report, "incident_report"
    for item in raw.opinion_items.values():
        if item["state"] in CLOCK_OF_OPINION:
            yield "opinion_item", item, CLOCK_OF_OPINION[item["state"]]
