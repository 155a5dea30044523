"""What cases know before a school year turns: children in care who would graduate, to be handed over first."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.states import CaseState
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.years.doubts import Doubt, Named, Question


def cases_to_hand_over(question: Question) -> Sequence[Doubt]:
    """Return those who would graduate with an open case, to whoever may see it and to nobody else."""
    if not question.leaving or not question.actor.can(Permission.CASE_VIEW, question.school.path):
        return ()
    rows = Case.objects.visible_to(question.actor, Permission.CASE_VIEW).filter(student_id__in=question.leaving)
    some = rows.exclude(state=CaseState.CLOSED).order_by("opened_at")
    named = tuple(Named(row.student_id, str(CaseState(row.state).label)) for row in some)
    if not named:
        return ()
    return (
        Doubt(
            "red", _("Pupils in care would graduate"),
            _("Their cases stay open here until somebody has handed them over and closed them."), named,
        ),
    )  # fmt: skip
