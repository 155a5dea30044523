"""Pages of the hotline of an incident: opened, roster, calls, call backs, its end; and at several schools."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinqiao.care.incidents.clocks import rules_at
from xinqiao.care.incidents.forms import PlainForm, WhyForm
from xinqiao.care.incidents.forms_modes import (
    BackForm,
    EndForm,
    HotlineForm,
    PhoneForm,
    SeveralForm,
    ShiftForm,
    first_hours,
)
from xinqiao.care.incidents.models import Hotline, HotlineCall
from xinqiao.care.incidents.selectors.hotline import call_for, hotline_for, hotline_page, one_call, shift_for
from xinqiao.care.incidents.selectors.incidents import running_for
from xinqiao.care.incidents.services.phoning import (
    add_shift,
    end_hotline,
    open_hotline,
    open_hotlines,
    remove_shift,
    settle_back,
    take_call,
    waive_back,
)
from xinqiao.care.incidents.states import BackState
from xinqiao.care.incidents.views.finding import incident_or_404, is_done, is_done_at_once
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.places import covers
from xinqiao.register.accounts.actors import staff_choices
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.orgs.selectors import cohort_order, name_on, units_below
from xinqiao.register.orgs.states import UnitKind

Crumbs = Sequence[tuple[str, str]]


def mode_form(
    request: HttpRequest, form: PlainForm, act: Callable[[Actor], object], *, title: str, submit: str, done: str,
    crumbs: Crumbs, subtitle: str = "", tone: str = "", **more: Any,
) -> HttpResponse:  # fmt: skip
    """Show a form of a hotline or an activation; sent and valid, do what it says and go to the last of `crumbs`, which
    are names with addresses."""
    if is_done(request, form, act, done):
        return redirect(crumbs[-1][1])
    parts: dict[str, Any] = {
        "form": form, "title": title, "submit": submit, "subtitle": subtitle, "tone": tone, "crumbs": crumbs,
        "back": crumbs[-1][1], **more,
    }  # fmt: skip
    return render(request, "incidents/mode_form.html", parts, status=422 if form.is_bound else 200)


def _crumbs(hotline: Hotline) -> Crumbs:
    incident = hotline.incident
    return (
        (_("Incidents"), reverse("incidents:index")),
        (name_in(incident.names), reverse("incidents:one", args=[incident.id])),
        (_("Hotline"), reverse("incidents:hotline", args=[incident.id])),
    )  # fmt: skip


def _hotline_or_404(request: HttpRequest, hotline_id: UUID, permission: Permission) -> Hotline:
    return or_404(hotline_for(actor_of(request), hotline_id, permission))


def _call_or_404(request: HttpRequest, call_id: UUID) -> HotlineCall:
    return or_404(call_for(actor_of(request), call_id))


def _classes(place: str) -> list[tuple[str, str]]:
    units = sorted(units_below(place, UnitKind.CLASS), key=cohort_order)
    return [(unit.path, name_on(unit, today())) for unit in units]


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD, child="incident_id")
def hotline(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Return the hotline of an incident, and open it."""
    incident = incident_or_404(request, incident_id)
    form = HotlineForm(request.POST or None, initial=first_hours(timezone.localtime(now())))
    if is_done(
        request, form, lambda actor: open_hotline(incident, actor=actor, draft=form.draft()),
        _("The hotline is open. Write down who sits when."),
    ):  # fmt: skip
        return redirect("incidents:hotline", incident.id)
    shown = hotline_page(actor_of(request), incident, now())
    parts = {"page": shown, "form": form, "kind": name_in(incident.names), "incident": incident}
    return render(request, "incidents/hotline.html", parts, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_RECEIVE)
