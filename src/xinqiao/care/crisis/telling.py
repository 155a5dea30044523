"""The events of cases, as the audit tells them."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.states import Level
from xinqiao.care.alerts.wording import CLOCK_WORDS
from xinqiao.care.crisis.states import EndReason
from xinqiao.foundation.audit.events import declare_events, declare_words


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(
        {
            "crisis.case.opened": _("{actor} opened a case"),
            "crisis.case.handed_over": _("A case was handed over to somebody else"),
            "crisis.case.judged": _("{actor} wrote down a case conference of {people} people"),
            "crisis.plan.written": _("{actor} wrote version {version} of a pupil's plan"),
            "crisis.plan.helper_changed": _("The helper of a plan left, and the heir helps now"),
            "crisis.case.followed_up": _("{actor} wrote down a follow-up"),
            "crisis.case.overdue": _("A case is overdue ({clock}); {sent} messages left"),
            "crisis.case.closed": _("{actor} closed a case ({reason})"),
        },
        care_facts=("level", "before", "reason", "is_static", "is_dynamic"),
    )
    declare_events(
        {
            "crisis.list.read": _("{actor} read the list of cases ({count} pupils)"),
            "crisis.case.read": _("{actor} read a case"),
            "crisis.ledger.read": _("{actor} read the warning ledger ({count} pupils)"),
            "crisis.helping.read": _("{actor} read whom they help ({count} pupils)"),
            "crisis.paper.printed": _("{actor} printed a paper of a case"),
        },
        reading=True,
    )
    levels = {**dict(Level.choices), "none": _("no level")}
    declare_words("crisis.case.judged", level=levels, before=levels)
    declare_words("crisis.case.closed", reason=dict(EndReason.choices))
    declare_words("crisis.case.overdue", clock=CLOCK_WORDS)
