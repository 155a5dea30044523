"""Codes of voices in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from xinqiao.care.alerts.wording import register_reason
from xinqiao.care.voices import rules
from xinqiao.care.voices.states import About, Load, Mood, Quarrels, Soon, WorryKind
from xinqiao.engines.triage import Reason


def register_reasons() -> None:
    """Say to alerts how the reasons of calls and worries read."""
    register_reason(rules.CALLED, _called)
    register_reason(rules.CALLED_HURT, lambda _reason: _("might hurt themselves, as they say"))
    register_reason(rules.CALLED_FROM, lambda reason: _("is now: {place}").format(place=_text(reason)), is_long=True)
    register_reason(rules.OWN_WORDS, lambda reason: _("in their own words: {words}").format(words=_text(reason)),
                    is_long=True)  # fmt: skip
    register_reason(rules.CLASSMATE, lambda reason: _("a committee member noticed: {what}").format(what=kinds(reason)))
    register_reason(rules.UNNAMED, _unnamed)


def _called(reason: Reason) -> str:
    about, soon = (*reason.details, "", "")[:2]
    words = _("called for someone: {about}, {soon}")
    return words.format(about=_label(About, about), soon=_label(Soon, soon).lower())


def _unnamed(reason: Reason) -> str:
    return _("reported a classmate, and it is not known whom: ask this pupil now ({what})").format(what=kinds(reason))


def _label(choices: type[About] | type[Soon] | type[WorryKind], code: str) -> str:
    return str(dict(choices.choices).get(code, code))


def _text(reason: Reason) -> str:
    return reason.details[0] if reason.details else ""


def kinds(reason: Reason) -> str:
    """Return what was noticed, as it reads."""
    return kinds_words(reason.details)


def kinds_words(codes: tuple[str, ...] | list[str]) -> str:
    """Return codes of what was noticed, as they read."""
    return _(", ").join(_label(WorryKind, code) for code in codes)


def answer_words(answers: Mapping[str, str]) -> tuple[str, str, str]:
    """Return how the class was, as it reads: the mood, quarrels, and how lessons weighed."""
    choices = ((Mood, "mood"), (Quarrels, "quarrels"), (Load, "load"))
    mood, quarrels, load = (str(dict(kind.choices).get(answers.get(name, ""), "")) for kind, name in choices)
    return mood, quarrels, load


def refusal_words(code: str) -> str:
    """Return why something was not saved, and how to mend it."""
    words = {
        rules.ALL_TAKEN: _("All places on the committee are taken. End one first."),
        rules.NOT_IN_A_CLASS: _("This pupil is in no class at present."),
        rules.ANOTHER_SCHOOL: _("This pupil is at another school. Look at the number again."),
        rules.IS_THE_WRITER: _("This pupil wrote it. Ask them whom they mean."),
        rules.SETTLED_ALREADY: _("Someone else settled this meanwhile. Load the page again."),
        rules.NEEDS_REASON: _("Write in a sentence why nobody is looked for."),
    }
    return words[code]
