"""Codes of the mailbox in words."""

from django.utils.translation import gettext as _

from xinqiao.care.alerts.wording import register_reason
from xinqiao.care.mailbox import rules


def register_reasons() -> None:
    """Say to alerts how the reasons of signals from letters read."""
    register_reason(rules.LETTER, lambda _reason: _("wrote a letter that does not wait"))
    register_reason(
        rules.LETTER_RESCUE, lambda _reason: _("the name behind a letter was opened because it does not wait")
    )


def refusal_words(code: str) -> str:
    """Return why something was not saved, and how to mend it."""
    words = {
        rules.NO_WORDS: _("There are no words yet. Write them first."),
        rules.NO_REASON: _("The reason is too short to be understood later. Write a sentence."),
        rules.TOO_LONG: _("This is too long. Shorten it, or send it in two parts."),
        rules.SETTLED_ALREADY: _("Something happened in this letter meanwhile. Load the page again and look."),
        rules.ASKED_ALREADY: _("Somebody asked for the name already. Wait for the decision."),
        rules.OPENED_ALREADY: _("The name was opened already."),
        rules.NO_NAME: _("There is no name behind this letter."),
        rules.SAME_PERSON: _("Whoever asked cannot decide. Somebody else must."),
        rules.NOT_THE_ASKER: _("The name is shown to whoever asked for it, and to nobody else."),
        rules.SHOWN_ALREADY: _("The name was shown already. It is shown once."),
        rules.NOT_ABLE: _("This colleague may not answer letters here. Choose another one."),
        rules.NOT_URGENT: _("This letter is not among those that do not wait."),
        rules.STILL_URGENT: _("This letter does not wait. Open the name or lay that aside with a reason first."),
        rules.NAME_WAITS: _("A second person has not decided on the name yet. Close the letter afterwards."),
        rules.NAME_GONE: _("The name cannot be opened any more: the pupil's data were deleted."),
        rules.NO_SUCH_WAY: _("Choose how the letter came."),
        rules.NOT_YET: _("This moment lies ahead. Look at the date again."),
        rules.ANOTHER_SCHOOL: _("This pupil is at another school. Look at the number again."),
    }
    return words[code]
