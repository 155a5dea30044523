"""Taking named results out: asking, deciding, fetching."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.screening.forms import ExportForm
from xinqiao.care.screening.models import ExportRequest
from xinqiao.care.screening.rules import NAMED_PUPILS_ALONE, WhyNot
from xinqiao.care.screening.selectors.campaigns import campaign_for, classes_of
from xinqiao.care.screening.selectors.exports import export_rows
from xinqiao.care.screening.services.exports import (
    CannotExport,
    approve_export,
    fetch_export,
    refuse_export,
    request_export,
)
from xinqiao.care.screening.spreadsheets import results_workbook
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.care.screening.views.progress import XLSX
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.care.screening.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.accounts.freshness import confirm_first
from xinqiao.register.orgs.selectors import name_on


@page(Permission.EXPORT_APPROVE)
def exports(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """List what was asked for, and ask."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.EXPORT_APPROVE)
    classes = {str(unit.pk): unit for unit in classes_of(found)}
    form = ExportForm([(key, name_on(unit, today())) for key, unit in classes.items()], request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            request_export(found, actor=actor, purpose=data["purpose"], class_unit=classes.get(data["class_id"]))
            return redirect("screening:exports", campaign_id)
        except CannotExport as error:
            form.add_error(None, refusal_words(WhyNot(error.code)))
    parts = {
        "campaign": found, "form": form, "rows": export_rows(actor, found, now(), today()),
        "alone": NAMED_PUPILS_ALONE, "may_ask": actor.can(Permission.RESULT_EXPORT, found.place),
        "tabs": tabs_of(actor, found),
    }  # fmt: skip
    return render(request, "screening/exports.html", parts, status=422 if form.errors else 200)


def _export_or_404(actor: Actor, export_id: UUID) -> ExportRequest:
    rows = ExportRequest.objects.visible_to(actor, Permission.EXPORT_APPROVE).select_related("campaign")
    found: ExportRequest | None = rows.filter(pk=export_id).first()
    if found is None or campaign_for(actor, found.campaign_id, Permission.EXPORT_APPROVE) is None:
        raise Http404
    return found


@page(Permission.EXPORT_APPROVE)
@require_POST
@confirm_first
def approve(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Approve what somebody else asked for."""
    found = _export_or_404(actor_of(request), export_id)
    try:
        approve_export(found, actor=actor_of(request))
        messages.success(request, _("Approved: the file can be fetched for 24 hours by the person who asked."))
    except CannotExport as error:
        messages.error(request, refusal_words(WhyNot(error.code)))
    return redirect("screening:exports", found.campaign_id)


@page(Permission.EXPORT_APPROVE)
@require_POST
def refuse(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Say no to what somebody else asked for."""
    found = _export_or_404(actor_of(request), export_id)
    try:
        refuse_export(found, actor=actor_of(request))
        messages.success(request, _("Not approved."))
    except CannotExport as error:
        messages.error(request, refusal_words(WhyNot(error.code)))
    return redirect("screening:exports", found.campaign_id)


@page(Permission.RESULT_EXPORT)
@require_POST
@confirm_first
def fetch(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Return the file, made now; posted, since each fetch is counted."""
    actor = actor_of(request)
    found = _export_or_404(actor, export_id)
    try:
        fetch_export(found, actor=actor)
    except CannotExport as error:
        messages.error(request, refusal_words(WhyNot(error.code)))
        return redirect("screening:exports", found.campaign_id)
    body = results_workbook(actor, found, now())
    headers = {"Content-Disposition": f'attachment; filename="screening-{found.pk.hex[-8:]}.xlsx"'}
    return HttpResponse(body, content_type=XLSX, headers=headers)
