"""The events of mentors and of the contact with families, as sentences of the audit."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.support.states import DutyEnd
from xinqiao.foundation.audit.events import declare_events, declare_words

CHANGES = {
    "support.mentors.dealt": _("{actor} gave {pupils} pupils a mentor ({mentors} mentors)"),
    "support.mentor.set": _("{actor} chose another mentor for a pupil"),
    "support.mentor.left": _("A mentor left; {pupils} pupils are without one"),
    "support.talk.noted": _("{actor} noted a mentor's talk with a pupil"),
    "support.parents.taught": _("{actor} noted that parents were taught ({families} families)"),
    "support.contact.noted": _("{actor} noted a contact with a pupil's family"),
    "support.contact.owed": _("Families of a class are to be reached by a day"),
    "support.contact.settled": _("What was owed to families of a class has ended ({how})"),
    "support.contact.climbed": _("Families of a class were not reached; {told} people on rung {rung} were told"),
}
READINGS = {
    "support.mentees.read": _("{actor} read the own mentees ({count} pupils)"),
    "support.mentors.read": _("{actor} read whose mentor is who in a class ({count} pupils)"),
    "support.talks.read": _("{actor} read a mentor's talks with a pupil ({count})"),
    "support.families.read": _("{actor} read whose families of a class were reached ({count} pupils)"),
    "support.contacts.read": _("{actor} read the contacts with a pupil's family ({count})"),
}


def declare_support() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("kind",))
    declare_words("support.contact.settled", how=dict(DutyEnd.choices))
    declare_events(READINGS, reading=True)
