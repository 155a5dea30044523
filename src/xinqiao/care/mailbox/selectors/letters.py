"""Letters for whoever answers them: the list, and one letter with all that was said."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.mailbox.models import LetterWords, NameRequest, PupilLetter
from xinqiao.care.mailbox.rows import every_name, every_request, every_word
from xinqiao.care.mailbox.states import OPENED, LetterState, NameState, UrgentState, Writer
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.selectors import ClockRow, running_clocks
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import schools_for
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

SHOWN = 200


@dataclass(frozen=True)
class LetterRow:
    """One letter of the list: how it came, who signed it (empty for nobody), how it stands, minutes left."""

    id: UUID
    channel: str
    pupil: str
    state: str
    is_urgent: bool
    has_signal: bool
    holder: str
    written_at: dt.datetime
    minutes_left: int | None


@dataclass(frozen=True)
class Said:
    """Words in a letter: whose, when, and the name of the colleague who answered."""

    writer: str
    words: str
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class RequestRow:
    """A request for the name: how it stands, why, what the second person said, and whether the reader asked."""

    id: UUID
    state: str
    label: str
    asked_by: str
    asked_at: dt.datetime
    reason: str
    decision: str
    is_own: bool
    can_show: bool
    signal_id: UUID | None


@dataclass(frozen=True)
class LetterPage:
    """One letter. `may_ask` and `may_rescue` say whether its sealed name can still be asked for or opened."""

    row: LetterRow
    said: tuple[Said, ...]
    draft: str
    words_aside: str
    requests: tuple[RequestRow, ...]
    colleagues: tuple[tuple[UUID, str], ...]
    may_ask: bool
    may_rescue: bool
    is_signed: bool
    is_open: bool
    has_code: bool


def find_letter(actor: Actor, letter_id: UUID) -> PupilLetter | None:
    """Return a letter that the actor may answer."""
    found: PupilLetter | None = _letters(actor).filter(pk=letter_id).first()
    return found


def find_request(actor: Actor, request_id: UUID, permission: Permission) -> NameRequest | None:
    """Return a request for a name where the actor holds the permission."""
    rows: ScopedQuerySet[NameRequest] = NameRequest.objects.visible_to(actor, permission)
    found: NameRequest | None = rows.filter(pk=request_id).first()
    return found


def letter_rows(actor: Actor, now: dt.datetime, *, closed: bool = False) -> list[LetterRow]:
    """Return the open letters, what does not wait first, then who has least time; or the newest closed ones."""
    rows = _letters(actor)
    found = list(
        rows.filter(state=LetterState.CLOSED).exclude(urgent=UrgentState.WAITING).order_by("-closed_at")[:SHOWN]
        if closed
        else rows.exclude(state=LetterState.CLOSED).order_by("waits_since")
    )
    if not found:
        return []
    note_reading(actor, "mailbox.letters.read", subject_kind="students", place=min(row.place for row in found),
                 county_id=found[0].county_id, facts={"count": len(found)})  # fmt: skip
    shown = _rows(found, now)
    return shown if closed else sorted(shown, key=_pressing)


def count_waiting(actor: Actor) -> int:
    """Return how many letters wait for an answer or for somebody to take them up; a number, so no event."""
    waiting = _letters(actor)
    return waiting.filter(Q(state=LetterState.WAITING) | Q(urgent=UrgentState.WAITING)).count()


def letter_page(actor: Actor, letter: PupilLetter, now: dt.datetime) -> LetterPage:
    """Return a letter with all that was said; reading it is an event, on the pupil where the pupil signed."""
    subject = ("student", letter.student_id) if letter.student_id else ("pupil_letter", letter.id)
    note_reading(actor, "mailbox.letter.read", subject_kind=subject[0], subject_id=subject[1], place=letter.place,
                 county_id=letter.county_id, facts={"letter": str(letter.id)})  # fmt: skip
    own = open_sealed([letter], "draft", "words_aside")[0]
    requests = list(every_request().filter(letter=letter).order_by("asked_at"))
    states = {each.state for each in requests}
    is_sealed = every_name().filter(letter=letter).exists() and not states & set(OPENED)
    return LetterPage(
        row=_rows([letter], now)[0], said=_said(letter), draft=own["draft"] or "",
        words_aside=own["words_aside"] or "", requests=_requests(actor, requests),
        colleagues=colleagues_for(actor, letter, now),
        may_ask=is_sealed and not states & {NameState.ASKED, NameState.APPROVED},
        may_rescue=is_sealed, is_signed=letter.student_id is not None, is_open=letter.state != LetterState.CLOSED,
        has_code=letter.code_index is not None,
    )  # fmt: skip


def colleagues_for(actor: Actor, letter: PupilLetter, now: dt.datetime) -> tuple[tuple[UUID, str], ...]:
    """Return who else may answer a letter, with names."""
    may = staff_who_may(Permission.MAIL_ANSWER, letter.place, now.date())
    return tuple(staff_names([each for each in may if each != actor.staff_id]).items())


def schools_to_type_in(actor: Actor) -> list[Unit]:
    """Return the schools for which the actor may keep a letter that came another way."""
    return schools_for(actor, Permission.MAIL_ANSWER)


def pupil_numbered(actor: Actor, school: Unit, number_index: bytes) -> Student | None:
    """Return the pupil of a school with this number; None where there is none, or more than one."""
    rows = Student.objects.visible_to(actor, Permission.MAIL_ANSWER).filter(
        school_id=school.id, number_index=number_index, status=StudentStatus.ACTIVE
    )
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def _letters(actor: Actor) -> "ScopedQuerySet[PupilLetter]":
    rows: ScopedQuerySet[PupilLetter] = PupilLetter.objects.visible_to(actor, Permission.MAIL_ANSWER)
    return rows.select_related("student")


def _pressing(row: LetterRow) -> tuple[bool, bool, int]:
    return (not row.is_urgent, row.minutes_left is None, row.minutes_left or 0)


def _rows(letters: Sequence[PupilLetter], now: dt.datetime) -> list[LetterRow]:
    clocks = running_clocks([each.id for each in letters], now)
    names = names_of([each.student for each in letters if each.student is not None])
    staff = staff_names(sorted({each.holder for each in letters if each.holder is not None}))
    return [
        LetterRow(
            id=each.id, channel=str(each.get_channel_display()), state=each.state,
            pupil=names[each.student_id] if each.student_id else "", is_urgent=each.urgent == UrgentState.WAITING,
            has_signal=each.urgent == UrgentState.SIGNAL, holder=staff.get(each.holder, "") if each.holder else "",
            written_at=each.written_at, minutes_left=_left(clocks.get(each.id, [])),
        )
        for each in letters
    ]  # fmt: skip


def _left(clocks: Sequence[ClockRow]) -> int | None:
    return min((clock.minutes_left for clock in clocks), default=None)


def _said(letter: PupilLetter) -> tuple[Said, ...]:
    rows: list[LetterWords] = list(every_word().filter(letter=letter).order_by("at", "id"))
    names = staff_names(sorted({row.by for row in rows if row.by is not None}))
    return tuple(
        Said(row.writer, opened["words"] or "", row.at, names.get(row.by, "") if row.by else "")
        for row, opened in zip(rows, open_sealed(rows, "words"), strict=True)
        if row.writer in Writer.values
    )


def _requests(actor: Actor, rows: Sequence[NameRequest]) -> tuple[RequestRow, ...]:
    names = staff_names(sorted({row.asked_by for row in rows}))
    return tuple(
        RequestRow(
            id=row.id, state=row.state, label=str(row.get_state_display()), asked_by=names.get(row.asked_by, ""),
            asked_at=row.asked_at, reason=opened["reason"] or "", decision=opened["decision"] or "",
            is_own=row.asked_by == actor.person_id, signal_id=row.signal_id,
            can_show=row.state == NameState.APPROVED and row.asked_by == actor.person_id,
        )
        for row, opened in zip(rows, open_sealed(list(rows), "reason", "decision"), strict=True)
    )  # fmt: skip
