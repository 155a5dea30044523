"""Worries about classmates: which wait to be named, and naming one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.alerts.models import Signal
from xinqiao.care.voices.forms import NameForm, SetAsideForm
from xinqiao.care.voices.models import ClassmateWorry
from xinqiao.care.voices.selectors.worries import find_worry, open_worries, pupil_named, worry_page
from xinqiao.care.voices.services.worries import CannotSettle, name_pupil, set_aside
from xinqiao.care.voices.states import WorryState
from xinqiao.care.voices.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now


@require_GET
@page(Permission.WORRY_SETTLE)
def worries(request: HttpRequest) -> HttpResponse:
    """Who is meant? The worries that wait, the most pressing first."""
    return render(request, "voices/worries.html", {"rows": open_worries(actor_of(request), now())})


@require_http_methods(["GET", "POST"])
@page(Permission.WORRY_SETTLE, child="worry_id")
def worry(request: HttpRequest, worry_id: UUID) -> HttpResponse:
    """What was said of a classmate, and saying who that is."""
    actor = actor_of(request)
    found = _worry_or_404(actor, worry_id)
    shown = worry_page(actor, found, now())
    form = NameForm(shown.classmates, request.POST or None)
    signal = _name(actor, found, form) if form.is_valid() else None
    if signal is not None:
        messages.success(request, _("A signal stands for this pupil now."))
        return redirect("alerts:signal", signal.pk)
    parts = {"page": shown, "form": form, "aside": SetAsideForm(), "is_open": found.state == WorryState.OPEN}
    return render(request, "voices/worry.html", parts, status=422 if form.is_bound else 200)


@require_POST
@page(Permission.WORRY_SETTLE, child="worry_id")
def lay_aside(request: HttpRequest, worry_id: UUID) -> HttpResponse:
    """Let a worry rest, with its reason."""
    actor = actor_of(request)
    found = _worry_or_404(actor, worry_id)
    form = SetAsideForm(request.POST)
    if form.is_valid():
        try:
            set_aside(found, actor=actor, reason=form.cleaned_data["reason"])
        except CannotSettle as error:
            form.add_error("reason", refusal_words(error.code))
        else:
            messages.success(request, _("Set aside. The reason stays on record."))
            return redirect("voices:worries")
    shown = worry_page(actor, found, now())
    parts = {"page": shown, "form": NameForm(shown.classmates), "aside": form, "is_open": True}
    return render(request, "voices/worry.html", parts, status=422)


def _name(actor: Actor, found: ClassmateWorry, form: NameForm) -> Signal | None:
    student = pupil_named(actor, found, form.student_id(), form.cleaned_data["number"].strip())
    if student is None:
        form.add_error("number", _("No pupil of this school has this number. Look at it again."))
        return None
    try:
        return name_pupil(found, actor=actor, student=student)
    except CannotSettle as error:
        form.add_error(None, refusal_words(error.code))
        return None


def _worry_or_404(actor: Actor, worry_id: UUID) -> ClassmateWorry:
    return or_404(find_worry(actor, worry_id))
