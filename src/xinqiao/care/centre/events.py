"""The events of the centre, as sentences of the audit."""

from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.audit.events import declare_events

CHANGES = {
    "centre.room.added": _("{actor} added a room of the counselling centre"),
    "centre.room.changed": _("{actor} changed a room of the counselling centre"),
    "centre.room.closed": _("{actor} took a room of the counselling centre out of use"),
    "centre.opening.added": _("{actor} added a line to the weekly pattern of the centre"),
    "centre.opening.removed": _("{actor} took a line out of the weekly pattern of the centre"),
    "centre.term.written": _("{actor} wrote the roster of a term ({written} stretches, {removed} taken away)"),
    "centre.hour.added": _("{actor} added an hour to the roster of the centre"),
    "centre.hour.handed_over": _("{actor} handed an hour of the roster over"),
    "centre.hour.dropped": _("{actor} dropped an hour of the roster"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES)
