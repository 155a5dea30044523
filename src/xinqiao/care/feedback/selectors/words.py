"""Words that are meant for the reader: of which pupil, and what helps; never why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.selectors.attention import levels_of
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.feedback.models import TeacherWord
from xinqiao.care.feedback.states import FeedbackState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.places import covers
from xinqiao.foundation.keys.fields import open_sealed


@dataclass(frozen=True)
class WordRow:
    """One pupil on whom there are words for the reader; without the words before they are opened."""

    id: UUID
    name: str
    class_name: str
    released_at: dt.datetime
    opened_at: dt.datetime | None
    level: str
    words: str


def _visible(actor: Actor) -> list[TeacherWord]:
    """Words for this very person on pupils whom the person still teaches or looks after: of one who moved to another
    class, or left, nothing is read any more."""
    rows = TeacherWord.objects.visible_to(actor, Permission.FEEDBACK_OWN).exclude(feedback__state=FeedbackState.DROPPED)
    found = rows.select_related("feedback__student").order_by("-released_at", "id")
    return [row for row in found if covers(row.place, row.feedback.student.place)]


def own_words(actor: Actor) -> list[WordRow]:
    """Return what is meant for the reader, what was not opened first; reading it is an audit event."""
    rows = word_rows(actor, _visible(actor))
    return sorted(rows, key=lambda row: row.opened_at is not None)


def count_unopened(actor: Actor) -> int:
    """Return how many words the reader has not opened. Names nobody."""
    return sum(row.opened_at is None for row in _visible(actor))


def find_word(actor: Actor, word_id: UUID) -> TeacherWord | None:
    """Return words that are meant for the reader; None otherwise."""
    return next((row for row in _visible(actor) if row.id == word_id), None)


def word_rows(actor: Actor, found: Sequence[TeacherWord]) -> list[WordRow]:
    """Return rows of words that were fetched for the reader; reading them is an audit event."""
    students = [row.feedback.student for row in found]
    names, classes = names_of(students), class_names({each.place for each in students}, today())
    levels = levels_of([each.id for each in students])
    if found:
        note_reading(
            actor, "feedback.words.read", subject_kind="students", place=min(each.place for each in students),
            county_id=found[0].county_id, facts={"count": len(found), "ids": [str(each.id) for each in students]},
        )  # fmt: skip
    opened = open_sealed([row.feedback for row in found], "words")
    return [
        WordRow(
            id=row.id, name=names[row.feedback.student_id], class_name=classes.get(row.feedback.student.place, ""),
            released_at=row.released_at, opened_at=row.opened_at,
            level=levels.get(row.feedback.student_id, ("", ""))[0] if row.sees_level and row.opened_at else "",
            words=said["words"] or "" if row.opened_at else "",
        )
        for row, said in zip(found, opened, strict=True)
    ]  # fmt: skip
