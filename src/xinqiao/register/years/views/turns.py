"""Pages: the schools and their turns, one turn, its day, its yes and its no."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.freshness import confirm_first
from xinqiao.register.years.forms import BeginForm, DayForm
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.selectors.pages import SchoolRow, school_rows, turn_page, usual_day
from xinqiao.register.years.services.turns import (
    CannotTurn,
    accept_turn,
    begin_turn,
    change_day,
    drop_turn,
    take_back_turn,
)
from xinqiao.register.years.tasks import turn_year
from xinqiao.register.years.wording import refusal_words

REFUSED = 422
PAGE_ROWS = 50


def found_turn(request: HttpRequest, turn_id: UUID, permission: Permission) -> YearTurn:
    """Return a turn where the actor holds the permission; 404 otherwise."""
    rows: Any = YearTurn.objects.visible_to(actor_of(request), permission)
    found: YearTurn = get_object_or_404(rows, pk=turn_id)
    return found


@require_GET
@page(Permission.YEAR_VIEW)
def turns(request: HttpRequest) -> HttpResponse:
    """The schools with their turns; whoever may begins one."""
    rows = school_rows(actor_of(request))
    return _list(request, rows, _begin_form(rows))


def _begin_form(rows: list[SchoolRow], data: QueryDict | None = None) -> BeginForm:
    schools = [row.school for row in rows if row.may_begin]
    return BeginForm(schools, data, on=usual_day(schools))


def _list(request: HttpRequest, rows: list[SchoolRow], form: BeginForm) -> HttpResponse:
    shown = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    parts = {"rows": shown, "page_obj": shown, "form": form, "may_begin": any(row.may_begin for row in rows)}
    return render(request, "years/turns.html", parts, status=REFUSED if form.is_bound else 200)


@require_POST
@page(Permission.YEAR_TURN)
def turn_begin(request: HttpRequest) -> HttpResponse:
    """Begin the plan of a school."""
    actor = actor_of(request)
    rows = school_rows(actor)
    form = _begin_form(rows, request.POST)
    if form.is_valid():
        try:
            turn = begin_turn(form.chosen_unit(), actor=actor, on=form.cleaned_data["on"])
        except CannotTurn as cannot:
            form.add_error("on" if cannot.code == "bad_day" else None, refusal_words(cannot.code))
        else:
            return redirect("years:turn", turn.id)
    return _list(request, rows, form)


@require_GET
@page(Permission.YEAR_VIEW)
def turn(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """One turn: what would be written and what to look at, or how far it is; asked by htmx, only what changes."""
    found, actor = found_turn(request, turn_id, Permission.YEAR_VIEW), actor_of(request)
    may_edit = actor.can(Permission.YEAR_TURN, found.place)
    template = "years/turn.html#state" if request.headers.get("HX-Request") else "years/turn.html"
    parts = {"page": turn_page(found, actor), "may_edit": may_edit, "day_form": DayForm(initial={"on": found.on}),
             "may_import": actor.can(Permission.ROSTER_IMPORT, found.place)}  # fmt: skip
    return render(request, template, parts)


@require_POST
@page(Permission.YEAR_TURN)
def turn_day(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Let the new year begin on another day."""
    found, form = found_turn(request, turn_id, Permission.YEAR_TURN), DayForm(request.POST)
    try:
        if form.is_valid():
            change_day(found, actor=actor_of(request), on=form.cleaned_data["on"])
            messages.success(request, _("Saved."))
        else:
            messages.error(request, _("Choose the day."))
    except CannotTurn as cannot:
        messages.error(request, refusal_words(cannot.code))
    return redirect("years:turn", turn_id)


@require_POST
@page(Permission.YEAR_TURN)
@confirm_first
def turn_accept(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Say yes to what was shown."""
    found = found_turn(request, turn_id, Permission.YEAR_TURN)
    try:
        accepted = accept_turn(found, actor=actor_of(request), digest=request.POST.get("digest", ""))
    except CannotTurn as cannot:
        messages.error(request, refusal_words(cannot.code))
    else:
        if accepted.on <= today():
            turn_year.enqueue(str(turn_id))
    return redirect("years:turn", turn_id)


@require_POST
@page(Permission.YEAR_TURN)
def turn_take_back(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Take an accepted plan back before its day."""
    found = found_turn(request, turn_id, Permission.YEAR_TURN)
    try:
        take_back_turn(found, actor=actor_of(request))
        messages.success(request, _("Taken back: nothing was written, and the plan can be changed again."))
    except CannotTurn as cannot:
        messages.error(request, refusal_words(cannot.code))
    return redirect("years:turn", turn_id)


@require_POST
@page(Permission.YEAR_TURN)
def turn_drop(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Discard a plan."""
    found = found_turn(request, turn_id, Permission.YEAR_TURN)
    try:
        drop_turn(found, actor=actor_of(request))
        messages.success(request, _("Discarded. Nothing was written."))
    except CannotTurn as cannot:
        messages.error(request, refusal_words(cannot.code))
        return redirect("years:turn", turn_id)
    return redirect("years:turns")
