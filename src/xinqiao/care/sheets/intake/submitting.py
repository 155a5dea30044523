"""Handing in: sheets are scored and sealed before the transaction, then written with what follows from them."""

import array
import datetime as dt
import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.sheets.adapting import Who, finding_of, score_short
from xinqiao.care.sheets.intake.audit_rows import pupil_event
from xinqiao.care.sheets.intake.bodies import SubmitBody
from xinqiao.care.sheets.intake.calling import SOURCES
from xinqiao.care.sheets.intake.papers import Battery, Part
from xinqiao.care.sheets.intake.replies import Reply, refusal
from xinqiao.care.sheets.intake.rows import NOTED, SHEETS, SUBMITTED, sheet_values
from xinqiao.care.sheets.intake.work import Batch, Submission
from xinqiao.care.sheets.scoring import Scored, result_text, score_sheet
from xinqiao.care.sheets.states import Informant
from xinqiao.engines.adaptive import NotAsAsked
from xinqiao.engines.scoring import pack_answers
from xinqiao.engines.triage import Finding, judge
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.sealing import associated, seal_bytes
from xinqiao.register.orgs.services.units import WINDOW_ALPHABET

DEVICES = ("phone", "pc")
NOT_AS_ASKED = "not_as_asked"
SHORTENED = b"shortened:"
_SITTING = (
    "SELECT s.state, s.key, s.payload_digest, s.receipt, s.submitted_at FROM sheets_sitting s WHERE s.id = ?"
)  # fmt: skip


class _AskedOtherwise(ValueError):
    """A sheet that this way of asking cannot have brought about; the text says which scale and item."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission, scored and sealed; or refused before anything was asked of the database."""

    submission: Submission
    refused: Reply | None = None
    digest: bytes = b""
    sheets: tuple[tuple[Any, ...], ...] = ()
    scored: tuple[tuple[Part, Scored], ...] = ()
    informant: str = Informant.SELF
    note: bytes | None = None


@dataclass(slots=True)
class _Sitting:
    """How a sitting stands in this transaction."""

    state: str
    key: str
    digest: bytes
    receipt: str
    submitted_at: dt.datetime | None


def prepare_submissions(batch: Batch, submissions: Sequence[Submission]) -> list[Prepared]:
    """Check, score and seal, before the transaction begins."""
    batch.desk.keys.load(batch.store, [s.ticket.key_id for s in submissions])
    return [_prepare(batch, submission) for submission in submissions]


def _prepare(batch: Batch, submission: Submission) -> Prepared:
    battery = batch.desk.papers.by_id(batch.store, submission.ticket.paper_id)
    if battery is None or batch.desk.keys.cipher(submission.ticket.key_id) is None:
        return Prepared(submission, refused=refusal(401, "ticket_expired"))
    if fault := _misfit(battery, submission):
        return Prepared(submission, refused=refusal(400, "bad_request", detail=fault))
    body = submission.body
    packed = [pack_answers(body.answers[part.code]) for part in battery.parts]
    try:
        scored = [(part, _scored(part, raw, submission)) for part, raw in zip(battery.parts, packed, strict=True)]
    except _AskedOtherwise as error:
        return Prepared(submission, refused=refusal(422, NOT_AS_ASKED, detail=str(error)))
    sheets = [_sheet(batch, submission, *of_one) for of_one in zip(scored, packed, strict=True)]
    digest = payload_digest(battery, _marked(battery, packed, body), body.note)
    return Prepared(submission, None, digest, tuple(sheets), tuple(scored), battery.informant,
                    _sealed_note(batch, submission))  # fmt: skip


def _sealed_note(batch: Batch, submission: Submission) -> bytes | None:
    """What a guardian or class teacher added, sealed for the sitting's row; None where nothing was."""
    ticket, note = submission.ticket, submission.body.note.strip()
    cipher = batch.desk.keys.cipher(ticket.key_id)
    if not note or cipher is None:
        return None
    bound_to = associated("sheets_sitting", "note", ticket.sitting_id, ticket.key_id)
    return seal_bytes(cipher, note.encode(), bound_to)


