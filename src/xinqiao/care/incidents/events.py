"""The events of incidents, as sentences of the audit. None tells why."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.wording import CLOCK_WORDS
from xinqiao.care.incidents.states import Audience, Caller, Grave, LineKind, Truth
from xinqiao.foundation.audit.events import declare_events, declare_words
from xinqiao.register.policy.emergency_words import FORM_WORDS

CHANGES = {
    "incidents.incident.opened": _("{actor} opened an incident; {sent} messages left"),
    "incidents.leader.named": _("Somebody else leads an incident"),
    "incidents.note.added": _("{actor} noted something of the course of an incident"),
    "incidents.line.done": _("{actor} noted that a line of an incident is done ({what})"),
    "incidents.line.waived": _("{actor} said why a line of an incident is not done ({what})"),
    "incidents.action.handed_over": _("An action after an incident was handed over to somebody else"),
    "incidents.department.asked": _("{actor} asked a department in an incident"),
    "incidents.experts.called": _("{actor} called out the expert team"),
    "incidents.action.added": _("{actor} wrote down an action after an incident"),
    "incidents.exposure.added": _("{actor} noted {count} pupils as exposed to an incident"),
    "incidents.aftercare.done": _("{actor} looked after a pupil who was exposed to an incident"),
    "incidents.aftercare.waived": _("{actor} said why an exposed pupil is not looked after here"),
    "incidents.report.written": _("{actor} wrote a report of an incident ({form})"),
    "incidents.report.checked": _("{actor} looked at a report of an incident as the second person ({form})"),
    "incidents.report.sent": _("{actor} sent a report of an incident ({form})"),
    "incidents.report.received": _("{actor} received a report of an incident ({form})"),
    "incidents.report.waived": _("{actor} said why a report of an incident is not sent ({form})"),
    "incidents.opinion.collected": _("{actor} kept something that the public says of an incident"),
    "incidents.opinion.judged": _("{actor} judged something that the public says of an incident ({grave}; {truth})"),
    "incidents.opinion.answered": _("{actor} noted the answer to something that the public says of an incident"),
    "incidents.opinion.closed": _("{actor} closed something that the public says of an incident"),
    "incidents.opinion.handed_over": _("The answer to something that the public says was handed over to somebody else"),
    "incidents.draft.begun": _("{actor} began a message about an incident ({audience})"),
    "incidents.draft.written": _("{actor} changed a message about an incident ({audience})"),
    "incidents.draft.checked": _("{actor} looked at a message about an incident as the second person ({audience})"),
    "incidents.draft.given": _("{actor} noted that a message about an incident was given out ({audience})"),
    "incidents.draft.dropped": _("{actor} put a message about an incident aside ({audience})"),
    "incidents.incident.closed": _("{actor} closed an incident"),
    "incidents.overdue.told": _("Something of an incident is overdue ({clock}); {sent} messages left"),
    "incidents.hotline.opened": _("{actor} opened the hotline of an incident"),
    "incidents.hotline.ended": _("{actor} ended the hotline of an incident"),
    "incidents.shift.added": _("{actor} wrote down who sits at the hotline"),
    "incidents.shift.removed": _("{actor} took somebody off the roster of the hotline"),
    "incidents.phone.taken": _("{actor} took a call of the hotline ({caller})"),
    "incidents.phone.signalled": _("A call of the hotline about a pupil became a signal"),
    "incidents.back.done": _("{actor} called somebody back from the hotline"),
    "incidents.back.waived": _("{actor} said why somebody is not called back from the hotline"),
    "incidents.joint.opened": _("{actor} began a joint activation with health"),
    "incidents.joint.noted": _("{actor} wrote on how a joint activation stands"),
    "incidents.joint.ended": _("{actor} ended a joint activation with health"),
    "incidents.joint.handed_over": _("Somebody else leads a joint activation for education"),
    "incidents.part.asked": _("{actor} asked a partner of a joint activation"),
    "incidents.part.promised": _("{actor} noted what a partner of a joint activation contributes ({count} people)"),
    "incidents.part.declined": _("{actor} noted that a partner of a joint activation cannot come"),
    "incidents.part.came": _("{actor} noted that a partner of a joint activation is there"),
    "incidents.part.waived": _("{actor} said why a partner of a joint activation is not needed"),
    "incidents.drill.noted": _("{actor} noted a drill of the emergency plan"),
}
READINGS = {
    "incidents.incident.read": _("{actor} read an incident ({count} pupils)"),
    "incidents.line.read": _("{actor} read a line of an incident ({what})"),
    "incidents.class.read": _("{actor} read the names of a class to note who was exposed ({count} pupils)"),
    "incidents.aftercare.read": _("{actor} read whom they look after following an incident ({count} pupils)"),
    "incidents.report.read": _("{actor} read a report of an incident ({form})"),
    "incidents.opinion.read": _("{actor} read what the public says of an incident"),
    "incidents.draft.read": _("{actor} read a message about an incident ({audience})"),
    "incidents.hotline.read": _("{actor} read the hotline of an incident ({count} pupils)"),
    "incidents.back.read": _("{actor} read a call of the hotline"),
    "incidents.joint.read": _("{actor} read a joint activation with health"),
    "incidents.drills.read": _("{actor} read the drills of a school ({count})"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES, care_facts=("how", "finding", "ids"))
    declare_events(READINGS, reading=True)
    declare_words("incidents.line.done", "incidents.line.waived", "incidents.line.read", what=dict(LineKind.choices))
    declare_words("incidents.phone.taken", caller=dict(Caller.choices))
    declare_words("incidents.overdue.told", clock=CLOCK_WORDS)
    events = [code for code in (*CHANGES, *READINGS) if code.startswith("incidents.report.")]
    declare_words(*events, form=FORM_WORDS)
    declare_words("incidents.opinion.judged", grave=dict(Grave.choices), truth=dict(Truth.choices))
    drafts = [code for code in (*CHANGES, *READINGS) if code.startswith("incidents.draft.")]
    declare_words(*drafts, audience=dict(Audience.choices))
