"""The warning ledger, and what is printed: ledger, minutes of a conference, plan."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.printing import ledger_report, minutes_report, plan_report
from xinqiao.care.crisis.selectors.cases import case_rows
from xinqiao.care.crisis.selectors.cases import ledger as ledger_for
from xinqiao.care.crisis.selectors.papers import find_judgement, find_plan
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.ui.documents import Report, pdf_of


@require_GET
@page(Permission.LEDGER_VIEW)
def ledger(request: HttpRequest) -> HttpResponse:
    """Who is in care at which level, whose it is, and what is next; no notes."""
    actor = actor_of(request)
    may_open = actor.can_somewhere(Permission.CASE_VIEW)
    return render(request, "crisis/ledger.html", {"ledger": ledger_for(actor), "may_open": may_open})


@require_GET
@page(Permission.LEDGER_VIEW)
def ledger_pdf(request: HttpRequest) -> HttpResponse:
    """The ledger as PDF."""
    actor = actor_of(request)
    may_open = actor.can_somewhere(Permission.CASE_VIEW)
    return _pdf(ledger_report(ledger_for(actor), actor.name, now(), with_source=may_open), "ledger")


@require_GET
@page(Permission.CASE_VIEW, child="judgement_id")
def minutes_pdf(request: HttpRequest, judgement_id: UUID) -> HttpResponse:
    """The minutes of a conference as PDF."""
    actor = actor_of(request)
    found = or_404(find_judgement(actor, judgement_id))
    case, paper = found
    (row,) = case_rows(actor, [case])
    _note_printed(request, case, "minutes", paper.id)
    return _pdf(minutes_report(row, paper, actor.name, now()), f"minutes-{paper.number}")


@require_GET
@page(Permission.CASE_VIEW, child="plan_id")
def plan_pdf(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """A version of a plan as PDF."""
    actor = actor_of(request)
    found = or_404(find_plan(actor, plan_id))
    case, paper = found
    (row,) = case_rows(actor, [case])
    _note_printed(request, case, "plan", paper.id)
    return _pdf(plan_report(row, paper, actor.name, now()), f"plan-{paper.number}")


def _note_printed(request: HttpRequest, case: Case, what: str, paper_id: UUID) -> None:
    note_reading(
        actor_of(request), "crisis.paper.printed", subject_kind="student", subject_id=case.student_id,
        place=case.student.place, county_id=case.county_id,
        facts={"case": str(case.id), "what": what, "paper": str(paper_id)},
    )  # fmt: skip


def _pdf(report: Report, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(pdf_of(report, now()), content_type="application/pdf", headers=headers)
