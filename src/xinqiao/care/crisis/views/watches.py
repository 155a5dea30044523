"""Pages of pupils kept in view: the list, one with its looks, a look, the end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.crisis.errors import CannotCare
from xinqiao.care.crisis.models import Watch
from xinqiao.care.crisis.selectors.watches import find_watch, note_watch_read, watch_list, watch_page
from xinqiao.care.crisis.services.watches import (
    URGENCY_OF_FINDING,
    end_watch,
    record_look,
    take_watch,
)
from xinqiao.care.crisis.states import Finding, Way
from xinqiao.care.crisis.views.finding import this_minute
from xinqiao.care.crisis.watch.rules import latest_look, obstacles_to_end
from xinqiao.care.crisis.watch.states import WatchEnd
from xinqiao.care.crisis.watch_facts import end_facts
from xinqiao.care.crisis.watch_forms import LookForm, WatchEndForm, WatchForm
from xinqiao.care.crisis.watch_wording import obstacle_texts, why_not_words
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.people.finding import name_of
from xinqiao.register.policy.selectors import parameters_for


@require_GET
@page(Permission.CASE_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Who is kept in view, what is overdue first."""
    running, ended = watch_list(actor_of(request), now())
    parts = {"rows": running, "ended": ended, "late": sum(row.is_overdue for row in running),
             "signalled": sum(row.is_signalled for row in running)}  # fmt: skip
    return render(request, "crisis/watches.html", parts)


@require_GET
@page(Permission.CASE_VIEW, child="watch_id")
def one(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """One pupil kept in view: what comes next, and what was seen."""
    found = _watch_or_404(request, watch_id, Permission.CASE_VIEW)
    facts = end_facts(found)
    shown = watch_page(actor_of(request), found)
    parts = {"shown": shown, "row": shown.row, "watch": found,
             "obstacles": obstacle_texts(obstacles_to_end(facts, _likely_end(found)), facts)}  # fmt: skip
    return render(request, "crisis/watch-one.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.CASE_EDIT, child="watch_id")
def look(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Write down a look; the next one is dated with it."""
    found = _watch_or_404(request, watch_id)
    form = LookForm(
        request.POST or None, initial={"held_at": this_minute(), "way": Way.IN_PERSON, "after": found.looks}
    )
    if form.is_valid():
        try:
            record_look(found, actor=actor_of(request), draft=form.draft())
        except CannotCare as error:
            found.refresh_from_db()
            form.refuse(error.codes)
            form.data = {**request.POST.dict(), "after": str(found.looks)}  # sent again, it knows of the others' look
        else:
            _say_noted(request, form.draft().finding)
            return redirect("watch:one", found.id)
    longest = latest_look(today(), parameters_for(found.student.place, today()).look_every_days, today())
    return _form_page(request, "watch-look", found, form, longest=longest)


@require_http_methods(["GET", "POST"])
@page(Permission.CASE_EDIT, child="watch_id")
def end(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """End a watch, or see what must happen before."""
    found = _watch_or_404(request, watch_id)
    facts, form = end_facts(found), WatchEndForm(request.POST or None, initial={"reason": _likely_end(found)})
    if form.is_valid():
        said = form.cleaned_data
        try:
            end_watch(found, actor=actor_of(request), reason=said["reason"], words=said["words"])
        except CannotCare as error:
            form.refuse(error.codes, facts)
        else:
            messages.success(request, _("The pupil is no longer kept in view, and the level ended."))
            return redirect("watch:index")
    ways = [(each.label, obstacle_texts(obstacles_to_end(facts, each), facts)) for each in WatchEnd]
    return _form_page(request, "watch-end", found, form, ways=ways)


@require_POST
@page(Permission.CASE_EDIT, child="watch_id")
def take(request: HttpRequest, watch_id: UUID) -> HttpResponse:
    """Keep a pupil in view oneself from now on."""
    found = _watch_or_404(request, watch_id)
    try:
        take_watch(found, actor=actor_of(request))
        messages.success(request, _("You keep this pupil in view now."))
    except CannotCare as error:
        messages.error(request, why_not_words(error.codes[0]))
    return redirect("watch:one", found.id)


def _say_noted(request: HttpRequest, finding: str) -> None:
    if URGENCY_OF_FINDING.get(Finding(finding)):
        messages.warning(
            request, _("A signal was raised, and people are told. Talk to the pupil before anything else.")
        )
    else:
        messages.success(request, _("The look is written down."))


def _likely_end(watch: Watch) -> WatchEnd:
    return WatchEnd.LEFT if end_facts(watch).has_left else WatchEnd.CALM


def _form_page(request: HttpRequest, template: str, watch: Watch, form: WatchForm, **more: object) -> HttpResponse:
    """Show a form about a watch, with 422 where it was refused; it names the pupil, so it is read."""
    note_watch_read(actor_of(request), watch)
    parts = {"watch": watch, "name": name_of(watch.student), "form": form, **more}
    return render(request, f"crisis/{template}.html", parts, status=422 if form.is_bound else 200)


def _watch_or_404(request: HttpRequest, watch_id: UUID, permission: Permission = Permission.CASE_EDIT) -> Watch:
    return or_404(find_watch(actor_of(request), permission, watch_id))
