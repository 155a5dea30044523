"""Pages of roster imports: upload, difference, progress, result, and the rows that wait to be mended."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind
from xinqiao.register.people.forms.rosters import RosterForm
from xinqiao.register.people.models import RosterRefusal, RosterRun
from xinqiao.register.people.roster.workbook import refusals_workbook
from xinqiao.register.people.selectors.rosters import open_refusals, refusals_of_run, roster_runs, run_page
from xinqiao.register.people.services.rosters import (
    CannotImport,
    accept_roster,
    cancel_roster,
    strike_refusal,
    upload_roster,
)
from xinqiao.register.people.tasks import compare_roster, write_roster

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@page(Permission.ROSTER_IMPORT)
def rosters(request: HttpRequest) -> HttpResponse:
    """Upload a roster, and see the latest ones."""
    actor = actor_of(request)
    units = _units(actor)
    form = RosterForm(units, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        run = upload_roster(
            form.chosen_unit(), actor=actor, file_name=file.name, body=file.read(), on=form.cleaned_data["on"]
        )  # fmt: skip
        compare_roster.enqueue(str(run.id))
        return redirect("people:roster", run.id)
    parts = {"form": form, "runs": roster_runs(actor), "waiting": len(open_refusals(actor)), "units": units}
    return render(request, "people/rosters.html", parts, status=422 if form.errors else 200)


def _units(actor: Actor) -> list[Unit]:
    return units_for(actor, Permission.ROSTER_IMPORT, *SCHOOL_KINDS, UnitKind.CAMPUS, UnitKind.COUNTY, UnitKind.CITY)


def _run(request: HttpRequest, run_id: UUID) -> RosterRun:
    run: RosterRun = get_object_or_404(
        RosterRun.objects.visible_to(actor_of(request), Permission.ROSTER_IMPORT), pk=run_id
    )
    return run


@require_GET
@page(Permission.ROSTER_IMPORT)
def roster(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run: waiting, difference, progress or result; asked by htmx, only the part that changes."""
    template = "people/roster.html#state" if request.headers.get("HX-Request") else "people/roster.html"
    return render(request, template, {"page": run_page(_run(request, run_id))})


@require_POST
@page(Permission.ROSTER_IMPORT)
def roster_accept(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Say yes to the difference."""
    run = _run(request, run_id)
    try:
        accept_roster(run, actor=actor_of(request))
    except CannotImport:
        messages.info(request, _("This roster was decided on already."))
    else:
        write_roster.enqueue(str(run.id))
    return redirect("people:roster", run_id)


@require_POST
@page(Permission.ROSTER_IMPORT)
def roster_cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Say no: the file is wiped and nothing was written."""
    try:
        cancel_roster(_run(request, run_id), actor=actor_of(request))
    except CannotImport:
        messages.info(request, _("This roster was decided on already."))
    else:
        messages.success(request, _("Nothing was imported, and the file was deleted."))
    return redirect("people:rosters")


@require_GET
@page(Permission.ROSTER_IMPORT)
def roster_refused(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The refused rows as a spreadsheet, to be mended at the desk."""
    actor, run = actor_of(request), _run(request, run_id)
    body = refusals_workbook(refusals_of_run(run), reader=actor.name)
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="refused-rows.xlsx"'
    return response


@require_GET
@page(Permission.ROSTER_IMPORT)
def roster_waiting(request: HttpRequest) -> HttpResponse:
    """Refused rows of all files that nobody has mended yet."""
    return render(request, "people/roster_waiting.html", {"rows": open_refusals(actor_of(request))})


@require_POST
@page(Permission.ROSTER_IMPORT)
def roster_strike(request: HttpRequest, refusal_id: UUID) -> HttpResponse:
    """Take one refused row off the list."""
    rows: Any = RosterRefusal.objects.visible_to(actor_of(request), Permission.ROSTER_IMPORT)
    strike_refusal(get_object_or_404(rows, pk=refusal_id), actor=actor_of(request))
    return redirect("people:roster-waiting")
