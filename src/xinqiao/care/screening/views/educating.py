"""Plans by category: what class teachers saw, what is planned for which classes, what came of it."""

import datetime as dt
import json
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.care.screening.education_forms import EducationForm, FinishForm, ObservationForm
from xinqiao.care.screening.models import Campaign, EducationPlan
from xinqiao.care.screening.selectors.campaigns import classes_for, classes_of
from xinqiao.care.screening.selectors.educating import (
    category_choices,
    education_rows,
    observation_of,
    observation_rows,
    owner_choices,
    plan_for,
)
from xinqiao.care.screening.services.educating import (
    CannotWrite,
    change_education_plan,
    finish_education_plan,
    write_education_plan,
    write_observation,
)
from xinqiao.care.screening.views.finding import campaign_or_404, class_or_404, followed_or_404, for_everyone_or_404
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.care.screening.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.selectors import name_on, units_by_id

USUAL_WEEKS = 8  # ours: two months fit into a term; the form only proposes it


@page(Permission.EDUCATION_VIEW)
def plans(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return the plans that concern the reader's classes, and what was seen in them."""
    actor = actor_of(request)
    found = followed_or_404(actor, campaign_id)
    for_everyone_or_404(found)
    classes = classes_for(actor, found, Permission.EDUCATION_VIEW)
    own = {unit.id for unit in classes_for(actor, found, Permission.OBSERVATION_WRITE)}
    parts = {
        "campaign": found, "rows": education_rows(found, classes, today(), get_language() or "zh-hans"),
        "observations": [(row, row.class_id in own) for row in observation_rows(actor, found, classes, today())],
        "may_edit": actor.can(Permission.EDUCATION_EDIT, found.place), "tabs": tabs_of(actor, found),
        "finish": FinishForm(),
    }  # fmt: skip
    return render(request, "screening/education.html", parts)


@page(Permission.OBSERVATION_WRITE)
def observation(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Write down what a class is like."""
    actor = actor_of(request)
    found = followed_or_404(actor, campaign_id)
    for_everyone_or_404(found)
    unit = class_or_404(actor, found, class_id, Permission.OBSERVATION_WRITE)
    if request.method == "POST":
        form = ObservationForm(request.POST)
        if form.is_valid():
            try:
                write_observation(unit, actor=actor, campaign=found, **form.cleaned_data)
                messages.success(request, _("Kept. The psychology teacher reads it with the results."))
                return redirect("screening:education", campaign_id)
            except CannotWrite as error:
                _tell(form, error, "words")
    else:
        marks, words = observation_of(actor, found, unit)
        form = ObservationForm(initial={"marks": marks, "words": words})
    parts = {"campaign": found, "class_name": name_on(unit, today()), "form": form}
    return render(request, "screening/observation.html", parts, status=422 if form.errors else 200)


def _form(actor: Actor, campaign: Campaign, request: HttpRequest, plan: EducationPlan | None = None) -> EducationForm:
    school = units_by_id([campaign.school_id])[campaign.school_id]
    classes = [(str(unit.pk), name_on(unit, today())) for unit in classes_of(campaign)]
    categories = category_choices(campaign, get_language() or "zh-hans")
    return EducationForm(categories, classes, owner_choices(actor, school), request.POST or None,
                         initial=_initial(actor, plan))  # fmt: skip


def _initial(actor: Actor, plan: EducationPlan | None) -> dict[str, object]:
    if plan is None:
        until = today() + dt.timedelta(weeks=USUAL_WEEKS)
        return {"starts_on": today(), "due_on": until, "owner": str(actor.staff_id)}
    return {
        "category": plan.category, "title": plan.title, "classes": json.loads(plan.class_ids), "aim": plan.aim,
        "measures": plan.measures, "owner": str(plan.owner_id), "starts_on": plan.starts_on, "due_on": plan.due_on,
    }  # fmt: skip


@page(Permission.EDUCATION_EDIT)
def new(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Plan something for some classes."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.EDUCATION_EDIT)
    for_everyone_or_404(found)
    form = _form(actor, found, request)
    if request.method == "POST" and form.is_valid():
        try:
            write_education_plan(found, actor=actor, draft=form.draft())
            return redirect("screening:education", campaign_id)
        except CannotWrite as error:
            _tell(form, error, "due_on")
    return _form_page(request, found, form, None)


@page(Permission.EDUCATION_EDIT)
def edit(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Change a plan that is under way."""
    actor = actor_of(request)
    plan = _plan_or_404(actor, plan_id)
    form = _form(actor, plan.campaign, request, plan)
    if request.method == "POST" and form.is_valid():
        try:
            change_education_plan(plan, actor=actor, draft=form.draft())
            return redirect("screening:education", plan.campaign_id)
        except CannotWrite as error:
            _tell(form, error, "due_on")
    return _form_page(request, plan.campaign, form, plan)


def _form_page(request: HttpRequest, campaign: Campaign, form: Form, plan: EducationPlan | None) -> HttpResponse:
    parts = {"campaign": campaign, "form": form, "plan": plan}
    return render(request, "screening/education_form.html", parts, status=422 if form.errors else 200)


@page(Permission.EDUCATION_EDIT)
@require_POST
def finish(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Say what came of a plan."""
    actor = actor_of(request)
    plan = _plan_or_404(actor, plan_id)
    try:
        finish_education_plan(plan, actor=actor, outcome=request.POST.get("outcome", ""))
        messages.success(request, _("Finished."))
    except CannotWrite as error:
        messages.error(request, " ".join(refusal_words(reason) for reason in error.reasons))
    return redirect("screening:education", plan.campaign_id)


def _plan_or_404(actor: Actor, plan_id: UUID) -> EducationPlan:
    return or_404(plan_for(actor, plan_id))


def _tell(form: Form, error: CannotWrite, name: str) -> None:
    for reason in error.reasons:
        form.add_error("classes" if reason.code == "no_classes" else name, refusal_words(reason))
