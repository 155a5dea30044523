"""The ledger of all warnings, as page and paper; and the four mechanisms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinqiao.care.alerts.mechanisms import Mechanism
from xinqiao.care.alerts.states import Urgency
from xinqiao.care.feedback.ledger_paper import ledger_report
from xinqiao.care.feedback.selectors.ledger import URGENCIES, Filters, this_year, warnings_ledger
from xinqiao.care.feedback.selectors.mechanisms import boxes_for, schools_of
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.ui.documents import pdf_of


def _filters(request: HttpRequest) -> Filters:
    """What the address asks for; what it cannot mean is left out."""
    year, urgency, stands = (request.GET.get(name, "") for name in ("year", "urgency", "stands"))
    wanted = int(year) if year.isdecimal() and len(year) == 4 else this_year()
    return Filters(
        year=min(max(wanted, 2000), this_year()), urgency=urgency if urgency in URGENCIES else "",
        stands=stands if stands in ("open", "ended") else "",
    )  # fmt: skip


@require_GET
@page(Permission.LEDGER_VIEW)
def ledger(request: HttpRequest) -> HttpResponse:
    """Return every warning of a school year; no reasons and no notes."""
    actor, filters = actor_of(request), _filters(request)
    parts = {
        "ledger": warnings_ledger(actor, filters), "filters": filters, "urgencies": Urgency.choices,
        "may_know": actor.can_somewhere(Permission.QUEUE_VIEW), "until": filters.year + 1,
    }  # fmt: skip
    return render(request, "feedback/ledger.html", parts)


@require_GET
@page(Permission.LEDGER_VIEW)
def ledger_pdf(request: HttpRequest) -> HttpResponse:
    """The ledger as PDF, with the same filters."""
    actor, filters = actor_of(request), _filters(request)
    report = ledger_report(
        warnings_ledger(actor, filters), filters, actor.name, now(),
        with_source=actor.can_somewhere(Permission.QUEUE_VIEW),
    )  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="warnings-{filters.year}.pdf"'}
    return HttpResponse(pdf_of(report, now()), content_type="application/pdf", headers=headers)


@require_GET
@page(Permission.MECHANISM_VIEW)
def mechanisms(request: HttpRequest) -> HttpResponse:
    """Return the four mechanisms: of one school in full, of several side by side."""
    schools = schools_of(actor_of(request))
    wanted = request.GET.get("school", "")
    chosen = [school for school in schools if school.code == wanted] or (schools if len(schools) == 1 else [])
    found = boxes_for(chosen or schools, today())
    parts = {"one": found[0] if chosen else None, "rows": found, "mechanisms": [each.label for each in Mechanism],
             "is_many": len(schools) > 1}  # fmt: skip
    return render(request, "feedback/mechanisms.html", parts)
