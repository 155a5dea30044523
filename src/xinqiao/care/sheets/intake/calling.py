"""Cries for help: a critical item at the moment it is ticked, and "I want to talk to someone"."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace

from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.sheets.intake.audit_rows import pupil_event
from xinqiao.care.sheets.intake.replies import Reply, refusal
from xinqiao.care.sheets.intake.rows import TICKS, tick_values
from xinqiao.care.sheets.intake.tickets import Ticket
from xinqiao.care.sheets.intake.work import Batch, Talk, Tick
from xinqiao.care.sheets.states import Informant
from xinqiao.engines.triage import Finding, Judgement, judge
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.sealing import associated, seal_bytes

TALK_AGAIN = dt.timedelta(minutes=10)  # our assumption: asking again within this time is the same cry
_LAST_TALK = (
    "SELECT raised_at FROM alerts_signal WHERE origin_id = ? AND once >= 'talk:' AND once < 'talk;' "
    "ORDER BY raised_at DESC LIMIT 1"
)
_TICKED = "SELECT 1 FROM alerts_signal WHERE once = ?"
_SITTING = "SELECT 1 FROM sheets_sitting WHERE id = ?"
_SAVED = {"saved": True}
# Whoever answers about a pupil is the source of what follows from it, be it an answer or the wish to be called.
SOURCES: dict[str, Source] = {Informant.PARENT: Source.GUARDIAN, Informant.TEACHER: Source.CLASS_TEACHER}


def write_ticks(batch: Batch, ticks: Sequence[Tick]) -> list[Reply]:
    """Keep each tick, and raise one signal a sitting; inside the batch's transaction."""
    batch.desk.keys.load(batch.store, [tick.ticket.key_id for tick in ticks])
    known = batch.store.select_each(_SITTING, [(tick.ticket.sitting_id,) for tick in ticks])
    gone = refusal(401, "ticket_expired")
    return [_keep(batch, tick) if rows else gone for tick, rows in zip(ticks, known, strict=True)]


def _keep(batch: Batch, tick: Tick) -> Reply:
    ticket, body = tick.ticket, tick.body
    battery = batch.desk.papers.by_id(batch.store, ticket.paper_id)
    cipher = batch.desk.keys.cipher(ticket.key_id)
    part = next((p for p in battery.parts if p.code == body.scale), None) if battery else None
    rule = next((r for r in part.plan.critical if r.item == body.item), None) if part else None
    if cipher is None:
        return refusal(401, "ticket_expired")
    if part is None or rule is None:
        return refusal(400, "bad_request", detail="item: not one that is sent when it is ticked")
    tick_id = new_id()
    answer = json.dumps({"item": body.item, "answer": body.answer}).encode()
    bound_to = associated("sheets_criticaltick", "answer", tick_id, ticket.key_id)
    batch.rows.insert(TICKS, tick_values({
        "id": tick_id, "county_id": ticket.county_id, "place": ticket.place, "sitting_id": ticket.sitting_id,
        "student_id": ticket.student_id, "key_id": ticket.key_id, "scale_code": body.scale,
        "answer": seal_bytes(cipher, answer, bound_to), "ticked_at": batch.at,
        "once": f"{ticket.sitting_id.hex}:{body.scale}:{body.item}:{body.answer}",
    }))  # fmt: skip
    assert battery is not None
    batch.rows.add_event(pupil_event("sheets.critical.ticked", ticket, battery.informant))
    if body.answer in rule.codes:
        rules = batch.desk.schools.triage_rules(ticket.place, batch.at)
        judgement = judge([Finding(body.scale, critical=(body.item,))], rules)
        source = SOURCES.get(battery.informant, Source.CRITICAL_ANSWER)
        _raise(batch, ticket, judgement, source, f"critical:{ticket.sitting_id}")
    return Reply(200, dict(_SAVED))


def write_talks(batch: Batch, talks: Sequence[Talk]) -> list[Reply]:
    """Raise a signal for each pupil who asks to talk, once in ten minutes; inside the batch's transaction."""
    batch.desk.keys.load(batch.store, [talk.ticket.key_id for talk in talks])
    known = batch.store.select_each(_SITTING, [(talk.ticket.sitting_id,) for talk in talks])
    gone = refusal(401, "ticket_expired")
    return [_hear(batch, talk) if rows else gone for talk, rows in zip(talks, known, strict=True)]


def _hear(batch: Batch, talk: Talk) -> Reply:
    ticket = talk.ticket
    if batch.desk.keys.cipher(ticket.key_id) is None:
        return refusal(401, "ticket_expired")
    last = batch.store.select_each(_LAST_TALK, [(ticket.sitting_id,)])[0]
    raised_at = batch.shared.get(("talk", ticket.sitting_id)) or (batch.store.moment(last[0][0]) if last else None)
    if raised_at is None or raised_at <= batch.at - TALK_AGAIN:
        batch.shared["talk", ticket.sitting_id] = batch.at
        once = f"talk:{ticket.sitting_id}:{int(batch.at.timestamp())}"
        battery = batch.desk.papers.by_id(batch.store, ticket.paper_id)
        informant = battery.informant if battery else Informant.SELF
        _raise(batch, ticket, _talk_judgement(batch, ticket), SOURCES.get(informant, Source.STUDENT), once)
        batch.rows.add_event(pupil_event("sheets.talk.asked", ticket, informant))
    is_on_duty = batch.desk.schools.is_someone_on_duty(batch.store, ticket.place, batch.at)
    return Reply(200, {**_SAVED, "on_duty": is_on_duty})


def _talk_judgement(batch: Batch, ticket: Ticket) -> Judgement | None:
    """Asking to talk is as urgent as the rule says; together with a critical tick it is as urgent as that."""
    rules = batch.desk.schools.triage_rules(ticket.place, batch.at)
    judgement = judge([], rules, has_asked_to_talk=True)
    ticked = batch.store.select_each(_TICKED, [(f"critical:{ticket.sitting_id}",)])[0]
    return replace(judgement, urgency=rules.critical) if judgement and ticked else judgement


def _raise(batch: Batch, ticket: Ticket, judgement: Judgement | None, source: Source, once: str) -> None:
    assert judgement is not None
    signal = prepare_signal(
        student_id=ticket.student_id, county_id=ticket.county_id, place=ticket.place, key_id=ticket.key_id,
        source=source, urgency=judgement.urgency, evidence=judgement.evidence, basis=judgement.reasons,
        origin_kind="sitting", origin_id=ticket.sitting_id, once=once, at=batch.at,
    )  # fmt: skip
    batch.rows.insert_model(signal, on_conflict="(once) DO NOTHING")
