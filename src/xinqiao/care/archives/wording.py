"""Codes of pupils' files in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from xinqiao.care.archives import inventory, rules
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
        **_open_refusals(),
        rules.NOT_TO_DELETE: _("This request does not ask to delete. Take in one that does."),
        rules.ERASURE_LIVE: _("An erasure is proposed already. Look at the request again."),
        rules.SAME_PROPOSER: _("You proposed this erasure. Somebody else has to decide on it."),
        rules.ERASURE_OVER: _("The erasure was ended or carried out meanwhile. Look at the request again."),
        rules.ERASURE_WAITS: _("An erasure is under way. Have it decided, or call it back, before you answer."),
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


def open_words(code: str) -> str:
    """Return what is still open about a pupil, as a page lists it."""
    return {
        "signal": _("a signal that is not closed"), "case": _("a case"), "watch": _("a pupil kept in view"),
        "referral": _("a referral"), "leave": _("a leave or a return"), "attention": _("an attention level"),
        "course": _("counselling"), "register": _("an entry of the register"), "booking": _("a booked hour"),
        "waiting": _("a place on the waiting list"), "handover": _("the file on its way to another school"),
        "arrival": _("a file from another school that is not acknowledged"),
        "letter": _("a letter of the pupil that is not closed"), "worry": _("a report about a classmate"),
        "screening": _("a screening that runs"), "guardian_letter": _("a letter to the guardians that is not finished"),
        "round": _("a list of a round that is not signed"), "exposure": _("care after an incident"),
        "feedback": _("feedback that is owed"), "meeting": _("an analysis meeting or its tasks"),
        "filing": _("a report to a bureau"), "excerpt": _("an excerpt that waits for a second person"),
        inventory.OTHER_REQUEST: _("another request about the file"), inventory.CLOCK: _("a clock that runs"),
    }[code]  # fmt: skip


def _open_refusals() -> dict[str, str]:
    codes = [code for code, _model, _condition in inventory.OPEN] + [inventory.OTHER_REQUEST, inventory.CLOCK]
    words = _("Still open: {what}. Bring it to its end first, or say in the answer why it is not erased yet.")
    return {code: words.format(what=open_words(code)) for code in codes}


def area_words(area: str) -> str:
    """Return what the areas of an erasure are called."""
    return {
        "attention": _("Signals, talks and attention levels"), "cases": _("Cases, referrals, leaves and feedback"),
        "screening": _("Screening and letters about it"), "counselling": _("Counselling and booked hours"),
        "support": _("Register, mentor, family contact and rounds"), "voices": _("Letters and calls of the pupil"),
        "incidents": _("Care after incidents"), "file": _("Growth plans, family sections and excerpts"),
    }[area]  # fmt: skip


FIELDS = {
    rules.NOBODY_CHOSEN: "pupils", rules.LOOK_IN_THE_PAST: "look_on", rules.ASKED_IN_THE_FUTURE: "asked_on",
    rules.NO_ANSWER: "answer", rules.NO_SECTIONS: "sections", rules.NO_PURPOSE: "purpose", rules.NO_REASON: "reason",
}  # fmt: skip
