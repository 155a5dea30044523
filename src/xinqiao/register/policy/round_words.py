"""How the windows of rounds read on the page of the policy."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from xinqiao.register.orgs.states import Stage
from xinqiao.register.policy.packs import RoundWindow


def round_recipient_words(code: str) -> str:
    """Return who hears on a rung."""
    words = {
        "class_teacher": _("class teacher"),
        "grade_head": _("grade head"),
        "psychology_teachers": _("all psychology teachers of the school"),
        "principal": _("principal"),
        "leading_group": _("leading group"),
    }
    return words[code]


def round_window_words(window: RoundWindow) -> str:
    """Return one window on one line: its name, when it opens, and for which classes."""
    name = window.name.in_language(get_language() or "")
    return _("{name}: {when}; {classes}").format(name=name, when=_when(window), classes=_classes(window))


def _when(window: RoundWindow) -> str:
    if window.when == "declared":
        return _("opened by a person")
    if window.when == "on_day":
        return _("on {day} of the year").format(day=window.month_day)
    days = {
        "after_term_start": ngettext(
            "{days} day after the term starts", "{days} days after the term starts", window.days
        ),
        "before_term_end": ngettext("{days} day before the term ends", "{days} days before the term ends", window.days),
        "before_holiday": ngettext("{days} day before a holiday", "{days} days before a holiday", window.days),
        "after_holiday": ngettext("{days} day after a holiday", "{days} days after a holiday", window.days),
    }[window.when].format(days=window.days)
    if not window.terms:
        return days
    return _("{days} (term {terms})").format(days=days, terms="/".join(str(number) for number in window.terms))


def _classes(window: RoundWindow) -> str:
    stages = _(", ").join(str(Stage(stage).label) for stage in window.stages)
    if window.grades:
        return _("{stage}: grades {grades}").format(stage=stages, grades=", ".join(str(g) for g in window.grades))
    if window.year == "any":
        return stages
    year = _("first year") if window.year == "first" else _("last year")
    return f"{stages} · {year}"
