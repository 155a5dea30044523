"""Pages of reports: written, looked at by a second person, sent, and received by the bureau."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.forms import ReportForm, SendForm, WhyForm, this_minute
from xinqiao.care.incidents.models import IncidentReport
from xinqiao.care.incidents.selectors.reports import composed, report_page
from xinqiao.care.incidents.services.reporting import (
    check_report,
    receive_report,
    send_report,
    waive_report,
    write_report,
)
from xinqiao.care.incidents.views.finding import (
    form_page,
    is_done,
    is_done_at_once,
    report_or_404,
    seen_version,
    typed_again,
)
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed

LEAD, RECEIVE = Permission.INCIDENT_LEAD, Permission.INCIDENT_RECEIVE


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def write(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Return a report, and keep its text."""
    report = report_or_404(request, report_id, LEAD)
    text = open_sealed([report], "text")[0]["text"] or composed(report)
    form = ReportForm(request.POST or None, initial={"text": text, "after": report.version})
    if form.is_valid():
        data = form.cleaned_data
        try:
            write_report(report, actor=actor_of(request), text=data["text"], after=data["after"])
        except CannotDo as error:
            report = report_or_404(request, report_id, LEAD)
            form = typed_again(ReportForm, request, report.version, error)
        else:
            messages.success(request, _("The report is kept."))
            return redirect("incidents:report", report.id)
    return _shown(request, report, form, SendForm(initial=_first(), auto_id="send_%s"))


def _first() -> dict[str, object]:
    return {"to": _("County education bureau"), "at": this_minute(now())}


def _shown(request: HttpRequest, report: IncidentReport, form: ReportForm, to: SendForm) -> HttpResponse:
    shown = report_page(actor_of(request), report, now())
    parts = {"page": shown, "report": report, "incident": report.incident, "form": form, "send_form": to}
    return render(request, "incidents/report.html", parts, status=422 if form.is_bound or to.is_bound else 200)


@require_POST
@page(Permission.INCIDENT_LEAD)
def check(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Note that a second person has looked at it."""
    report = report_or_404(request, report_id, LEAD)
    seen = seen_version(request)
    is_done_at_once(request, lambda actor: check_report(report, actor=actor, after=seen), _("Looked at."))
    return redirect("incidents:report", report.id)


@require_POST
@page(Permission.INCIDENT_LEAD)
def send(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Note that it was sent."""
    report = report_or_404(request, report_id, LEAD)
    form = SendForm(request.POST, auto_id="send_%s")
    if is_done(
        request, form,
        lambda actor: send_report(report, actor=actor, to=form.cleaned_data["to"], at=form.cleaned_data["at"]),
        _("Noted as sent. The bureau can read it here."),
    ):  # fmt: skip
        return redirect("incidents:report", report.id)
    text = open_sealed([report], "text")[0]["text"] or ""
    return _shown(request, report, ReportForm(initial={"text": text, "after": report.version}), form)


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def waive(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Say why it is not sent."""
    report = report_or_404(request, report_id, LEAD)
    form = WhyForm(request.POST or None)
    return form_page(
        request, report.incident, form,
        lambda actor: waive_report(report, actor=actor, words=form.cleaned_data["words"]),
        title=_("This report is not sent"), submit=_("Save"), done=_("Noted."), anchor="#reports",
    )  # fmt: skip


@require_GET
@page(Permission.INCIDENT_RECEIVE)
def read(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Return a report that was sent, for the bureau."""
    report = report_or_404(request, report_id, RECEIVE)
    return render(request, "incidents/read.html", {"page": report_page(actor_of(request), report, now())})


@require_POST
@page(Permission.INCIDENT_RECEIVE)
def receive(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Note that the bureau has it."""
    report = report_or_404(request, report_id, RECEIVE)
    is_done_at_once(
        request, lambda actor: receive_report(report, actor=actor), _("The school sees that you have it.")
    )  # fmt: skip
    return redirect("incidents:report-read", report.id)
