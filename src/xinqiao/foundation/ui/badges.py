"""The badges of urgency and of risk level: colour, shape and word together, so that none is needed alone.

Urgency is set by rule and starts a clock; the risk level is judged by people. They look different on purpose:
urgency is a filled pill with a clock, the level is an outlined one with a mark.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xinqiao.foundation.ui.icons import icon_svg

_URGENCY_ICONS = {"red": "bell", "orange": "clock", "yellow": "clock", "watch": "eye"}
_LEVEL_MARKS = {"red": "▲", "orange": "◆", "yellow": "■", "green": "●", "none": "○"}


class NoSuchTone(LookupError):
    """The urgency or level is none of those that exist."""


def urgency_word(code: str) -> str:
    """The word of an urgency: red, orange, yellow or watch."""
    words = {
        "red": pgettext("urgency", "Red"),
        "orange": pgettext("urgency", "Orange"),
        "yellow": pgettext("urgency", "Yellow"),
        "watch": pgettext("urgency", "Keep in view"),
    }
    return _word(words, code)


def level_word(code: str) -> str:
    """The word of a risk level: red, orange, yellow, green or none (not judged yet)."""
    words = {
        "red": pgettext("risk level", "Red"),
        "orange": pgettext("risk level", "Orange"),
        "yellow": pgettext("risk level", "Yellow"),
        "green": pgettext("risk level", "Green"),
        "none": pgettext("risk level", "Not judged yet"),
    }
    return _word(words, code)


def urgency_badge(code: str) -> SafeString:
    """A filled pill. Raises NoSuchTone."""
    word = urgency_word(code)
    return format_html(
        '<span class="xq-urgency xq-urgency-{}"><span class="visually-hidden">{}</span>{}{}</span>',
        code,
        _("Urgency: "),
        icon_svg(_URGENCY_ICONS[code], 14),
        word,
    )


def level_badge(code: str) -> SafeString:
    """An outlined pill. Raises NoSuchTone."""
    word = level_word(code)
    return format_html(
        '<span class="xq-level xq-level-{}"><span class="visually-hidden">{}</span>'
        '<span class="xq-level-mark" aria-hidden="true">{}</span>{}</span>',
        code,
        _("Risk level: "),
        _LEVEL_MARKS[code],
        word,
    )


def _word(words: dict[str, str], code: str) -> str:
    if code not in words:
        message = f"{code!r} is none of {', '.join(words)}"
        raise NoSuchTone(message)
    return words[code]
