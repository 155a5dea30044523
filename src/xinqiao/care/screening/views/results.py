"""Results: whom to talk to first, one pupil in full, a class in levels, distributions and coverage."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from xinqiao.care.alerts.wording import reasons_words
from xinqiao.care.scales.norm_pages import norm_names
from xinqiao.care.screening.forecast import accuracy_of, false_alarms_in_100
from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.methods import methods
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.cadence import due_for
from xinqiao.care.screening.selectors.campaigns import classes_reached, day_of, scales_of, title_of
from xinqiao.care.screening.selectors.coverage import campaign_coverage, coverage_of_schools
from xinqiao.care.screening.selectors.distribution import distribution_of, score_choices
from xinqiao.care.screening.selectors.local_norms import norms_used
from xinqiao.care.screening.selectors.register_due import register_told
from xinqiao.care.screening.selectors.results import (
    first_to_talk_to,
    levels_of_class,
    pupil_result,
    sheets_of_campaign,
    sheets_to_repeat,
)
from xinqiao.care.screening.tones import band_series
from xinqiao.care.screening.views.finding import campaign_or_404, class_or_404, followed_or_404
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.care.screening.wording import pupil_words, sign_words
from xinqiao.engines.capacity import CapacityRules
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.orgs.states import Stage
from xinqiao.register.policy.selectors import parameters_for


@page(Permission.RESULT_FULL)
def results(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return whom to talk to first, and whose sheet to take again."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.RESULT_FULL)
    rows = [(row, reasons_words(row.reasons)) for row in first_to_talk_to(actor, found, today())]
    again = sheets_to_repeat(sheets_of_campaign(actor, found, event="screening.repeat.read"), today())
    open_rows = [row for row, _reasons in rows if row.state != "closed"]
    parts = {
        "campaign": found, "rows": rows, "waiting": len(open_rows),
        "red": len([row for row in open_rows if row.urgency == "red"]),
        "again": [(row, [sign_words(sign) for sign in row.signs]) for row in again],
        "false_alarms": _false_alarms(found), "concerned": _capacity(found.place).prevalence_percent,
        "tabs": tabs_of(actor, found),
    }  # fmt: skip
    return render(request, "screening/results.html", parts)


def _false_alarms(found: Campaign) -> list[tuple[str, int, str]]:
    """Return (title, false alarms in a hundred, source) of the battery's scales where it is published."""
    known = [(version, accuracy_of(version.code)) for version in scales_of(found)]
    share = _capacity(found.place).prevalence
    return [(title_of(version), false_alarms_in_100(a, share), a.source) for version, a in known if a is not None]


def _capacity(place: str) -> CapacityRules:
    return parameters_for(place, today()).capacity


@page(Permission.RESULT_FULL, child="student_id")
def result(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Return one pupil's results in full."""
    found = or_404(pupil_result(actor_of(request), student_id, today()))
    hotlines = parameters_for("", today()).hotlines
    parts = {
        "result": found, "words": [pupil_words(code) for code in found.pupil_words], "hotlines": hotlines,
        "concerned": _capacity("").prevalence_percent, "change_method": methods()["change"],
        "sheets": [
            (sheet, [sign_words(sign) for sign in sheet.care_signs], sheet.origin_id in found.second_papers)
            for sheet in found.latest
        ],
        "norm_names": norm_names(norms_used(found.latest)),
        "earlier": [(sheet, found.campaigns.get(sheet.origin_id, "")) for sheet in found.earlier],
    }  # fmt: skip
    return render(request, "screening/result.html", parts)


@page(Permission.RESULT_LEVEL)
def levels(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return a class as its teacher may see it."""
    actor = actor_of(request)
    found = followed_or_404(actor, campaign_id)
    unit = class_or_404(actor, found, class_id, Permission.RESULT_LEVEL)
    rows = levels_of_class(actor, found, unit)
    parts = {"campaign": found, "unit": unit, "class_name": name_on(unit, today()), "rows": rows}
    return render(request, "screening/levels.html", parts)


@page(Permission.RESULT_FULL)
def distribution(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return the bands of one score by grade and class."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.RESULT_FULL)
    sheets = sheets_of_campaign(actor, found)
    shown = distribution_of(sheets, classes_reached(found), request.GET.get("score", ""), day_of(found, today()))
    parts = {
        "campaign": found, "shown": shown, "choices": score_choices(sheets),
        "series": band_series(shown) if shown else [], "tabs": tabs_of(actor, found),
    }  # fmt: skip
    return render(request, "screening/distribution.html", parts)


@page(Permission.COVERAGE_VIEW)
def coverage(request: HttpRequest) -> HttpResponse:
    """Return this school year's coverage by school, against what asks for it."""
    actor = actor_of(request)
    rows, requirement = coverage_of_schools(actor, today())
    stages = [(Stage(stage).label, listed(grades)) for stage, grades in requirement.stages] if requirement else []
    is_own = actor.can_somewhere(Permission.CAMPAIGN_VIEW)
    due = due_for(actor, Permission.COVERAGE_VIEW, today())
    parts = {
        "rows": rows, "requirement": requirement, "stages": stages, "is_own": is_own, "due": due,
        "register": register_told(actor, today()),
    }  # fmt: skip
    return render(request, "screening/coverage.html", parts)


@page(Permission.COVERAGE_VIEW)
def campaign_coverage_page(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return one campaign's coverage by class, grade and stage, for those who work at the school."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_VIEW)
    if not actor.can(Permission.COVERAGE_VIEW, found.place):
        raise Http404
    parts = {"campaign": found, "shown": campaign_coverage(found, today()), "tabs": tabs_of(actor, found)}
    return render(request, "screening/campaign_coverage.html", parts)
