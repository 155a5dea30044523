"""Pages of looking after pupils who were exposed: the reader's own tasks, and one of them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.alerts.forms import MOMENT
from xinqiao.care.incidents.clocks import rules_at
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.forms import CareForm, this_minute
from xinqiao.care.incidents.models import Exposure
from xinqiao.care.incidents.selectors.care import care_row, care_rows
from xinqiao.care.incidents.services.caring import look_after
from xinqiao.care.incidents.states import CareState
from xinqiao.care.incidents.views.finding import exposure_or_404
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now


@require_GET
@page(Permission.INCIDENT_AFTERCARE)
def mine(request: HttpRequest) -> HttpResponse:
    """Return whom the reader looks after."""
    rows = care_rows(actor_of(request), now())
    parts = {"rows": rows, "waiting": sum(row.is_waiting for row in rows), "late": sum(row.is_late for row in rows)}
    return render(request, "incidents/aftercare.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_AFTERCARE, child="exposure_id")
def one(request: HttpRequest, exposure_id: UUID) -> HttpResponse:
    """Look after one pupil, and note what was found."""
    actor = actor_of(request)
    row = exposure_or_404(request, exposure_id, Permission.INCIDENT_AFTERCARE)
    form = CareForm(rules_at(row.place), _sent(request), initial={"held_at": this_minute(now())})
    if form.is_valid() and _note(request, form, row):
        return redirect("incidents:aftercare")
    parts = {
        "form": form, "row": care_row(actor, row, now()), "hotlines": rules_at(row.place).hotlines,
    }  # fmt: skip
    return render(request, "incidents/care.html", parts, status=422 if form.is_bound else 200)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent; the button "nothing noticed" says no moment, so that it is this one."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if data.get("fine"):
        data["finding"], data["held_at"] = CareState.FINE.value, this_minute(now()).strftime(MOMENT)
    return data


def _note(request: HttpRequest, form: CareForm, row: Exposure) -> bool:
    found = form.found()
    try:
        look_after(row, actor=actor_of(request), found=found)
    except CannotDo as error:
        form.refuse(error)
        return False
    if found.finding == CareState.WORRY:
        messages.warning(
            request,
            _("Passed on at once. The psychology teacher has been told. Stay with the pupil if there is danger."),
        )
    else:
        messages.success(request, _("Noted. Thank you."))
    return True
