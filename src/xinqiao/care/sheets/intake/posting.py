"""Letters of pupils: written with class code, number and PIN, read and written on with the code of the letter.

Of a letter without a signature nothing here writes a row that points to its pupil: the name is sealed under a key of
its own, the event has no actor, the place is the school, and the code is stored nowhere.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.mailbox import codes, rules
from xinqiao.care.mailbox.models import LetterWords, PupilLetter, SealedName
from xinqiao.care.mailbox.states import Channel, LetterState, UrgentState, Writer
from xinqiao.care.sheets.intake.audit_rows import PupilEvent, own_event, unnamed_event
from xinqiao.care.sheets.intake.bodies import LetterBody, ThreadBody, tidied
from xinqiao.care.sheets.intake.replies import Reply, refusal
from xinqiao.care.sheets.intake.voicing import Caller, admit_each
from xinqiao.care.sheets.intake.work import Batch, Thread, Writing
from xinqiao.engines.triage import TriageRules
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.sealing import Misplaced, associated, open_bytes
from xinqiao.foundation.keys.store import prepare_keys
from xinqiao.register.orgs.services.units import WINDOW_ALPHABET

GROUP = 4  # signs of a code that stand together when it is shown
RED = "red"  # what does not wait is so where no policy can be read
KIND = "pupil_letter"
_PLACE = "SELECT path FROM orgs_unit WHERE window_code = ?"
_PLACE_OF_CODE = "SELECT place FROM mailbox_pupilletter WHERE code_index = ?"
_WRITTEN = "SELECT written_at, due_at FROM mailbox_pupilletter WHERE code_index = ?"
_BY_CODE = (
    "SELECT id, county_id, place, key_id, student_id, state, urgent, due_at FROM mailbox_pupilletter "
    "WHERE code_index = ?"
)
_SAID = "SELECT id, key_id, writer, words, at FROM mailbox_letterwords WHERE letter_id = ? ORDER BY at, id"
_LATELY = "SELECT COUNT(*) FROM mailbox_letterwords WHERE letter_id = ? AND writer = 'pupil' AND at > ?"
_ONCE = "SELECT 1 FROM mailbox_letterwords WHERE once = ?"
_CHECKED = "SELECT state FROM mailbox_namerequest WHERE letter_id = ? AND is_rescue"
_PUPILS_PLACE = "SELECT place FROM people_student WHERE id = ?"
WAITS_AGAIN = (
    "UPDATE mailbox_pupilletter SET state = 'waiting', waits_since = ?, due_at = ?, told_at = NULL "
    "WHERE id = ? AND state <> 'waiting'"
)
DOES_NOT_WAIT = (
    "UPDATE mailbox_pupilletter SET urgent = 'waiting', urgent_since = ?, told_at = NULL "
    "WHERE id = ? AND urgent <> 'waiting'"
)
_HOUR = dt.timedelta(hours=1)


@dataclass(slots=True)
class _Letter:
    """A letter that a code led to."""

    id: UUID
    county_id: UUID
    place: str
    key_id: UUID
    student_id: UUID | None
    state: str
    urgent: str
    due_at: dt.datetime | None


def read_mailbox(batch: Batch, writings: Sequence[Writing], threads: Sequence[Thread]) -> None:
    """Read which rules hold, before the transaction begins: not while rows are locked."""
    windows = [(tidied(work.body.class_code)[:8],) for work in writings]
    asked = [(_index(batch, work.body.code),) for work in threads]
    rows = [*batch.store.select_each(_PLACE, windows), *batch.store.select_each(_PLACE_OF_CODE, asked)]
    for place in {row[0] for found in rows for row in found}:
        batch.desk.schools.mailbox_rules(place, batch.at)


def write_letters(batch: Batch, writings: Sequence[Writing]) -> list[Reply]:
    """Take pupils' letters; inside the batch's transaction."""
    admitted = admit_each(batch, [work.body for work in writings])
    return [who if isinstance(who, Reply) else _write(batch, who, work.body)
            for who, work in zip(admitted, writings, strict=True)]  # fmt: skip


def _write(batch: Batch, pupil: Caller, body: LetterBody) -> Reply:
    words = body.words.strip()
    if not words:
        return refusal(400, "bad_request", detail="words: empty")
    said = json.dumps([words, body.is_signed, body.is_urgent], ensure_ascii=False)
    code = codes.code_of(batch.desk.tickets_secret, WINDOW_ALPHABET, pupil.id, body.key, said)
    index = codes.code_index(batch.desk.index_secret, code)
    if (known := _known(batch, index)) is not None:
        return _receipt(batch, pupil.school_place, code, *known)
    mail, due_at = batch.desk.schools.mailbox_rules(pupil.place, batch.at)
    window = tidied(body.class_code)[:8]
    if not body.is_urgent and mail and batch.desk.letters.is_full(window, mail.letters_an_hour, batch.clock_seconds):
        return refusal(429, "often")
    batch.desk.letters.count(window, batch.clock_seconds)
    batch.shared["letter", index] = (batch.at, due_at)
    letter = _letter(batch, pupil, body, index, due_at)
    batch.rows.insert_model(letter)
    _say(batch, letter.id, letter.county_id, letter.place, letter.key_id, words, body.key)
    if not body.is_signed:
        _seal_name(batch, pupil, letter)
    elif body.is_urgent:
        _raise(batch, _as_found(letter), pupil.place, words)
    batch.rows.add_event(_event(_as_found(letter), "mailbox.letter.written"))
    return _receipt(batch, pupil.school_place, code, batch.at, due_at)


def _known(batch: Batch, index: bytes) -> tuple[dt.datetime | None, dt.datetime | None] | None:
    if ("letter", index) in batch.shared:
        known: tuple[dt.datetime | None, dt.datetime | None] = batch.shared["letter", index]
        return known
    rows = batch.store.select_each(_WRITTEN, [(index,)])[0]
    return (batch.store.moment(rows[0][0]), batch.store.moment(rows[0][1])) if rows else None


def _letter(
    batch: Batch, pupil: Caller, body: LetterBody, index: bytes, due_at: dt.datetime | None
) -> PupilLetter:  # fmt: skip
    """A letter at the school; one that does not wait has its signal at once where it is signed."""
    urgent = (UrgentState.SIGNAL if body.is_signed else UrgentState.WAITING) if body.is_urgent else ""
    return PupilLetter(
        county_id=pupil.county_id, place=pupil.school_place, channel=Channel.WEB, code_index=index,
        student_id=pupil.id if body.is_signed else None, state=LetterState.WAITING, urgent=urgent,
        key_id=pupil.key_id if body.is_signed else _new_key(batch), written_at=batch.at, waits_since=batch.at,
        urgent_since=batch.at if urgent else None, due_at=due_at,
    )  # fmt: skip


def _new_key(batch: Batch) -> UUID:
    (row,) = prepare_keys(SubjectKind.UNIT, 1)
    batch.rows.insert_model(row)
    key_id: UUID = row.id
    return key_id


def _seal_name(batch: Batch, pupil: Caller, letter: PupilLetter) -> None:
    row = SealedName(
        county_id=letter.county_id, place=letter.place, letter_id=letter.id, key_id=_new_key(batch), who=pupil.id.hex
    )
    seal_rows([row])
    batch.rows.insert_model(row)


def _say(
    batch: Batch, letter_id: UUID, county_id: UUID, place: str, key_id: UUID, words: str, key: str
) -> None:  # fmt: skip
    row = LetterWords(
        county_id=county_id, place=place, letter_id=letter_id, key_id=key_id, writer=Writer.PUPIL, words=words,
        at=batch.at, once=codes.once_of(batch.desk.index_secret, letter_id, f"{Writer.PUPIL}|{key}|", words),
    )  # fmt: skip
    seal_rows([row])
    batch.shared["said", row.once] = True
    batch.rows.insert_model(row)


def _as_found(letter: PupilLetter) -> _Letter:
    return _Letter(
        letter.id, letter.county_id, letter.place, letter.key_id, letter.student_id, letter.state, letter.urgent,
        letter.due_at,
    )  # fmt: skip


def _event(letter: _Letter, event: str) -> PupilEvent:
    """Whoever signed is the actor; whoever did not is nowhere."""
    if letter.student_id is None:
        return unnamed_event(event, letter.place, letter.county_id, KIND, letter.id)
    return own_event(event, letter.student_id, letter.place, letter.county_id, KIND, letter.id)


def _raise(batch: Batch, letter: _Letter, place: str, words: str) -> None:
    """A signal for a pupil who signed; within an hour it is the same cry."""
    assert letter.student_id is not None
    mail, _ = batch.desk.schools.mailbox_rules(place, batch.at)
    signal = prepare_signal(
        student_id=letter.student_id, county_id=letter.county_id, place=place, key_id=letter.key_id,
        source=Source.MAILBOX, urgency=mail.urgent if mail else RED, evidence=TriageRules().points_critical_first,
        basis=rules.reasons_of_letter(words), origin_kind=KIND, origin_id=letter.id,
        once=f"letter:{letter.id}:{batch.at:%Y%m%d%H}", at=batch.at,
    )  # fmt: skip
    batch.rows.insert_model(signal, on_conflict="(once) DO NOTHING")


def _receipt(
    batch: Batch, place: str, code: str, at: dt.datetime | None, due_at: dt.datetime | None
) -> Reply:  # fmt: skip
    grouped = "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
    return Reply(200, {"code": grouped, "at": _iso(at), "answer_by": _iso(due_at), "on_duty": _on_duty(batch, place)})


def _iso(at: dt.datetime | None) -> str:
    return at.isoformat() if at else ""


def _on_duty(batch: Batch, place: str) -> bool:
    return batch.desk.schools.is_someone_on_duty(batch.store, place, batch.at)


def _index(batch: Batch, typed: str) -> bytes:
    return codes.code_index(batch.desk.index_secret, codes.tidied_code(typed))


def write_threads(batch: Batch, threads: Sequence[Thread]) -> list[Reply]:
    """Show letters to whoever holds their codes, and take what is written on; inside the batch's transaction."""
    question = batch.store.locking(_BY_CODE, "mailbox_pupilletter")
    rows = batch.store.select_each(question, [(_index(batch, work.body.code),) for work in threads])
    found = [[_found(batch, row) for row in of_one] for of_one in rows]
    batch.desk.keys.load(batch.store, [letter.key_id for of_one in found for letter in of_one])
    return [
        _thread(batch, letters[0], work.body) if letters else refusal(403, "unknown_code")
        for letters, work in zip(found, threads, strict=True)
    ]


