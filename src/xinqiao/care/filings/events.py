"""The events of filings, as sentences of the audit. None tells what a filing said."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.filings.clocks import TO_CONFIRM, TO_SEND
from xinqiao.foundation.audit.events import declare_events, declare_words

CHANGES = {
    "filings.filing.owed": _("A case has to be filed with the bureau"),
    "filings.filing.hastened": _("A filing has to be sent sooner, because the level rose"),
    "filings.filing.written": _("{actor} wrote version {version} of a filing"),
    "filings.filing.checked": _("{actor} checked version {version} of a filing"),
    "filings.filing.returned": _("{actor} gave version {version} of a filing back to be written anew"),
    "filings.filing.sent": _("{actor} sent version {version} of a filing to the bureau"),
    "filings.filing.acknowledged": _("{actor} confirmed version {version} of a filing for the bureau"),
    "filings.filing.passed": _("{actor} passed a filing on, without a name ({to})"),
    "filings.filing.lapsed": _("{actor} said why a filing is no longer needed"),
    "filings.filing.overdue": _("A filing is overdue ({clock}); {sent} messages left"),
}
READINGS = {
    "filings.list.read": _("{actor} read the school's filings ({count})"),
    "filings.filing.read": _("{actor} read a filing"),
    "filings.received.read": _("{actor} read what schools filed with the bureau ({count})"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("level", "is_late"))
    declare_events(READINGS, reading=True)
    declare_words("filings.filing.passed", to={"city": _("City"), "province": _("Province")})
    words = {TO_SEND: _("until it is sent"), TO_CONFIRM: _("until the bureau confirms")}
    declare_words("filings.filing.overdue", clock=words)
