"""Refusals of this app in words: what was wrong and how to mend it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "bad_parent": _("Such a unit does not belong here. Choose another kind, or open the unit where it belongs."),
    "parent_closed": _("The unit above is closed. Add it somewhere that is open."),
    "code_taken": _("This code is taken. Codes are unique in the whole installation: add the school's short name."),
    "class_exists": _("This class is there already."),
    "has_parts": _("There are open units below. Close those first."),
    "has_people": _("There are still pupils here. Move them to another class, or note that they left."),
    "bad_year": _("The school year must end after it begins, within 400 days. Check both days."),
    "bad_term": _("A term must end after it begins. Check its days."),
    "outside_year": _("Both terms must lie inside the school year. Check the first and the last day."),
    "overlapping": _("The second term must begin after the first has ended."),
}


def refusal_words(code: str) -> str:
    """Return what a refusal means, in the reader's language."""
    return str(REFUSALS[code])
