"""Codes of leaves in words that say what is wrong and how to mend it."""

from django.utils.translation import gettext as _


def why_not_words(code: str) -> str:
    """Return why a step cannot be taken."""
    words = {
        "not_now": _("That cannot be done as the leave stands now. Look at its story."),
        "who_and_words": _("Say who took part, and what was found and agreed."),
        "too_long": _("That is too long. Shorten it."),
        "day_ahead": _("Name the day on which it was, today or before."),
        "same_people": _(
            "An appeal is decided by people who had no part in the first decision. Ask somebody else who may decide."
        ),
        "left_school": _("This pupil has left the school."),
        "runs_already": _("A leave of this pupil runs already. Open it."),
    }
    return words[code]
