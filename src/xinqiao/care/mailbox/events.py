"""The events of the mailbox, as sentences of the audit. None tells what was written, and none names who wrote."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.mailbox.states import Channel
from xinqiao.foundation.audit.events import declare_events, declare_words

CHANGES = {
    "mailbox.letter.written": _("A letter was written on the pupils' page"),
    "mailbox.letter.continued": _("A letter was written on with its code"),
    "mailbox.letter.told": _("A letter came in; {sent} messages left"),
    "mailbox.letter.climbed": _("A letter was not taken up in time; {sent} messages left for rung {rung}"),
    "mailbox.letter.typed_in": _("{actor} typed in a letter ({channel})"),
    "mailbox.draft.kept": _("{actor} kept an answer to a letter that is not sent yet"),
    "mailbox.letter.answered": _("{actor} answered a letter"),
    "mailbox.letter.handed_over": _("{actor} handed a letter over to a colleague"),
    "mailbox.letter.closed": _("{actor} closed a letter with a reason"),
    "mailbox.letter.made_urgent": _("{actor} said that a letter does not wait"),
    "mailbox.letter.laid_aside": _("{actor} laid aside with a reason that a letter does not wait"),
    "mailbox.name.asked": _("{actor} asked that the name behind a letter be opened; {sent} messages left"),
    "mailbox.name.rescued": _("{actor} opened the name behind a letter to save a life; {sent} messages left"),
    "mailbox.name.approved": _("{actor} agreed to the opening of a name"),
    "mailbox.name.refused": _("{actor} refused the opening of a name"),
    "mailbox.name.confirmed": _("{actor} agrees that a name was opened to save a life"),
    "mailbox.name.objected": _("{actor} objects that a name was opened to save a life"),
    "mailbox.name.shown": _("{actor} was shown the name behind a letter"),
    "mailbox.name.climbed": _("Nobody decided on a name in time; {sent} messages left for rung {rung}"),
}
READINGS = {
    "mailbox.pupil.named": _("{actor} was told that a pupil wrote a letter without a name"),
    "mailbox.letters.read": _("{actor} read which letters there are ({count})"),
    "mailbox.letter.read": _("{actor} read a letter"),
    "mailbox.requests.read": _("{actor} read which requests for names there are ({count})"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES)
    declare_events(READINGS, reading=True)
    declare_words("mailbox.letter.typed_in", channel=dict(Channel.choices))
