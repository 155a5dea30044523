"""Enums of feedback and of meetings, and the tables of their moves. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class Audience(models.TextChoices):
    """To whom feedback is owed."""

    TEACHERS = "teachers", _("Teachers concerned")
    GUARDIAN = "guardian", _("Guardian")


class FeedbackState(models.TextChoices):
    """Where one feedback stands."""

    OWED = "owed", _("Missing")
    RELEASED = "released", _("Words are out, not all opened yet")
    GIVEN = "given", _("Feedback given")
    WITHHELD = "withheld", _("Not told for now, for the child's protection")
    REFUSED = "refused", _("The guardian refused to listen")
    UNREACHABLE = "unreachable", _("The guardian could not be reached")
    DROPPED = "dropped", _("No longer owed")


class Through(models.TextChoices):
    """By what a feedback was given."""

    WORDS = "words", _("Words opened by every teacher concerned")
    TOLD = "told", _("Talk written down with the signal")
    FOLLOW_UP = "follow_up", _("Talk written down in the case")
    LETTER = "letter", _("Letter with own words, confirmed by the guardian")
    LETTER_TALK = "letter_talk", _("Talk that the guardian asked for in answer to a letter")
    HERE = "here", _("Talk written down here")
    WITHHELD = "withheld", _("Decided with the signal")


class TryWay(models.TextChoices):
    """How a guardian was tried."""

    PHONE = "phone", _("By telephone")
    IN_PERSON = "in_person", _("In person at school")
    VISIT = "visit", _("Visit at home")
    VIDEO = "video", _("By video")


class TryOutcome(models.TextChoices):
    """What came of a try."""

    REACHED = "reached", _("Heard it")
    NOBODY = "nobody", _("Nobody was reached")
    REFUSED = "refused", _("Refused to listen")


class MeetingState(models.TextChoices):
    """Where an analysis meeting stands."""

    CALLED = "called", _("Waits to be held")
    OPEN = "open", _("Under way")
    HELD = "held", _("Meeting held")


class DecisionState(models.TextChoices):
    """Where a task that a meeting decided stands."""

    OPEN = "open", _("To be done")
    DONE = "done", _("Done")


RUNNING = (FeedbackState.OWED, FeedbackState.RELEASED)
NOT_HEARD = (FeedbackState.WITHHELD, FeedbackState.REFUSED, FeedbackState.UNREACHABLE)
F, EDIT = FeedbackState, Permission.FEEDBACK_EDIT

MOVES = (
    Move(F.OWED, F.RELEASED, EDIT, "feedback.words.released"),
    Move(F.OWED, F.RELEASED, "", "feedback.words.kept"),  # somebody teaches the class now
    Move(F.RELEASED, F.RELEASED, EDIT, "feedback.words.released"),
    Move(F.RELEASED, F.RELEASED, "", "feedback.words.kept"),
    Move(F.RELEASED, F.GIVEN, Permission.FEEDBACK_OWN, "feedback.words.opened"),
    Move(F.RELEASED, F.GIVEN, EDIT, "feedback.words.released"),  # taken back from all who have not opened them
    Move(F.OWED, F.GIVEN, EDIT, "feedback.guardian.tried"),
    Move(F.OWED, F.GIVEN, "", "feedback.owed.counted"),
    Move(F.OWED, F.REFUSED, EDIT, "feedback.guardian.tried"),
    Move(F.OWED, F.UNREACHABLE, EDIT, "feedback.guardian.given_up"),
    Move(F.OWED, F.WITHHELD, "", "feedback.owed.counted"),
    *(Move(state, F.GIVEN, EDIT, "feedback.guardian.tried") for state in NOT_HEARD),
    *(Move(state, F.GIVEN, "", "feedback.owed.counted") for state in NOT_HEARD),
    *(Move(state, F.DROPPED, "", "feedback.owed.dropped") for state in RUNNING),
    *(Move(state, F.DROPPED, EDIT, "feedback.owed.let_go") for state in RUNNING),
)

MEETING_MOVES = (
    Move(MeetingState.CALLED, MeetingState.OPEN, Permission.MEETING_HOLD, "feedback.meeting.opened"),
    Move(MeetingState.OPEN, MeetingState.HELD, Permission.MEETING_HOLD, "feedback.meeting.held"),
)


def sources_of(target: FeedbackState) -> list[str]:
    """Return the states from which a feedback may come to `target`."""
    return list(sources_among(MOVES, target))


def diagram() -> str:
    """Return the moves of a feedback as docs/states/feedback.md holds them."""
    return draw_moves(MOVES, [F.OWED, F.RELEASED], born="feedback.owed.began", with_permission=True)


def meeting_diagram() -> str:
    """Return the moves of a meeting as docs/states/meeting.md holds them."""
    return draw_moves(MEETING_MOVES, [MeetingState.CALLED], born="feedback.meeting.called", with_permission=True)