def _found(batch: Batch, row: tuple[Any, ...]) -> _Letter:
    store = batch.store
    return _Letter(
        id=store.uuid(row[0]), county_id=store.uuid(row[1]), place=row[2], key_id=store.uuid(row[3]),
        student_id=store.uuid(row[4]) if row[4] is not None else None, state=row[5], urgent=row[6],
        due_at=store.moment(row[7]),
    )  # fmt: skip


def _thread(batch: Batch, letter: _Letter, body: ThreadBody) -> Reply:
    words = body.words.strip()
    mail, due_at = batch.desk.schools.mailbox_rules(letter.place, batch.at)
    if batch.desk.keys.cipher(letter.key_id) is None:
        return refusal(403, "unknown_code")
    if words or body.is_urgent:
        lately = batch.store.select_each(_LATELY, [(letter.id, batch.at - _HOUR)])[0][0][0]
        is_new_cry = body.is_urgent and letter.urgent != UrgentState.WAITING
        is_free = is_new_cry or (bool(words) and _was_said(batch, letter, body.key, words))
        if mail and lately >= mail.words_an_hour and not is_free:
            return refusal(429, "often")
        _write_on(batch, letter, body, words, due_at)
    return _shown(batch, letter, words if words and not _was_said(batch, letter, body.key, words) else "")


