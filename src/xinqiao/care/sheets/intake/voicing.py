"""What pupils say of their own accord: a call for someone, and a committee member's report of the class.

One request carries the class code, the number and the PIN with what is said: nothing is kept on the device, and no
ticket lies in a tab for the next one at a shared computer. Wrong entries are told, counted and locked as at the door.
"""

import datetime as dt
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.sheets.intake.attempts import FAILURES_TO_LOCK, LOCK_SECONDS
from xinqiao.care.sheets.intake.audit_rows import own_event
from xinqiao.care.sheets.intake.bodies import HelpBody, HoursBody, LetterBody, WeekBody, WorryBody, tidied
from xinqiao.care.sheets.intake.replies import Reply, refusal
from xinqiao.care.sheets.intake.rows import PIN_RIGHT, PIN_WRONG
from xinqiao.care.sheets.intake.submitting import new_receipt
from xinqiao.care.sheets.intake.work import Batch, Call, ClassWeek
from xinqiao.care.voices import rules
from xinqiao.care.voices.models import ClassmateWorry, ClassReport, HelpCall
from xinqiao.care.voices.states import WorryState
from xinqiao.engines.triage import Reason, TriageRules
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.keys.sealing import Misplaced, associated, blind_index, open_bytes
from xinqiao.register.people.pins import pin_mac

_PUPIL = (
    "SELECT t.id, t.key_id, t.county_id, t.place, u.id, p.id, p.pin_mac, p.failures, p.locked_until, t.name, "
    "t.school_place "
    "FROM orgs_unit u JOIN people_student t ON t.place = u.path "
    "LEFT JOIN people_pupilpin p ON p.student_id = t.id "
)
_AT_THE_DOOR = f"{_PUPIL}WHERE u.window_code = ? AND t.number_index = ? AND t.status = 'active'"
_CLASSMATE = f"{_PUPIL}WHERE u.id = ? AND t.number_index = ? AND t.status = 'active'"
_PLACE = "SELECT path FROM orgs_unit WHERE window_code = ?"
_SEAT = (
    "SELECT 1 FROM voices_committeeseat WHERE student_id = ? AND class_id = ? AND start_on <= ? "
    "AND (end_on IS NULL OR end_on > ?)"
)
_CALLED = "SELECT digest, receipt, called_at FROM voices_helpcall WHERE student_id = ? AND key = ?"
_CALLS = "SELECT COUNT(*) FROM voices_helpcall WHERE student_id = ? AND called_at > ?"
_REPORTED = "SELECT digest, receipt, reported_at FROM voices_classreport WHERE student_id = ? AND key = ?"
_THIS_WEEK = "SELECT 1 FROM voices_classreport WHERE student_id = ? AND class_id = ? AND week_on = ?"
_UNKNOWN = "unknown_entry"
_NOBODY = UUID(int=0)
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """A pupil of a class, found by number; `pin_id` is None where there is no PIN."""

    id: UUID
    key_id: UUID
    county_id: UUID
    place: str
    class_id: UUID
    pin_id: UUID | None
    pin_mac: bytes | None
    failures: int
    locked_until: dt.datetime | None
    name: bytes | None
    school_place: str


def read_rules(batch: Batch, bodies: Sequence[HelpBody | WeekBody]) -> None:
    """Read which rules hold, before the transaction begins: not while rows are locked."""
    if bodies:
        windows = [(tidied(body.class_code)[:8],) for body in bodies]
        for rows in batch.store.select_each(_PLACE, windows):
            for (place,) in rows:
                batch.desk.schools.triage_rules(place, batch.at)
                batch.desk.schools.voice_rules(place, batch.at)


def write_calls(batch: Batch, calls: Sequence[Call]) -> list[Reply]:
    """Take pupils' calls for someone; inside the batch's transaction."""
    admitted = admit_each(batch, [call.body for call in calls])
    return [who if isinstance(who, Reply) else _call(batch, who, call.body)
            for who, call in zip(admitted, calls, strict=True)]  # fmt: skip


