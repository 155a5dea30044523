"""Codes of feedback and meetings in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from xinqiao.care.feedback import rules

FIELDS = {
    rules.NO_TEACHER: "teachers", rules.NOT_CONCERNED: "teachers", rules.SHORT: "words", rules.LONG: "words",
    rules.FORBIDDEN_WORDS: "words", rules.IN_FUTURE: "tried_at", rules.BEFORE_FLAG: "tried_at",
    rules.NOT_A_GUARDIAN: "guardian", rules.NO_WORDS: "words", rules.NOBODY_PRESENT: "present",
    rules.NOT_OF_THE_SCHOOL: "owner", rules.DAY_NOT_AHEAD: "due_on", rules.NAMES_A_PUPIL: "words",
}  # fmt: skip


def why_not_words(code: str, spots: Sequence[str] = ()) -> str:
    """Return why something was not saved, and how to mend it."""
    words = {
        rules.NOT_RUNNING: _("This feedback has ended meanwhile. Look at the page again."),
        rules.NO_TEACHER: _("Tick at least one teacher who is to open the words."),
        rules.NOT_CONCERNED: _("One of these does not teach the pupil any more. Choose from the list."),
        rules.SHORT: _("Write one or two sentences that help in class."),
        rules.LONG: _("The words are longer than 500 characters. Shorten them to what helps in class."),
        rules.FORBIDDEN_WORDS: _("Teachers read level and advice, never why. Take this out: {spots}"),
        rules.IN_FUTURE: _("It lies in the future. Enter when it was."),
        rules.BEFORE_FLAG: _("It lies before the pupil was flagged. Enter a talk held since."),
        rules.NOT_A_GUARDIAN: _("Choose a guardian of this pupil from the list."),
        rules.NO_WORDS: _("Say in a sentence what happened; ten characters at least."),
        rules.TOO_FEW_TRIES: _("The rules ask for more tries before a guardian counts as unreachable."),
        rules.STILL_FLAGGED: _("The pupil is in care or has a level: the feedback is still owed."),
        rules.NOBODY_PRESENT: _("Tick who was there."),
        rules.NOT_OF_THE_SCHOOL: _("Choose a colleague of this school from the list."),
        rules.NOT_LOOKED_AT: _("Pupils on the agenda were not looked at. Note for each what was said, or why not."),
        rules.DAY_NOT_AHEAD: _("The day lies in the past. Choose today or a later day."),
        rules.HELD_ALREADY: _("The meeting was closed meanwhile. Look at its minutes."),
        rules.NAMES_A_PUPIL: _("Name no pupil here; it stands with the pupil on the agenda: {spots}"),
    }[code]
    return words.format(spots=_(", ").join(spots)) if spots else words


def why_words(code: str) -> str:
    """Return why a pupil is on an agenda."""
    return {
        "case": _("Open case"), "watch": _("Kept in view"), "overdue": _("Something is overdue"),
        "feedback": _("Feedback is missing"),
    }[code]  # fmt: skip
