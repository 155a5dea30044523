"""Codes of forms about pupils in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.screening.agreeing import Agreement


def form_words(standing: str) -> str:
    """Return how far a form is; `not_asked` where there is none for this informant."""
    words = {
        "handed_in": _("Handed in"),
        "open": _("Still open"),
        "refused": _("Does not want to"),
        "unanswered": _("Not answered"),
        "left_out": _("Takes no part"),
        "not_asked": _("Not asked"),
    }
    return words[standing]


def agreement_sentence(found: Agreement) -> str:
    """Return a verdict in words, with the number of bands in between."""
    if found.verdict == "same":
        return _("The same band")
    if found.verdict == "points":
        return _("No bands to compare")
    apart = ngettext("{bands} band apart", "{bands} bands apart", found.bands).format(bands=found.bands)
    return apart if found.verdict == "near" else _("Far from each other: {apart}").format(apart=apart)
