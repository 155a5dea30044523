"""The events of institutions and referrals, as sentences of the audit. None tells what a referral said."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.crisis.referral.states import EndReason, Way
from xinqiao.foundation.audit.events import declare_events, declare_words

CHANGES = {
    "crisis.partner.added": _("{actor} put an institution on the list of partners"),
    "crisis.partner.changed": _("{actor} changed what is known of a partner institution"),
    "crisis.partner.ended": _("{actor} took an institution off the list of partners"),
    "crisis.referral.written": _("{actor} wrote a referral"),
    "crisis.referral.handed": _("{actor} handed the written advice to a pupil's guardians"),
    "crisis.referral.agreed": _("{actor} noted that the family agrees to a referral"),
    "crisis.referral.refused": _("{actor} noted that the family does not agree to a referral"),
    "crisis.referral.readied": _("{actor} looked through a referral as the institution will see it"),
    "crisis.referral.sent": _("{actor} sent a referral"),
    "crisis.referral.overridden": _("{actor} sent a referral without consent, in an emergency; the principal was told"),
    "crisis.referral.opened": _("A referral was opened with its link and code"),
    "crisis.referral.accepted": _("A referral was accepted ({way})"),
    "crisis.referral.declined": _("A referral was declined ({way})"),
    "crisis.referral.visit_dated": _("The first visit of a referral has a day ({way})"),
    "crisis.referral.attended": _("A referred pupil was at the institution ({way})"),
    "crisis.referral.advised": _("Advice for the safety of a referred pupil arrived ({way})"),
    "crisis.referral.returned": _("A referral came back to the school ({way})"),
    "crisis.referral.closed": _("A referral was closed ({way})"),
    "crisis.referral.withdrawn": _("{actor} withdrew a referral"),
    "crisis.referral.answer_read": _("{actor} noted that the answer to a referral was read"),
    "crisis.referral.shut": _("The link of a referral was closed: the family took its consent back"),
    "crisis.referral.reopened": _("The link of a referral opens again: the family agrees"),
    "crisis.referral.overdue": _("A referral was overdue; {sent} messages left"),
    "crisis.referral.locked": _("A referral was locked after wrong codes"),
}
ANSWERS = tuple(f"crisis.referral.{word}" for word in (
    "accepted", "declined", "visit_dated", "attended", "advised", "returned", "closed",
))  # fmt: skip
READINGS = {
    "crisis.referrals.read": _("{actor} read the list of referrals ({count})"),
    "crisis.pupil.named": _("{actor} opened a form about a pupil"),
    "crisis.referral.previewed": _("{actor} looked at what an institution will read of a pupil"),
    "crisis.referral.read": _("{actor} read a pupil's referral"),
    "crisis.referral.printed": _("{actor} printed the advice to a pupil's guardians"),
    "crisis.referral.link_shown": _("{actor} looked at the link and the code of a referral"),
    "crisis.referral.exported": _("{actor} took a referral out as a FHIR file"),
}


def declare_referrals() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("reason", "clock", "state"))
    declare_events(READINGS, reading=True)
    declare_words(*ANSWERS, way=dict(Way.choices), reason=dict(EndReason.choices))
