"""The events of rounds, as sentences of the audit."""

from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.audit.events import declare_events

CHANGES = {
    "rounds.round.opened": _("A round was opened for {classes} classes"),
    "rounds.round.called": _("{actor} called for a round"),
    "rounds.round.withdrawn": _("{actor} took back a call for a round; {lists} lists are no longer asked"),
    "rounds.line.noted": _("{actor} looked at {count} pupils and noticed nothing"),
    "rounds.worry.noted": _("{actor} noted a worry about a pupil in a round"),
    "rounds.worry.taken_back": _("{actor} took back a worry about a pupil before it was passed on"),
    "rounds.list.signed": _("{actor} signed the list of a class ({pupils} pupils)"),
    "rounds.list.climbed": _("The list of a class was not signed; {told} people on rung {rung} were told"),
    "rounds.list.dropped": _("The list of a class is no longer asked: nobody is in the class"),
    "rounds.visit.noted": _("{actor} noted a visit to a dormitory"),
}
READINGS = {
    "rounds.list.read": _("{actor} read the list of a class in a round ({count} pupils)"),
    "rounds.worry.read": _("{actor} read what was noted of a pupil in a round"),
    "rounds.visits.read": _("{actor} read the dormitory visits of a class ({count})"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("urgency", "worries", "ids"))
    declare_events(READINGS, reading=True)
