"""The door: class code, student number, and PIN or one-time code. Every wrong entry is told the same."""

import base64
import datetime as dt
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from xinqiao.care.sheets.intake.attempts import FAILURES_TO_LOCK, LOCK_SECONDS
from xinqiao.care.sheets.intake.audit_rows import said_of, sitting_event
from xinqiao.care.sheets.intake.bodies import tidied
from xinqiao.care.sheets.intake.replies import Reply, refusal
from xinqiao.care.sheets.intake.rows import CODE_WRONG, ENTERED, PIN_RIGHT, PIN_WRONG
from xinqiao.care.sheets.intake.tickets import Ticket, draft_name, expiry, pad_bytes, write_ticket
from xinqiao.care.sheets.intake.work import Batch, Entry, FormEntry
from xinqiao.care.sheets.models import FORM_WINDOW
from xinqiao.care.sheets.services.forms import form_index
from xinqiao.care.sheets.states import Informant
from xinqiao.foundation.keys.sealing import Misplaced, associated, blind_index, open_bytes
from xinqiao.register.people.pins import pin_mac
from xinqiao.register.people.states import StudentStatus

_COLUMNS = (
    "s.id", "s.student_id", "s.key_id", "s.origin_id", "s.paper_id", "s.class_id", "s.county_id", "s.place", "s.state",
    "s.excuse", "s.opens_at", "s.closes_at", "s.code_mac", "s.failures", "s.locked_until", "s.receipt",
    "s.submitted_at", "t.name", "t.birth_on", "t.birth_year", "t.sex", "t.key_id", "t.status", "p.id", "p.pin_mac",
    "p.failures", "p.locked_until", "s.is_code_only", "s.informant",
)  # fmt: skip
_JOINED = (
    f"SELECT {', '.join(_COLUMNS)} FROM sheets_sitting s "  # noqa: S608 - constants only
    "JOIN people_student t ON t.id = s.student_id LEFT JOIN people_pupilpin p ON p.student_id = s.student_id "
)
_FOUND = f"{_JOINED}WHERE s.window_code = ? AND s.number_index = ? ORDER BY s.opens_at DESC, s.id DESC"
_BY_ID = f"{_JOINED}WHERE s.id = ?"
_UNKNOWN = "unknown_entry"
_NOBODY = UUID(int=0)


@dataclass(slots=True)
class _Found:
    """One sitting that the class code and number lead to, with its pupil and the pupil's PIN."""

    id: UUID
    student_id: UUID
    key_id: UUID
    origin_id: UUID
    paper_id: UUID
    class_id: UUID
    county_id: UUID
    place: str
    state: str
    excuse: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    code_mac: bytes | None
    failures: int
    locked_until: dt.datetime | None
    receipt: str | None
    submitted_at: dt.datetime | None
    name: bytes
    birth_on: bytes | None
    birth_year: int | None
    sex: str
    student_key_id: UUID
    status: str
    pin_id: UUID | None
    pin_mac: bytes | None
    pin_failures: int
    pin_locked_until: dt.datetime | None
    is_code_only: bool
    informant: str

    def is_open(self, at: dt.datetime) -> bool:
        return self.opens_at <= at < self.closes_at


def write_entries(batch: Batch, entries: Sequence[Entry]) -> list[Reply]:
    """Let pupils in, or say why not; inside the batch's transaction."""
    asked = []
    for entry in entries:
        window, number, typed = (tidied(text) for text in (entry.body.class_code, entry.body.number, entry.body.pin))
        asked.append((window, blind_index(batch.desk.index_secret, "student_number", number), typed))
    rows = batch.store.select_each(_FOUND, [(window[:8], number) for window, number, _ in asked])
    found = [[_found(batch, row) for row in of_one] for of_one in rows]
    batch.desk.keys.load(batch.store, [f.student_key_id for of_one in found for f in of_one])
    return [_enter(batch, of_one, *who) for of_one, who in zip(found, asked, strict=True)]


def write_form_entries(batch: Batch, entries: Sequence[FormEntry]) -> list[Reply]:
    """Let guardians and class teachers in to the form that their code opens; inside the batch's transaction.

    Nothing is counted or locked here: a code cannot be guessed, and one lock for all would keep every family out.
    """
    typed = [tidied(entry.body.code) for entry in entries]
    asked = [(FORM_WINDOW, form_index(code, batch.desk.index_secret)) for code in typed]
    rows = batch.store.select_each(_FOUND, asked)
    found = [[_found(batch, row) for row in of_one] for of_one in rows]
    batch.desk.keys.load(batch.store, [f.student_key_id for of_one in found for f in of_one])
    return [_enter_form(batch, of_one, code) for of_one, code in zip(found, typed, strict=True)]


