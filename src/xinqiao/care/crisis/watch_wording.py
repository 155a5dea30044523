"""Codes of watches in words that say what is wrong and how to mend it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.crisis.watch import rules

FIELDS = {
    rules.LOOK_IN_FUTURE: "held_at", rules.LOOK_BEFORE_WATCH: "held_at", rules.NO_LOOK_WORDS: "words",
    rules.NO_LOOK_FINDING: "finding", rules.NEXT_LOOK_NOT_AHEAD: "next_on", rules.NEXT_LOOK_TOO_LATE: "next_on",
    rules.NO_WATCH_REASON: "words", rules.STILL_AT_SCHOOL: "reason",
}  # fmt: skip


def why_not_words(code: str, facts: rules.EndFacts | None = None) -> str:
    """Return why something was not saved, and how to mend it."""
    words = {
        rules.WATCH_OVER: _("This pupil is no longer kept in view. Look at the list again."),
        rules.TALK_FIRST: _("A signal of this pupil is open. Talk to the pupil and settle it first."),
        rules.LOOKED_MEANWHILE: _(
            "Somebody else wrote down a look meanwhile; it stands in the story. Send yours again if it adds something."
        ),
        rules.LOOK_IN_FUTURE: _("It lies in the future. Enter when it was held."),
        rules.LOOK_BEFORE_WATCH: _("It lies before the pupil was kept in view. Enter one held since."),
        rules.NO_LOOK_WORDS: _("Say in a sentence what you saw and heard."),
        rules.NO_LOOK_FINDING: _("Say what you found of the danger."),
        rules.NEXT_LOOK_NOT_AHEAD: _("The next look lies in the past. Choose a day after today."),
        rules.NEXT_LOOK_TOO_LATE: _("That is later than the rhythm in force here allows. Choose an earlier day."),
        rules.NO_WATCH_REASON: _("Nothing ends without a reason: choose one, and say it in a sentence."),
        rules.LOOK_OVERDUE: _("The next look is overdue. Hold it first."),
        rules.LEVEL_STILL_HIGH: _("The level is red or orange. Lower it first, if that is how the pupil is."),
        rules.STILL_AT_SCHOOL: _("The pupil is at the school. Choose another reason."),
    }
    return _looks_words(facts) if code == rules.NOT_ENOUGH_LOOKS and facts else words.get(code, code)


def obstacle_texts(codes: Sequence[str], facts: rules.EndFacts) -> tuple[str, ...]:
    """Return what stands against an end, as sentences with their numbers."""
    return tuple(why_not_words(code, facts) for code in codes)


def _looks_words(facts: rules.EndFacts) -> str:
    text = ngettext(
        "{done} of {count} look in a row without a sign of danger.",
        "{done} of {count} looks in a row without a sign of danger.", facts.calm_at_least,
    )  # fmt: skip
    return text.format(done=facts.calm, count=facts.calm_at_least)
