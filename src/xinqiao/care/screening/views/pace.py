"""The pace by class: what a plan will bring, the days of its classes, and how the queue stands while it runs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.screening.forms import LaterForm, PaceForm
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.selectors.class_days import begun_classes, class_windows
from xinqiao.care.screening.selectors.outlook import outlook_of
from xinqiao.care.screening.selectors.pacing import Proposal, days_for, proposal_of
from xinqiao.care.screening.selectors.planning import preparation_of
from xinqiao.care.screening.selectors.workload import workload_of
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.screening.services.pace import drop_class_days, move_remaining_classes, set_class_days
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.care.screening.wording import refusal_words
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id


def pace_parts(campaign: Campaign, pupils: Mapping[UUID, int], *, may_know_flags: bool) -> dict[str, Any]:
    """Return what the page of a plan shows of its pace: the outlook by class, the proposal, the days that are set.

    Flags to expect of a class come from how many of its grade were flagged last time: only who reads results sees them.
    """
    school = _school(campaign)
    outlook = outlook_of(campaign, school, pupils, now())
    proposal = proposal_of(campaign, outlook, days_for(campaign, school, now()))
    windows = class_windows(campaign)
    proposed = proposal.days if proposal else {}
    chosen = {class_id: timezone.localtime(window.opens_at).date() for class_id, window in windows.items()}
    rows = (
        outlook.rows
        if may_know_flags
        else tuple(replace(row, flags=None, hours=None, days=None) for row in outlook.rows)
    )
    return {
        "outlook": outlook if may_know_flags else None, "proposal": proposal if chosen != proposed else None,
        "has_pace": bool(windows),
        "paced": [(row, windows.get(row.class_id), proposed.get(row.class_id)) for row in rows],
        "is_as_proposed": bool(chosen) and chosen == proposed, "bare_days": proposal.bare_days if proposal else (),
    }  # fmt: skip


def workload_parts(campaign: Campaign) -> dict[str, Any]:
    """Return what the page of a launched campaign shows of its queue."""
    return {"load": workload_of(campaign, _school(campaign), now()), "load_at": now()}


@page(Permission.RESULT_FULL)
def workload(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return the queue of a launched campaign alone, as the campaign's page renews it."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.RESULT_FULL)
    parts = {
        "campaign": found, "is_running": found.state == CampaignState.OPEN,
        "may_edit": actor.can(Permission.CAMPAIGN_EDIT, found.place), **workload_parts(found),
    }  # fmt: skip
    return render(request, "screening/workload.html", parts)


@page(Permission.CAMPAIGN_EDIT)
def pace(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Choose the day of each class in which nobody has begun."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            set_class_days(found, actor=actor, days=form.days())
            messages.success(request, _("The days of the classes are set."))
            return redirect("screening:campaign", campaign_id)
        except CannotRun as error:
            for reason in error.reasons:
                form.add_error(None, refusal_words(reason))
    parts = {"form": form, "campaign": found, "is_draft": found.state == CampaignState.DRAFT}
    return render(request, "screening/pace.html", parts, status=422 if form.errors else 200)


def _form(request: HttpRequest, campaign: Campaign) -> PaceForm:
    begun, is_draft = begun_classes(campaign), campaign.state == CampaignState.DRAFT
    days = days_for(campaign, _school(campaign), now())
    chosen = {class_id: window.opens_at for class_id, window in class_windows(campaign).items()}
    proposal = _proposal(campaign) if is_draft else None
    initial = {str(class_id): day.isoformat() for class_id, day in (proposal.days if proposal else {}).items()}
    initial |= {str(class_id): timezone.localtime(at).date().isoformat() for class_id, at in chosen.items()}
    classes = [(unit.id, name_on(unit, today())) for unit in classes_of(campaign) if unit.id not in begun]
    offered = sorted(days.sitting)
    return PaceForm(classes, offered, request.POST or None, initial=initial, needs_all=is_draft)


def _proposal(campaign: Campaign) -> Proposal | None:
    school = _school(campaign)
    pupils = preparation_of(campaign, now()).pupils_by_class
    return proposal_of(campaign, outlook_of(campaign, school, pupils, now()), days_for(campaign, school, now()))


@page(Permission.CAMPAIGN_EDIT)
@require_POST
def take_pace(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Take the proposal as it stands now; the window is lengthened if need be."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    if found.state != CampaignState.DRAFT:
        messages.error(request, refusal_words(WhyNot("not_draft")))
        return redirect("screening:campaign", campaign_id)
    proposal = _proposal(found)
    if proposal is None or not proposal.is_whole:
        messages.error(request, _("There is no pace to take at the moment. The page says what is missing."))
        return redirect("screening:campaign", campaign_id)
    return _done(request, found, lambda: set_class_days(found, actor=actor, days=proposal.days),
                 _("The days of the classes are set."))  # fmt: skip


@page(Permission.CAMPAIGN_EDIT)
@require_POST
def drop_pace(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Let all classes of a plan sit in its whole window again."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    return _done(request, found, lambda: drop_class_days(found, actor=actor),
                 _("All classes may answer in the whole window."))  # fmt: skip


@page(Permission.CAMPAIGN_EDIT)
@require_POST
def later(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Move the classes that have not begun to later days."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    form = LaterForm(request.POST)
    days = form.cleaned_data["days"] if form.is_valid() else 0
    return _done(request, found, lambda: move_remaining_classes(found, actor=actor, later=days),
                 _("The classes that have not begun sit later. Tell their class teachers."))  # fmt: skip


def _done(request: HttpRequest, campaign: Campaign, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
        messages.success(request, words)
    except CannotRun as error:
        messages.error(request, refusal_words(error.reasons[0]))
    return redirect("screening:campaign", campaign.pk)


def _school(campaign: Campaign) -> Unit:
    return units_by_id([campaign.school_id])[campaign.school_id]
