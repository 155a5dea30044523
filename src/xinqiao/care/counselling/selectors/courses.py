"""What the pages of courses show: one's own list, one course with what the reader's key opens of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db.models import Q

from xinqiao.care.counselling.course_rows import (
    every_draft,
    every_note,
    every_progress,
    every_session,
    goals_in_words,
)
from xinqiao.care.counselling.keyring import opened_versions
from xinqiao.care.counselling.models import Course, Draft, OwnKey, SealedNote, Session
from xinqiao.care.counselling.notes import Note, opened_note, opened_typed
from xinqiao.care.counselling.rows import every_member, group_of
from xinqiao.care.counselling.states import CourseState, MemberState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.kinds import CONSENT_BACK
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.models import Student

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

MOST_IDS_IN_AUDIT = 200
Opened = tuple[OwnKey, X25519PrivateKey] | None


@dataclass(frozen=True)
class CourseRow:
    """One course in a list."""

    id: UUID
    name: str
    class_name: str
    counsellor: str
    state: str
    state_name: str
    opened_on: dt.datetime
    sessions: int
    last_on: dt.date | None
    is_consent_back: bool


@dataclass(frozen=True)
class NoteRow:
    """One version of a note; `note` is None where it stays shut."""

    number: int
    note: Note | None
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class SessionRow:
    """A session with its notes, the newest version first, and what was said of its goals."""

    id: UUID
    held_on: dt.date
    minutes: int
    form_name: str
    filled: int
    notes: tuple[NoteRow, ...]


@dataclass(frozen=True)
class GoalRow:
    """A goal with its curve, 0 to 10, in the order of the sessions."""

    id: UUID
    words: str
    values: tuple[int, ...]


def courses_for(actor: Actor) -> dict[str, list[CourseRow]]:
    """Return what the reader counsels (`own`), what waits for somebody (`waiting`), what the group shares (`shared`)
    and the own ones that ended (`ended`); reading it is one audit event."""
    found = list(_visible(actor).select_related("student").order_by("-opened_at", "id"))
    rows = dict(zip([course.id for course in found], _rows(found), strict=True))
    if found:
        note_reading(
            actor, "counselling.courses.read", subject_kind="students",
            place=min(course.student.school_place for course in found), county_id=found[0].county_id,
            facts={"count": len(found), "ids": [str(course.student_id) for course in found[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    own = [each for each in found if each.counsellor == actor.person_id]
    groups = {
        "own": [each for each in own if each.state == CourseState.RUNNING],
        "waiting": [each for each in found if each.state == CourseState.WAITING],
        "shared": [each for each in found if each not in own and each.state == CourseState.RUNNING],
        "ended": [each for each in found if each.state == CourseState.ENDED],
    }
    return {name: [rows[each.id] for each in group] for name, group in groups.items()}


def count_waiting(actor: Actor) -> int:
    """Return how many courses wait for a counsellor where the actor counsels. Names nobody."""
    rows = Course.objects.visible_to(actor, Permission.COUNSEL_WRITE).filter(state=CourseState.WAITING)
    return int(rows.count())


def course_for(actor: Actor, course_id: UUID) -> Course | None:
    """Return a course on which the actor is: as its counsellor, of the group that shares it, or while it waits."""
    return _visible(actor).select_related("student").filter(pk=course_id).first()


def course_of_pupil(actor: Actor, student: Student) -> Course | None:
    """Return the pupil's open course, if the actor is on it."""
    return _visible(actor).filter(student=student).exclude(state=CourseState.ENDED).first()


def courses_of_pupil(actor: Actor, student: Student) -> list[Course]:
    """Return all of the pupil's courses on which the actor is, the oldest first; whoever calls notes the reading."""
    return list(_visible(actor).filter(student=student).order_by("opened_at", "id"))


def consent_due(course: Course) -> dt.datetime | None:
    """Return by when a course whose consent was taken back is to end, None for any other."""
    clock = open_clocks().filter(kind=CONSENT_BACK, subject_id=course.id).first() if course.consent_back_at else None
    return clock.due_at if clock else None


def session_for(actor: Actor, session_id: UUID) -> Session | None:
    """Return a session of a course on which the actor is."""
    found = every_session().select_related("course__student").filter(pk=session_id).first()
    return found if found and course_for(actor, found.course_id) else None


def note_course_read(actor: Actor, course: Course, *, notes: int = 0) -> None:
    """Write down that somebody read a course, and whether notes of it lay open."""
    event = "counselling.notes.read" if notes else "counselling.course.read"
    note_reading(
        actor, event, subject_kind="student", subject_id=course.student_id, place=course.place,
        county_id=course.county_id, facts={"course": str(course.id), "count": notes},
    )  # fmt: skip