def _scored(part: Part, raw: bytes, submission: Submission) -> Scored:
    """Score one scale; one asked by adapting is asked again, and must hold exactly what was due for its answers."""
    ticket, deciseconds = submission.ticket, submission.body.seconds.get(part.code)
    who = Who(ticket.sex, ticket.grade, ticket.age)
    if part.kept is None or part.code not in submission.body.adapted:
        return score_sheet(part.plan, raw, deciseconds, sex=who.sex, grade=who.grade, age=who.age)
    try:
        return score_short(part.plan, part.kept, raw, deciseconds, who)
    except NotAsAsked as error:
        raise _AskedOtherwise(f"answers.{part.code}: {error}") from error


def _misfit(battery: Battery, submission: Submission) -> str:
    """Where the payload does not fit the paper; empty if it does."""
    answers, seconds = submission.body.answers, submission.body.seconds
    if set(answers) != {part.code for part in battery.parts} or not set(seconds) <= set(answers):
        return "answers: not the scales of this paper"
    for part in battery.parts:
        if len(answers[part.code]) != part.plan.item_count:
            return f"answers.{part.code}: {part.plan.item_count} items"
        if part.code in seconds and len(seconds[part.code]) != part.plan.item_count:
            return f"seconds.{part.code}: {part.plan.item_count} items"
        if part.code in submission.body.adapted and part.kept is None:
            return f"adapted: {part.code} is asked whole"
    return "note: this paper has no room for one" if submission.body.note and not battery.has_note else ""


def _marked(battery: Battery, packed: Sequence[bytes], body: SubmitBody) -> list[bytes]:
    """The answers of each scale, told apart where the scale was shortened: there an open question says nothing."""
    return [
        SHORTENED + raw if part.code in body.adapted else raw for part, raw in zip(battery.parts, packed, strict=True)
    ]


def payload_digest(battery: Battery, packed: Sequence[bytes], note: str = "") -> bytes:
    """Return what makes two payloads the same: the answers and the note.

    Times run on while a page is reloaded, and do not count.
    """
    digest = hashlib.sha256()
    for part, raw in zip(battery.parts, packed, strict=True):
        digest.update(part.code.encode() + b"\0" + raw)
    if note:
        digest.update(b"\0note\0" + note.encode())
    return digest.digest()


def packed_seconds(deciseconds: Sequence[int]) -> bytes:
    """Return deciseconds as stored: two bytes an item, little-endian."""
    values = array.array("H", deciseconds)
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _sheet(batch: Batch, submission: Submission, scored: tuple[Part, Scored], raw: bytes) -> tuple[Any, ...]:
    part, result = scored
    ticket, sheet_id = submission.ticket, new_id()
    cipher = batch.desk.keys.cipher(ticket.key_id)
    assert cipher is not None

    def sealed(column: str, plain: bytes) -> bytes:
        return seal_bytes(cipher, plain, associated("sheets_answersheet", column, sheet_id, ticket.key_id))

    deciseconds = submission.body.seconds.get(part.code)
    return sheet_values({
        "id": sheet_id, "county_id": ticket.county_id, "place": ticket.place, "sitting_id": ticket.sitting_id,
        "student_id": ticket.student_id, "key_id": ticket.key_id, "origin_id": ticket.origin_id,
        "scale_code": part.code, "scale_id": part.scale_id, "answers": sealed("answers", raw),
        "seconds": sealed("seconds", packed_seconds(deciseconds)) if deciseconds else None,
        "result": sealed("result", result_text(result).encode()), "submitted_at": batch.at,
    })  # fmt: skip


def write_submissions(batch: Batch, prepared: Sequence[Prepared]) -> list[Reply]:
    """Write what is new, replay what is known, refuse what was changed; inside the batch's transaction."""
    wanted = sorted({p.submission.ticket.sitting_id for p in prepared if p.refused is None})
    rows = batch.store.select_each(batch.store.locking(_SITTING, "s"), [(i,) for i in wanted])
    sittings = {i: _standing(batch, found) for i, found in zip(wanted, rows, strict=True)}
    return [p.refused or _settle(batch, p, sittings[p.submission.ticket.sitting_id]) for p in prepared]