def write_weeks(batch: Batch, weeks: Sequence[ClassWeek]) -> list[Reply]:
    """Take committee members' reports, or say whether there is one this week; inside the batch's transaction."""
    admitted = admit_each(batch, [week.body for week in weeks])
    return [who if isinstance(who, Reply) else _week(batch, who, week.body)
            for who, week in zip(admitted, weeks, strict=True)]  # fmt: skip


def admit_each(batch: Batch, bodies: Sequence[HelpBody | WeekBody | LetterBody | HoursBody]) -> list[Caller | Reply]:
    """Return for each body the pupil whose PIN came with it, or why nobody is let in."""
    if not bodies:
        return []
    asked = [(tidied(body.class_code), _number(batch, body.number), tidied(body.pin)) for body in bodies]
    rows = batch.store.select_each(_AT_THE_DOOR, [(window[:8], number) for window, number, _ in asked])
    found = [[_pupil(batch, row) for row in of_one] for of_one in rows]
    batch.desk.keys.load(batch.store, [pupil.key_id for of_one in found for pupil in of_one])
    return [_admit(batch, of_one, *who) for of_one, who in zip(found, asked, strict=True)]


def _number(batch: Batch, typed: str) -> bytes:
    return blind_index(batch.desk.index_secret, "student_number", tidied(typed))


def _pupil(batch: Batch, row: tuple[Any, ...]) -> Caller:
    store = batch.store
    return Caller(
        id=store.uuid(row[0]), key_id=store.uuid(row[1]), county_id=store.uuid(row[2]), place=row[3],
        class_id=store.uuid(row[4]), pin_id=store.uuid(row[5]) if row[5] is not None else None, pin_mac=row[6],
        failures=row[7] or 0, locked_until=store.moment(row[8]), name=row[9], school_place=row[10],
    )  # fmt: skip


def _admit(batch: Batch, found: Sequence[Caller], window: str, number: bytes, typed: str) -> Caller | Reply:
    """The pupil whose PIN this is; every comparison is made, and a number that nobody has takes as long."""
    attempts, seconds = batch.desk.attempts, batch.clock_seconds
    known = [pupil for pupil in found if pupil.pin_id is not None]
    locked = attempts.seconds_locked(window, seconds)
    if known:
        locked = max(locked, *(_seconds_locked(batch, pupil) for pupil in known))
    else:
        pin_mac(_NOBODY, typed)
        locked = max(locked, attempts.seconds_unknown_locked(window, number, seconds))
    if locked:
        return refusal(429, "locked", retry_after=locked)
    macs = [(pupil, pin_mac(pupil.id, typed)) for pupil in known]
    matching = [pupil for pupil, mac in macs if hmac.compare_digest(mac, bytes(pupil.pin_mac or b"")) and typed]
    if not matching or batch.desk.keys.cipher(matching[0].key_id) is None:
        batch.failures.append((window, None if known else number))
        for pupil in known:
            _count_failure(batch, pupil)
        return refusal(403, _UNKNOWN)
    if matching[0].failures or matching[0].locked_until:
        batch.rows.change(PIN_RIGHT, matching[0].pin_id)
    return matching[0]


def _seconds_locked(batch: Batch, pupil: Caller) -> int:
    until = [pupil.locked_until, batch.shared.get(("locked", pupil.id))]
    left = [(moment - batch.at).total_seconds() for moment in until if moment is not None]
    return max(0, *(round(value) for value in left)) if left else 0


def _count_failure(batch: Batch, pupil: Caller) -> None:
    """Count with the PIN, and in the batch under the names that the door uses: both count the same tries."""
    earlier = batch.shared.get(("failures", pupil.id), pupil.failures)
    failures = 1 if earlier >= FAILURES_TO_LOCK else earlier + 1
    until = batch.at + dt.timedelta(seconds=LOCK_SECONDS) if failures >= FAILURES_TO_LOCK else None
    batch.shared["failures", pupil.id], batch.shared["locked", pupil.id] = failures, until
    batch.rows.change(PIN_WRONG, failures, until, pupil.pin_id)
    if until is not None:
        batch.rows.add_event(_event(pupil, "voices.entry.locked", "student", pupil.id, failures=failures))


