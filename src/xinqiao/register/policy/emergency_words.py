"""How the rules of incidents read on the page of the policy."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from xinqiao.register.policy.emergency_packs import (
    AftercareRule,
    Named,
    OpinionAnswerRule,
    PlanLine,
    ReportRule,
)
from xinqiao.register.policy.pack_parts import Length

Words = Callable[[Length], str]
FORM_WORDS = {
    "first": gettext_lazy("First report"),
    "follow-up": gettext_lazy("Follow-up report"),
    "final": gettext_lazy("Final report"),
}
GRAVE_WORDS = {
    "slight": gettext_lazy("Slight: few read it"),
    "moderate": gettext_lazy("Moderate: it is passed on"),
    "severe": gettext_lazy("Severe: it harms somebody, or many read it"),
}


def emergency_label_words() -> dict[str, str]:
    """Return what each value is called, by its path in the pack."""
    return {
        "emergency.kinds": _("Kinds of incidents"),
        "emergency.plan": _("Emergency plan"),
        "emergency.guardians_within": _("Guardians are reached within"),
        "emergency.reports": _("Reports of an incident"),
        "emergency.aftercare": _("Pupils who were exposed are looked after"),
        "emergency.departments": _("Departments that can be asked"),
        "emergency.answer_within": _("A department answers within"),
        "emergency.arrival_within": _("The expert team arrives within"),
        "emergency.review_within": _("The incident is reviewed within"),
        "emergency.opinion_judged_within": _("What the public says is judged within"),
        "emergency.opinion_answered": _("What the public says is answered within"),
        "emergency.opinion_closed_within": _("What was answered is looked at again and closed within"),
        "emergency.opinion_counted": _("What the bureau is told of it"),
        "emergency.rungs": _("Who hears of what is overdue in an incident"),
        "emergency.hotline_back_within": _("Hotline: somebody is called back within"),
        "emergency.hotline_urgent_back_within": _("Hotline: in an urgent matter within"),
        "emergency.hotline_urgent_call": _("Hotline: an urgent call about a pupil is a signal"),
        "emergency.hotline_days": _("Hotline: days ahead for which the roster has no hole"),
        "emergency.joint_levels": _("Levels of a joint activation with health"),
        "emergency.joint_answer_within": _("Joint activation: a partner answers within"),
        "emergency.joint_situation_within": _("Joint activation: the situation is written on within"),
        "emergency.joint_rungs": _("Who hears of what is overdue in a joint activation"),
    }


def how_words(code: str) -> str:
    """Return in which way a pupil was exposed."""
    words = {
        "hurt": _("was hurt, or was part of it"),
        "witness": _("saw it"),
        "friend": _("is a close friend"),
        "dormitory": _("shares the dormitory"),
        "classmate": _("is a classmate"),
    }
    return words[code]


def form_words(code: str) -> str:
    """Return which form of a report it is."""
    return str(FORM_WORDS[code])


def grave_words(code: str) -> str:
    """Return how grave an item of public opinion is."""
    return str(GRAVE_WORDS[code])


def counted_words(is_counted: object) -> tuple[str, ...]:
    """Return what a bureau is told of what the public says."""
    return (_("How many items, and the hours of each step; no words") if is_counted else _("No figure of it"),)


def emergency_entry_words(entry: Any, length: Words) -> str:
    """Return one entry of a list on one line; empty for an entry of another section."""
    language = get_language() or ""
    if isinstance(entry, Named):
        return entry.name.in_language(language)
    if isinstance(entry, PlanLine):
        name = entry.name.in_language(language)
        return _("{name}: within {length}").format(name=name, length=length(entry.within)) if entry.within else name
    if isinstance(entry, ReportRule):
        words = (
            _("{name}: within {length}, looked at by a second person")
            if entry.checked
            else _("{name}: within {length}")
        )
        return words.format(name=form_words(entry.form), length=length(entry.within))
    if isinstance(entry, AftercareRule):
        by = {"class_teacher": _("class teacher"), "psychology_teachers": _("psychology teacher")}[entry.by]
        return _("{name}: {by}, within {length}").format(
            name=how_words(entry.how), by=by, length=length(entry.within)
        )  # fmt: skip
    if isinstance(entry, OpinionAnswerRule):
        return _("{name}: within {length}").format(name=grave_words(entry.grave), length=length(entry.within))
    return ""
