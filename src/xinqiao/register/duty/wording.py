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
        "absence_ends_first": _("The last day lies before the first. Enter a later one."),
        "absence_over": _("These days are over. Enter days to come."),
        "not_of_school": _("This person has no sign-in at this school. Choose someone else."),
        "absence_twice": _("This person is entered as away on some of these days already. End that entry first."),
        "substitute_away": _("The substitute is away on some of these days too. Choose someone else."),
        "too_many_shifts": _("That is more than 400 shifts. Choose an earlier last day."),
    }
    return words[code]


REFUSAL_FIELDS = {
    "ends_before_start": "end",
    "too_long": "end",
    "in_the_past": "end",
    "cannot_acknowledge": "staff",
    "own_substitute": "staff",
    "absence_ends_first": "end_on",
    "absence_over": "end_on",
    "not_of_school": "substitute",
    "absence_twice": "staff",
    "substitute_away": "substitute",
    "no_days": "last_on",
    "too_many_shifts": "last_on",
}


def hole_words(code: str) -> str:
    """Return why a warning would reach nobody here, and how to mend it."""
    words = {
        "nobody": _("Nobody is named. Give someone the role, or enter who stands in."),
        "no_department": _("The class belongs to no department, so no head of a department is told."),
        "no_dormitory": _("Pupils board here, and there is no dormitory with a keeper."),
        "which_dormitory": _(
            "There are several dormitories, and it is not known which one a pupil sleeps in. Name one keeper for the "
            "whole school."
        ),
    }
    return words[code]
