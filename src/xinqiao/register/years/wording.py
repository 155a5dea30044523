"""Codes of this app in words: what was wrong, where, and how to mend it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "not_a_school": _("Only a school turns its year. Open the school first."),
    "open_already": _("There is a plan already. Go on with it, or discard it first."),
    "bad_day": _("The new school year begins between July and December. Choose the first day of school."),
    "wrong_state": _("This was decided on already, perhaps by someone else. The page shows how it stands now."),
    "has_faults": _("Something in the plan cannot be written. It is named on this page with the mend."),
    "changed_since": _(
        "The school or the plan has changed since you looked, so your yes was not taken. Look at the counts again."
    ),
}
FAULTS: dict[str, str | Promise] = {
    "no_target": _("is kept back into a class that is neither there nor about to open. Choose another class."),
    "wrong_target": _("is kept back into a class that is not one year behind. Choose the class again."),
    "not_here": _("is kept back but is no longer in a class of this school. Take the choice back."),
    "too_new": _(
        "came into the class after the day of the turn. Choose a later day, or end the stay on the pupil's page."
    ),
    "kept_back": _("was to be kept back and could not be; the class stayed open. Move this pupil by hand."),
    "class_closed": _("a class of this number was closed before. Add the class under another number."),
    "has_left": _("has left the school. Name another class teacher."),
    "own": _("accepted the plan and so could not name himself. Ask the security officer for this role."),
    "no_login": _("has no sign-in yet. Give one first, then name this class teacher."),
    "other_unit": _("belongs to another school. Name someone who works here."),
    "held_already": _("holds this role here already."),
}


def refusal_words(code: str) -> str:
    """Return what a refusal means, in the reader's language."""
    return str(REFUSALS[code])


def fault_words(code: str) -> str:
    """Return what is wrong with a part of a plan, as the end of a sentence about whom it is."""
    return str(FAULTS.get(code, FAULTS["no_target"]))
