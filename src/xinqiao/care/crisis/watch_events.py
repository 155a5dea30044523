"""The events of watches, as sentences of the audit. None tells why."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.crisis.watch.states import WatchEnd
from xinqiao.foundation.audit.events import declare_events, declare_words

CHANGES = {
    "crisis.watch.opened": _("{actor} keeps a pupil in view"),
    "crisis.watch.looked": _("{actor} wrote down a look at a pupil kept in view"),
    "crisis.watch.signalled": _("A new signal came of a pupil kept in view"),
    "crisis.watch.resumed": _("A pupil is kept in view further after a talk"),
    "crisis.watch.became_case": _("A pupil kept in view is in care now"),
    "crisis.watch.ended": _("{actor} no longer keeps a pupil in view ({reason})"),
    "crisis.watch.handed_over": _("Somebody else keeps a pupil in view now"),
    "crisis.watch.overdue": _("A look at a pupil kept in view was overdue; {sent} messages left"),
}
READINGS = {
    "crisis.watches.read": _("{actor} read who is kept in view ({count} pupils)"),
    "crisis.watch.read": _("{actor} read how a pupil is kept in view"),
}


def declare_watches() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("reason",))
    declare_events(READINGS, reading=True)
    declare_words("crisis.watch.ended", reason=dict(WatchEnd.choices))
