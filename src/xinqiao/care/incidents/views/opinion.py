"""Pages of what the public says: collected, judged, answered, closed."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.incidents.forms import PlainForm, this_minute
from xinqiao.care.incidents.models import OpinionItem
from xinqiao.care.incidents.opinion_forms import AnswerForm, CalmForm, FoundForm, JudgeForm
from xinqiao.care.incidents.selectors.opinion import opinion_for, opinion_row
from xinqiao.care.incidents.services.opinion import answer_opinion, close_opinion, collect_opinion, judge_opinion
from xinqiao.care.incidents.states import OpinionState
from xinqiao.care.incidents.views.finding import form_page, incident_or_404, is_done, people_who_lead
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now


def _item_or_404(request: HttpRequest, item_id: UUID) -> OpinionItem:
    return or_404(opinion_for(actor_of(request), item_id))


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_LEAD)
def collect(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Keep something that the public says."""
    incident = incident_or_404(request, incident_id)
    form = FoundForm(request.POST or None, initial={"found_at": this_minute(now())})
    return form_page(
        request, incident, form, lambda actor: collect_opinion(incident, actor=actor, found=form.found()),
        title=_("What the public says"), submit=_("Save"), done=_("Noted. The clock of the judgement runs."),
        subtitle=_("A post, a call of a journalist, talk in a group: where it stands and what it says, in short."),
        anchor="#opinion",
    )  # fmt: skip


@require_GET
@page(Permission.INCIDENT_LEAD)
def one(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Return one item with its steps and the hours that each took."""
    return _shown(request, _item_or_404(request, item_id))


@require_POST
@page(Permission.INCIDENT_LEAD)
def judge(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Judge it."""
    item = _item_or_404(request, item_id)
    form = JudgeForm(people_who_lead(item.place), request.POST, auto_id="judge_%s")
    return _act(
        request, item, form, lambda actor: judge_opinion(item, actor=actor, judgement=form.judgement()),
        _("Judged. The clock of the answer runs."),
    )  # fmt: skip


@require_POST
@page(Permission.INCIDENT_LEAD)
def answer(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Keep what was answered."""
    item = _item_or_404(request, item_id)
    form = AnswerForm(request.POST)
    return _act(
        request, item, form, lambda actor: answer_opinion(item, actor=actor, answer=form.answer()),
        _("Noted. Look at it again before its clock is out."),
    )  # fmt: skip


@require_POST
@page(Permission.INCIDENT_LEAD)
def close(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Close it."""
    item = _item_or_404(request, item_id)
    form = CalmForm(request.POST, auto_id="calm_%s")
    return _act(
        request, item, form, lambda actor: close_opinion(item, actor=actor, words=form.cleaned_data["words"]),
        _("Closed."),
    )  # fmt: skip


def _act(
    request: HttpRequest, item: OpinionItem, form: PlainForm, act: Callable[[Actor], object], done: str
) -> HttpResponse:  # fmt: skip
    if is_done(request, form, act, done):
        return redirect("incidents:opinion", item.id)
    return _shown(request, _item_or_404(request, item.id), form)


def _shown(request: HttpRequest, item: OpinionItem, sent: PlainForm | None = None) -> HttpResponse:
    """The page with the forms that its state asks for; a refused one stands there with what was typed, whatever the
    state has become meanwhile."""
    is_judged = item.state == OpinionState.JUDGED
    judge_form = answer_form = calm_form = None
    if item.state == OpinionState.FOUND:
        first = {"answerer": str(item.incident.leader)}
        judge_form = JudgeForm(people_who_lead(item.place), initial=first, auto_id="judge_%s")
    if is_judged:
        answer_form = AnswerForm(initial={"at": this_minute(now())})
    if is_judged or item.state == OpinionState.ANSWERED:
        calm_form = CalmForm(auto_id="calm_%s")
    parts = {
        "row": opinion_row(actor_of(request), item, now()), "incident": item.incident,
        "kind": name_in(item.incident.names), "sent": sent, "is_judged": is_judged,
        "judge_form": sent if isinstance(sent, JudgeForm) else judge_form,
        "answer_form": sent if isinstance(sent, AnswerForm) else answer_form,
        "calm_form": sent if isinstance(sent, CalmForm) else calm_form,
    }  # fmt: skip
    return render(request, "incidents/opinion.html", parts, status=422 if sent is not None else 200)
