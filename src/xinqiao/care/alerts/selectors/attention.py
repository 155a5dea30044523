"""Which pupils need what kind of attention, in words: all that a class teacher may know."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.models import Attention
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.alerts.states import Level
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed

LEVEL_ORDER = {Level.RED: 0, Level.ORANGE: 1, Level.YELLOW: 2, Level.GREEN: 3}
MOST_IDS_IN_AUDIT = 200


@dataclass(frozen=True)
class AttentionRow:
    """One pupil's level and advice."""

    student_id: UUID
    name: str
    class_name: str
    level: str
    advice: str
    review_on: dt.date | None
    set_at: dt.datetime
    is_review_due: bool


def attention_rows(actor: Actor, now: dt.datetime) -> list[AttentionRow]:
    """Return the pupils at whom the actor may look who have a level now; reading it is one audit event.

    The most urgent level first; within one level, whose next look is due first.
    """
    on = timezone.localtime(now).date()
    rows = list(
        Attention.objects.visible_to(actor, Permission.ATTENTION_VIEW)
        .filter(ended_at__isnull=True)
        .select_related("student")
    )
    students = [row.student for row in rows]
    names, classes = names_of(students), class_names({student.place for student in students}, on)
    found = [
        AttentionRow(
            student_id=row.student_id, name=names[row.student_id], class_name=classes.get(row.student.place, ""),
            level=row.level, advice=opened["advice"] or "", review_on=row.review_on, set_at=row.set_at,
            is_review_due=row.review_on is not None and row.review_on <= on,
        )
        for row, opened in zip(rows, open_sealed(rows, "advice"), strict=True)
    ]  # fmt: skip
    if rows:
        note_reading(
            actor, "alerts.attention.read", subject_kind="students", place=min(s.place for s in students),
            county_id=rows[0].county_id,
            facts={"count": len(rows), "ids": [str(row.student_id) for row in rows[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    return sorted(found, key=_order)


def _order(row: AttentionRow) -> tuple[int, dt.date, str, str]:
    return LEVEL_ORDER[Level(row.level)], row.review_on or dt.date.max, row.class_name, row.name


def current_attention(actor: Actor, student_id: UUID) -> dict[str, object]:
    """Return level, advice and review day of one pupil now, for a form that changes them; empty if there is none."""
    rows = Attention.objects.visible_to(actor, Permission.ATTENTION_SET).filter(student_id=student_id)
    row = rows.filter(ended_at__isnull=True).first()
    if row is None:
        return {}
    (opened,) = open_sealed([row], "advice")
    return {"level": row.level, "advice": opened["advice"] or "", "review_on": row.review_on}


def levels_of(student_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return level and advice of pupils who have a level now, for a caller who has found whom the actor may see so."""
    open_ones = Attention.objects.for_system(reason="level and advice of pupils found for an actor")
    rows = list(open_ones.filter(student_id__in=student_ids, ended_at__isnull=True))
    opened = open_sealed(rows, "advice")
    return {row.student_id: (row.level, words["advice"] or "") for row, words in zip(rows, opened, strict=True)}
