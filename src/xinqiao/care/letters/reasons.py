"""How a guardian's own words read in a signal."""

from django.utils.translation import gettext as _

from xinqiao.engines.triage import Reason

WORDS = "guardian_words"


def words_phrase(reason: Reason) -> str:
    """Return the guardian's own words."""
    return _("in the guardian's words: {words}").format(words=" ".join(reason.details))
