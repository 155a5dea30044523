"""Pages of partner institutions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.crisis.models import Partner
from xinqiao.care.crisis.referral_forms import PartnerForm
from xinqiao.care.crisis.selectors.partners import keepers_units, partner_for, partner_rows, reach_of
from xinqiao.care.crisis.services.partners import add_partner, change_partner, end_partner
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today

FIELDS = ("name", "kind", "departments", "contact", "capacity", "agreement", "agreed_from", "agreed_until", "duties")


@require_GET
@page(Permission.PARTNER_EDIT)
def index(request: HttpRequest) -> HttpResponse:
    """Return the institutions that the reader keeps or is served by."""
    actor = actor_of(request)
    parts = {"rows": partner_rows(actor, today()), "reach": reach_of(actor, today())}
    return render(request, "crisis/partners.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.PARTNER_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """Put an institution on the list."""
    actor = actor_of(request)
    units = keepers_units(actor)
    form = PartnerForm(units, request.POST or None)
    if form.is_valid():
        unit = next(unit for unit in units if str(unit.id) == form.cleaned_data["unit"])
        add_partner(unit, actor=actor, draft=form.draft())
        messages.success(request, _("The institution is on the list."))
        return redirect("referrals:partners")
    return render(request, "crisis/partner-form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.PARTNER_EDIT)
def edit(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Change what is known of an institution."""
    actor = actor_of(request)
    partner = _partner_or_404(actor, partner_id)
    form = PartnerForm([], request.POST or None, initial={name: getattr(partner, name) for name in FIELDS})
    del form.fields["unit"]
    if form.is_valid():
        change_partner(partner, actor=actor, draft=form.draft())
        messages.success(request, _("Kept."))
        return redirect("referrals:partners")
    parts = {"form": form, "partner": partner}
    return render(request, "crisis/partner-form.html", parts, status=422 if form.is_bound else 200)


@require_POST
@page(Permission.PARTNER_EDIT)
def end(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Take an institution off the list."""
    actor = actor_of(request)
    end_partner(_partner_or_404(actor, partner_id), actor=actor)
    messages.success(request, _("The institution is off the list. Referrals that run there go on."))
    return redirect("referrals:partners")


def _partner_or_404(actor: Actor, partner_id: UUID) -> Partner:
    return or_404(partner_for(actor, partner_id))
