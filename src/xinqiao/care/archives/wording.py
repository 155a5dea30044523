"""Codes of pupils' files in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from xinqiao.care.archives import rules
from xinqiao.care.archives.terms import WHOLE_YEAR


def term_words(year: int, term: int) -> str:
    """Return what a term is called."""
    if term == WHOLE_YEAR:
        return _("school year {first}/{second}").format(first=year, second=year + 1)
    return _("school year {first}/{second}, term {number}").format(first=year, second=year + 1, number=term)


def plan_text(words: Mapping[str, str | None]) -> str:
    """Return the words of a growth plan on a few lines."""
    labels = (("strengths", _("Strengths")), ("aim", _("Aim of this term")), ("helps", _("Who helps, and how")))
    return _("; ").join(_labelled(label, words[name]) for name, label in labels if words[name])


def family_text(words: Mapping[str, str | None]) -> str:
    """Return the family sections on a few lines; one that nobody filled says so."""
    labels = (
        ("situation", _("Situation of the family")), ("upbringing", _("Upbringing")),
        ("experience", _("Life experience")),
    )  # fmt: skip
    return _("; ").join(_labelled(label, words[name] or _("not filled yet")) for name, label in labels)


def _labelled(label: str, words: str | None) -> str:
    return _("{label}: {words}").format(label=label, words=words or "")


def refusal_words(code: str) -> str:
    """Return why an act was refused, and how to mend it."""
    return {
        rules.NOBODY_CHOSEN: _("Pupils: nobody is ticked. Tick at least one pupil."),
        rules.NOTHING_SAID: _("Something is empty. Write a sentence in each field."),
        rules.LOOK_IN_THE_PAST: _("Look again on: this day has passed. Choose today or a later day."),
        rules.NOT_OF_THE_CLASS: _("A pupil is not in this class any more. Open the page again and tick anew."),
        rules.ASKED_ALREADY: _("The same is asked already and not answered. Answer that request."),
        rules.ASKED_IN_THE_FUTURE: _("Asked on: this day has not come yet. Choose today or an earlier day."),
        rules.ANSWERED_ALREADY: _("The request was answered meanwhile. Take in a new one if more is asked."),
        rules.NO_ANSWER: _("Answer: it is empty. Write what was done; where you refuse, why."),
        rules.EXCERPT_WAITS: _("An excerpt waits for a second person. Have it decided first."),
        rules.WAITS_ALREADY: _("An excerpt waits for a second person already. Have it decided first."),
        rules.NO_SECTIONS: _("Sections: none is ticked. Tick what the excerpt shall hold."),
        rules.NO_PURPOSE: _("Purpose: it is empty. Say for whom and for what the excerpt is."),
        rules.SAME_PERSON: _("You asked for this excerpt. Somebody else has to decide on it."),
        rules.DECIDED_ALREADY: _("This was decided meanwhile. Look at the request again."),
        rules.NO_REASON: _("Reason: it is empty. Say why the excerpt is not approved."),
        rules.NOT_APPROVED: _("This excerpt is not approved. It can be printed once a second person has said yes."),
    }[code]


FIELDS = {
    rules.NOBODY_CHOSEN: "pupils", rules.LOOK_IN_THE_PAST: "look_on", rules.ASKED_IN_THE_FUTURE: "asked_on",
    rules.NO_ANSWER: "answer", rules.NO_SECTIONS: "sections", rules.NO_PURPOSE: "purpose", rules.NO_REASON: "reason",
}  # fmt: skip