def several(request: HttpRequest) -> HttpResponse:
    """Open one hotline at several schools of a county at once."""
    actor = actor_of(request)
    found = {str(row.id): (row, school) for row, school in running_for(actor)}
    choices = [(key, f"{school} · {name_in(row.names)}") for key, (row, school) in found.items()]
    form = SeveralForm(choices, request.POST or None, initial=first_hours(timezone.localtime(now())))

    def act(actor: Actor) -> object:
        chosen = [found[key][0] for key in form.cleaned_data["incident"]]
        held = actor.places(Permission.INCIDENT_RECEIVE)
        place = next((each for each in held if all(covers(each, row.place) for row in chosen)), held[0])
        return open_hotlines(place, actor=actor, incidents=chosen, draft=form.draft())

    return mode_form(
        request, form, act, title=_("A hotline for several schools"), submit=_("Open the hotline"),
        done=_("The hotline is open. Each school says who sits, and takes its calls."),
        crumbs=((_("Incidents"), reverse("incidents:counts")),), is_empty=not choices,
        subtitle=_("One number for schools with an incident that runs. Calls stay with the schools."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def shift(request: HttpRequest, hotline_id: UUID) -> HttpResponse:
    """Write down who sits when."""
    row = _hotline_or_404(request, hotline_id, Permission.INCIDENT_LEAD)
    people = staff_choices(staff_who_may(Permission.INCIDENT_EXPOSED, row.place, today()))
    first = {"day": today(), "from_hour": row.from_hour, "to_hour": row.from_hour + row.hours}
    form = ShiftForm(people, request.POST or None, initial=first)
    return mode_form(
        request, form, lambda actor: add_shift(row, actor=actor, draft=form.draft()), title=_("Who sits when"),
        submit=_("Save"), done=_("Noted."), crumbs=_crumbs(row),
        subtitle=_("Principal and psychology teacher may take calls: they know the pupils."),
    )  # fmt: skip


@require_POST
@page(Permission.INCIDENT_LEAD)
def unshift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Take a line off the roster."""
    row = or_404(shift_for(actor_of(request), shift_id))
    is_done_at_once(request, lambda actor: remove_shift(row, actor=actor), _("Taken off the roster."))
    return redirect("incidents:hotline", row.hotline.incident_id)


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_EXPOSED)
def phone(request: HttpRequest, hotline_id: UUID) -> HttpResponse:
    """Take a call in twenty seconds."""
    row = _hotline_or_404(request, hotline_id, Permission.INCIDENT_EXPOSED)
    form = PhoneForm(row.place, _classes(row.place), request.POST or None)
    return mode_form(
        request, form, lambda actor: take_call(row, actor=actor, draft=form.draft()), title=_("Take a call"),
        submit=_("Save the call"), done=_("The call is kept."), crumbs=_crumbs(row),
        hotlines=rules_at(row.place).hotlines,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_EXPOSED, child="call_id")
def back(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Return a call, and note that somebody was called back."""
    row = _call_or_404(request, call_id)
    form = BackForm(row.place, _classes(row.place), request.POST or None)
    if is_done(
        request, form,
        lambda actor: settle_back(row, actor=actor, words=form.cleaned_data["words"], student=form.student),
        _("Noted."),
    ):  # fmt: skip
        return redirect("incidents:hotline", row.hotline.incident_id)
    return _shown(request, row, form, WhyForm(auto_id="why_%s"))


@require_POST
@page(Permission.INCIDENT_EXPOSED, child="call_id")
def unback(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Say why somebody is not called back."""
    row, why = _call_or_404(request, call_id), WhyForm(request.POST, auto_id="why_%s")
    if is_done(
        request, why, lambda actor: waive_back(row, actor=actor, words=why.cleaned_data["words"]), _("Noted.")
    ):  # fmt: skip
        return redirect("incidents:hotline", row.hotline.incident_id)
    return _shown(request, row, BackForm(row.place, _classes(row.place)), why)


def _shown(request: HttpRequest, row: HotlineCall, form: BackForm, why: WhyForm) -> HttpResponse:
    if row.student_id:
        for name in ("group", "pupil"):
            form.fields.pop(name)
    parts = {
        "row": one_call(actor_of(request), row, now()), "form": form, "why": why, "crumbs": _crumbs(row.hotline),
        "back": reverse("incidents:hotline", args=[row.hotline.incident_id]),
        "is_waiting": row.back_state == BackState.WAITING,
    }  # fmt: skip
    return render(request, "incidents/back.html", parts, status=422 if form.is_bound or why.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def end(request: HttpRequest, hotline_id: UUID) -> HttpResponse:
    """End the hotline."""
    row = _hotline_or_404(request, hotline_id, Permission.INCIDENT_LEAD)
    form = EndForm(request.POST or None)
    return mode_form(
        request, form, lambda actor: end_hotline(row, actor=actor, words=form.cleaned_data["words"]),
        title=_("End the hotline"), submit=_("End the hotline"), done=_("The hotline has ended."), tone="red",
        crumbs=_crumbs(row),
    )  # fmt: skip
