"""How good a screening was, and the pupils drawn by lot who are talked to so that it can be known."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.alerts.gate_form import LotForm
from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.alerts.services.interviewing import CannotRecord
from xinqiao.care.screening.selectors.accuracy import accuracy_ledger
from xinqiao.care.screening.selectors.lots import draws_of, find_draw, lot_of
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.screening.services.lots import draw_lot, record_lot_talk
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.care.screening.wording import refusal_words
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.register.policy.selectors import parameters_for


@require_GET
@page(Permission.RESULT_FULL)
def accuracy(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return each flag of a screening, held against what the talks found."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.RESULT_FULL)
    parameters = parameters_for(found.place, today())
    parts = {
        "campaign": found, "rows": accuracy_ledger(actor, found), "tabs": tabs_of(actor, found),
        "smallest": SMALLEST_CELL, "lot": lot_of(found), "draws": draws_of(actor, found, today()),
        "percent": parameters.drawn_percent, "at_least": parameters.drawn_at_least,
    }  # fmt: skip
    return render(request, "screening/accuracy.html", parts)


@require_POST
@page(Permission.INTERVIEW_WRITE)
def draw(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Draw pupils without a flag by lot."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.INTERVIEW_WRITE)
    try:
        draw_lot(found, actor=actor)
    except CannotRun as error:
        messages.error(request, refusal_words(error.reasons[0]))
    return redirect("screening:accuracy", campaign_id)


@require_http_methods(["GET", "POST"])
@page(Permission.INTERVIEW_WRITE, child="draw_id")
def lot_talk(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The talk with one pupil who was drawn."""
    actor = actor_of(request)
    found = or_404(find_draw(actor, draw_id))
    held_at = timezone.localtime(now()).replace(second=0, microsecond=0)
    form = LotForm(request.POST or None, initial={"held_at": held_at, "is_face_to_face": "in_person"})
    if form.is_valid():
        try:
            record_lot_talk(found, actor=actor, talk=form.talk())
            messages.success(request, _("The talk is recorded."))
            return redirect("screening:accuracy", found.lot.campaign_id)
        except CannotRecord as error:
            form.refuse(error.code)
    name = names_of([found.student])[found.student_id]
    parts = {"form": form, "draw": found, "name": name, "campaign_id": found.lot.campaign_id}
    return render(request, "screening/lot_talk.html", parts, status=422 if form.is_bound else 200)
