"""The advice to see a doctor, in two copies: one the guardians keep, one the school keeps with their receipt."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.crisis.models import Referral
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.ui.documents import TwoCopies, two_copies_pdf
from xinqiao.foundation.ui.wording import day_words
from xinqiao.register.orgs.selectors import school_of
from xinqiao.register.people.finding import name_of
from xinqiao.register.policy.selectors import parameters_for


def advice_pdf(actor: Actor, referral: Referral, at: dt.datetime) -> bytes:
    """Return the form as PDF; printing it is an event. It carries no level, no score and no diagnosis."""
    note_reading(actor, "crisis.referral.printed", subject_kind="student", subject_id=referral.student_id,
                 place=referral.place, county_id=referral.county_id, facts={"referral": str(referral.id)})  # fmt: skip
    (said,) = open_sealed([referral], "contact", "advice")
    return two_copies_pdf(_form(referral, said["contact"] or "", said["advice"] or ""), at)


def _form(referral: Referral, contact: str, own: str) -> TwoCopies:
    school, partner, name = school_of(referral.place), referral.partner, name_of(referral.student)
    language, lines = get_language() or "", parameters_for(referral.place, today()).hotlines
    boxed = ((_("Institution"), partner.name), (_("Departments"), partner.departments),
             (_("Telephone"), partner.contact), (_("At the school"), contact))  # fmt: skip
    return TwoCopies(
        sender=school.name if school else "", title=_("Advice to see a doctor"), take_along=_("For the guardians"),
        stays=_("For the school"), greeting=_("Dear parents and guardians of {name},").format(name=name),
        paragraphs=_fixed_words() + tuple(part.strip() for part in own.splitlines() if part.strip()),
        boxed_title=_("Where to go; the school can prepare it for you"),
        boxed=tuple((label, value) for label, value in boxed if value),
        closing=_("The psychology teacher of the school, {day}").format(day=day_words(today())),
        hotlines_label=_("When it is urgent, do not wait for the school. Call at any hour:"),
        hotlines=tuple(f"{line.number}  {line.name.in_language(language)}: {line.for_.in_language(language)}"
                       for line in lines),
        receipt=_("Receipt: I have been given this advice."),
        choices=(
            _("I agree that the school tells this institution what it needs to know to help."),
            _("I will go to an institution of my own choice and tell the school."),
            _("I do not agree now and would like to talk to the school again."),
        ),
        lines=(_("Signature"), _("Telephone"), _("Day")),
        footer=_("Kept by the school under seal. Advice and decision go into no report, mark or evaluation."),
    )  # fmt: skip


def _fixed_words() -> tuple[str, ...]:
    return (
        _("We have come to worry about how your child has been lately. We ask you to take your child to a doctor at a "
          "professional institution soon, and to stay close until then."),
        _("This is advice, not a diagnosis: a school makes none. Only a doctor can say what it is and what helps. "
          "Going early helps most, and it has no drawbacks for your child at school."),
    )  # fmt: skip
