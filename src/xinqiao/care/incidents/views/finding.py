"""What pages of incidents share: the row of the address or 404, what is done when a form was sent, and a form on a page
of its own."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.forms import PlainForm
from xinqiao.care.incidents.models import Exposure, Incident, IncidentLine, IncidentReport
from xinqiao.care.incidents.selectors.incidents import exposure_for, incident_for, line_for
from xinqiao.care.incidents.selectors.reports import report_for
from xinqiao.care.incidents.wording import name_in, refusal_words
from xinqiao.foundation.access import doing
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import staff_choices
from xinqiao.register.duty.selectors import staff_who_may

TextForm = TypeVar("TextForm", bound=PlainForm)


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


def is_done(request: HttpRequest, form: PlainForm, act: Callable[[Actor], object], words: str) -> bool:
    """Do what a valid form says and tell the reader; False where it is to be shown again with what was typed."""
    return doing.is_done(request, form, act, words, CannotDo)


def is_done_at_once(request: HttpRequest, act: Callable[[Actor], object], words: str) -> bool:
    """Do what a button says, and tell the reader that it is done, or why not."""
    try:
        act(actor_of(request))
    except CannotDo as error:
        for code in error.codes:
            messages.error(request, refusal_words(code))
        return False
    messages.success(request, words)
    return True


def seen_version(request: HttpRequest) -> int:
    """Return the version of a text that the reader had before them; -1 where none was sent."""
    after = request.POST.get("after", "")
    return int(after) if after.isdecimal() else -1


def typed_again(form: type[TextForm], request: HttpRequest, version: int, error: CannotDo) -> TextForm:
    """Return what was typed and why it was refused, beside the version that stands now: saved again, it counts as
    seen."""
    data = request.POST.copy()
    data["after"] = str(version)
    again = form(data)
    again.is_valid()
    again.refuse(error)
    return again


def form_page(
    request: HttpRequest, incident: Incident, form: PlainForm, act: Callable[[Actor], object], *, title: str,
    submit: str, done: str, subtitle: str = "", tone: str = "", anchor: str = "",
) -> HttpResponse:  # fmt: skip
    """Show a form about an incident; sent and valid, do what it says and go back to the incident."""
    if is_done(request, form, act, done):
        answer = redirect("incidents:one", incident.id)
        answer["Location"] += anchor
        return answer
    parts: dict[str, Any] = {
        "incident": incident, "kind": name_in(incident.names), "form": form, "title": title, "subtitle": subtitle,
        "submit": submit, "tone": tone,
    }  # fmt: skip
    return render(request, "incidents/form.html", parts, status=422 if form.is_bound else 200)
