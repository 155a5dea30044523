"""Pages of referrals: the list, the numbers, a pupil's, one, its words."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.crisis.models import Referral
from xinqiao.care.crisis.referral.states import IN_PREPARATION, ReferralState, sources_of
from xinqiao.care.crisis.referral_forms import AnswerForm, EndForm, FamilyForm, ReferralForm, SendForm
from xinqiao.care.crisis.referral_wording import all_words, consent_words, refusal_words
from xinqiao.care.crisis.selectors.partners import usable_partners
from xinqiao.care.crisis.selectors.referrals import (
    late_by_clock,
    loops_of,
    note_named,
    referral_for,
    referral_page,
    referral_rows,
)
from xinqiao.care.crisis.services.referrals import CannotRefer, change_referral, write_referral
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.people.finding import name_of, student_or_404
from xinqiao.register.people.states import StudentStatus


@require_GET
@page(Permission.REFERRAL_EDIT)
def index(request: HttpRequest) -> HttpResponse:
    """Return all referrals, what is late first, and how many loops were closed."""
    actor = actor_of(request)
    parts = {"rows": referral_rows(actor, now()), "loops": loops_of(actor, now(), Permission.REFERRAL_EDIT)}
    return render(request, "crisis/referrals.html", parts)


@require_GET
@page(Permission.REFERRAL_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """Return the numbers of referrals and what is late, without a name or a word."""
    actor = actor_of(request)
    parts = {"loops": loops_of(actor, now()), "late": late_by_clock(actor, now())}
    return render(request, "crisis/referral-counts.html", parts)


@require_GET
@page(Permission.REFERRAL_EDIT, child="student_id")
def pupil(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Return one pupil's referrals."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.REFERRAL_EDIT)
    rows = referral_rows(actor, now(), student.id)
    parts = {"student": student, "name": name_of(student), "rows": rows,
             "may_refer": student.status == StudentStatus.ACTIVE}  # fmt: skip
    return render(request, "crisis/referral-pupil.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.REFERRAL_EDIT, child="student_id")
def new(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Write a referral."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.REFERRAL_EDIT)
    note_named(actor, student)
    partners = usable_partners(student.place, today())
    form = ReferralForm(partners, request.POST or None, initial={"shared": ["name"], "contact": actor.name})
    if form.is_valid():
        try:
            referral = write_referral(student, actor=actor, draft=form.draft())
            return redirect("referrals:one", referral.id)
        except CannotRefer as error:
            form.add_error(None, all_words(error.reasons, error.findings))
    parts = {"form": form, "student": student, "name": name_of(student), "partners": partners}
    return render(request, "crisis/referral-form.html", parts, status=422 if form.is_bound else 200)


@require_GET
@page(Permission.REFERRAL_EDIT, child="referral_id")
def one(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Return one referral: what to do next, and its story."""
    return referral_shown(request, referral_or_404(actor_of(request), referral_id))


def referral_shown(request: HttpRequest, referral: Referral, wrong: forms.Form | None = None,
                   kind: str = "") -> HttpResponse:  # fmt: skip
    """Show a referral; a form that was refused stands in its place with what was typed, and 422 says so."""
    shown = referral_page(actor_of(request), referral, now())
    referral = shown.referral
    parts = {
        "shown": shown, "referral": referral, "consent": consent_words(shown.consent, is_asked=shown.is_asked),
        "has_consent": shown.consent in ("given", "not_needed"),
        "in_preparation": referral.state in IN_PREPARATION, "family_form": FamilyForm(), "send_form": SendForm(),
        "end_form": EndForm(), "answer_form": AnswerForm(),
        "may_withdraw": referral.state in sources_of(ReferralState.WITHDRAWN),
        "may_close": referral.state in sources_of(ReferralState.CLOSED),
        "partner_words": refusal_words(shown.partner_refusal) if shown.partner_refusal else "",
        "alternatives": usable_partners(referral.student.place, today()) if shown.partner_refusal else [],
    }  # fmt: skip
    if wrong is not None:
        parts |= {kind: wrong, "wrong": wrong}
    return render(request, "crisis/referral-one.html", parts, status=200 if wrong is None else 422)


@require_http_methods(["GET", "POST"])
@page(Permission.REFERRAL_EDIT, child="referral_id")
def edit(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Write a referral anew while it is not out."""
    actor = actor_of(request)
    referral = referral_or_404(actor, referral_id)
    if referral.state not in IN_PREPARATION:
        return redirect("referrals:one", referral_id)
    partners = usable_partners(referral.student.place, today())
    form = ReferralForm(partners, request.POST or None, initial=_initial(actor, referral))
    if form.is_valid():
        try:
            change_referral(referral, actor=actor, draft=form.draft())
            messages.success(request, _("Kept. Look through it once more before it goes out."))
            return redirect("referrals:one", referral_id)
        except CannotRefer as error:
            form.add_error(None, all_words(error.reasons, error.findings))
    parts = {"form": form, "referral": referral, "student": referral.student, "name": name_of(referral.student),
             "partners": partners}  # fmt: skip
    return render(request, "crisis/referral-form.html", parts, status=422 if form.is_bound else 200)


def _initial(actor: Actor, referral: Referral) -> dict[str, object]:
    words = referral_page(actor, referral, now()).words
    return {**words, "partner": str(referral.partner_id), "shared": referral.shared.split(",")}


def referral_or_404(actor: Actor, referral_id: UUID) -> Referral:
    """Return a referral that the actor may run."""
    return or_404(referral_for(actor, referral_id))
