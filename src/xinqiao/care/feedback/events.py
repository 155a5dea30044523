"""The events of feedback, meetings and the ledger, as sentences of the audit. None tells why."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.wording import CLOCK_WORDS
from xinqiao.care.feedback.states import Audience, FeedbackState, Through, TryOutcome
from xinqiao.foundation.audit.events import declare_events, declare_words

CHANGES = {
    "feedback.owed.began": _("Feedback on a pupil is owed ({to})"),
    "feedback.owed.counted": _("Feedback on a pupil counts as given ({through})"),
    "feedback.owed.dropped": _("Feedback on a pupil is no longer owed"),
    "feedback.owed.let_go": _("{actor} let a feedback go that is no longer needed"),
    "feedback.words.released": _("{actor} released words on a pupil to {count} teachers"),
    "feedback.words.kept": _("Words on a pupil follow those who teach the class now ({count})"),
    "feedback.words.opened": _("{actor} opened the words on a pupil"),
    "feedback.guardian.tried": _("{actor} wrote down a try to talk to a guardian ({outcome})"),
    "feedback.guardian.given_up": _("{actor} wrote down that a guardian cannot be reached"),
    "feedback.clock.overdue": _("Something was overdue ({clock}); {sent} messages left"),
    "feedback.meeting.called": _("The next analysis meeting was dated"),
    "feedback.meeting.led": _("{actor} named who leads the analysis meeting"),
    "feedback.meeting.opened": _("{actor} opened an analysis meeting; {count} pupils are on the agenda"),
    "feedback.item.noted": _("{actor} noted what a meeting looked at"),
    "feedback.decision.written": _("{actor} noted what a meeting decided"),
    "feedback.decision.done": _("{actor} noted that what a meeting decided was done"),
    "feedback.meeting.held": _("{actor} closed an analysis meeting of {people} people"),
}
READINGS = {
    "feedback.list.read": _("{actor} read who is owed feedback ({count} pupils)"),
    "feedback.one.read": _("{actor} read the feedback on a pupil"),
    "feedback.words.read": _("{actor} read the words on {count} pupils meant for them"),
    "feedback.meeting.read": _("{actor} read an analysis meeting ({count} pupils)"),
    "feedback.meeting.printed": _("{actor} printed the minutes of an analysis meeting ({count} pupils)"),
    "feedback.tasks.read": _("{actor} read what meetings gave them to do ({count})"),
    "feedback.ledger.read": _("{actor} read the ledger of all warnings ({count} pupils)"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("to", "through", "outcome", "state"))
    declare_events(READINGS, reading=True)
    declare_words("feedback.owed.began", to=dict(Audience.choices))
    declare_words("feedback.owed.counted", through=dict(Through.choices), state=dict(FeedbackState.choices))
    declare_words("feedback.guardian.tried", outcome=dict(TryOutcome.choices))
    declare_words("feedback.clock.overdue", clock=CLOCK_WORDS)
