"""Codes of filings in words that say what is wrong and how to mend it."""

from collections.abc import Iterable

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from xinqiao.care.crisis.referral_wording import finding_words
from xinqiao.care.filings import rules
from xinqiao.care.filings.clocks import TO_CONFIRM, TO_SEND
from xinqiao.care.filings.errors import CannotFile
from xinqiao.register.policy.packs import FilingOrder

CLOCK_WORDS = {TO_SEND: gettext_lazy("until it is sent"), TO_CONFIRM: gettext_lazy("until the bureau confirms")}


def refusal_words(code: str) -> str:
    """Return why something cannot be done, and what to do."""
    words = {
        rules.NOT_NOW: _("That cannot be done as the filing stands now. Look at its story below."),
        rules.CHANGED_MEANWHILE: _("Somebody else changed the filing meanwhile. Look at it as it stands, then go on."),
        rules.FACTS_CHANGED: _("The case has moved on since this was written. Write it anew, so that it is right."),
        rules.NO_WORDS: _("Say in a few sentences what the school has done."),
        rules.NAMES_THE_PUPIL: _(
            "The words name the pupil. This goes up under a number only: write “the pupil” instead."
        ),
        rules.SAME_PERSON: _("You wrote it yourself. Somebody else checks it."),
        rules.NOT_CHECKED: _("It has to be checked by the principal first."),
        rules.NO_RETURN_WORDS: _("Say what is to be changed."),
        rules.NOT_DROPPABLE: _("The rules in force let no filing of this kind be dropped. It has to be sent."),
        rules.STILL_ORDERED: _("The case stands at a level that has to be filed. It has to be sent."),
        rules.NO_REASON: _("Say in a sentence why it is no longer needed."),
        rules.NO_REPLY: _("Say in a sentence what the bureau advises or does."),
        rules.NOT_ADDRESSED: _("This filing went to another bureau. Only that one confirms it or passes it on."),
        rules.NOT_PASSED_ON: _("The rules in force do not let this filing be passed on there."),
        rules.NO_SUCH_BUREAU: _("No such bureau stands above yours in the tree of units."),
    }
    return words[code]


def all_words(error: CannotFile) -> str:
    """Return all that stands against it as sentences in a row."""
    found: Iterable[str] = [
        *map(refusal_words, error.codes), *(finding_words(each) for each in error.findings)
    ]  # fmt: skip
    return " ".join(found)


# Which field of a form mends a refusal.
FIELDS = {
    rules.NO_WORDS: "words", rules.NAMES_THE_PUPIL: "words", rules.NO_RETURN_WORDS: "words", rules.NO_REASON: "words",
    rules.NO_REPLY: "reply",
}  # fmt: skip


def order_words(order: FilingOrder) -> str:
    """Return what the pack calls an order, in the reader's language."""
    return order.name.in_language(get_language() or "")
