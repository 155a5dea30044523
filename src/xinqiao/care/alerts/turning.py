"""What alerts knows before a school year turns: children in need who would graduate, to be handed over first."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.care.alerts.models import Attention, Signal
from xinqiao.care.alerts.states import Level, SignalState
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.years.doubts import Doubt, Named, Question

HANDED_OVER = (Level.RED, Level.ORANGE, Level.YELLOW)


def children_to_hand_over(question: Question) -> Sequence[Doubt]:
    """Return those who would graduate with a level or a signal that is open; a level only to whoever may know it, a
    signal only to whoever reads the queue."""
    if not question.leaving or not question.actor.can(Permission.ATTENTION_VIEW, question.school.path):
        return ()
    found = []
    levels = _with_level(question)
    if levels:
        found.append(Doubt(
            "red", _("Pupils who need attention would graduate"),
            _("Talk to the guardians and hand each of them over to the next school before you accept. Their level ends "
              "with nobody here who looks after them."), levels,
        ))  # fmt: skip
    signals = _with_signal(question)
    if signals:
        found.append(Doubt(
            "red", _("Signals about pupils who would graduate are not settled"),
            _("Talk to each of them and settle the signal before you accept."), signals,
        ))  # fmt: skip
    return found


def _with_level(question: Question) -> tuple[Named, ...]:
    rows = Attention.objects.visible_to(question.actor, Permission.ATTENTION_VIEW).filter(
        student_id__in=question.leaving, ended_at=None, level__in=HANDED_OVER
    )
    order = {level: place for place, level in enumerate(HANDED_OVER)}
    some = sorted(rows, key=lambda row: (order[Level(row.level)], str(row.student_id)))
    return tuple(Named(row.student_id, str(Level(row.level).label)) for row in some)


def _with_signal(question: Question) -> tuple[Named, ...]:
    rows = Signal.objects.visible_to(question.actor, Permission.QUEUE_VIEW).filter(student_id__in=question.leaving)
    found: dict[UUID, Named] = {}
    for row in rows.exclude(state=SignalState.CLOSED).order_by("raised_at"):
        found.setdefault(row.student_id, Named(row.student_id, str(SignalState(row.state).label)))
    return tuple(found.values())
