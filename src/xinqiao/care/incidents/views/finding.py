"""What pages of incidents share: the row of the address or 404, and a form on a page of its own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.forms import PlainForm
from xinqiao.care.incidents.models import Exposure, Incident, IncidentLine, IncidentReport
from xinqiao.care.incidents.selectors.incidents import exposure_for, incident_for, line_for
from xinqiao.care.incidents.selectors.reports import report_for
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import staff_choices
from xinqiao.register.duty.selectors import staff_who_may


def incident_or_404(request: HttpRequest, incident_id: UUID) -> Incident:
    """Return an incident that the reader may lead."""
    return or_404(incident_for(actor_of(request), incident_id))


def line_or_404(request: HttpRequest, line_id: UUID) -> IncidentLine:
    """Return a line of an incident that the reader may lead."""
    return or_404(line_for(actor_of(request), line_id))


def exposure_or_404(request: HttpRequest, exposure_id: UUID, permission: Permission) -> Exposure:
    """Return an exposed pupil whom the reader may reach."""
    return or_404(exposure_for(actor_of(request), exposure_id, permission))


def report_or_404(request: HttpRequest, report_id: UUID, permission: Permission) -> IncidentReport:
    """Return a report that the reader may reach."""
    return or_404(report_for(actor_of(request), report_id, permission))


def people_who_lead(place: str) -> list[tuple[str, str]]:
    """Return who may lead an incident at a school, as choices of a form."""
    return staff_choices(staff_who_may(Permission.INCIDENT_LEAD, place, today()))


def form_page(
    request: HttpRequest, incident: Incident, form: PlainForm, act: Callable[[Actor], object], *, title: str,
    submit: str, done: str, subtitle: str = "", tone: str = "", anchor: str = "",
) -> HttpResponse:  # fmt: skip
    """Show a form about an incident; sent and valid, do what it says and go back to the incident."""
    if form.is_valid():
        try:
            act(actor_of(request))
        except CannotDo as error:
            form.refuse(error.codes)
        else:
            messages.success(request, done)
            answer = redirect("incidents:one", incident.id)
            answer["Location"] += anchor
            return answer
    parts: dict[str, Any] = {
        "incident": incident, "kind": name_in(incident.names), "form": form, "title": title, "subtitle": subtitle,
        "submit": submit, "tone": tone,
    }  # fmt: skip
    return render(request, "incidents/form.html", parts, status=422 if form.is_bound else 200)
