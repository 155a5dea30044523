"""A round class by class, how rounds stand in counts, and calling for one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.rounds.forms import CallForm
from xinqiao.care.rounds.selectors.calling import units_to_call, windows_to_call
from xinqiao.care.rounds.selectors.following import counts_for, round_page
from xinqiao.care.rounds.services.calls import call_round, withdraw_call
from xinqiao.care.rounds.services.lists import CannotNote
from xinqiao.care.rounds.views.finding import call_or_404
from xinqiao.care.rounds.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today


@require_GET
@page(Permission.ROUND_FOLLOW)
def round_of_school(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Return a round class by class: signed, nil, late, without a class teacher."""
    found = or_404(round_page(actor_of(request), round_id, now()))
    return render(request, "rounds/round.html", {"page": found})


@require_GET
@page(Permission.ROUND_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """Return how the windows stand, counted in lists and schools."""
    actor = actor_of(request)
    parts = {"rows": counts_for(actor, now()), "may_call": actor.can_somewhere(Permission.ROUND_CALL)}
    return render(request, "rounds/counts.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.ROUND_CALL)
def call(request: HttpRequest) -> HttpResponse:
    """Call for a round that no calendar brings."""
    actor = actor_of(request)
    units = units_to_call(actor)
    form = CallForm(units, windows_to_call(units, today()), request.POST if request.method == "POST" else None)
    if form.is_valid():
        unit = next(each for each in units if str(each.id) == form.cleaned_data["unit"])
        try:
            call_round(unit, actor=actor, window=form.cleaned_data["window"], reason=form.cleaned_data["reason"])
        except CannotNote as error:
            form.add_error(None, refusal_words(error.code))
        else:
            messages.success(request, _("The round is called for. Every class concerned has its list within a minute."))
            return redirect(_back(actor))
    parts = {"form": form, "back": _back(actor)}
    return render(request, "rounds/call.html", parts, status=422 if form.is_bound else 200)


def _back(actor: Actor) -> str:
    return "rounds:index" if actor.can_somewhere(Permission.ROUND_SIGN) else "rounds:counts"


@require_POST
@page(Permission.ROUND_CALL)
def withdraw(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Take a call back."""
    actor = actor_of(request)
    done = withdraw_call(call_or_404(actor, call_id), actor=actor)
    count = 0 if isinstance(done, Unchanged) else done
    text = ngettext(
        "Taken back: {count} list is no longer asked.", "Taken back: {count} lists are no longer asked.", count
    )
    messages.success(request, text.format(count=count))
    return redirect(_back(actor))
