"""What is done with one referral: printed, looked through, agreed to, sent, answered, ended, taken out."""

import json
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.crisis.referral_exchange import bundle_of_referral
from xinqiao.care.crisis.referral_forms import AnswerForm, EndForm, FamilyForm, SendForm
from xinqiao.care.crisis.referral_printing import advice_pdf
from xinqiao.care.crisis.referral_wording import all_words, refusal_words
from xinqiao.care.crisis.selectors.referrals import keys_of, note_previewed, preview_of
from xinqiao.care.crisis.services.answers import acknowledge_answer, answer_referral
from xinqiao.care.crisis.services.referrals import (
    CannotRefer,
    close_referral,
    hand_advice,
    hear_family,
    ready_referral,
    send_referral,
    withdraw_referral,
)
from xinqiao.care.crisis.views.referrals import referral_or_404
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.finding import name_of
from xinqiao.register.people.services.consents import CannotRecord


@require_GET
@page(Permission.REFERRAL_EDIT, child="referral_id")
def advice(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Return the advice to the guardians as PDF: their copy, and the school's with their receipt."""
    actor = actor_of(request)
    body = advice_pdf(actor, referral_or_404(actor, referral_id), now())
    headers = {"Content-Disposition": 'attachment; filename="advice.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


@require_POST
@page(Permission.REFERRAL_EDIT, child="referral_id")
def handed(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Note that the advice was handed over."""
    actor = actor_of(request)
    hand_advice(referral_or_404(actor, referral_id), actor=actor)
    return redirect("referrals:one", referral_id)


@require_http_methods(["GET", "POST"])
@page(Permission.REFERRAL_EDIT, child="referral_id")
def preview(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Return exactly what the institution will see, or take that it was looked through."""
    actor = actor_of(request)
    referral = referral_or_404(actor, referral_id)
    if request.method == "POST":
        shown = request.POST.get("shown", "")
        is_hex = len(shown) == 64 and all(sign in "0123456789abcdef" for sign in shown)
        _tried(request, lambda: ready_referral(referral, actor=actor, shown=bytes.fromhex(shown) if is_hex else b""))
        return redirect("referrals:one", referral_id)
    note_previewed(actor, referral)
    parts = {"referral": referral, "preview": preview_of(referral), "name": name_of(referral.student)}
    return render(request, "crisis/referral-preview.html", parts)


@require_POST
@page(Permission.REFERRAL_EDIT, child="referral_id")
def family(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Note what the family decided."""
    actor = actor_of(request)
    referral, form = referral_or_404(actor, referral_id), FamilyForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        _tried(request, lambda: hear_family(referral, actor=actor, is_agreed=given["decision"] == "yes",
                                            given_by=given["given_by"], words=given["words"]))  # fmt: skip
    else:
        messages.error(request, _("Choose what was decided, and by whom."))
    return redirect("referrals:one", referral_id)


@require_POST
@page(Permission.REFERRAL_EDIT, child="referral_id")
def send(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Send a referral."""
    actor = actor_of(request)
    referral, form = referral_or_404(actor, referral_id), SendForm(request.POST)
    emergency = form.cleaned_data["emergency"] if form.is_valid() else ""
    if _tried(request, lambda: send_referral(referral, actor=actor, emergency=emergency)):
        return redirect("referrals:keys", referral_id)
    return redirect("referrals:one", referral_id)


@require_GET
@page(Permission.REFERRAL_EDIT, child="referral_id")
def keys(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Return the link and the code, to be passed on apart."""
    actor = actor_of(request)
    referral = referral_or_404(actor, referral_id)
    found = keys_of(actor, referral)
    if found is None:
        raise Http404
    address = f"{request.build_absolute_uri(reverse('referrals:open'))}#{found.link}"
    parts = {"referral": referral, "keys": found, "address": address, "name": name_of(referral.student)}
    return render(request, "crisis/referral-keys.html", parts)


@require_POST
@page(Permission.REFERRAL_EDIT, child="referral_id")
def answer(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Note what the institution told the school."""
    actor = actor_of(request)
    referral, form = referral_or_404(actor, referral_id), AnswerForm(request.POST)
    if form.is_valid():
        _tried(request, lambda: answer_referral(referral, actor=actor, answer=form.answer()))
    else:
        messages.error(request, _("Fill in what was answered and on which day."))
    return redirect("referrals:one", referral_id)


@require_POST
@page(Permission.REFERRAL_EDIT, child="referral_id")
def read(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Note that the newest answer was read."""
    actor = actor_of(request)
    acknowledge_answer(referral_or_404(actor, referral_id), actor=actor)
    return redirect("referrals:one", referral_id)


@require_POST
@page(Permission.REFERRAL_EDIT, child="referral_id")
def close(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Close a referral for a reason."""
    return _ended(request, referral_id, close_referral)


@require_POST
@page(Permission.REFERRAL_EDIT, child="referral_id")
def withdraw(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Withdraw a referral for a reason."""
    return _ended(request, referral_id, withdraw_referral)


def _ended(request: HttpRequest, referral_id: UUID, end: Callable[..., object]) -> HttpResponse:
    actor, form = actor_of(request), EndForm(request.POST)
    referral, given = referral_or_404(actor, referral_id), form.cleaned_data if form.is_valid() else {}
    _tried(request, lambda: end(referral, actor=actor, reason=given.get("reason", ""), words=given.get("words", "")))
    return redirect("referrals:one", referral_id)


@require_GET
@page(Permission.REFERRAL_EDIT, child="referral_id")
def fhir(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Return a referral as FHIR: what the institution sees, and where it stands."""
    actor = actor_of(request)
    bundle = bundle_of_referral(actor, referral_or_404(actor, referral_id))
    if bundle is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="referral.fhir.json"'}
    body = json.dumps(bundle, ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/fhir+json", headers=headers)


def _tried(request: HttpRequest, act: Callable[[], object]) -> bool:
    """Do it and say so, or say why not."""
    try:
        act()
    except CannotRefer as error:
        messages.error(request, all_words(error.reasons, error.findings))
        return False
    except CannotRecord as error:
        messages.error(request, refusal_words(error.code))
        return False
    messages.success(request, _("Noted."))
    return True