def _standing(batch: Batch, rows: Sequence[tuple[Any, ...]]) -> _Sitting | None:
    if not rows:
        return None
    state, key, digest, receipt, submitted_at = rows[0]
    return _Sitting(state, key, bytes(digest or b""), receipt or "", batch.store.moment(submitted_at))


def _settle(batch: Batch, prepared: Prepared, sitting: _Sitting | None) -> Reply:
    if sitting is None:
        return refusal(401, "ticket_expired")
    if sitting.state == "excused":
        return refusal(409, "not_open")
    if sitting.state == "submitted":
        return _again(prepared, sitting)
    sitting.state, sitting.key, sitting.digest = "submitted", prepared.submission.body.key, prepared.digest
    sitting.receipt, sitting.submitted_at = new_receipt(), batch.at
    _write(batch, prepared, sitting)
    return _receipt(sitting)


def _again(prepared: Prepared, sitting: _Sitting) -> Reply:
    """The same sheet again gets the same receipt; anything else is refused and shown what is there."""
    if sitting.key != prepared.submission.body.key:
        return refusal(409, "already_submitted", **_receipt(sitting).body)
    return _receipt(sitting) if sitting.digest == prepared.digest else refusal(409, "changed")


def _receipt(sitting: _Sitting) -> Reply:
    return Reply(
        200, {"receipt": sitting.receipt, "at": sitting.submitted_at.isoformat() if sitting.submitted_at else ""}
    )


def new_receipt() -> str:
    """Return a receipt such as K7PM-2WQX: 31^8 of them, and the database refuses a second of the same."""
    drawn, letters = int.from_bytes(os.urandom(16), "big"), ""
    for _ in range(8):
        drawn, place = divmod(drawn, len(WINDOW_ALPHABET))
        letters += WINDOW_ALPHABET[place]
    return f"{letters[:4]}-{letters[4:]}"


def _write(batch: Batch, prepared: Prepared, sitting: _Sitting) -> None:
    ticket, body = prepared.submission.ticket, prepared.submission.body
    for sheet in prepared.sheets:
        batch.rows.insert(SHEETS, sheet)
    device = body.device if body.device in DEVICES else ""
    batch.rows.change(SUBMITTED, batch.at, body.key, prepared.digest, sitting.receipt, device, ticket.sitting_id)
    if prepared.note is not None:
        batch.rows.change(NOTED, prepared.note, ticket.sitting_id)
    batch.rows.add_event(
        pupil_event("sheets.sitting.submitted", ticket, prepared.informant, sheets=len(prepared.sheets))
    )
    _raise_signal(batch, prepared, ticket.sitting_id)


def _raise_signal(batch: Batch, prepared: Prepared, sitting_id: UUID) -> None:
    """A critical answer joins the signal of its tick; a pupil's positive result alone is a signal of its own.

    What others score is no flag of the pupil: of their sheets only a critical answer raises a signal.
    """
    ticket = prepared.submission.ticket
    rules = batch.desk.schools.triage_rules(ticket.place, batch.at)
    judgement = judge(_findings(prepared), rules)
    if judgement is None:
        return
    is_critical = any(scored.result.critical for _, scored in prepared.scored)
    source = SOURCES.get(prepared.informant) or (Source.CRITICAL_ANSWER if is_critical else Source.SCREENING)
    signal = prepare_signal(
        student_id=ticket.student_id, county_id=ticket.county_id, place=ticket.place, key_id=ticket.key_id,
        source=source, urgency=judgement.urgency,
        evidence=judgement.evidence, basis=judgement.reasons, origin_kind="sitting", origin_id=sitting_id,
        once=f"{'critical' if is_critical else 'screening'}:{sitting_id}", at=batch.at,
    )  # fmt: skip
    batch.rows.insert_model(signal, on_conflict="(once) DO NOTHING")


def _findings(prepared: Prepared) -> list[Finding]:
    if prepared.informant == Informant.SELF:
        return [finding_of(part.plan.scale, scored) for part, scored in prepared.scored]
    return [
        Finding(part.code, critical=tuple(scored.result.critical))
        for part, scored in prepared.scored
        if scored.result.critical
    ]
