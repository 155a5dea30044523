"""Codes of rounds in words."""

import json

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.rounds import rules


def round_words(names: str) -> str:
    """Return what a round is called, from the names it was opened with."""
    known: dict[str, str] = json.loads(names)
    return known["en"] if (get_language() or "").startswith("en") else known["zh"]


def refusal_words(code: str) -> str:
    """Return why something was not saved, and how to mend it."""
    words = {
        rules.NOT_WAITING: _("This list is signed, or no longer asked. Load the page again."),
        rules.NOT_IN_CLASS: _("This pupil is not in the class any more. Load the page again."),
        rules.NOTHING_SAID: _(
            "Nothing is ticked and nothing written. Tick what you noticed, or say it in a few words."
        ),
        rules.NO_SUCH_WORD: _("The list of what can be ticked has changed. Load the page again."),
        rules.PASSED_ON: _(
            "Your worry about this pupil was passed on already. Tell the psychology teacher in person what is new."
        ),
        rules.NOT_ALL_LOOKED_AT: _("Not every pupil was looked at yet. The list can be signed when all are."),
        rules.NO_REASON: _("Say in a sentence why the round is called for."),
        rules.NO_SUCH_WINDOW: _("No reason for a round was chosen. Choose one of the list."),
        rules.NOBODY_THERE: _("No class of the school is concerned."),
    }
    return words[code]
