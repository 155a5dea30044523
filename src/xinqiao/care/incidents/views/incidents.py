"""Pages of an incident: the list, a new one, one with everything in it, its leader and its end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.forms import CloseForm, LeaderForm, OpenForm, this_minute
from xinqiao.care.incidents.selectors.incidents import count_rows, incident_rows
from xinqiao.care.incidents.selectors.page import incident_page
from xinqiao.care.incidents.services.opening import close_incident, name_leader, open_incident
from xinqiao.care.incidents.views.finding import form_page, incident_or_404, people_who_lead
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.selectors import schools_for
from xinqiao.register.policy.selectors import parameters_for


@require_GET
@page(Permission.INCIDENT_LEAD)
def index(request: HttpRequest) -> HttpResponse:
    """Return the incidents of the reader's school, running ones first."""
    return render(request, "incidents/index.html", {"rows": incident_rows(actor_of(request), now())})


@require_GET
@page(Permission.INCIDENT_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """Return the incidents of the schools below a bureau: school, kind, hour, and the reports that are missing."""
    actor = actor_of(request)
    rows = count_rows(actor, now())
    parts = {
        "rows": rows, "running": sum(row.is_open for row in rows), "gaps": sum(row.gaps for row in rows),
        "may_read": actor.can_somewhere(Permission.INCIDENT_RECEIVE),
    }  # fmt: skip
    return render(request, "incidents/counts.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def new(request: HttpRequest) -> HttpResponse:
    """Open an incident."""
    actor, language = actor_of(request), get_language() or ""
    schools = {str(unit.id): unit for unit in schools_for(actor, Permission.INCIDENT_LEAD)}
    kinds: dict[str, str] = {}
    leaders: dict[str, str] = {}
    for unit in schools.values():
        kinds |= {
            each.code: each.name.in_language(language) for each in parameters_for(unit.path, today()).emergency.kinds
        }
        leaders |= dict(people_who_lead(unit.path))
    first = {"happened_at": this_minute(now()), "leader": str(actor.person_id)}
    form = OpenForm(
        [(key, unit.name) for key, unit in schools.items()], list(kinds.items()), list(leaders.items()),
        request.POST or None, initial=first,
    )  # fmt: skip
    if form.is_valid():
        try:
            opened = open_incident(schools[form.cleaned_data["school"]], actor=actor, draft=form.draft())
        except CannotDo as error:
            form.refuse(error)
        else:
            messages.success(request, _("The incident is open. The clocks of the plan run."))
            known = getattr(opened, "id", None)
            return redirect("incidents:one", known) if known else redirect("incidents:index")
    parts = {"form": form, "hotlines": parameters_for(actor.places(Permission.INCIDENT_LEAD)[0], today()).hotlines}
    return render(request, "incidents/new.html", parts, status=422 if form.is_bound else 200)


@require_GET
@page(Permission.INCIDENT_LEAD, child="incident_id")
def one(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Return one incident: the plan with its clocks, pupils, reports, departments, review, and its course."""
    incident = incident_or_404(request, incident_id)
    return render(request, "incidents/one.html", {"page": incident_page(actor_of(request), incident, now())})


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def leader(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Let somebody else lead."""
    incident = incident_or_404(request, incident_id)
    form = LeaderForm(
        people_who_lead(incident.place), request.POST or None, initial={"leader": str(incident.leader)}
    )  # fmt: skip
    return form_page(
        request, incident, form,
        lambda actor: name_leader(incident, actor=actor, leader=UUID(form.cleaned_data["leader"])),
        title=_("Who leads?"), submit=_("Save"), done=_("Saved."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def close(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Close an incident."""
    incident = incident_or_404(request, incident_id)
    form = CloseForm(request.POST or None)
    return form_page(
        request, incident, form,
        lambda actor: close_incident(incident, actor=actor, words=form.cleaned_data["words"]),
        title=_("Close the incident"), submit=_("Close the incident"), done=_("The incident is closed."), tone="red",
    )  # fmt: skip
