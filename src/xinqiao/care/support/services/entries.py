"""Proposing, entering, reviewing and ending what the register says of a pupil."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from xinqiao.care.support import rules
from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.states import EndReason, EntryState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for

_REASON = "body of a command that has checked its actor at the pupil's place"


class CannotRegister(ValueError):
    """The register does not take it; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class EntryDraft:
    """What is written of a pupil: category and kind as codes of the policy in force (kind may be ""), and why."""

    category: str
    kind: str
    reason: str


@command(Permission.REGISTER_PROPOSE)
def propose_entry(student: Student, *, actor: Actor, draft: EntryDraft) -> RegisterEntry | Unchanged:
    """Propose a pupil for the register; the psychology teacher decides. Raises CannotRegister.

    Whether the pupil is on it already is neither asked nor told here: that is not the proposer's to know.
    """
    _demand(_refusal(student, draft, is_kept=False))
    by = actor.person_id
    if _rows(student, draft.category).filter(state=EntryState.PROPOSED, proposed_by=by).exists():
        return Unchanged("proposed_already")
    entry = _new(student, draft, EntryState.PROPOSED)
    entry.proposed_by, entry.proposed_at = by, now()
    entry.save(force_insert=True)
    _record(entry, "support.entry.proposed")
    return entry


@command(Permission.REGISTER_EDIT)
def add_entry(student: Student, *, actor: Actor, draft: EntryDraft) -> RegisterEntry:
    """Enter a pupil into the register. Raises CannotRegister."""
    is_kept = _rows(student, draft.category).filter(state=EntryState.KEPT).exists()
    _demand(_refusal(student, draft, is_kept=is_kept))
    entry = _new(student, draft, EntryState.KEPT)
    for name, value in _kept_fields(student, actor).items():
        setattr(entry, name, value)
    entry.save(force_insert=True)
    _record(entry, "support.entry.added")
    return entry


@command(Permission.REGISTER_EDIT)
def accept_entry(entry: RegisterEntry, *, actor: Actor) -> RegisterEntry:
    """Take a proposal up. Raises CannotRegister, also where the pupil is kept under the category already."""
    is_kept = _rows(entry.student, entry.category).filter(state=EntryState.KEPT).exists()
    _demand(rules.refusal_to_accept(entry.state, is_kept=is_kept))
    fields = _kept_fields(entry.student, actor)
    _move(entry, EntryState.PROPOSED, EntryState.KEPT, rules.NOT_PROPOSED, **fields)
    _record(entry, "support.entry.accepted")
    return entry


@command(Permission.REGISTER_EDIT)
def decline_entry(entry: RegisterEntry, *, actor: Actor) -> RegisterEntry:
    """Do not take a proposal up; it stays on record, and the proposer is not told. Raises CannotRegister."""
    by = actor.person_id
    _move(entry, EntryState.PROPOSED, EntryState.DECLINED, rules.NOT_PROPOSED, decided_by=by, decided_at=now())
    _record(entry, "support.entry.declined")
    return entry


@command(Permission.REGISTER_EDIT)
def review_entry(entry: RegisterEntry, *, actor: Actor, reason: str) -> RegisterEntry:
    """Say that an entry was looked at again and stands, with what holds today. Raises CannotRegister."""
    _demand(rules.refusal_to_review(entry.state, reason))
    entry.reason = reason.strip()
    seal_rows([entry])
    on = today()
    fields = {
        "reason": entry.reason, "reviewed_on": on, "reviewed_by": actor.person_id,
        "review_on": _next_look(entry.student, on),
    }  # fmt: skip
    _move(entry, EntryState.KEPT, EntryState.KEPT, rules.NOT_KEPT, **fields)
    _record(entry, "support.entry.reviewed")
    return entry


@command(Permission.REGISTER_EDIT)
def end_entry(entry: RegisterEntry, *, actor: Actor, why: str) -> RegisterEntry:
    """Take a pupil off the register, for a reason (a code of `EndReason`). Raises CannotRegister."""
    _demand(rules.refusal_to_end(entry.state, why))
    fields = {"ended_on": today(), "ended_by": actor.person_id, "end_reason": EndReason(why)}
    _move(entry, EntryState.KEPT, EntryState.ENDED, rules.NOT_KEPT, **fields)
    _record(entry, "support.entry.ended", why=str(EndReason(why)))
    return entry


def _refusal(student: Student, draft: EntryDraft, *, is_kept: bool) -> str:
    categories = parameters_for(student.place, today()).register_categories
    return rules.refusal_to_enter(
        draft.category, draft.kind, draft.reason, known={c.code: [k.code for k in c.kinds] for c in categories},
        is_at_school=student.status == StudentStatus.ACTIVE, is_kept=is_kept,
    )  # fmt: skip


def _demand(refusal: str) -> None:
    if refusal:
        raise CannotRegister(refusal)


def _new(student: Student, draft: EntryDraft, state: EntryState) -> RegisterEntry:
    return RegisterEntry(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id, state=state,
        category=draft.category, kind=draft.kind or None, reason=draft.reason.strip(),
    )  # fmt: skip


def _kept_fields(student: Student, actor: Actor) -> dict[str, object]:
    on, by = today(), actor.person_id
    return {
        "decided_by": by, "decided_at": now(), "since": on, "reviewed_on": on, "reviewed_by": by,
        "review_on": _next_look(student, on),
    }  # fmt: skip


def _next_look(student: Student, on: dt.date) -> dt.date:
    return on + dt.timedelta(days=parameters_for(student.place, on).register_review_days)


def _rows(student: Student, category: str) -> "QuerySet[RegisterEntry]":
    rows: QuerySet[RegisterEntry] = RegisterEntry.objects.for_system(reason=_REASON).filter(
        student=student, category=category
    )
    return rows


def _move(entry: RegisterEntry, source: EntryState, target: EntryState, refusal: str, **fields: object) -> None:
    """Move by conditional update; of two at once only one succeeds."""
    rows = RegisterEntry.objects.for_system(reason=_REASON).filter(pk=entry.pk, state=source)
    if not rows.update(state=target, **fields):
        raise CannotRegister(refusal)
    entry.refresh_from_db()


def _record(entry: RegisterEntry, event: str, **facts: str) -> None:
    record(event, subject_kind="student", subject_id=entry.student_id, place=entry.place, county_id=entry.county_id,
           facts={"category": entry.category, **facts})  # fmt: skip
