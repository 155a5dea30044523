"""A school's answer to an ordered screening, on the page of its plan."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.screening.models import Campaign, OrderedSchool
from xinqiao.care.screening.order_forms import DeclineForm
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.ordered import ordered_of
from xinqiao.care.screening.services.answering import confirm_order, decline_order, look_at_order, reconsider_order
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.care.screening.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.selectors import units_by_id


def order_parts(actor: Actor, campaign: Campaign, refusals: Sequence[WhyNot]) -> dict[str, Any]:
    """Return what the page of a plan says of its order; the first look of the school's own hand is noted."""
    ordered = ordered_of(campaign)
    if ordered is None:
        return {}
    if actor.can(Permission.CAMPAIGN_EDIT, campaign.place):
        look_at_order(ordered, actor=actor, missing=refusals)
    unit = units_by_id([ordered.order.unit_id])[ordered.order.unit_id]
    return {"ordered": ordered, "order": ordered.order, "ordered_by": unit.name}


def _ordered_or_404(actor: Actor, campaign_id: UUID) -> OrderedSchool:
    return or_404(ordered_of(campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)))


@page(Permission.CAMPAIGN_EDIT)
@require_POST
def confirm(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Confirm the days of an ordered screening."""
    actor = actor_of(request)
    try:
        confirm_order(_ordered_or_404(actor, campaign_id), actor=actor)
        messages.success(request, _("Confirmed. The bureau sees the days; you launch when you are ready."))
    except CannotRun as error:
        messages.error(request, refusal_words(error.reasons[0]))
    return redirect("screening:campaign", campaign_id)


@page(Permission.CAMPAIGN_EDIT)
def decline(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Answer that the school cannot hold an ordered screening."""
    actor = actor_of(request)
    ordered = _ordered_or_404(actor, campaign_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_order(ordered, actor=actor, **form.cleaned_data)
            messages.success(request, _("The bureau was told why."))
            return redirect("screening:campaign", campaign_id)
        except CannotRun as error:
            form.add_error(None, refusal_words(error.reasons[0]))
    parts = {"form": form, "campaign": ordered.campaign, "order": ordered.order}
    return render(request, "screening/order_decline.html", parts, status=422 if form.errors else 200)


@page(Permission.CAMPAIGN_EDIT)
@require_POST
def reconsider(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Take back that the school cannot."""
    actor = actor_of(request)
    try:
        reconsider_order(_ordered_or_404(actor, campaign_id), actor=actor)
    except CannotRun as error:
        messages.error(request, refusal_words(error.reasons[0]))
    return redirect("screening:campaign", campaign_id)
