"""Campaigns: the list, the plan, the launch, and what is done to a running one."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinqiao.care.screening.forms import CampaignForm, CloseForm, ExtendForm, MakeUpForm, initial_of, initial_plan
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.jobs.informants import fill_forms
from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.order_forms import OrderedPlanForm, form_to_change
from xinqiao.care.screening.selectors.adapting import adapted_scales
from xinqiao.care.screening.selectors.cadence import due_for
from xinqiao.care.screening.selectors.campaigns import campaign_for, campaign_rows, scale_words, scales_of
from xinqiao.care.screening.selectors.class_days import class_windows
from xinqiao.care.screening.selectors.informants import FormPlan, form_plans
from xinqiao.care.screening.selectors.missing import MOST_NAMED, missing_pupils
from xinqiao.care.screening.selectors.planning import preparation_of
from xinqiao.care.screening.selectors.population import register_words
from xinqiao.care.screening.selectors.register_due import register_due_for
from xinqiao.care.screening.selectors.results import sheets_of_campaign, sheets_to_repeat
from xinqiao.care.screening.services.campaigns import (
    CannotRun,
    change_campaign,
    close_campaign,
    create_campaign,
    discard_campaign,
    extend_campaign,
    launch_campaign,
    open_make_up_round,
)
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.screening.views.answers import order_parts
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.care.screening.views.pace import pace_parts, workload_parts
from xinqiao.care.screening.views.progress import progress_page
from xinqiao.care.screening.wording import adapting_words, fault_words, refusal_rows, refusal_words
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_id, units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS


@page(Permission.CAMPAIGN_PROGRESS)
def index(request: HttpRequest) -> HttpResponse:
    """Return every campaign the reader may follow."""
    actor = actor_of(request)
    rows = campaign_rows(actor, today())
    may_plan = actor.can_somewhere(Permission.CAMPAIGN_EDIT)
    parts = {
        "rows": rows, "may_plan": may_plan, "has_schools": len({row.school for row in rows}) > 1,
        "due": due_for(actor, Permission.CAMPAIGN_VIEW, today()), "register_due": register_due_for(actor, today()),
    }  # fmt: skip
    return render(request, "screening/index.html", parts)


@page(Permission.CAMPAIGN_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """Plan a campaign."""
    actor = actor_of(request)
    schools = units_for(actor, Permission.CAMPAIGN_EDIT, *SCHOOL_KINDS)
    school = next((unit for unit in schools if str(unit.pk) == request.GET.get("school")), None)
    school = or_404(school or next(iter(schools), None))
    form = CampaignForm(school, now(), request.POST or None, initial=initial_plan(school, now()))
    if request.method == "POST" and form.is_valid():
        try:
            campaign = create_campaign(school, actor=actor, draft=form.draft())
            return redirect("screening:campaign", campaign.pk)
        except CannotRun as error:
            _tell(form, error)
    return _plan_page(request, form, school, None, schools)


@page(Permission.CAMPAIGN_EDIT)
def edit(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Change the plan of a campaign that was not launched."""
    actor = actor_of(request)
    campaign = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    school = units_by_id([campaign.school_id])[campaign.school_id]
    form = form_to_change(campaign, school, now(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_campaign(campaign, actor=actor, draft=form.draft())
            return redirect("screening:campaign", campaign.pk)
        except CannotRun as error:
            _tell(form, error)
    return _plan_page(request, form, school, campaign, [school])


def _plan_page(
    request: HttpRequest, form: CampaignForm, school: Unit, campaign: Campaign | None, schools: list[Unit]
) -> HttpResponse:
    unusable = [(row.title, listed(fault_words(fault) for fault in row.faults)) for row in form.unusable]
    parts = {
        "form": form, "school": school, "schools": schools, "campaign": campaign, "unusable": unusable,
        "not_adaptable": [(title, adapting_words(why)) for title, why in form.not_adaptable()],
        "not_precise": [(title, adapting_words(why, figure)) for title, why, figure in form.not_precise()],
    }  # fmt: skip
    template = "screening/ordered_plan.html" if isinstance(form, OrderedPlanForm) else "screening/plan.html"
    return render(request, template, parts, status=422 if form.errors else 200)


def _tell(form: Form, error: CannotRun) -> None:
    fields = {"window_turned": "closes_at", "window_over": "closes_at", "window_long": "closes_at"}
    fields |= {"not_later": "until"}
    for reason in error.reasons:
        name = fields.get(reason.code, "")
        if name == "closes_at" and name not in form.fields:
            name = "until"
        form.add_error(name if name in form.fields else None, refusal_words(reason))


@page(Permission.CAMPAIGN_PROGRESS)
def campaign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return a campaign: before the launch what is missing, after it how far it is."""
    actor = actor_of(request)
    found = campaign_for(actor, campaign_id, Permission.CAMPAIGN_VIEW)
    if found is not None and found.state == CampaignState.DRAFT:
        return _preparation_page(request, found)
    may_read = found is not None and actor.can(Permission.RESULT_FULL, found.place)
    return progress_page(request, campaign_id, more=workload_parts(found) if found is not None and may_read else None)


def _preparation_page(request: HttpRequest, found: Campaign, status: int = 200) -> HttpResponse:
    actor, ready = actor_of(request), preparation_of(found, now())
    parts = {
        "campaign": found, "ready": ready, "register": register_words(found, today()),
        "scales": scale_words(scales_of(found)), "adapted": adapted_scales(found, now()),
        "refusals": refusal_rows(ready.refusals, found, scales_of(found)), "forms": _form_plans(found),
        "may_edit": actor.can(Permission.CAMPAIGN_EDIT, found.place),
        **pace_parts(
            found, ready.pupils_by_class, may_know_flags=actor.can(Permission.RESULT_FULL, found.place)
        ),
        **order_parts(actor, found, ready.refusals),
    }  # fmt: skip
    return render(request, "screening/preparation.html", parts, status=status)


def _form_plans(found: Campaign) -> list[FormPlan]:
    return form_plans(found, units_by_id([found.school_id])[found.school_id], today())


@page(Permission.CAMPAIGN_EDIT)
@require_POST
def launch(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Begin a campaign, and make its sittings."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    try:
        launched = launch_campaign(found, actor=actor)
    except CannotRun:
        if found.state != CampaignState.DRAFT:
            return redirect("screening:campaign", found.pk)
        return _preparation_page(request, found, status=422)
    made = fill_campaign(launched, now())
    fill_forms(launched, now())
    invited = made.made - made.without_consent
    text = ngettext("Launched: {count} pupil can answer.", "Launched: {count} pupils can answer.", invited)
    messages.success(request, text.format(count=invited))
    return redirect("screening:campaign", found.pk)


@page(Permission.CAMPAIGN_EDIT)
@require_POST
def discard(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Discard a plan."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    try:
        discard_campaign(found, actor=actor)
    except CannotRun as error:
        messages.error(request, refusal_words(error.reasons[0]))
        return redirect("screening:campaign", campaign_id)
    messages.success(request, _("The plan was discarded."))
    return redirect("screening:index")


@page(Permission.CAMPAIGN_EDIT)
def extend(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Let a running campaign end later."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    form = ExtendForm(request.POST or None, initial={"until": initial_of(found)["closes_at"]})
    if request.method == "POST" and form.is_valid():
        try:
            extend_campaign(found, actor=actor, until=form.cleaned_data["until"])
            messages.success(request, _("The window was extended."))
            return redirect("screening:campaign", campaign_id)
        except CannotRun as error:
            _tell(form, error)
    parts = {"form": form, "campaign": found, "has_pace": bool(class_windows(found))}
    return render(request, "screening/extend.html", parts, status=422 if form.errors else 200)


@page(Permission.CAMPAIGN_EDIT)
def make_up(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Open a further round for those missing and for sheets to be answered again."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    rows = sheets_to_repeat(sheets_of_campaign(actor, found, event="screening.repeat.read"), today())
    school = units_by_id([found.school_id])[found.school_id]
    again = [(str(row.student_id), f"{row.class_name} {row.name}") for row in rows]
    form = MakeUpForm(again, request.POST or None, initial=initial_plan(school, now()))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            open_make_up_round(found, actor=actor, opens_at=data["opens_at"], closes_at=data["closes_at"],
                               with_missing=data["with_missing"], again=form.again_ids())  # fmt: skip
            messages.success(request, _("A further round was opened."))
            return redirect("screening:campaign", campaign_id)
        except CannotRun as error:
            _tell(form, error)
    parts = {"form": form, "campaign": found, "has_pace": bool(class_windows(found))}
    return render(request, "screening/make_up.html", parts, status=422 if form.errors else 200)


@page(Permission.CAMPAIGN_EDIT)
def close(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """End a campaign, with a reason for those still missing."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    form = CloseForm(missing_pupils(actor, found), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_campaign(found, actor=actor, excuse=form.cleaned_data["excuse"], named=form.named())
            messages.success(request, _("The screening has ended."))
            return redirect("screening:results", campaign_id)
        except CannotRun as error:
            _tell(form, error)
    return progress_page(request, campaign_id, template="screening/close.html", more={"form": form, "most": MOST_NAMED})