def _was_said(batch: Batch, letter: _Letter, key: str, words: str) -> bool:
    """Do these words stand in the database already, from an earlier try?"""
    once = codes.once_of(batch.desk.index_secret, letter.id, f"{Writer.PUPIL}|{key}|", words)
    return bool(batch.store.select_each(_ONCE, [(once,)])[0])


def _write_on(batch: Batch, letter: _Letter, body: ThreadBody, words: str, due_at: dt.datetime | None) -> None:
    """Add words once, let the letter wait again, and say that it does not wait; each leaves the letter's event."""
    once = codes.once_of(batch.desk.index_secret, letter.id, f"{Writer.PUPIL}|{body.key}|", words)
    is_new = bool(words) and ("said", once) not in batch.shared and not _was_said(batch, letter, body.key, words)
    is_cry = body.is_urgent and (letter.urgent != UrgentState.WAITING if letter.student_id is None else is_new)
    if is_new:
        _say(batch, letter.id, letter.county_id, letter.place, letter.key_id, words, body.key)
        if letter.state != LetterState.WAITING:
            batch.rows.change(WAITS_AGAIN, batch.at, due_at, letter.id)
            letter.state, letter.due_at = LetterState.WAITING, due_at
    if is_cry and letter.student_id is None:
        batch.rows.change(DOES_NOT_WAIT, batch.at, letter.id)
        letter.urgent = UrgentState.WAITING
    elif body.is_urgent and letter.student_id is not None:
        place = batch.store.select_each(_PUPILS_PLACE, [(letter.student_id,)])[0][0][0]
        _raise(batch, letter, place, words)
    if is_new or is_cry:
        batch.rows.add_event(_event(letter, "mailbox.letter.continued"))


def _shown(batch: Batch, letter: _Letter, added: str) -> Reply:
    said = [_opened(batch, row) for row in batch.store.select_each(_SAID, [(letter.id,)])[0]]
    if added:
        said.append({"who": str(Writer.PUPIL), "words": added, "at": _iso(batch.at)})
    checked = batch.store.select_each(_CHECKED, [(letter.id,)])[0]
    is_waiting = letter.state == LetterState.WAITING
    return Reply(200, {
        "said": said, "signed": letter.student_id is not None, "waits": is_waiting,
        "urgent": letter.urgent in (UrgentState.WAITING, UrgentState.SIGNAL),
        "answer_by": _iso(letter.due_at) if is_waiting else "", "checked": checked[0][0] if checked else "",
        "on_duty": _on_duty(batch, letter.place),
    })  # fmt: skip


def _opened(batch: Batch, row: tuple[Any, ...]) -> dict[str, str]:
    row_id, key_id, writer, words, at = row
    store = batch.store
    cipher = batch.desk.keys.cipher(store.uuid(key_id))
    text = ""
    if cipher is not None:
        bound_to = associated("mailbox_letterwords", "words", store.uuid(row_id), store.uuid(key_id))
        try:
            text = open_bytes(cipher, bytes(words), bound_to).decode()
        except Misplaced:
            text = ""
    return {"who": writer, "words": text, "at": _iso(store.moment(at))}
