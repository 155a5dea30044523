"""Pages of a joint activation with health, for the county's officer. None names a pupil."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.incidents.clocks import rules_at
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.forms import this_minute
from xinqiao.care.incidents.forms_modes import EndForm, JointForm, PartForm, PromiseForm, SettleForm, SituationForm
from xinqiao.care.incidents.models import JointActivation, JointPart
from xinqiao.care.incidents.partners import partners_at
from xinqiao.care.incidents.rows import every_activation
from xinqiao.care.incidents.selectors.joint import activation_for, joint_page, part_for, part_rows
from xinqiao.care.incidents.services.joining import (
    ask_part,
    end_activation,
    note_situation,
    open_activation,
    promise_part,
    settle_part,
)
from xinqiao.care.incidents.states import JointState, PartState, part_sources
from xinqiao.care.incidents.views.finding import is_done, report_or_404
from xinqiao.care.incidents.views.hotline import mode_form
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.policy.emergency_words import form_words

RECEIVE = Permission.INCIDENT_RECEIVE
Crumbs = Sequence[tuple[str, str]]


def _activation_or_404(request: HttpRequest, activation_id: UUID) -> JointActivation:
    return or_404(activation_for(actor_of(request), activation_id))


def _part_or_404(request: HttpRequest, part_id: UUID) -> JointPart:
    return or_404(part_for(actor_of(request), part_id))


def _up() -> tuple[str, str]:
    return (_("Incidents"), reverse("incidents:counts"))


def _crumbs(activation: JointActivation) -> Crumbs:
    return (_up(), (_("Joint activation"), reverse("incidents:joint", args=[activation.id])))


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_RECEIVE)
def begin(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Begin a joint activation for the incident of a report that was received."""
    report, language = report_or_404(request, report_id, RECEIVE), get_language() or ""
    incident = report.incident
    running = every_activation().filter(incident=incident, state=JointState.ACTIVE).first()
    if running is not None:
        return redirect("incidents:joint", running.id)
    levels = [
        (each.code, each.name.in_language(language)) for each in rules_at(incident.place).emergency.joint.levels
    ]  # fmt: skip
    partners = [(str(each.id), f"{each.name} · {each.contact}") for each in partners_at(incident.place, today())]
    form = JointForm(levels, partners, request.POST or None)
    if form.is_valid():
        try:
            opened = open_activation(incident, actor=actor_of(request), draft=form.draft())
        except CannotDo as error:
            form.refuse(error)
        else:
            messages.success(request, _("The joint activation runs. The clock of the answer runs."))
            known = getattr(opened, "id", None)
            return redirect("incidents:joint", known) if known else redirect("incidents:counts")
    parts = {
        "form": form, "crumbs": (_up(), (form_words(report.form), reverse("incidents:report-read", args=[report.id]))),
        "back": reverse("incidents:report-read", args=[report.id]), "kind": name_in(incident.names),
        "is_without_partner": not partners,
    }  # fmt: skip
    return render(request, "incidents/joint_begin.html", parts, status=422 if form.is_bound else 200)


@require_GET
@page(Permission.INCIDENT_RECEIVE)
def joint(request: HttpRequest, activation_id: UUID) -> HttpResponse:
    """Return a joint activation: who comes, by when, how it stands."""
    row = _activation_or_404(request, activation_id)
    return render(request, "incidents/joint.html", {"page": joint_page(actor_of(request), row, now())})


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_RECEIVE)
def ask(request: HttpRequest, activation_id: UUID) -> HttpResponse:
    """Ask one more partner."""
    row = _activation_or_404(request, activation_id)
    form = PartForm(request.POST or None)
    return mode_form(
        request, form,
        lambda actor: ask_part(
            row, actor=actor, once=form.cleaned_data["once"], whom=form.cleaned_data["whom"],
            words=form.cleaned_data["words"],
        ),
        title=_("Ask a partner"), submit=_("Save"), done=_("Noted. The clock of the answer runs."),
        crumbs=_crumbs(row),
        subtitle=_("You ask by telephone or letter; here stands whom, for what, and what came back."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_RECEIVE)
def situation(request: HttpRequest, activation_id: UUID) -> HttpResponse:
    """Write on how it stands."""
    row = _activation_or_404(request, activation_id)
    form = SituationForm(request.POST or None, initial={"at": this_minute(now())})
    return mode_form(
        request, form,
        lambda actor: note_situation(
            row, actor=actor, once=form.cleaned_data["once"], at=form.cleaned_data["at"],
            words=form.cleaned_data["words"],
        ),
        title=_("How it stands"), submit=_("Save"), done=_("Noted."), crumbs=_crumbs(row),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_RECEIVE)
def end(request: HttpRequest, activation_id: UUID) -> HttpResponse:
    """End a joint activation."""
    row = _activation_or_404(request, activation_id)
    form = EndForm(request.POST or None)
    return mode_form(
        request, form, lambda actor: end_activation(row, actor=actor, words=form.cleaned_data["words"]),
        title=_("End the joint activation"), submit=_("End the joint activation"),
        done=_("The joint activation has ended."), tone="red", crumbs=_crumbs(row),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_RECEIVE)
def part(request: HttpRequest, part_id: UUID) -> HttpResponse:
    """Return what a partner was asked for, and note what it contributes."""
    row = _part_or_404(request, part_id)
    form = PromiseForm(request.POST or None)
    if is_done(
        request, form,
        lambda actor: promise_part(
            row, actor=actor, people=form.cleaned_data["people"], arrives_at=form.cleaned_data["arrives_at"],
            words=form.cleaned_data["words"],
        ),
        _("Noted. The clock of the arrival runs."),
    ):  # fmt: skip
        return redirect("incidents:joint", row.activation_id)
    return _shown(request, row, form, _settle_form(row, None))


@require_POST
@page(Permission.INCIDENT_RECEIVE)
def settle(request: HttpRequest, part_id: UUID) -> HttpResponse:
    """Note that a partner is there, cannot come, or is not needed any more."""
    row = _part_or_404(request, part_id)
    form = _settle_form(row, request)
    if is_done(
        request, form,
        lambda actor: settle_part(
            row, actor=actor, target=form.cleaned_data["target"], words=form.cleaned_data["words"]
        ),
        _("Noted."),
    ):  # fmt: skip
        return redirect("incidents:joint", row.activation_id)
    return _shown(request, row, PromiseForm(), form)


def _settle_form(row: JointPart, request: HttpRequest | None) -> SettleForm:
    ways = [each for each in (PartState.CAME, PartState.DECLINED, PartState.WAIVED) if row.state in part_sources(each)]
    return SettleForm([(each.value, each.label) for each in ways], request.POST if request else None,
                      auto_id="settle_%s")  # fmt: skip


def _shown(request: HttpRequest, row: JointPart, form: PromiseForm, settle_form: SettleForm) -> HttpResponse:
    parts = {
        "row": part_rows([row], now())[0], "form": form, "settle": settle_form, "crumbs": _crumbs(row.activation),
        "back": reverse("incidents:joint", args=[row.activation_id]),
    }  # fmt: skip
    return render(
        request, "incidents/part.html", parts, status=422 if form.is_bound or settle_form.is_bound else 200
    )  # fmt: skip
