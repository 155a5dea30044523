"""The events of leave and return, as sentences of the audit. None tells why."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.crisis.leave.states import LeaveState
from xinqiao.foundation.audit.events import declare_events, declare_words

CHANGES = {
    "crisis.leave.opened": _("{actor} noted that a pupil may need a leave of absence"),
    "crisis.leave.stepped": _("{actor} noted a step of a leave or a return ({state})"),
    "crisis.leave.decided": _("{actor} decided on a return ({state})"),
    "crisis.leave.contacted": _("{actor} noted that the school was in touch with a pupil on leave"),
    "crisis.leave.looked": _("{actor} noted a look after a return"),
    "crisis.leave.left": _("A leave ended: the pupil left the school"),
    "crisis.leave.overdue": _("A step of a leave or a return was overdue; {sent} messages left"),
}
READINGS = {
    "crisis.leaves.read": _("{actor} read who is on leave ({count})"),
    "crisis.leave.read": _("{actor} read a pupil's leave"),
}


def declare_leaves() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("state", "clock"))
    declare_events(READINGS, reading=True)
    declare_words("crisis.leave.stepped", "crisis.leave.decided", state=dict(LeaveState.choices))
