"""Pages of what is done in an incident: a line settled or given a reason, a note, a department, experts, an action."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinqiao.care.alerts.forms import MOMENT
from xinqiao.care.incidents.clocks import rules_at
from xinqiao.care.incidents.forms import ActionForm, AskForm, CallForm, DoneForm, NoteForm, WhyForm, this_minute
from xinqiao.care.incidents.selectors.page import line_row
from xinqiao.care.incidents.services.doing import (
    add_action,
    ask_department,
    call_experts,
    settle_line,
    waive_line,
)
from xinqiao.care.incidents.services.opening import add_note
from xinqiao.care.incidents.states import LineKind, LineState
from xinqiao.care.incidents.views.finding import form_page, incident_or_404, is_done, line_or_404, people_who_lead
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Note that a line was done."""
    row = line_or_404(request, line_id)
    form = DoneForm(_sent(request), initial={"at": this_minute(now())})
    if is_done(request, form, lambda actor: settle_line(row, actor=actor, done=form.done()), _("Noted.")):
        answer = redirect("incidents:one", row.incident_id)
        answer["Location"] += f"#line-{row.id}"
        return answer
    shown = line_row(actor_of(request), row, now())
    parts = {
        "form": form, "row": shown, "incident": row.incident, "kind": name_in(row.incident.names),
        "is_waiting": row.state == LineState.WAITING, "why": WhyForm(auto_id="why_%s"),
        "what": str(LineKind(row.kind).label),
    }  # fmt: skip
    return render(request, "incidents/line.html", parts, status=422 if form.is_bound else 200)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent; the button "done now" says no moment, so that it is this one."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if data.get("now"):
        data["at"] = this_minute(now()).strftime(MOMENT)
    return data


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def waive(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Say why a line is not done."""
    row = line_or_404(request, line_id)
    form = WhyForm(request.POST or None)
    shown = line_row(actor_of(request), row, now())
    return form_page(
        request, row.incident, form,
        lambda actor: waive_line(row, actor=actor, words=form.cleaned_data["words"]),
        title=_("Not done"), subtitle=shown.title, submit=_("Save"), done=_("Noted."), anchor=f"#line-{row.id}",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def note(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Note something of the course."""
    incident = incident_or_404(request, incident_id)
    form = NoteForm(request.POST or None, initial={"at": this_minute(now())})
    return form_page(
        request, incident, form,
        lambda actor: add_note(
            incident, actor=actor, once=form.cleaned_data["once"], at=form.cleaned_data["at"],
            words=form.cleaned_data["words"],
        ),
        title=_("Note something"), submit=_("Save"), done=_("Noted."), anchor="#story",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def ask(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Ask a department."""
    incident, language = incident_or_404(request, incident_id), get_language() or ""
    named = rules_at(incident.place).emergency.departments
    form = AskForm([(each.code, each.name.in_language(language)) for each in named], request.POST or None)
    return form_page(
        request, incident, form,
        lambda actor: ask_department(
            incident, actor=actor, once=form.cleaned_data["once"], department=form.cleaned_data["department"],
            words=form.cleaned_data["words"],
        ),
        title=_("Ask a department"), submit=_("Save"), done=_("Noted. The clock of the answer runs."),
        subtitle=_("You ask by telephone or letter; here stands whom, for what, and what came back."), anchor="#asked",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def call(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Call out the expert team."""
    incident = incident_or_404(request, incident_id)
    form = CallForm(request.POST or None)
    return form_page(
        request, incident, form,
        lambda actor: call_experts(
            incident, actor=actor, once=form.cleaned_data["once"], words=form.cleaned_data["words"]
        ),
        title=_("Call out the expert team"), submit=_("Called out"),
        done=_("Noted. The clock of the arrival runs."), anchor="#asked",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def action(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Write down an action of the review."""
    incident = incident_or_404(request, incident_id)
    form = ActionForm(people_who_lead(incident.place), request.POST or None, initial={"until": today()})
    return form_page(
        request, incident, form,
        lambda actor: add_action(
            incident, actor=actor, once=form.cleaned_data["once"], words=form.cleaned_data["words"],
            owner=UUID(form.cleaned_data["owner"]), until=form.cleaned_data["until"],
        ),
        title=_("An action of the review"), submit=_("Save"), done=_("Noted. Its clock runs."), anchor="#review",
    )  # fmt: skip
