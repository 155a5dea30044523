"""What others are asked about the pupils: planned, handed out, filled in by class teachers, and how far it is."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.screening.informant_forms import InformantsForm
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.informants import (
    campaign_of_form,
    class_asked_about,
    class_forms_of,
    form_sitting,
    guardian_slips,
    own_class_forms,
)
from xinqiao.care.screening.services.informants import CannotAsk, open_own_form, plan_form, refuse_form
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.screening.views.finding import campaign_or_404, for_everyone_or_404
from xinqiao.care.screening.views.progress import qr_code
from xinqiao.care.screening.wording import refusal_words
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import Informant
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id

FORM_DOOR = "/s/form"


@page(Permission.CAMPAIGN_EDIT)
def informants(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Say what guardians and class teachers are asked, before the launch."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    for_everyone_or_404(found)
    if found.state != CampaignState.DRAFT:
        return redirect("screening:campaign", found.pk)
    school = units_by_id([found.school_id])[found.school_id]
    form = InformantsForm(found, school, now(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        for who, scale_ids, cohorts in form.plans():
            plan_form(found, actor=actor, informant=who, scale_ids=scale_ids, cohorts=cohorts)
        return redirect("screening:campaign", found.pk)
    parts = {"campaign": found, "form": form, "school": school}
    return render(request, "screening/informants.html", parts, status=422 if form.errors else 200)


@page(Permission.OBSERVATION_WRITE)
def my_class(request: HttpRequest) -> HttpResponse:
    """Return the class teacher's forms about the pupils of the reader's own classes."""
    parts = {"forms": own_class_forms(actor_of(request), now(), today())}
    return render(request, "screening/my_class_forms.html", parts)


@page(Permission.STUDENT_LIST)
def class_forms(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return by name who has filled in a form about the pupils of a class, and who has not."""
    actor = actor_of(request)
    found, unit = _class_or_404(actor, campaign_id, class_id, Permission.STUDENT_LIST)
    parts = {
        "campaign": found, "unit": unit, "class_name": name_on(unit, today()),
        "forms": class_forms_of(actor, found, unit, now(), today()),
        "may_seat": actor.can(Permission.SEAT_LIST, unit.path),
        "may_open": actor.can(Permission.OBSERVATION_WRITE, unit.path),
        "may_read_results": actor.can(Permission.RESULT_FULL, unit.path),
    }  # fmt: skip
    return render(request, "screening/class_forms.html", parts)


def _class_or_404(actor: Actor, campaign_id: UUID, class_id: UUID, permission: Permission) -> tuple[Campaign, Unit]:
    return or_404(class_asked_about(actor, campaign_id, class_id, permission))


@page(Permission.OBSERVATION_WRITE, child="sitting_id")
@require_POST
def open_form(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Send the class teacher to the form about one pupil; the code stands behind the #, which no log is told."""
    actor = actor_of(request)
    sitting = _sitting_or_404(actor, sitting_id, Permission.OBSERVATION_WRITE, Informant.TEACHER)
    try:
        code = open_own_form(sitting, actor=actor)
    except CannotAsk as error:
        messages.error(request, refusal_words(error.reason))
        return redirect("screening:my-class")
    return HttpResponseRedirect(f"{FORM_DOOR}#{code}")


@page(Permission.SEAT_LIST, child="sitting_id")
@require_POST
def refuse(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Note that a guardian does not want to fill in the form, or does after all."""
    actor = actor_of(request)
    sitting = _sitting_or_404(actor, sitting_id, Permission.SEAT_LIST, Informant.PARENT)
    try:
        refuse_form(sitting, actor=actor)
        messages.success(request, _("Noted. It changes nothing for the pupil."))
    except CannotAsk as error:
        messages.error(request, refusal_words(error.reason))
    return redirect("screening:class-forms", campaign_of_form(sitting.origin_id), sitting.class_id)


def _sitting_or_404(actor: Actor, sitting_id: UUID, permission: Permission, informant: str) -> Sitting:
    return or_404(form_sitting(actor, sitting_id, permission, informant))


@page(Permission.SEAT_LIST)
def slips(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return the slips for the guardians of a class, to be printed."""
    actor = actor_of(request)
    found, unit = _class_or_404(actor, campaign_id, class_id, Permission.SEAT_LIST)
    address = request.build_absolute_uri(FORM_DOOR)
    parts = {
        "campaign": found, "unit": unit, "class_name": name_on(unit, today()), "address": address,
        "slips": [(slip, qr_code(f"{address}#{slip.code}")) for slip in guardian_slips(actor, found, unit, now())],
        "printed_by": actor.name, "printed_at": now(),
    }  # fmt: skip
    return render(request, "screening/guardian_slips.html", parts)