def sessions_of(actor: Actor, course: Course, opened: Opened) -> list[SessionRow]:
    """Return the sessions of a course that was fetched for the actor, the newest first, as far as the key opens them.

    Reading notes is an audit event of its own.
    """
    sessions = list(every_session().filter(course=course).order_by("-held_on", "-written_at"))
    notes = list(every_note().filter(session__in=sessions).order_by("-number"))
    privates = _privates(course, opened)
    boxes = open_sealed(notes, "box") if privates else [{"box": None}] * len(notes)
    by = staff_names(list({note.written_by for note in notes}))
    rows: dict[UUID, list[NoteRow]] = {}
    for note, box in zip(notes, boxes, strict=True):
        said = opened_note(privates.get(note.version_id), box["box"], note.id)
        rows.setdefault(note.session_id, []).append(
            NoteRow(note.number, said, by.get(note.written_by, ""), note.written_at)
        )
    shown = sum(row.note is not None for group in rows.values() for row in group)
    note_course_read(actor, course, notes=shown)
    return [_session_row(session, rows.get(session.id, [])) for session in sessions]


def newest_note(course: Course, session: Session, opened: Opened) -> tuple[SealedNote, Note | None]:
    """Return the version that holds of a session's note, and what it says as far as the key opens it."""
    row = every_note().filter(session=session).order_by("-number")[0]
    private = _privates(course, opened).get(row.version_id)
    return row, opened_note(private, open_sealed([row], "box")[0]["box"], row.id)


def drafts_of(actor: Actor, course: Course) -> list[Draft]:
    """Return the actor's own drafts of a course, the newest first, sealed."""
    return list(every_draft().filter(course=course, written_by=actor.person_id).order_by("-saved_at"))


def opened_draft(actor: Actor, course: Course, draft_id: UUID, opened: Opened) -> dict[str, str] | None:
    """Return what one of the actor's own drafts holds; None where it is not there or stays shut."""
    row = every_draft().filter(pk=draft_id, course=course, written_by=actor.person_id).first()
    if row is None:
        return None
    return opened_typed(_privates(course, opened).get(row.version_id), open_sealed([row], "box")[0]["box"], row.id)


def goals_of(course: Course) -> list[GoalRow]:
    """Return the goals of a course with their curves."""
    rows = list(every_progress().filter(goal__course=course).order_by("session__held_on", "session__written_at"))
    values: dict[UUID, list[int]] = {}
    for row, said in zip(rows, open_sealed(rows, "value"), strict=True):
        if said["value"]:  # else its key was destroyed
            values.setdefault(row.goal_id, []).append(int(said["value"]))
    return [GoalRow(each, words, tuple(values.get(each, ()))) for each, words in goals_in_words(course).items()]


def _visible(actor: Actor) -> "ScopedQuerySet[Course]":
    groups = every_member().filter(staff_id=actor.person_id, state=MemberState.ADMITTED)
    schools = list(groups.values_list("place", flat=True))
    own = Q(counsellor=actor.person_id) | Q(state=CourseState.WAITING)
    shared = Q(is_shared=True, student__school_place__in=schools)
    rows: ScopedQuerySet[Course] = Course.objects.visible_to(actor, Permission.COUNSEL_WRITE).filter(own | shared)
    return rows


def _privates(course: Course, opened: Opened) -> dict[UUID, X25519PrivateKey]:
    return opened_versions(*opened, group_of(course.student.school_place)) if opened else {}


def _rows(courses: Sequence[Course]) -> list[CourseRow]:
    students = [course.student for course in courses]
    names = open_sealed(students, "name")
    units = units_by_path({student.place for student in students})
    people = staff_names([course.counsellor for course in courses if course.counsellor])
    held: dict[UUID, list[dt.date]] = {}
    for course_id, day in every_session().filter(course__in=list(courses)).values_list("course_id", "held_on"):
        held.setdefault(course_id, []).append(day)
    return [
        CourseRow(
            course.id, words["name"] or "",
            name_on(units[course.student.place], course.opened_at.date()) if course.student.place in units else "",
            people.get(course.counsellor, "") if course.counsellor else "", course.state,
            str(CourseState(course.state).label), course.opened_at, len(held.get(course.id, ())),
            max(held.get(course.id, ()), default=None), course.consent_back_at is not None,
        )
        for course, words in zip(courses, names, strict=True)
    ]  # fmt: skip


def _session_row(session: Session, notes: Sequence[NoteRow]) -> SessionRow:
    filled = sum((session.has_process, session.has_analysis, session.has_countermeasure, session.has_effect))
    return SessionRow(
        session.id, session.held_on, session.minutes, str(session.get_form_display()), filled, tuple(notes)
    )  # fmt: skip
