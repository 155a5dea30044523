"""Codes of the register in words; categories and kinds are named by the pack in force."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.support import rules
from xinqiao.care.support.states import KEY_PUPILS
from xinqiao.register.policy.packs import RegisterCategory


def category_words(categories: Sequence[RegisterCategory], code: str) -> str:
    """Return what a category is called; the code itself where the pack no longer knows it."""
    if code == KEY_PUPILS:
        return _("Key pupils, by their attention level")
    language = get_language() or ""
    return next((each.name.in_language(language) for each in categories if each.code == code), code)


def kind_words(categories: Sequence[RegisterCategory], category: str, code: str) -> str:
    """Return what a kind of a category is called; empty for none."""
    language = get_language() or ""
    kinds = next((each.kinds for each in categories if each.code == category), [])
    return next((kind.name.in_language(language) for kind in kinds if kind.code == code), code)


def refusal_words(code: str) -> str:
    """Return why an act was refused, and how to mend it."""
    return {
        rules.NO_SUCH_CATEGORY: _("The rules in force know no such category. Choose one of the list."),
        rules.NO_REASON: _("No reason was written. Say in a sentence what the school should pay attention to."),
        rules.KEPT_ALREADY: _("The pupil is on the register under this category already. Review that entry instead."),
        rules.HAS_LEFT: _("The pupil has left the school. Only pupils at the school are registered."),
        rules.NOT_PROPOSED: _("This was decided meanwhile. Look at the register again."),
        rules.NOT_KEPT: _("This entry has ended meanwhile. Enter the pupil anew if it is needed."),
        rules.NOT_YOURS_TO_GIVE: _("Choose a reason of the list; that a pupil left, the roster says by itself."),
        rules.NO_MENTOR: _("This person teaches here no longer. Choose somebody of the list."),
        rules.NOBODY: _("Nobody was chosen. Tick whom you talked to."),
        rules.NOT_MENTEE: _("You are no longer the mentor of everybody who was ticked. Look at your list again."),
        rules.NO_GUARDIAN: _("This adult is no guardian of the pupil in the roster any more. Choose another."),
        rules.NO_TOPIC: _("The rules in force know no such topic. Choose from the list."),
        rules.CONTACT_AHEAD: _("The contact lies in the future. Choose today or an earlier day."),
        rules.TOO_MANY: _("More families came than there are pupils here. Correct the number, or choose more classes."),
        rules.SESSION_AHEAD: _("The day lies in the future. Choose today or an earlier day."),
        rules.NOT_YET: _("The talk lies in the future. Choose today or an earlier day."),
    }[code]
