"""What people decide over a case: a conference, the plan, a follow-up, the end."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinqiao.care.crisis.clocks import rules_at
from xinqiao.care.crisis.errors import CannotCare
from xinqiao.care.crisis.facts import end_facts
from xinqiao.care.crisis.forms import MEASURE_LINES, CloseForm, FollowUpForm, JudgementForm, PlanForm
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.people import colleagues
from xinqiao.care.crisis.rules import JUDGED_MEANWHILE, obstacles_to_end
from xinqiao.care.crisis.selectors.evidence import dynamic_boxes, static_boxes
from xinqiao.care.crisis.selectors.papers import JudgementPaper, PlanPaper, judgements_of, plans_of
from xinqiao.care.crisis.services.closing import close_case
from xinqiao.care.crisis.services.following_up import latest_next, record_follow_up
from xinqiao.care.crisis.services.judging import judge_case
from xinqiao.care.crisis.services.planning import write_plan
from xinqiao.care.crisis.states import EndReason, Finding, Way, Whom
from xinqiao.care.crisis.views.finding import case_or_404, form_page, this_minute
from xinqiao.care.crisis.wording import obstacle_texts
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today


@require_http_methods(["GET", "POST"])
@page(Permission.CASE_EDIT, child="case_id")
def judge(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write down a case conference; whoever has not seen the last one is shown it first."""
    found, actor = case_or_404(request, case_id), actor_of(request)
    last, is_meanwhile = next(iter(judgements_of(actor, found)), None), False
    form = _judgement_form(request, found, last)
    if form.is_valid():
        try:
            judge_case(found, actor=actor, draft=form.draft())
        except CannotCare as error:
            is_meanwhile = JUDGED_MEANWHILE in error.codes
            form = _after_the_other(request, found) if is_meanwhile else form
            form.refuse(error.codes)
        else:
            messages.success(request, _("The case conference is written down."))
            return redirect("crisis:case", found.id)
    last = next(iter(judgements_of(actor, found)), None) if is_meanwhile else last
    return form_page(request, "judge", found, form, last=last, is_meanwhile=is_meanwhile, **_intervals(found))


def _judgement_form(request: HttpRequest, found: Case, last: JudgementPaper | None, data: Any = None) -> JudgementForm:
    actor, people = actor_of(request), colleagues(found.student)
    initial = {
        "held_at": this_minute(), "present": [str(actor.staff_id)], "after": last.number if last else 0,
        "advice": last.advice if last else "",
    }  # fmt: skip
    return JudgementForm(
        [(str(each), words) for each, words in people.items()], static_boxes(actor, found),
        dynamic_boxes(actor, found), data or request.POST or None, initial=initial,
    )  # fmt: skip


def _after_the_other(request: HttpRequest, found: Case) -> JudgementForm:
    """The same form, now after the conference that somebody else wrote down: sending it again confirms it."""
    last = next(iter(judgements_of(actor_of(request), found)), None)
    data = request.POST.copy()
    data["after"] = str(last.number if last else 0)
    form = _judgement_form(request, found, last, data)
    form.is_valid()
    return form


def _intervals(found: Case) -> dict[str, object]:
    parameters = rules_at(found)
    return {"every": parameters.care.judged_every_days, "people_at_least": parameters.care.people_at_least}


@require_http_methods(["GET", "POST"])
@page(Permission.CASE_EDIT, child="case_id")
def plan(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write the plan, or its next version, begun with what stands."""
    found, actor = case_or_404(request, case_id), actor_of(request)
    last = next(iter(plans_of(actor, found)), None)
    people = [(str(each), words) for each, words in colleagues(found.student).items()]
    form = PlanForm(people, request.POST or None, initial=_planned(last))
    if form.is_valid():
        try:
            write_plan(found, actor=actor, draft=form.draft())
        except CannotCare as error:
            form.refuse(error.codes)
        else:
            messages.success(request, _("The plan is in force. The helper finds what to do under “Whom I help”."))
            return redirect("crisis:case", found.id)
    return form_page(request, "plan", found, form)


def _planned(last: PlanPaper | None) -> dict[str, object]:
    if last is None:
        return {"after": 0, "review_on": today() + dt.timedelta(weeks=4)}
    values: dict[str, object] = {
        "goals": last.goals, "helper": str(last.helper_id), "for_helper": last.for_helper,
        "family_part": last.family_part, "review_on": last.review_on, "after": last.number,
    }  # fmt: skip
    for n, measure in zip(MEASURE_LINES, last.measures, strict=False):
        values |= {f"what_{n}": measure.what, f"who_{n}": measure.who, f"until_{n}": measure.until}
    return values


@require_http_methods(["GET", "POST"])
@page(Permission.CASE_EDIT, child="case_id")
def follow_up(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write down a follow-up; the next one is dated with it."""
    found = case_or_404(request, case_id)
    longest = latest_next(found, today())
    initial = {"held_at": this_minute(), "whom": Whom.PUPIL, "way": Way.IN_PERSON}
    form = FollowUpForm(longest, request.POST or None, initial=initial)
    if form.is_valid():
        try:
            record_follow_up(found, actor=actor_of(request), draft=form.draft())
        except CannotCare as error:
            form.refuse(error.codes)
        else:
            if form.draft().finding == Finding.ACUTE:
                messages.warning(
                    request, _("A red signal was raised. Stay with the pupil; the people on duty are called.")
                )
            else:
                messages.success(request, _("The follow-up is written down."))
            return redirect("crisis:case", found.id)
    return form_page(request, "follow_up", found, form, longest=longest)


@require_http_methods(["GET", "POST"])
@page(Permission.CASE_EDIT, child="case_id")
def close(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Close a case, or see what must happen before."""
    found = case_or_404(request, case_id)
    facts, form = end_facts(found), CloseForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            close_case(found, actor=actor_of(request), reason=said["reason"], words=said["words"])
        except CannotCare as error:
            form.refuse(error.codes, facts)
        else:
            messages.success(request, _("The case is closed."))
            return redirect("crisis:case", found.id)
    ways = [
        (reason.label, obstacle_texts(obstacles_to_end(facts, reason), facts))
        for reason in EndReason
        if facts.has_left or reason is not EndReason.LEFT
    ]
    return form_page(request, "close", found, form, ways=ways)
