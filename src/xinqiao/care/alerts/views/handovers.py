"""What comes from elsewhere and is handed over to the queue: from a hotline, of an incident, of a bullying."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from xinqiao.care.alerts.finding import place_held, school_places
from xinqiao.care.alerts.services.reporting import hand_over, report_bullying, report_exposure, report_id
from xinqiao.care.alerts.views.worries import named_classes, policy_place, show_form
from xinqiao.care.alerts.worry_form import BullyingForm, ExposureForm, HandOverForm
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

HAND_OVER = Permission.WORRY_HAND_OVER


@require_http_methods(["GET", "POST"])
@page(HAND_OVER)
def handover(request: HttpRequest) -> HttpResponse:
    """One pupil, of whom a hotline, a counsellor or a department told the school."""
    actor = actor_of(request)
    parameters, schools, classes = _known(actor)
    form = HandOverForm(parameters, schools, classes, request.POST or None)
    if form.is_valid() and form.student is not None:
        place, source = place_held(actor, HAND_OVER, form.student), form.cleaned_data["source"]
        hand_over(place, actor=actor, student=form.student, worry=form.worry(), source=source)
        return redirect("alerts:report-receipt", report_id(form.worry(), form.student, actor))
    return show_form(request, "alerts/handover.html", form, parameters.hotlines)


@require_http_methods(["GET", "POST"])
@page(HAND_OVER)
def exposure(request: HttpRequest) -> HttpResponse:
    """Several pupils who went through an incident."""
    actor = actor_of(request)
    parameters, schools, classes = _known(actor)
    form = ExposureForm(parameters, schools, classes, request.POST or None)
    if form.is_valid() and form.students:
        place = place_held(actor, HAND_OVER, form.students[0])
        made = report_exposure(place, actor=actor, students=form.students, worry=form.worry())
        count = 0 if isinstance(made, Unchanged) else len(made)
        text = ngettext("Taken down for {count} pupil.", "Taken down for {count} pupils.", count)
        messages.success(request, text.format(count=count) if count else _("You have sent this already."))
        return redirect("alerts:my-reports")
    return show_form(request, "alerts/exposure.html", form, parameters.hotlines)


@require_http_methods(["GET", "POST"])
@page(HAND_OVER)
def bullying(request: HttpRequest) -> HttpResponse:
    """Two pupils of one bullying, a story each."""
    actor = actor_of(request)
    parameters, schools, classes = _known(actor)
    form = BullyingForm(parameters, schools, classes, request.POST or None)
    if form.is_valid():
        place = place_held(actor, HAND_OVER, next(iter(form.found.values())))
        made = report_bullying(place, actor=actor, parts=form.parts())
        sent_before = isinstance(made, Unchanged)
        text = _("You have sent this already.") if sent_before else _("Taken down for both pupils, a story each.")
        messages.success(request, text)
        return redirect("alerts:my-reports")
    return show_form(request, "alerts/bullying.html", form, parameters.hotlines)


def _known(actor: Actor) -> tuple[Parameters, list[str], list[tuple[Unit, str]]]:
    """What can be ticked, and where and among which classes a pupil is looked for."""
    parameters = parameters_for(policy_place(actor, HAND_OVER), today())
    return parameters, school_places(actor, HAND_OVER), named_classes(actor, HAND_OVER)
