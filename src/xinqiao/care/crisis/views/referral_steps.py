"""What is done with one referral: printed, looked through, agreed to, sent, answered, ended, taken out."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.crisis.models import Referral
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
from xinqiao.care.crisis.views.referrals import referral_or_404, referral_shown
from xinqiao.foundation.access.pages import actor_of, or_404, page
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
    return _asked(
        request, referral, form, "family_form",
        lambda given: hear_family(referral, actor=actor, is_agreed=given["decision"] == "yes",
                                  given_by=given["given_by"], words=given["words"]),
    )  # fmt: skip


@require_POST
@page(Permission.REFERRAL_EDIT, child="referral_id")
def send(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Send a referral."""
    actor = actor_of(request)
    referral, form = referral_or_404(actor, referral_id), SendForm(request.POST)
    return _asked(
        request, referral, form, "send_form",
        lambda given: send_referral(referral, actor=actor, emergency=given["emergency"]), then="referrals:keys",
    )  # fmt: skip


@require_GET
@page(Permission.REFERRAL_EDIT, child="referral_id")
def keys(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Return the link and the code, to be passed on apart."""
    actor = actor_of(request)
    referral = referral_or_404(actor, referral_id)
    found = or_404(keys_of(actor, referral))
    address = f"{request.build_absolute_uri(reverse('referrals:open'))}#{found.link}"
    parts = {"referral": referral, "keys": found, "address": address, "name": name_of(referral.student)}
    return render(request, "crisis/referral-keys.html", parts)


@require_POST
@page(Permission.REFERRAL_EDIT, child="referral_id")
def answer(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Note what the institution told the school."""
    actor = actor_of(request)
    referral, form = referral_or_404(actor, referral_id), AnswerForm(request.POST)
    return _asked(
        request,
        referral,
        form,
        "answer_form",
        lambda _given: answer_referral(referral, actor=actor, answer=form.answer()),
    )


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
    referral = referral_or_404(actor, referral_id)
    return _asked(
        request, referral, form, "end_form",
        lambda given: end(referral, actor=actor, reason=given["reason"], words=given["words"]),
    )  # fmt: skip


@require_GET
@page(Permission.REFERRAL_EDIT, child="referral_id")
def fhir(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Return a referral as FHIR: what the institution sees, and where it stands."""
    actor = actor_of(request)
    bundle = or_404(bundle_of_referral(actor, referral_or_404(actor, referral_id)))
    headers = {"Content-Disposition": 'attachment; filename="referral.fhir.json"'}
    body = json.dumps(bundle, ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/fhir+json", headers=headers)


def _asked(
    request: HttpRequest,
    referral: Referral,
    form: forms.Form,
    kind: str,
    act: Callable[[dict[str, Any]], object],
    then: str = "referrals:one",
) -> HttpResponse:
    """Do what a form says and go on, or show the page again with the form as it was typed and why not."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except CannotRefer as error:
            form.add_error(None, all_words(error.reasons, error.findings))
        except CannotRecord as error:
            form.add_error(None, refusal_words(error.code))
        else:
            messages.success(request, _("Noted."))
            return redirect(then, referral.id)
    referral.refresh_from_db()
    return referral_shown(request, referral, form, kind)


def _tried(request: HttpRequest, act: Callable[[], object]) -> bool:
    """Do it and say so, or say why not."""
    try:
        act()
    except CannotRefer as error:
        messages.error(request, all_words(error.reasons, error.findings))
        return False
    messages.success(request, _("Noted."))
    return True
