"""Codes of counselling in words."""

from django.utils.translation import gettext as _

from xinqiao.care.counselling import rules


def refusal_words(code: str) -> str:
    """Return why something was not done, and how to mend it."""
    words = {
        rules.NO_STAFF: _("You are not among the staff of a unit. Ask the security officer to register you."),
        rules.NO_SENTENCE: _("Somebody concerned has no sentence yet. It is chosen on the page “Sealed notes”."),
        rules.NOT_OPEN: _("Your sentence is asked for first."),
        rules.NOT_MEMBER: _("Only those who are in the group can do this."),
        rules.NOT_WAITING: _("This was settled meanwhile. Load the page again."),
        rules.NO_RIGHT: _("One of those chosen does not hold the role for this any more. Choose somebody else."),
        rules.HOLDER_IS_MEMBER: _("Whoever holds a half cannot be in the group, and the other way round."),
        rules.SAME_HOLDER: _("Two different people are needed. Choose somebody else for one of them."),
        rules.NOT_HOLDER: _("You do not hold a half of this group's key."),
        rules.TOO_LATE: _("Too much time has passed since the first half was given. Begin the recovery again."),
        rules.NOT_HEIR: _("The halves were given to somebody else."),
        rules.NO_HALVES: _("No half lies under your sentence. The group has to name its holders anew."),
        rules.GROUP_LIVES: _("The notes can still be opened: ask a member, or the two who hold the halves."),
    }
    return words[code]