def _enter_form(batch: Batch, found: Sequence[_Found], typed: str) -> Reply:
    matching = [f for f in found if hmac.compare_digest(pin_mac(f.id, typed), bytes(f.code_mac or b""))]
    return _admit(batch, matching) if typed and matching else refusal(403, _UNKNOWN)


def _found(batch: Batch, row: tuple[Any, ...]) -> _Found:
    store = batch.store
    sitting_id, student_id, key_id, origin_id, paper_id, class_id, county_id = (store.uuid(value) for value in row[:7])
    return _Found(
        id=sitting_id, student_id=student_id, key_id=key_id, origin_id=origin_id, paper_id=paper_id, class_id=class_id,
        county_id=county_id, place=row[7], state=row[8], excuse=row[9], opens_at=_set(store.moment(row[10])),
        closes_at=_set(store.moment(row[11])), code_mac=row[12], failures=row[13], locked_until=store.moment(row[14]),
        receipt=row[15], submitted_at=store.moment(row[16]), name=row[17], birth_on=row[18], birth_year=row[19],
        sex=row[20], student_key_id=store.uuid(row[21]), status=row[22],
        pin_id=store.uuid(row[23]) if row[23] is not None else None, pin_mac=row[24], pin_failures=row[25] or 0,
        pin_locked_until=store.moment(row[26]), is_code_only=bool(row[27]), informant=row[28],
    )  # fmt: skip


def _set(moment: dt.datetime | None) -> dt.datetime:
    assert moment is not None
    return moment


def _enter(batch: Batch, found: Sequence[_Found], window: str, number: bytes, typed: str) -> Reply:
    attempts, seconds = batch.desk.attempts, batch.clock_seconds
    locked = attempts.seconds_locked(window, seconds)
    if found:
        locked = max(locked, _seconds_locked(batch, found))
    else:
        pin_mac(_NOBODY, typed)  # as long as for a pupil that exists
        locked = max(locked, attempts.seconds_unknown_locked(window, number, seconds))
    if locked:
        return refusal(429, "locked", retry_after=locked)
    matching = _matching(found, typed)
    if not matching:
        batch.failures.append((window, None if found else number))
        if found:
            _count_failure(batch, found)
        return refusal(403, _UNKNOWN)
    return _admit(batch, matching)


def _seconds_locked(batch: Batch, found: Sequence[_Found]) -> int:
    until = [f.pin_locked_until if f.pin_id else f.locked_until for f in found] + [batch.shared.get(_lock_key(found))]
    left = [(moment - batch.at).total_seconds() for moment in until if moment is not None]
    return max(0, *(round(value) for value in left)) if left else 0


def _lock_key(found: Sequence[_Found]) -> tuple[str, UUID]:
    return ("locked", found[0].student_id)


def _matching(found: Sequence[_Found], typed: str) -> list[_Found]:
    """The sittings that this PIN, or this one-time code, opens; every comparison is made, whatever came before."""
    matching = []
    for sitting in found:
        by_pin = hmac.compare_digest(pin_mac(sitting.student_id, typed), bytes(sitting.pin_mac or b""))
        by_code = hmac.compare_digest(pin_mac(sitting.id, typed), bytes(sitting.code_mac or b""))
        if ((by_pin and not sitting.is_code_only) or by_code) and typed:
            matching.append(sitting)
    return matching


def _count_failure(batch: Batch, found: Sequence[_Found]) -> None:
    """Count with the PIN where the pupil has one, so that a new PIN opens the lock; else with the sittings."""
    first, key = found[0], ("failures", found[0].student_id)
    earlier = batch.shared.get(key, first.pin_failures if first.pin_id else max(f.failures for f in found))
    failures = 1 if earlier >= FAILURES_TO_LOCK else earlier + 1
    until = batch.at + dt.timedelta(seconds=LOCK_SECONDS) if failures >= FAILURES_TO_LOCK else None
    batch.shared[key], batch.shared[_lock_key(found)] = failures, until
    if first.pin_id:
        batch.rows.change(PIN_WRONG, failures, until, first.pin_id)
    else:
        for sitting in found:
            batch.rows.change(CODE_WRONG, failures, until, sitting.id)
    if until is not None:
        batch.rows.add_event(
            sitting_event("sheets.entry.locked", first.student_id, first.id, first.place, first.county_id,
                          failures=failures)
        )  # fmt: skip


