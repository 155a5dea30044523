"""Refusals of this app in words: what was wrong and how to mend it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "own": _("Nobody does this for himself. Ask another security officer, or the one of the unit above."),
    "has_left": _("This person has left. Add them again if they came back."),
    "wrong_unit": _(
        "This role is not held at such a unit. Choose the class for a class teacher, the grade for a grade head, "
        "the school for a psychology teacher, the bureau for an officer."
    ),
    "other_unit": _("This person belongs to another school. Add them to the staff here, or to the bureau above both."),
    "bad_interval": _("The last day must be after the first."),
    "held_already": _("This person holds this role here in that time already."),
    "granter_has_care": _(
        "You read about children yourself, so you do not say who else may. "
        "The security officer of the unit above grants this role."
    ),
    "keepers_apart": _(
        "Security officer, system administrator and auditor are separate people. "
        "Only in a single school may one person be the first two."
    ),
    "leads_and_types": _(
        "Grade heads, principals, the leading group and officers never learn what a pupil answered, "
        "and whoever types printed sheets does. Give the typing to somebody else, or end the other role first."
    ),
    "no_login": _("This person has no sign-in yet. Give one first."),
    "has_login": _("This person has a sign-in already."),
    "name_taken": _("This sign-in name is taken. Add a number or the school's short name."),
    "heir_needed": _("This person looks after children. Name the colleague who takes over what is open."),
    "heir_has_left": _("This colleague has left. Choose someone who is still here."),
    "heir_is_same": _("Choose another person than the one who leaves."),
}  # fmt: skip


def refusal_words(code: str) -> str:
    """Return what a refusal means, in the reader's language."""
    return str(REFUSALS[code])
