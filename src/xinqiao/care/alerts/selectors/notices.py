"""What calls on someone now, and what did."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.alerts.models import Notice
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.alerts.states import URGENCY_ORDER, SignalState, Urgency
from xinqiao.care.alerts.wording import role_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.deadlines.selectors import running_clocks

KEPT_DAYS = 30
MOST_ROWS = 100
FAR = 10**9


@dataclass(frozen=True)
class NoticeRow:
    """One notice of the actor's own; `name` is the pupil's. `is_calling`: it still asks for something."""

    id: UUID
    signal_id: UUID
    student_id: UUID
    place: str
    county_id: UUID
    name: str
    class_name: str
    urgency: str
    role: str
    rung: int
    created_at: dt.datetime
    shown_at: dt.datetime | None
    is_calling: bool
    minutes_left: int | None
    state_label: str


def calling_notices(actor: Actor, now: dt.datetime) -> list[NoticeRow]:
    """Return the red notices that call on the actor at this moment, the oldest first: what an open page sounds for."""
    rows = _own(actor).filter(ended_at__isnull=True, signal__urgency=Urgency.RED).order_by("created_at")
    return _rows(list(rows[:MOST_ROWS]), now)


def my_notices(actor: Actor, now: dt.datetime) -> list[NoticeRow]:
    """Return what calls on the actor, by urgency and then by the time left; then what ended in the last 30 days.

    A notice that still calls is never left out for its age or for the number of others.
    """
    calling = _rows(list(_own(actor).filter(ended_at__isnull=True)), now)
    ended = _own(actor).filter(ended_at__isnull=False, created_at__gte=now - dt.timedelta(days=KEPT_DAYS))
    return sorted(calling, key=_order) + _rows(list(ended.order_by("-created_at")[:MOST_ROWS]), now)


def _order(row: NoticeRow) -> tuple[int, int, dt.datetime]:
    left = FAR if row.minutes_left is None else row.minutes_left
    return URGENCY_ORDER[Urgency(row.urgency)], left, row.created_at


def _own(actor: Actor) -> QuerySet[Notice]:
    rows: QuerySet[Notice] = Notice.objects.visible_to(actor, Permission.NOTICE_VIEW)
    return rows.filter(staff_id=actor.person_id).select_related("signal__student")


def _rows(notices: Sequence[Notice], now: dt.datetime) -> list[NoticeRow]:
    students = list({notice.signal.student_id: notice.signal.student for notice in notices}.values())
    names = names_of(students)
    classes = class_names({student.place for student in students}, timezone.localtime(now).date())
    clocks = running_clocks([notice.signal_id for notice in notices], now)
    found = []
    for notice in notices:
        signal, running = notice.signal, clocks.get(notice.signal_id, [])
        found.append(
            NoticeRow(
                id=notice.id, signal_id=signal.id, student_id=signal.student_id, place=signal.student.place,
                county_id=signal.county_id, name=names[signal.student_id],
                class_name=classes.get(signal.student.place, ""), urgency=signal.urgency,
                role=role_words(notice.role), rung=notice.rung, created_at=notice.created_at,
                shown_at=notice.shown_at, is_calling=notice.ended_at is None,
                minutes_left=running[0].minutes_left if running else None,
                state_label=str(SignalState(signal.state).label),
            )
        )  # fmt: skip
    return found
