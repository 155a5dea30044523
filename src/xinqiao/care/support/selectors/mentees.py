"""The pupils of whom somebody is mentor, at level and advice; and the mentor's own talks."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.finding import lies_in_school
from xinqiao.care.alerts.selectors.attention import LEVEL_ORDER, levels_of
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.alerts.states import Level
from xinqiao.care.support.models import MentorTalk
from xinqiao.care.support.states import TalkForm, TalkKind
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.people.models import Student, Tie
from xinqiao.register.people.states import StudentStatus, TieKind

_REASON = "the mentor's own ties: whom the actor may reach because the school gave them the pupil"
MOST_IDS_IN_AUDIT = 200


@dataclass(frozen=True)
class MenteeRow:
    """One pupil of the reader's: level and advice as they stand, how many talks and the last one's day."""

    id: UUID
    name: str
    class_name: str
    level: str
    advice: str
    talks: int
    last_on: dt.date | None


@dataclass(frozen=True)
class TalkRow:
    """One talk with its words, for the mentor who wrote it or the psychology teacher."""

    held_on: dt.date
    kind: str
    form: str
    words: str
    mentor: str


def mentees_of(actor: Actor) -> list[Student]:
    """Return the pupils whose mentor the actor is now, at schools where the actor still teaches."""
    if actor.staff_id is None:
        return []
    held = actor.places(Permission.MENTEE_OWN)
    rows = Student.objects.for_system(reason=_REASON).filter(
        pk__in=list(
            Tie.objects.for_system(reason=_REASON)
            .filter(kind=TieKind.MENTOR, person_id=actor.staff_id, end_on=None)
            .values_list("student_id", flat=True)
        ),
        status=StudentStatus.ACTIVE,
    )
    return [student for student in rows.order_by("pk") if any(lies_in_school(place, student) for place in held)]


def mentee_for(actor: Actor, student_id: UUID) -> Student | None:
    """Return one of the actor's own mentees, else None."""
    return next((student for student in mentees_of(actor) if student.pk == student_id), None)


def mentee_rows(actor: Actor, on: dt.date) -> list[MenteeRow]:
    """Return the reader's own mentees: the most urgent level first, then whom nobody talked to for longest.

    Reading it is one audit event. Why a pupil has a level is not among it.
    """
    students = mentees_of(actor)
    names, classes = names_of(students), class_names({student.place for student in students}, on)
    levels, talks = levels_of([student.pk for student in students]), _talks_by_pupil(actor)
    rows = [
        MenteeRow(
            student.pk, names[student.pk], classes.get(student.place, ""), *levels.get(student.pk, ("", "")),
            len(talks.get(student.pk, ())), max(talks.get(student.pk, ()), default=None),
        )
        for student in students
    ]  # fmt: skip
    if students:
        note_reading(
            actor, "support.mentees.read", subject_kind="students", place=min(s.place for s in students),
            county_id=students[0].county_id,
            facts={"count": len(rows), "ids": [str(student.pk) for student in students[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    return sorted(rows, key=_order)


def _order(row: MenteeRow) -> tuple[int, dt.date, str, str]:
    level = LEVEL_ORDER[Level(row.level)] if row.level else len(LEVEL_ORDER)
    return level, row.last_on or dt.date.min, row.class_name, row.name


def _talks_by_pupil(actor: Actor) -> dict[UUID, list[dt.date]]:
    found: dict[UUID, list[dt.date]] = {}
    own = MentorTalk.objects.visible_to(actor, Permission.MENTEE_OWN)
    for student_id, day in own.values_list("student_id", "held_on"):
        found.setdefault(student_id, []).append(day)
    return found


def own_talks(actor: Actor, student: Student) -> list[TalkRow]:
    """Return the reader's own talks with a mentee, the newest first; reading them is an audit event."""
    return _talks(actor, student, Permission.MENTEE_OWN)


def talks_of(actor: Actor, student: Student) -> list[TalkRow]:
    """Return every mentor's talks with a pupil of the register's keeper; reading them is an audit event."""
    return _talks(actor, student, Permission.REGISTER_VIEW)


def _talks(actor: Actor, student: Student, permission: Permission) -> list[TalkRow]:
    rows = list(
        MentorTalk.objects.visible_to(actor, permission).filter(student=student).order_by("-held_on", "-noted_at")
    )
    names = staff_names(list({row.mentor for row in rows}))
    if rows or permission is Permission.MENTEE_OWN:  # the mentor's page names the pupil, talks or not
        note_reading(
            actor, "support.talks.read", subject_kind="student", subject_id=student.id, place=student.place,
            county_id=student.county_id, facts={"count": len(rows)},
        )  # fmt: skip
    return [
        TalkRow(
            row.held_on, str(TalkKind(row.kind).label), str(TalkForm(row.form).label), words["words"] or "",
            names.get(row.mentor, ""),
        )
        for row, words in zip(rows, open_sealed(rows, "words"), strict=True)
    ]  # fmt: skip
