"""Codes of cases in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.crisis import rules
from xinqiao.care.crisis.obstacles import obstacle_words
from xinqiao.foundation.ui.wording import day_words


def evidence_words(kind: str) -> str:
    """Return what was looked at."""
    return {
        "sheet": _("Screening result"), "screening_signal": _("Flag of a screening"),
        "signal": _("Signal from somebody"), "talk": _("Talk with the pupil"), "follow_up": _("Follow-up"),
        "said_class": _("What the class teacher has seen"), "said_subject": _("What subject teachers see"),
        "said_family": _("What the family says"), "said_classmates": _("What classmates or the committee member say"),
    }[kind]  # fmt: skip


def _refusals() -> dict[str, str]:
    return {
        rules.CASE_CLOSED: _("This case is closed. If care is needed again, open a new one; it names this one."),
        rules.JUDGED_MEANWHILE: _(
            "Somebody else wrote down a case conference meanwhile; it stands above. Read it, then send yours again if "
            "it still holds."
        ),
        rules.PLANNED_MEANWHILE: _("Somebody else changed the plan meanwhile. Look at it before you send yours again."),
        rules.HELD_IN_FUTURE: _("It lies in the future. Enter when it was held."),
        rules.HELD_BEFORE_CASE: _("It lies before the case was opened. Enter one held since."),
        rules.TOO_FEW_PEOPLE: _(
            "Red and orange, and the way down from them, are not one person's word. Sit together with somebody else."
        ),
        rules.NO_REASONS: _("The reasons are missing. Say in a few sentences what led to it."),
        rules.NO_ADVICE: _("Write one sentence of advice for those who meet the child in class."),
        rules.REVIEW_NOT_AHEAD: _("The day lies in the past. Choose a day after today."),
        rules.REVIEW_TOO_LATE: _("That is later than the rules allow for this level. Choose an earlier day."),
        rules.NO_CALM_LOOK: _(
            "The way down needs a follow-up with the pupil since the last conference that saw no sign of danger."
        ),
        rules.NO_GOALS: _("Say what the plan aims at."),
        rules.NO_MEASURE: _("Name at least one measure: what is done."),
        rules.NO_WORDS_FOR_HELPER: _("Say what the helper does: it is all of the plan that the helper reads."),
        rules.NOT_OF_THE_SCHOOL: _("Choose a colleague of this school from the list."),
        rules.NO_WORDS: _("Say in a sentence what you saw and heard."),
        rules.NO_FINDING: _("Say what you found of the danger."),
        rules.NEXT_NOT_AHEAD: _("The next follow-up lies in the past. Choose a day after today."),
        rules.NEXT_TOO_LATE: _("That is later than this level's rhythm allows. Choose an earlier day."),
        rules.OPEN_ALREADY: _("This pupil has an open case already."),
        rules.HAS_LEFT: _("The pupil has left the school."),
        rules.NO_END_REASON: _("Nothing ends without a reason: choose one, and say it in a sentence."),
        rules.SAME_OWNER: _("This colleague leads the case already."),
    }


def refusal_words(code: str, facts: rules.EndFacts | None = None) -> str:
    """Return why something was not saved, and how to mend it."""
    if facts is not None:
        return obstacle_texts([code], facts)[0]
    return _refusals().get(code) or obstacle_words(code)


def obstacle_texts(codes: Sequence[str], facts: rules.EndFacts) -> tuple[str, ...]:
    """Return what stands against the end of a case, as sentences with their numbers."""
    known = {
        rules.OPEN_RED: _("A red signal is open and its clock runs. Talk to the pupil and settle it first."),
        rules.OPEN_SIGNAL: _("A signal about this pupil is open. Settle it first."),
        rules.NOT_JUDGED: _("No case conference has been held yet."),
        rules.NOT_STEPPED_DOWN: _("The level is red or orange. A case conference leads down to yellow or green first."),
        rules.NOT_CALM_YET: _calm_words(facts),
        rules.STILL_OBSERVED: _observed_words(facts),
        rules.OVERDUE: _("Something of this case is overdue. Do it first."),
        rules.STILL_HERE: _("The pupil is at the school. Choose another reason."),
        rules.JUDGED_ALREADY: _("People have judged this case, so it was no mistake. Choose another reason."),
    }  # fmt: skip
    return tuple(known.get(code) or _refusals().get(code) or obstacle_words(code) for code in codes)


def _calm_words(facts: rules.EndFacts) -> str:
    text = ngettext(
        "{done} of {count} follow-up in a row without a sign of danger.",
        "{done} of {count} follow-ups in a row without a sign of danger.", facts.calm_at_least,
    )  # fmt: skip
    return text.format(done=min(facts.calm, facts.calm_at_least), count=facts.calm_at_least)


def _observed_words(facts: rules.EndFacts) -> str:
    until = rules.observed_until(facts)
    return _("The time of observation lasts until {day}.").format(day=day_words(until) if until else "–")


REFUSAL_FIELDS = {
    rules.HELD_IN_FUTURE: "held_at", rules.HELD_BEFORE_CASE: "held_at", rules.TOO_FEW_PEOPLE: "present",
    rules.NO_REASONS: "reasons", rules.NO_ADVICE: "advice",
    rules.REVIEW_NOT_AHEAD: "review_on", rules.REVIEW_TOO_LATE: "review_on", rules.NO_CALM_LOOK: "level",
    rules.NO_GOALS: "goals", rules.NO_MEASURE: "what_1", rules.NO_WORDS_FOR_HELPER: "for_helper",
    rules.NO_WORDS: "words", rules.NO_FINDING: "finding", rules.NEXT_NOT_AHEAD: "next_on",
    rules.NEXT_TOO_LATE: "next_on", rules.NO_END_REASON: "words",
}  # fmt: skip