def _event(pupil: Caller, event: str, kind: str, subject_id: UUID, **facts: Any) -> Any:
    return own_event(event, pupil.id, pupil.place, pupil.county_id, kind, subject_id, **facts)


def _digest(batch: Batch, what: Any) -> bytes:
    """What makes two messages the same; keyed, since few things can be said with ticks alone."""
    return hmac.digest(batch.desk.tickets_secret, b"voice|" + msgspec.json.encode(what), "sha256")


def _again(batch: Batch, sql: str, pupil: Caller, key: str, digest: bytes) -> Reply | None:
    """The same message again gets the same receipt; another one under its key is refused."""
    rows = batch.store.select_each(sql, [(pupil.id, key)])[0]
    earlier = (bytes(rows[0][0]), rows[0][1], batch.store.moment(rows[0][2])) if rows else None
    earlier = batch.shared.get((sql, pupil.id, key), earlier)
    if earlier is None:
        return None
    return _receipt(batch, pupil, earlier[1], earlier[2]) if earlier[0] == digest else refusal(409, "changed")


def _receipt(batch: Batch, pupil: Caller, receipt: str, at: dt.datetime | None) -> Reply:
    is_on_duty = batch.desk.schools.is_someone_on_duty(batch.store, pupil.place, batch.at)
    return Reply(200, {"receipt": receipt, "at": at.isoformat() if at else "", "on_duty": is_on_duty})


def _call(batch: Batch, pupil: Caller, body: HelpBody) -> Reply:
    call = rules.Call(body.about, body.soon, body.is_hurt, body.where.strip(), body.words.strip())
    digest = _digest(batch, [call.about, call.soon, call.is_hurt, call.where, call.words])
    if (known := _again(batch, _CALLED, pupil, body.key, digest)) is not None:
        return known
    help_rules, _ = batch.desk.schools.voice_rules(pupil.place, batch.at)
    lately = _calls_lately(batch, pupil)
    if rules.is_too_often(lately, help_rules):
        return refusal(429, "often")
    triage = batch.desk.schools.triage_rules(pupil.place, batch.at)
    urgency = rules.urgency_of_call(call, help_rules, usual=triage.asked_to_talk)
    row = HelpCall(
        county_id=pupil.county_id, place=pupil.place, student_id=pupil.id, key=body.key, digest=digest,
        receipt=new_receipt(), called_at=batch.at,
    )  # fmt: skip
    batch.shared["calls", pupil.id] = lately + 1
    batch.shared[_CALLED, pupil.id, body.key] = (digest, row.receipt, batch.at)
    batch.rows.insert_model(row)
    _raise(batch, pupil, Source.STUDENT, urgency, rules.reasons_of_call(call), ("call", row.id))
    batch.rows.add_event(_event(pupil, "voices.call.made", "call", row.id))
    return _receipt(batch, pupil, row.receipt, batch.at)


def _calls_lately(batch: Batch, pupil: Caller) -> int:
    if ("calls", pupil.id) not in batch.shared:
        counted = batch.store.select_each(_CALLS, [(pupil.id, batch.at - _HOUR)])[0][0][0]
        batch.shared["calls", pupil.id] = int(counted)
    lately: int = batch.shared["calls", pupil.id]
    return lately


def _raise(
    batch: Batch, pupil: Caller, source: Source, urgency: str, basis: Sequence[Reason], origin: tuple[str, UUID]
) -> None:
    kind, origin_id = origin
    points = TriageRules()
    signal = prepare_signal(
        student_id=pupil.id, county_id=pupil.county_id, place=pupil.place, key_id=pupil.key_id, source=source,
        urgency=urgency, evidence=points.points_critical_first if urgency == rules.RED else points.points_asked,
        basis=basis, origin_kind=kind, origin_id=origin_id, once=f"{kind}:{origin_id}", at=batch.at,
    )  # fmt: skip
    batch.rows.insert_model(signal, on_conflict="(once) DO NOTHING")


