"""The school's summary of an ended screening: on a page, as PDF, as a spreadsheet."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import cohorts_of, day_of, grade_words
from xinqiao.care.screening.selectors.summary import summary_of
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.screening.summarising import Summary, summarised, summary_report, summary_workbook
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.care.screening.views.progress import XLSX
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.ui.documents import pdf_of
from xinqiao.register.orgs.selectors import units_by_id


def _summary(actor: Actor, campaign: Campaign) -> Summary | None:
    """The summary of an ended screening; while it runs, numbers that change would tell who handed in last."""
    if campaign.state != CampaignState.CLOSED:
        return None
    school = units_by_id([campaign.school_id])[campaign.school_id]
    numbers = summary_of(actor, campaign, now(), today())
    grades = grade_words(cohorts_of(campaign), day_of(campaign, today()), school.primary_years)
    may_see_pupils = actor.can(Permission.RESULT_FULL, campaign.place)
    return summarised(numbers, campaign, school.name, grades, now(), actor.name, may_see_pupils=may_see_pupils)


def _summary_or_404(request: HttpRequest, campaign_id: UUID) -> Summary:
    actor = actor_of(request)
    return or_404(_summary(actor, campaign_or_404(actor, campaign_id, Permission.SUMMARY_VIEW)))


def _file(body: bytes, campaign_id: UUID, ending: str, content_type: str) -> HttpResponse:
    name = f"screening-summary-{campaign_id.hex[-8:]}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


@page(Permission.SUMMARY_VIEW)
def summary(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return the summary as a page; each number leads to its records where the reader may see them."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.SUMMARY_VIEW)
    parts = {"campaign": found, "summary": _summary(actor, found), "tabs": tabs_of(actor, found)}
    return render(request, "screening/summary.html", parts)


@page(Permission.SUMMARY_VIEW)
def summary_pdf(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return the summary as PDF."""
    found = _summary_or_404(request, campaign_id)
    return _file(pdf_of(summary_report(found), now()), campaign_id, "pdf", "application/pdf")


@page(Permission.SUMMARY_VIEW)
def summary_xlsx(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return the summary as a spreadsheet."""
    return _file(summary_workbook(_summary_or_404(request, campaign_id)), campaign_id, "xlsx", XLSX)
