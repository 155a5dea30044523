"""Answering a letter: drafts, answers, handing over, closing, what does not wait, and letters that staff type in."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.recipients import Recipient, addresses_of
from xinqiao.care.mailbox import rules
from xinqiao.care.mailbox.clocks import (
    LETTER,
    LETTER_ANSWER,
    LETTER_URGENT,
    cancel_deadlines,
    meet_deadline,
    start_letter_clocks,
)
from xinqiao.care.mailbox.errors import CannotDo, demand
from xinqiao.care.mailbox.models import PupilLetter
from xinqiao.care.mailbox.raising import raise_for
from xinqiao.care.mailbox.rows import every_letter, every_request, every_word
from xinqiao.care.mailbox.states import SECOND_WAITS, Channel, LetterState, UrgentState, Writer, sources_of
from xinqiao.care.mailbox.words_in import add_words, locked, record_letter
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student


@dataclass(frozen=True)
class TypedIn:
    """A letter that came by e-mail, on paper or by telephone; `once` comes with the form, `student` signed it."""

    once: UUID
    channel: str
    words: str
    came_at: dt.datetime
    is_urgent: bool
    student: Student | None


@command(Permission.MAIL_ANSWER)
def keep_draft(letter: PupilLetter, *, actor: Actor, words: str) -> PupilLetter:
    """Keep an answer that is not sent yet, sealed. Raises CannotDo."""
    del actor
    row = locked(letter.pk)
    demand(rules.TOO_LONG if len(words) > rules.LONGEST_WORDS else "")
    demand(rules.SETTLED_ALREADY if row.state == LetterState.CLOSED else "")
    row.draft = words.strip() or None
    row.save(update_fields=["draft"])
    record_letter(row, "mailbox.draft.kept")
    return row


@command(Permission.MAIL_ANSWER)
def answer_letter(letter: PupilLetter, *, actor: Actor, words: str, seen: int) -> PupilLetter | Unchanged:
    """Send an answer. `seen` is how many words stood in the letter when it was read: where more do by now, nothing is
    sent, so that two people do not answer past each other. Raises CannotDo."""
    row, at = locked(letter.pk), now()
    demand(rules.refusal_of_words(words))
    demand(rules.SETTLED_ALREADY if row.state == LetterState.CLOSED else "")
    standing = every_word().filter(letter=row).count()
    added = add_words(row, Writer.ANSWER, words, at=at, by=actor.person_id, key=f"{actor.person_id}|{seen}")
    if added is None:
        return Unchanged("answered_already")
    demand(rules.SETTLED_ALREADY if standing != seen else "")
    row.state, row.draft, row.answered_at = LetterState.ANSWERED, None, row.answered_at or at
    row.holder, row.due_at = actor.person_id, None
    row.save(update_fields=["state", "draft", "answered_at", "holder", "due_at"])
    meet_deadline(LETTER_ANSWER, row.id, at=at, by=actor.person_id)
    record_letter(row, "mailbox.letter.answered")
    return row


@command(Permission.MAIL_ANSWER)
def hand_over(letter: PupilLetter, *, actor: Actor, to: UUID) -> PupilLetter | Unchanged:
    """Give a letter to a colleague who may answer, with a neutral word to them. Its clocks run on. Raises CannotDo."""
    row, at = locked(letter.pk), now()
    demand(rules.SETTLED_ALREADY if row.state == LetterState.CLOSED else "")
    if row.holder == to:
        return Unchanged("holds_it_already")
    demand("" if to in staff_who_may(Permission.MAIL_ANSWER, row.place, today()) else rules.NOT_ABLE)
    row.holder = to
    row.save(update_fields=["holder"])
    people = [Recipient(to, "handed_over", may_read=True)]
    sent = post_messages(addresses_of(people, row.place), about_kind=LETTER, about_id=row.id, at=at)
    record_letter(row, "mailbox.letter.handed_over", to=str(to), by=str(actor.person_id), sent=sent)
    return row


@command(Permission.MAIL_ANSWER)
def close_letter(letter: PupilLetter, *, actor: Actor, reason: str) -> PupilLetter | Unchanged:
    """Close a letter with the reason in words; the pupil can still write on, which opens it again. Raises CannotDo."""
    row, at = locked(letter.pk), now()
    if row.state == LetterState.CLOSED:
        return Unchanged("closed_already")
    demand(rules.refusal_of_reason(reason))
    waits = every_request().filter(letter=row, state__in=SECOND_WAITS).exists()
    demand(rules.refusal_to_close(urgent=row.urgent, waits_for_second=waits))
    assert row.state in sources_of(LetterState.CLOSED)
    row.state, row.closed_at, row.closed_by, row.due_at = LetterState.CLOSED, at, actor.person_id, None
    row.words_closed = reason.strip()
    row.save(update_fields=["state", "closed_at", "closed_by", "due_at", "words_closed"])
    cancel_deadlines(row.id, at=at, reason="closed")
    record_letter(row, "mailbox.letter.closed")
    return row


@command(Permission.MAIL_ANSWER)
def make_urgent(letter: PupilLetter, *, actor: Actor) -> PupilLetter | Unchanged:
    """Say that a letter does not wait: a signal for the pupil who signed, else a clock until the name is opened or the
    letter is laid aside."""
    del actor
    row, at = locked(letter.pk), now()
    if row.urgent in (UrgentState.WAITING, UrgentState.SIGNAL):
        return Unchanged("urgent_already")
    row.urgent, row.urgent_since = UrgentState.WAITING, at
    row.save(update_fields=["urgent", "urgent_since"])
    if row.student is not None:
        raise_for(row, row.student, at=at)
    else:
        start_letter_clocks(row, at=at)
    record_letter(row, "mailbox.letter.made_urgent")
    return row


@command(Permission.MAIL_ANSWER)
def lay_letter_aside(letter: PupilLetter, *, actor: Actor, reason: str) -> PupilLetter:
    """Say with a reason that a letter can wait after all; it is still to be answered. Raises CannotDo."""
    row, at = locked(letter.pk), now()
    demand(rules.NOT_URGENT if row.urgent != UrgentState.WAITING else "")
    demand(rules.refusal_of_reason(reason))
    row.urgent, row.words_aside = UrgentState.ASIDE, reason.strip()
    row.save(update_fields=["urgent", "words_aside"])
    meet_deadline(LETTER_URGENT, row.id, at=at, by=actor.person_id)
    record_letter(row, "mailbox.letter.laid_aside")
    return row


@command(Permission.MAIL_ANSWER)
def type_in(school: Unit, *, actor: Actor, typed: TypedIn) -> PupilLetter | Unchanged:
    """Keep a letter that came another way, with its clocks; a second click keeps it once. Raises CannotDo."""
    at = now()
    demand(rules.refusal_of_words(typed.words))
    demand(rules.NO_SUCH_WAY if typed.channel not in Channel.values or typed.channel == Channel.WEB else "")
    demand(rules.NOT_YET if typed.came_at > at else "")
    if every_letter().filter(pk=typed.once).exists():
        return Unchanged("kept_already")
    student = typed.student
    if student is not None and student.school_id != school.id:
        raise CannotDo(rules.ANOTHER_SCHOOL)
    letter = PupilLetter(
        id=typed.once, county_id=school.shard_id, place=school.path, channel=typed.channel, student=student,
        key_id=student.key_id if student else new_key(SubjectKind.UNIT), written_at=typed.came_at, waits_since=at,
        told_at=at, entered_by=actor.person_id, holder=actor.person_id,
    )  # fmt: skip
    if typed.is_urgent:
        letter.urgent, letter.urgent_since = UrgentState.WAITING, at
    letter.save(force_insert=True)
    add_words(letter, Writer.PUPIL, typed.words, at=typed.came_at, by=None, key=str(typed.once))
    if typed.is_urgent and student is not None:
        raise_for(letter, student, at=at)
    start_letter_clocks(letter, at=at)
    record_letter(letter, "mailbox.letter.typed_in", channel=typed.channel)
    return letter