def _week(batch: Batch, pupil: Caller, body: WeekBody) -> Reply:
    today = batch.today
    if not batch.store.select_each(_SEAT, [(pupil.id, pupil.class_id, today, today)])[0]:
        return refusal(403, "not_committee")
    week_on = today - dt.timedelta(days=today.weekday())
    if body.report is None:
        is_there = bool(batch.store.select_each(_THIS_WEEK, [(pupil.id, pupil.class_id, week_on)])[0])
        until = week_on + dt.timedelta(days=6)
        return Reply(200, {"from": week_on.isoformat(), "until": until.isoformat(), "is_reported": is_there})
    digest = _digest(batch, body.report)
    if (known := _again(batch, _REPORTED, pupil, body.key, digest)) is not None:
        return known
    answers = {"mood": body.report.mood, "quarrels": body.report.quarrels, "load": body.report.load}
    row = ClassReport(
        county_id=pupil.county_id, place=pupil.place, student_id=pupil.id, class_id=pupil.class_id,
        key_id=pupil.key_id, week_on=week_on, answers=json.dumps(answers), key=body.key, digest=digest,
        receipt=new_receipt(), reported_at=batch.at,
    )  # fmt: skip
    seal_rows([row])
    batch.shared[_REPORTED, pupil.id, body.key] = (digest, row.receipt, batch.at)
    batch.rows.insert_model(row)
    batch.rows.add_event(_event(pupil, "voices.report.made", "class_report", row.id))
    if body.report.worry is not None:
        _worry(batch, pupil, row, body.report.worry)
    return _receipt(batch, pupil, row.receipt, batch.at)


def _worry(batch: Batch, writer: Caller, report: ClassReport, body: WorryBody) -> None:
    """A worry about a known classmate is a signal on that pupil; about whom else, it waits to be found out.

    What does not wait is told at once all the same: by a signal on the writer, who can be asked.
    """
    worry = rules.Worry(tuple(sorted(set(body.kinds))), body.who.strip(), body.words.strip())
    _, committee = batch.desk.schools.voice_rules(writer.place, batch.at)
    urgency = rules.urgency_of_worry(worry.kinds, committee)
    named = _classmate(batch, writer, body)
    row = ClassmateWorry(
        id=new_id(), county_id=writer.county_id, place=writer.place, report_id=report.id, student_id=writer.id,
        key_id=writer.key_id, about=_about(body), said=json.dumps([worry.kinds, worry.words], ensure_ascii=False),
        urgency=urgency, state=WorryState.NAMED if named else WorryState.OPEN, named_id=named.id if named else None,
        raised_at=batch.at, told_at=batch.at if named else None, settled_at=batch.at if named else None,
    )  # fmt: skip
    seal_rows([row])
    batch.rows.insert_model(row)
    if named is not None:
        _raise(batch, named, Source.COMMITTEE, urgency, rules.reasons_of_worry(worry), ("worry", row.id))
    elif rules.is_grave(worry.kinds, committee):
        _raise(batch, writer, Source.COMMITTEE, urgency, rules.reasons_of_unnamed(worry), ("unnamed", row.id))


def _about(body: WorryBody) -> str:
    return " · ".join(text for text in (body.who.strip(), body.number.strip()) if text)


def _classmate(batch: Batch, writer: Caller, body: WorryBody) -> Caller | None:
    """Who is meant, where the number is that of one classmate and the name, if one was written, is theirs."""
    if not tidied(body.number):
        return None
    rows = batch.store.select_each(_CLASSMATE, [(writer.class_id, _number(batch, body.number))])[0]
    found = [_pupil(batch, row) for row in rows]
    if len(found) != 1 or found[0].id == writer.id:
        return None
    batch.desk.keys.load(batch.store, [found[0].key_id])
    name = _name(batch, found[0])
    if not name or (body.who.strip() and tidied(body.who) != tidied(name)):
        return None
    return found[0]


def _name(batch: Batch, pupil: Caller) -> str:
    cipher = batch.desk.keys.cipher(pupil.key_id)
    if cipher is None or pupil.name is None:
        return ""
    try:
        return open_bytes(
            cipher, bytes(pupil.name), associated("people_student", "name", pupil.id, pupil.key_id)
        ).decode()
    except Misplaced:
        return ""
