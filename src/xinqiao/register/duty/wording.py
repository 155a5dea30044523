"""Codes of duty in words."""

from django.utils.translation import gettext as _


def refusal_words(code: str) -> str:
    """Return why a shift was not assigned, and how to mend it."""
    words = {
        "ends_before_start": _("The shift ends before it begins. Enter a later end."),
        "too_long": _("A single shift lasts a week at most. Assign several."),
        "in_the_past": _("The shift is over already. Choose a time to come."),
        "cannot_acknowledge": _(
            "This person may not take notices at this school. Choose a psychology teacher or the principal, or ask the "
            "security officer for the right."
        ),
        "own_substitute": _("Nobody stands in for themselves. Choose someone else."),
        "no_days": _("No day to come fits: check the weekdays and the last day."),
        "too_many_shifts": _("That is more than 400 shifts. Choose an earlier last day."),
    }
    return words[code]


REFUSAL_FIELDS = {
    "ends_before_start": "end",
    "too_long": "end",
    "in_the_past": "end",
    "cannot_acknowledge": "staff",
    "own_substitute": "staff",
    "no_days": "last_on",
    "too_many_shifts": "last_on",
}
