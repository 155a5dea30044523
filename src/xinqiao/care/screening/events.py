"""The events of screening, as sentences of the audit."""

from django.utils.translation import gettext_lazy as _

from xinqiao.care.screening.states import ExportPurpose
from xinqiao.care.sheets.states import Excuse, Informant
from xinqiao.foundation.audit.events import declare_events, declare_words

CHANGES = {
    "screening.campaign.created": _("{actor} planned a screening"),
    "screening.campaign.changed": _("{actor} changed the plan of a screening"),
    "screening.campaign.discarded": _("{actor} discarded the plan of a screening"),
    "screening.campaign.launched": _("{actor} launched a screening ({scales})"),
    "screening.campaign.extended": _("{actor} extended a screening until {until} for {pupils} pupils"),
    "screening.campaign.closed": _("{actor} ended a screening: {handed_in} handed in, {missing} were missing"),
    "screening.pace.set": _("{actor} set the days of {classes} classes of a screening, until {until}"),
    "screening.pace.dropped": _("{actor} let all classes of a screening sit in its whole window"),
    "screening.pace.moved": _(
        "{actor} moved {classes} classes of a screening by {days} days of sitting, until {until}"
    ),
    "screening.round.opened": _(
        "{actor} opened round {round} of a screening: {missing} missing, {again} to answer again"
    ),
    "screening.pupil.excused": _("{actor} excused a pupil from a screening ({excuse})"),
    "screening.pupil.readmitted": _("{actor} took back a pupil's excuse from a screening"),
    "screening.export.requested": _("{actor} asked for named results of {pupils} pupils ({purpose})"),
    "screening.export.approved": _("{actor} approved that named results of {pupils} pupils are taken out"),
    "screening.export.refused": _("{actor} refused that named results of {pupils} pupils are taken out"),
    "screening.export.fetched": _("{actor} took out named results of {pupils} pupils ({purpose})"),
    "screening.observation.written": _("{actor} wrote down what a class is like"),
    "screening.education.planned": _("{actor} made a plan by category for {classes} classes"),
    "screening.education.changed": _("{actor} changed a plan by category for {classes} classes"),
    "screening.education.finished": _("{actor} finished a plan by category for {classes} classes"),
    "screening.form.planned": _("{actor} planned a form about the pupils of a screening ({informant})"),
    "screening.form.dropped": _("{actor} dropped a form about the pupils of a screening ({informant})"),
    "screening.form.opened": _("{actor} opened the class teacher's form about a pupil"),
    "screening.form.refused": _("{actor} noted that a guardian does not want to fill in a form"),
    "screening.form.wanted": _("{actor} noted that a guardian wants to fill in a form after all"),
    "screening.forms.opened": _(
        "Forms about {made} pupils of a screening were made ({informant}), {without_consent} of them without consent"
    ),
    "screening.forms.kept": _("Forms about {pupils} pupils of a screening follow the register"),
    "screening.sittings.opened": _(
        "Sittings were made for {made} pupils of a screening, {without_consent} of them without consent"
    ),
    "screening.sittings.admitted": _("{pupils} pupils of a screening can answer: consent was given"),
    "screening.sittings.withdrawn": _("{pupils} pupils of a screening no longer answer: no consent"),
    "screening.sittings.left": _("{pupils} pupils of a screening have left the school"),
    "screening.scores.measured": _("It was measured how exact {scores} scores of a screening are"),
    "screening.flags.measured": _("It was counted from {talks} talks what {flags} flags of a screening were worth"),
    "screening.sittings.moved": _("{pupils} pupils of a screening changed class"),
    "screening.second_paper.opened": _("{pupils} pupils at the second gate can answer a second paper"),
    "screening.second_paper.withdrawn": _("{pupils} pupils no longer answer a second paper"),
    "screening.lot.drawn": _("{actor} drew {drawn} of {pupils} pupils without a flag by lot (seed {seed})"),
}

READINGS = {
    "screening.result.read": _("{actor} read all screening results of {student}"),
    "screening.results.read": _("{actor} read screening results of {pupils} pupils"),
    "screening.summary.read": _("{actor} read the summary of a screening, counted from {pupils} pupils"),
    "screening.figures.read": _("{actor} read figures of a screening, made of the answers of {pupils} pupils"),
    "screening.observations.read": _("{actor} read what class teachers saw in {classes} classes"),
    "screening.lot.read": _("{actor} read who was drawn by lot ({pupils} pupils)"),
    "screening.first.read": _("{actor} read whom to talk to after a screening ({pupils} pupils)"),
    "screening.repeat.read": _("{actor} looked for sheets to be answered again ({pupils} pupils)"),
    "screening.levels.read": _("{actor} read the levels of a class of {pupils} pupils"),
    "screening.slips.read": _("{actor} read the slips of a second paper ({pupils} pupils)"),
    "screening.register.read": _("{actor} read whom a screening of the register asks ({pupils} pupils)"),
    "screening.seats.read": _("{actor} read a seat list of {pupils} pupils with {codes} codes"),
    "screening.class_list.read": _("{actor} took out a class list of {pupils} pupils"),
    "screening.forms.read": _("{actor} read how far the forms about {pupils} pupils of a class are"),
    "screening.form_slips.read": _("{actor} printed slips for the guardians of {pupils} pupils"),
    "screening.informants.read": _("{actor} read what others told about {student}"),
    "screening.accuracy.read": _("{actor} read how good a screening was ({pupils} pupils)"),
    "screening.papers.read": _("{actor} printed answer sheets for {pupils} pupils"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES)
    declare_events(READINGS, reading=True)
    declare_words("screening.pupil.excused", excuse=dict(Excuse.choices))
    declare_words("screening.form.planned", "screening.form.dropped", "screening.forms.opened",
                  informant=dict(Informant.choices))  # fmt: skip
    declare_words("screening.export.requested", "screening.export.fetched", purpose=dict(ExportPurpose.choices))
