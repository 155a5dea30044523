"""Notes of sessions: kept, amended with the old text kept, saved as a draft. Writing needs no sentence."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.counselling import course_rules as rules
from xinqiao.care.counselling.course_rows import (
    every_draft,
    every_goal,
    every_note,
    every_session,
    locked_own,
    record_course,
)
from xinqiao.care.counselling.errors import CannotCounsel
from xinqiao.care.counselling.keyring import current_version
from xinqiao.care.counselling.models import Course, Draft, GroupVersion, Progress, SealedNote, Session
from xinqiao.care.counselling.notes import Note, sealed_note, sealed_typed
from xinqiao.care.counselling.rows import group_of
from xinqiao.care.counselling.states import Risk
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.policy.selectors import parameters_for

RISK_REASON = "counselling_risk"


@dataclass(frozen=True)
class SessionDraft:
    """When, how long (minutes) and how; `key` comes with the form, so that the same form sent twice is one session.

    `progress` says for some goals how near they are, 0 to 10.
    """

    key: UUID
    held_on: dt.date
    minutes: int
    form: str
    progress: Mapping[UUID, int]


@command(Permission.COUNSEL_WRITE)
def keep_note(course: Course, *, actor: Actor, draft: SessionDraft, note: Note) -> Session | Unchanged:
    """Keep a session of the own course with its note; risk that was found is a signal in the same step.

    Raises CannotCounsel.
    """
    course = locked_own(course, actor)
    if every_session().filter(pk=draft.key).exists():
        return Unchanged("kept_already")
    is_empty = not any(note.filled().values()) and not note.words.strip()
    refusal = rules.refusal_to_keep(
        draft.held_on, course.signed_on, today(), is_running=True, is_empty=is_empty,
        back_on=timezone.localtime(course.consent_back_at).date() if course.consent_back_at else None,
        is_risky=note.risk in (Risk.FOUND, Risk.ACUTE),
    )  # fmt: skip
    if refusal:
        raise CannotCounsel(refusal)
    version, at = _version(course), now()
    session = Session(
        id=draft.key, county_id=course.county_id, place=course.place, course=course, held_on=draft.held_on,
        minutes=draft.minutes, form=draft.form, written_by=actor.person_id, written_at=at, **note.filled(),
    )  # fmt: skip
    session.save(force_insert=True)
    _write(session, version, note, number=1, by=actor.person_id, at=at)
    _write_progress(session, draft.progress)
    every_draft().filter(pk=draft.key).delete()
    record_course("counselling.note.kept", course, session=str(session.id))
    _raise_if_risky(session, note, at)
    return session


@command(Permission.COUNSEL_WRITE)
def amend_note(session: Session, *, actor: Actor, note: Note, number: int) -> SealedNote:
    """Write a note of the own course anew, as version `number`; what it said before is kept. Raises CannotCounsel."""
    course = locked_own(session.course, actor)
    if not note.why.strip():
        raise CannotCounsel(rules.NO_WHY)
    if not any(note.filled().values()) and not note.words.strip():
        raise CannotCounsel(rules.NOTHING_WRITTEN)
    if every_note().filter(session=session).count() + 1 != number:
        raise CannotCounsel(rules.AMENDED_MEANWHILE)
    at = now()
    written = _write(session, _version(course), note, number=number, by=actor.person_id, at=at)
    every_session().filter(pk=session.pk).update(**note.filled())
    record_course("counselling.note.amended", course, session=str(session.id), number=number)
    _raise_if_risky(session, note, at)
    return written


@command(Permission.COUNSEL_WRITE)
def save_draft(course: Course, *, actor: Actor, key: UUID, typed: Mapping[str, str]) -> Draft | Unchanged:
    """Save what was typed so far, sealed as a note is. Raises CannotCounsel.

    A form that was kept meanwhile, and somebody else's draft, stay as they are.
    """
    course = locked_own(course, actor)
    known = every_draft().filter(pk=key).first()
    if every_session().filter(pk=key).exists() or (
        known is not None and (known.written_by != actor.person_id or known.course_id != course.id)
    ):
        return Unchanged("kept_already")
    version = _version(course)
    draft = Draft(
        id=key, county_id=course.county_id, place=course.place, course=course, version=version,
        key_id=course.student.key_id, box=sealed_typed(version, typed, key), written_by=actor.person_id,
        saved_at=now(),
    )  # fmt: skip
    draft.save(force_insert=known is None, force_update=known is not None)
    record_course("counselling.draft.saved", course)
    return draft


def _version(course: Course) -> GroupVersion:
    version = current_version(group_of(course.student.school_place))
    if version is None:
        raise CannotCounsel(rules.NO_GROUP)
    return version


def _write(
    session: Session, version: GroupVersion, note: Note, *, number: int, by: UUID, at: dt.datetime
) -> SealedNote:  # fmt: skip
    row = SealedNote(
        county_id=session.county_id, place=session.place, session=session, number=number, version=version,
        key_id=session.course.student.key_id, written_by=by, written_at=at,
    )  # fmt: skip
    row.box = sealed_note(version, note, row.id)
    row.save(force_insert=True)
    return row


def _write_progress(session: Session, progress: Mapping[UUID, int]) -> None:
    known = set(every_goal().filter(course=session.course, pk__in=list(progress)).values_list("pk", flat=True))
    if known != set(progress) or not all(0 <= value <= rules.HIGHEST for value in progress.values()):
        raise CannotCounsel(rules.BAD_PROGRESS)
    for goal_id, value in progress.items():
        Progress(
            county_id=session.county_id, place=session.place, goal_id=goal_id, session=session,
            key_id=session.course.student.key_id, value=str(value),
        ).save(force_insert=True)  # fmt: skip


def _raise_if_risky(session: Session, note: Note, at: dt.datetime) -> None:
    """The signal says that a counsellor found risk, and not a word of the note."""
    if note.risk not in (Risk.FOUND, Risk.ACUTE):
        return
    student = session.course.student
    policy = parameters_for(student.place, today()).counselling
    urgency = policy.risk_acute if note.risk == Risk.ACUTE else policy.risk_found
    raise_signal(
        student, source=Source.COUNSELLOR, urgency=urgency, evidence=0, basis=[Reason(RISK_REASON)],
        origin_kind="counselling", origin_id=session.id, once=f"counselling:{session.id}:{note.risk}", at=at,
    )  # fmt: skip
