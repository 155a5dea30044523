"""The one wording of every message, whatever it is about and by whichever channel it goes."""

from django.utils.translation import gettext as _
from django.utils.translation import override

LONGEST = 120


def neutral_words() -> str:
    """Return what is said: that something waits. No name, no class, no reason, no level; both languages."""
    with override("zh-hans"):  # the language of the houses it goes to; it carries the English line as well
        chinese = _("XinQiao: something awaits you. Sign in.")
    with override("en"):
        english = _("XinQiao: something awaits you. Sign in.")
    return f"{chinese}\n{english}"


def subject_words() -> str:
    """Return the subject of a mail: the same words in one line."""
    return neutral_words().splitlines()[0][:LONGEST]
