"""The page of drills."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinqiao.care.incidents.forms import DrillForm
from xinqiao.care.incidents.selectors.drills import drill_rows
from xinqiao.care.incidents.services.drills import note_drill
from xinqiao.care.incidents.views.finding import is_done
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.selectors import schools_for


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def drills(request: HttpRequest) -> HttpResponse:
    """Return the drills of a school, or note one."""
    actor = actor_of(request)
    schools = {str(unit.id): unit for unit in schools_for(actor, Permission.INCIDENT_LEAD)}
    form = DrillForm(
        [(key, unit.name) for key, unit in schools.items()], request.POST or None, initial={"held_on": today()}
    )  # fmt: skip
    if is_done(
        request, form, lambda by: note_drill(schools[form.cleaned_data["school"]], actor=by, draft=form.draft()),
        _("The drill is noted."),
    ):  # fmt: skip
        return redirect("incidents:drills")
    parts = {"form": form, "rows": drill_rows(actor)}
    return render(request, "incidents/drills.html", parts, status=422 if form.is_bound else 200)
