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
    "centre.hour.passed_on": _("An hour of somebody who left the centre went to a colleague"),
    "centre.hour.left": _("An hour of somebody who left the centre came off the roster: nobody takes it"),
    "centre.booking.made": _("{actor} booked an hour for a pupil"),
    "centre.booking.made_by_pupil": _("A pupil booked an hour"),
    "centre.booking.cancelled": _("{actor} cancelled a pupil's booked hour"),
    "centre.booking.left": _("A pupil's booked hour was given up: by the pupil, or because the pupil left the school"),
    "centre.booking.moved": _("{actor} moved a pupil's booked hour"),
    "centre.booking.came": _("{actor} noted that a pupil came to a booked hour"),
    "centre.booking.missed": _("{actor} noted that a pupil did not come to a booked hour"),
    "centre.booking.settled": _("{actor} noted what came of asking after a pupil who did not come"),
    "centre.waiting.added": _("{actor} put a pupil on the waiting list of the centre"),
    "centre.waiting.added_by_pupil": _("A pupil went on the waiting list of the centre"),
    "centre.waiting.wished": _("The wish of a pupil on the waiting list was changed"),
    "centre.waiting.given": _("{actor} gave an hour to a pupil on the waiting list"),
    "centre.waiting.booked_by_pupil": _("A pupil on the waiting list booked an hour"),
    "centre.waiting.left": _("A pupil left the waiting list of the centre"),
    "centre.waiting.ended": _("{actor} ended a pupil's waiting without an hour, with a reason"),
    "centre.waiting.gone": _("A pupil's waiting for an hour ended: the pupil left the school"),
    "centre.waiting.clocked": _("The clock of a pupil on the waiting list began"),
    "centre.waiting.climbed": _("Nobody gave a waiting pupil an hour in time; {sent} messages left for rung {rung}"),
    "centre.feed.made": _("{actor} made an address under which a calendar fetches the own hours"),
    "centre.feed.renewed": _("{actor} made a new address for the own hours; the old one is dead"),
    "centre.feed.ended": _("{actor} switched the address of the own hours off"),
    "centre.feed.left": _("The calendar address of somebody who holds no hours any more ended"),
    "centre.visit.noted": _("{actor} noted that somebody came to the counsellor's door"),
    "centre.hour.reminded": _("{told} people were reminded of a booked hour; {sent} messages left"),
    "centre.hour.nil": _("{actor} noted that nobody came in an hour on duty"),
    "centre.booking.climbed": _("Nobody asked after a pupil who did not come; {sent} messages left for rung {rung}"),
}
READINGS = {
    "centre.search.read": _("{actor} looked for a pupil to book an hour for ({count} found)"),
    "centre.pupil.read": _("{actor} opened the booking page of a pupil"),
    "centre.own.read": _("{actor} read which hours they booked for pupils ({count})"),
    "centre.day.read": _("{actor} read who booked an hour ({count})"),
    "centre.visits.read": _("{actor} read who came to the counsellor's door ({count})"),
    "centre.waiting.read": _("{actor} read who waits for an hour ({count})"),
    "centre.waiting.opened": _("{actor} opened the entry of a pupil on the waiting list"),
    "centre.booking.read": _("{actor} read one booking of a pupil"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("ids",))
    declare_events(READINGS, reading=True)
