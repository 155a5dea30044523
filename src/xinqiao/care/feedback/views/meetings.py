"""Analysis meetings: the list, one meeting, what is noted in it, its minutes; and tasks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.feedback.colleagues import colleagues_at, may_lead
from xinqiao.care.feedback.meeting_forms import ClosingForm, DecisionForm, DoneForm, ItemForm, LeaderForm
from xinqiao.care.feedback.models import Meeting
from xinqiao.care.feedback.printing import minutes_report
from xinqiao.care.feedback.rules import CannotDo
from xinqiao.care.feedback.selectors.meetings import (
    MeetingPage,
    find_item,
    find_meeting,
    meeting_page,
    meeting_rows,
)
from xinqiao.care.feedback.selectors.tasks import find_task, own_tasks
from xinqiao.care.feedback.services.meetings import (
    close_meeting,
    finish_decision,
    name_leader,
    note_item,
    open_meeting,
    record_decision,
)
from xinqiao.care.feedback.states import MeetingState
from xinqiao.care.feedback.views.doing import is_done
from xinqiao.care.feedback.wording import why_not_words
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.ui.documents import pdf_of
from xinqiao.register.accounts.actors import staff_choices


@require_GET
@page(Permission.MEETING_ATTEND)
def meetings(request: HttpRequest) -> HttpResponse:
    """Return the meetings of the reader's school, what is ahead first."""
    return render(request, "feedback/meetings.html", {"rows": meeting_rows(actor_of(request))})


@require_GET
@page(Permission.MEETING_ATTEND)
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Return one meeting: whoever holds it sees all of it, others their own pupils' level and advice."""
    return _shown(request, _meeting_or_404(request, meeting_id, Permission.MEETING_ATTEND))


def _shown(request: HttpRequest, found: Meeting, **forms: Any) -> HttpResponse:
    """The page with the forms that fit its state; a faulty one stands as it was typed (422)."""
    shown = meeting_page(actor_of(request), found)
    parts: dict[str, Any] = {"shown": shown, "meeting": found}
    if shown.may_hold and found.state == MeetingState.CALLED:
        parts["leader_form"] = _leader_form(found)
    if shown.may_hold and found.state == MeetingState.OPEN:
        parts["decision_form"], parts["closing_form"] = _decision_form(found, shown), _closing_form(found)
    return render(request, "feedback/meeting.html", parts | forms, status=422 if forms else 200)


def _leader_form(found: Meeting, data: Any = None) -> LeaderForm:
    people = staff_choices(may_lead(found.place, today()))
    return LeaderForm(people, data, initial={"owner": str(found.led_by or "")}, auto_id="lead_%s")


def _people(found: Meeting) -> list[tuple[str, str]]:
    return [(str(key), each.words) for key, each in colleagues_at(found.place, today()).items()]


def _decision_form(found: Meeting, shown: MeetingPage, data: Any = None) -> DecisionForm:
    items = [(str(item.id), f"{item.name} {item.class_name}") for item in shown.items]
    return DecisionForm(items, _people(found), data, auto_id="decide_%s")


def _closing_form(found: Meeting, data: Any = None) -> ClosingForm:
    return ClosingForm(_people(found), data, auto_id="close_%s")


@require_POST
@page(Permission.MEETING_HOLD)
def lead(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Name who leads it."""
    found = _meeting_or_404(request, meeting_id)
    form = _leader_form(found, request.POST)
    if is_done(
        request, form, lambda actor: name_leader(found, actor=actor, to=UUID(form.cleaned_data["owner"])), _("Named.")
    ):
        return redirect("feedback:meeting", found.id)
    return _shown(request, found, leader_form=form)


@require_POST
@page(Permission.MEETING_HOLD)
def open_now(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Open it with the agenda of this moment."""
    found = _meeting_or_404(request, meeting_id)
    if isinstance(open_meeting(found, actor=actor_of(request)), Unchanged):
        messages.info(request, _("Somebody opened it meanwhile."))
    return redirect("feedback:meeting", found.id)


@require_http_methods(["GET", "POST"])
@page(Permission.MEETING_HOLD, child="item_id")
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Note what was said of one pupil."""
    found = or_404(find_item(actor_of(request), item_id))
    shown = meeting_page(actor_of(request), found.meeting)
    line = next(each for each in shown.items if each.id == found.id)
    form = ItemForm(request.POST or None, initial={"words": line.words})
    if is_done(
        request, form, lambda actor: note_item(found, actor=actor, words=form.cleaned_data["words"]), _("Noted.")
    ):
        return redirect("feedback:meeting", found.meeting_id)
    parts = {"form": form, "line": line, "meeting": found.meeting, "shown": shown}
    return render(request, "feedback/item.html", parts, status=422 if form.is_bound else 200)


@require_POST
@page(Permission.MEETING_HOLD)
def decide_on(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Note what was decided."""
    found = _meeting_or_404(request, meeting_id)
    form = _decision_form(found, meeting_page(actor_of(request), found), request.POST)
    if is_done(
        request,
        form,
        lambda actor: record_decision(found, actor=actor, draft=form.draft()),
        _("Noted; it stands with whoever does it."),
    ):
        return redirect("feedback:meeting", found.id)
    return _shown(request, found, decision_form=form)


@require_POST
@page(Permission.MEETING_HOLD)
def close(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Close it; the next one is dated."""
    found = _meeting_or_404(request, meeting_id)
    form = _closing_form(found, request.POST)
    if is_done(
        request,
        form,
        lambda actor: close_meeting(found, actor=actor, draft=form.draft()),
        _("The minutes stand. The next meeting is dated."),
    ):
        return redirect("feedback:meeting", found.id)
    return _shown(request, found, closing_form=form)


@require_GET
@page(Permission.MEETING_HOLD)
def minutes_pdf(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The minutes as PDF."""
    found, actor = _meeting_or_404(request, meeting_id), actor_of(request)
    shown = meeting_page(actor, found, event="feedback.meeting.printed")
    headers = {"Content-Disposition": f'attachment; filename="minutes-{found.due_on}.pdf"'}
    body = pdf_of(minutes_report(shown, actor.name, now()), now())
    return HttpResponse(body, content_type="application/pdf", headers=headers)


@require_GET
@page(Permission.FEEDBACK_OWN)
def tasks(request: HttpRequest) -> HttpResponse:
    """Return what meetings gave the reader to do."""
    return render(request, "feedback/tasks.html", {"rows": own_tasks(actor_of(request)), "form": DoneForm()})


@require_POST
@page(Permission.FEEDBACK_OWN, child="decision_id")
def done(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Note that a task was done."""
    actor = actor_of(request)
    found = or_404(find_task(actor, decision_id))
    back = (
        redirect("feedback:tasks") if found.owner == actor.staff_id else redirect("feedback:meeting", found.meeting_id)
    )
    form = DoneForm(request.POST)
    if not form.is_valid():
        parts = {"rows": own_tasks(actor), "form": form, "faulty": found.id}
        return render(request, "feedback/tasks.html", parts, status=422)
    try:
        finish_decision(found, actor=actor, words=form.cleaned_data["words"])
        messages.success(request, _("Noted: done."))
    except CannotDo as error:
        messages.error(request, why_not_words(error.codes[0]))
    return back


def _meeting_or_404(
    request: HttpRequest, meeting_id: UUID, permission: Permission = Permission.MEETING_HOLD
) -> Meeting:
    return or_404(find_meeting(actor_of(request), permission, meeting_id))
