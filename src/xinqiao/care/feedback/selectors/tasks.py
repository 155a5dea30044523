"""What meetings gave the reader to do."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.feedback.models import Decision
from xinqiao.care.feedback.states import DecisionState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed


@dataclass(frozen=True)
class TaskRow:
    """One task; it names the pupil, as whoever does it must know of whom it speaks, and nothing of why."""

    id: UUID
    what: str
    name: str
    class_name: str
    due_on: dt.date
    is_open: bool
    is_overdue: bool
    done_words: str


def count_open_tasks(actor: Actor) -> int:
    """Return how many tasks of meetings wait for the reader. Names nobody."""
    rows = Decision.objects.visible_to(actor, Permission.FEEDBACK_OWN)
    return int(rows.filter(state=DecisionState.OPEN).count())


def own_tasks(actor: Actor) -> list[TaskRow]:
    """Return the reader's tasks, those that wait first; reading them is an audit event."""
    rows = Decision.objects.visible_to(actor, Permission.FEEDBACK_OWN).select_related("item__student")
    found = list(rows.order_by("due_on", "id"))
    students = [row.item.student for row in found if row.item is not None]
    names, classes = names_of(students), class_names({each.place for each in students}, today())
    if found:
        note_reading(
            actor, "feedback.tasks.read", subject_kind="students", place=found[0].place, county_id=found[0].county_id,
            facts={"count": len(found), "ids": [str(each.id) for each in students]},
        )  # fmt: skip
    shown = [
        TaskRow(
            id=row.id, what=said["what"] or "", name=names[row.item.student_id] if row.item else "",
            class_name=classes.get(row.item.student.place, "") if row.item else "", due_on=row.due_on,
            is_open=row.state == DecisionState.OPEN,
            is_overdue=row.state == DecisionState.OPEN and row.due_on < today(), done_words=said["done_words"] or "",
        )
        for row, said in zip(found, open_sealed(found, "what", "done_words"), strict=True)
    ]  # fmt: skip
    return sorted(shown, key=lambda row: (not row.is_open, row.due_on))


def find_task(actor: Actor, decision_id: UUID) -> Decision | None:
    """Return a task of the reader's own, or one of a school whose meetings the reader holds."""
    for permission in (Permission.FEEDBACK_OWN, Permission.MEETING_HOLD):
        found: Decision | None = Decision.objects.visible_to(actor, permission).filter(pk=decision_id).first()
        if found is not None:
            return found
    return None