def _admit(batch: Batch, matching: Sequence[_Found]) -> Reply:
    """The newest open sitting; else the newest that was handed in, is excused, or is not open."""
    now_open = [f for f in matching if f.is_open(batch.at) and f.status == StudentStatus.ACTIVE]
    chosen = next((f for f in now_open if f.state in ("waiting", "started")), None)
    if chosen is not None:
        return _let_in(batch, chosen)
    if not now_open and (not_yet := _not_yet(batch, matching)) is not None:
        return not_yet
    for sitting in now_open or matching:
        if sitting.state == "submitted":
            at = sitting.submitted_at.isoformat() if sitting.submitted_at else ""
            return refusal(409, "already_submitted", receipt=sitting.receipt, at=at)
        if sitting.state == "excused" and sitting.excuse == "no_consent":
            return refusal(403, "needs_consent")
    return refusal(403, "not_open")


def _not_yet(batch: Batch, matching: Sequence[_Found]) -> Reply | None:
    """Where no sitting is open and one is still to come: when that is, on the clock of the school."""
    ahead = [f for f in matching if f.state in ("waiting", "started") and f.opens_at > batch.at]
    coming = min((f for f in ahead if f.status == StudentStatus.ACTIVE), key=lambda f: f.opens_at, default=None)
    if coming is None:
        return None
    opens = timezone.localtime(coming.opens_at)
    return refusal(403, "not_open", day=opens.date().isoformat(), hour=f"{opens:%H:%M}")


def _let_in(batch: Batch, sitting: _Found) -> Reply:
    battery = batch.desk.papers.by_id(batch.store, sitting.paper_id)
    if battery is None:
        return refusal(403, "not_open")
    is_pupil = sitting.informant == Informant.SELF
    if (
        is_pupil
        and battery.has_suicide_item
        and not batch.desk.schools.is_someone_on_duty(batch.store, sitting.place, batch.at)
    ):
        return refusal(403, "nobody_on_duty")
    batch.rows.change(ENTERED, batch.at, sitting.id)
    if is_pupil and sitting.pin_id and (sitting.pin_failures or sitting.pin_locked_until):
        batch.rows.change(PIN_RIGHT, sitting.pin_id)
    event, facts = said_of(sitting.informant, "sheets.sitting.entered")
    batch.rows.add_event(
        sitting_event(event, sitting.student_id, sitting.id, sitting.place, sitting.county_id, **facts)
    )
    secret = batch.desk.tickets_secret
    return Reply(200, {
        "ticket": write_ticket(secret, _ticket(batch, sitting)),
        "paper": battery.address,
        "sitting": draft_name(secret, sitting.id),
        "pad": base64.b64encode(pad_bytes(secret, sitting.id, battery.item_count)).decode(),
        "name_hint": _name_hint(batch, sitting),
        "lang": "zh-hans",
        **({} if is_pupil else {"informant": sitting.informant}),
    })  # fmt: skip


def ticket_of_sitting(batch: Batch, sitting_id: UUID) -> Ticket | None:
    """Return the ticket that the pupil of a sitting would hold now, for a sheet that came in on paper."""
    rows = batch.store.select_each(_BY_ID, [(sitting_id,)])[0]
    if not rows:
        return None
    sitting = _found(batch, rows[0])
    batch.desk.keys.load(batch.store, [sitting.student_key_id])
    return _ticket(batch, sitting)


def _ticket(batch: Batch, sitting: _Found) -> Ticket:
    return Ticket(
        sitting_id=sitting.id, student_id=sitting.student_id, key_id=sitting.key_id, origin_id=sitting.origin_id,
        paper_id=sitting.paper_id, class_id=sitting.class_id, county_id=sitting.county_id, place=sitting.place,
        issued_at=int(batch.at.timestamp()), expires_at=int(expiry(batch.at, sitting.closes_at).timestamp()),
        sex=sitting.sex if sitting.sex in ("male", "female") else None,
        grade=batch.desk.schools.grade(batch.store, sitting.class_id, batch.at), age=_age(batch, sitting),
    )  # fmt: skip


def _opened(batch: Batch, sitting: _Found, column: str, sealed: bytes | None) -> str:
    cipher = batch.desk.keys.cipher(sitting.student_key_id)
    if cipher is None or sealed is None:
        return ""
    bound_to = associated("people_student", column, sitting.student_id, sitting.student_key_id)
    try:
        return open_bytes(cipher, bytes(sealed), bound_to).decode()
    except Misplaced:
        return ""


def _name_hint(batch: Batch, sitting: _Found) -> str:
    """The first character of the name and a star: enough to see that this is not the neighbour's sheet."""
    name = _opened(batch, sitting, "name", sitting.name)
    return f"{name[0]}*" if name else ""


def _age(batch: Batch, sitting: _Found) -> int | None:
    """Completed years where the birth date is known, else the difference of the years, which may be one too many."""
    today = batch.today
    try:
        born = dt.date.fromisoformat(_opened(batch, sitting, "birth_on", sitting.birth_on))
    except ValueError:
        return today.year - sitting.birth_year if sitting.birth_year else None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
