"""Opening the sealed name behind a letter: asked for with a reason and decided by a second person, or at once where a
life is at stake and looked at by a second person afterwards."""

from uuid import UUID

from xinqiao.care.alerts.models import Signal
from xinqiao.care.mailbox import rules
from xinqiao.care.mailbox.clocks import NAME_CONFIRM, NAME_DECIDE, cancel_deadlines, meet_deadline, start_name_clock
from xinqiao.care.mailbox.errors import CannotDo, demand
from xinqiao.care.mailbox.models import NameRequest, PupilLetter
from xinqiao.care.mailbox.raising import raise_for
from xinqiao.care.mailbox.rows import every_letter, every_name, every_request
from xinqiao.care.mailbox.states import NameState, UrgentState, Writer, name_sources_of
from xinqiao.care.mailbox.words_in import add_words, locked
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student

_WHY = "opening a sealed name: by a second person's word, or to save a life"


@command(Permission.MAIL_ANSWER)
def ask_name(letter: PupilLetter, *, actor: Actor, reason: str, told: str) -> NameRequest | Unchanged:
    """Ask that the name behind a letter be opened: why, for the second person, and what the pupil will read. Raises
    CannotDo."""
    row, at = locked(letter.pk), now()
    own = every_request().filter(letter=row, state=NameState.ASKED, asked_by=actor.person_id)
    if own.exists():
        return Unchanged("asked_already")
    demand(_refusal_to_ask(row, reason, told, is_rescue=False))
    request = NameRequest(state=NameState.ASKED, **_fields(row, actor, reason, told))
    request.asked_at = request.due_at = at
    request.due_at, sent = start_name_clock(request, at=at)
    request.save(force_insert=True)
    _record(request, "mailbox.name.asked", sent=sent)
    return request


@command(Permission.MAIL_ANSWER)
def rescue_name(letter: PupilLetter, *, actor: Actor, reason: str, told: str) -> Signal | Unchanged:
    """Open the name at once because a life is at stake: a red signal stands for the pupil, the second person is told
    in the same step. A request that waits becomes this one. Raises CannotDo."""
    row, at = locked(letter.pk), now()
    if every_request().filter(letter=row, is_rescue=True, asked_by=actor.person_id).exists():
        return Unchanged("opened_already")
    demand(_refusal_to_ask(row, reason, told, is_rescue=True))
    student = _who(row)
    waiting = every_request().filter(letter=row, state__in=name_sources_of(NameState.RESCUE)).first()
    request = waiting or NameRequest(**_fields(row, actor, reason, told))
    if waiting is not None:
        cancel_deadlines(waiting.id, at=at, reason="rescue")
    request.state, request.is_rescue, request.asked_by, request.asked_at = (
        NameState.RESCUE, True, actor.person_id, at,
    )  # fmt: skip
    request.reason, request.told, request.decision = reason.strip(), told.strip(), None
    request.decided_by, request.decided_at, request.shown_at = None, None, at
    request.due_at, sent = start_name_clock(request, at=at)
    signal = raise_for(row, student, at=at, is_rescue=True)
    request.signal_id = signal.id
    request.save()
    add_words(row, Writer.OPENED, told, at=at, by=None, key=str(request.id))
    _record(request, "mailbox.name.rescued", sent=sent)
    return signal


@command(Permission.MAIL_NAME)
def decide_name(request: NameRequest, *, actor: Actor, agrees: bool, words: str) -> NameRequest | Unchanged:
    """Decide on a request, or on a name that was opened to save a life; never whoever asked. Raises CannotDo."""
    row, at = _locked(request.pk), now()
    target = _target(row, agrees=agrees)
    if row.decided_by == actor.person_id:
        return Unchanged("decided_already")
    demand(rules.refusal_to_decide(state=row.state, asked_by=row.asked_by, by=actor.person_id))
    demand(rules.refusal_of_reason(words))
    assert row.state in name_sources_of(target)
    row.state, row.decision, row.decided_by, row.decided_at = target, words.strip(), actor.person_id, at
    row.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    meet_deadline(NAME_CONFIRM if row.is_rescue else NAME_DECIDE, row.id, at=at, by=actor.person_id)
    _record(row, f"mailbox.name.{target}")
    return row


@command(Permission.MAIL_ANSWER)
def show_name(request: NameRequest, *, actor: Actor) -> Student:
    """Show the name that was approved, once, to whoever asked; the pupil reads in the letter that it was opened.
    Of a letter that does not wait a signal stands from then on. Raises CannotDo."""
    letter, row, at = locked(request.letter_id), _locked(request.pk), now()
    demand(rules.refusal_to_show(state=row.state, asked_by=row.asked_by, by=actor.person_id))
    student = _who(letter)
    row.state, row.shown_at = NameState.SHOWN, at
    if letter.urgent == UrgentState.WAITING:
        row.signal_id = raise_for(letter, student, at=at, is_rescue=True).id
    row.save(update_fields=["state", "shown_at", "signal_id"])
    told = open_sealed([row], "told")[0]["told"] or ""
    add_words(letter, Writer.OPENED, told, at=at, by=None, key=str(row.id))
    _record(row, "mailbox.name.shown")
    record("mailbox.pupil.named", subject_kind="student", subject_id=student.id, place=student.place,
           county_id=student.county_id)  # fmt: skip
    return student


def _target(row: NameRequest, *, agrees: bool) -> NameState:
    if row.is_rescue:
        return NameState.CONFIRMED if agrees else NameState.OBJECTED
    return NameState.APPROVED if agrees else NameState.REFUSED


def _refusal_to_ask(letter: PupilLetter, reason: str, told: str, *, is_rescue: bool) -> str:
    states = list(every_request().filter(letter=letter).values_list("state", flat=True))
    refusal = rules.refusal_to_ask(
        has_name=every_name().filter(letter=letter).exists(), states=states, is_rescue=is_rescue
    )
    return refusal or rules.refusal_of_reason(reason) or ("" if told.strip() else rules.NO_WORDS)


def _fields(letter: PupilLetter, actor: Actor, reason: str, told: str) -> dict[str, object]:
    return {
        "county_id": letter.county_id, "place": letter.place, "letter": letter, "key_id": letter.key_id,
        "reason": reason.strip(), "told": told.strip(), "asked_by": actor.person_id,
    }  # fmt: skip


def _locked(request_id: UUID) -> NameRequest:
    """The request with its row locked, its letter locked before it: whoever asks locks in the same order."""
    letter_id = every_request().values_list("letter_id", flat=True).get(pk=request_id)
    every_letter().select_for_update().get(pk=letter_id)
    found: NameRequest = every_request().select_for_update().get(pk=request_id)
    return found


def _who(letter: PupilLetter) -> Student:
    """Open the sealed name. The one place where a letter and a pupil come together."""
    name = every_name().get(letter=letter)
    who = open_sealed([name], "who")[0]["who"]
    found = Student.objects.for_system(reason=_WHY).filter(pk=UUID(who)).first() if who else None
    student: Student | None = found
    if student is None:
        raise CannotDo(rules.NAME_GONE)
    return student


def _record(request: NameRequest, event: str, **facts: object) -> None:
    """The event names the letter and never the pupil."""
    record(event, subject_kind="pupil_letter", subject_id=request.letter_id, place=request.place,
           county_id=request.county_id, facts={"request": str(request.id), **facts})  # fmt: skip
