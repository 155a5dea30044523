"""Pages of reports: written, looked at by a second person, sent, and received by the bureau."""

from collections.abc import Callable
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
from xinqiao.care.incidents.views.finding import form_page, report_or_404
from xinqiao.care.incidents.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
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
            form = _again(request, report)
            form.refuse(error.codes)
        else:
            messages.success(request, _("The report is kept."))
            return redirect("incidents:report", report.id)
    return _shown(request, report, form, SendForm(initial=_first(), auto_id="send_%s"))


def _again(request: HttpRequest, report: IncidentReport) -> ReportForm:
    """What was typed, beside the version that stands now: saved again, it counts as seen."""
    data = request.POST.copy()
    data["after"] = str(report.version)
    form = ReportForm(data)
    form.is_valid()
    return form


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
    after = request.POST.get("after", "")
    seen = int(after) if after.isdecimal() else -1
    return _act(request, report, lambda actor: check_report(report, actor=actor, after=seen), _("Looked at."))


@require_POST
@page(Permission.INCIDENT_LEAD)
def send(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Note that it was sent."""
    report = report_or_404(request, report_id, LEAD)
    form = SendForm(request.POST, auto_id="send_%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            send_report(report, actor=actor_of(request), to=data["to"], at=data["at"])
        except CannotDo as error:
            form.refuse(error.codes)
        else:
            messages.success(request, _("Noted as sent. The bureau can read it here."))
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
    return _act(
        request, report, lambda actor: receive_report(report, actor=actor), _("The school sees that you have it."),
        there="incidents:report-read",
    )  # fmt: skip


def _act(
    request: HttpRequest, report: IncidentReport, act: Callable[[Actor], object], done: str,
    there: str = "incidents:report",
) -> HttpResponse:  # fmt: skip
    try:
        act(actor_of(request))
        messages.success(request, done)
    except CannotDo as error:
        for code in error.codes:
            messages.error(request, refusal_words(code))
    return redirect(there, report.id)
