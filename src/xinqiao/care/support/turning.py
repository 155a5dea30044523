"""What the register knows before a school year turns: who would leave while on it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.states import EntryState
from xinqiao.care.support.wording import category_words
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.policy.selectors import parameters_for
from xinqiao.register.years.doubts import Doubt, Named, Question


def pupils_on_the_register(question: Question) -> Sequence[Doubt]:
    """Return those who would graduate while on the register, to whoever may see it and to nobody else."""
    if not question.leaving or not question.actor.can(Permission.REGISTER_VIEW, question.school.path):
        return ()
    rows = RegisterEntry.objects.visible_to(question.actor, Permission.REGISTER_VIEW).filter(
        student_id__in=question.leaving, state=EntryState.KEPT
    )
    categories = parameters_for(question.school.path, question.on).register_categories
    named = tuple(Named(row.student_id, category_words(categories, row.category)) for row in rows.order_by("category"))
    if not named:
        return ()
    return (
        Doubt(
            "yellow", _("Pupils on the register would graduate"),
            _("Their entries end with the turn and do not follow to the next school. Talk to the guardians about what "
              "the next school should know."), named,
        ),
    )  # fmt: skip
