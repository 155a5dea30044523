"""Pages of leave and return."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.crisis.leave.states import LeaveState, LeaveStepKind, steps_from
from xinqiao.care.crisis.leave_forms import StepForm
from xinqiao.care.crisis.leave_wording import why_not_words
from xinqiao.care.crisis.models import Leave
from xinqiao.care.crisis.selectors.leaves import leave_for, leave_page, leave_rows, running_leave_of
from xinqiao.care.crisis.selectors.referrals import note_named
from xinqiao.care.crisis.services.leaves import (
    CannotStep,
    decide_return,
    look_after_return,
    note_contact,
    open_leave,
    take_step,
)
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.people.finding import name_of, student_or_404
from xinqiao.register.people.states import StudentStatus


@require_GET
@page(Permission.LEAVE_DECIDE)
def index(request: HttpRequest) -> HttpResponse:
    """Return who is on leave or on the way back, what is late first."""
    rows = leave_rows(actor_of(request), now())
    parts = {"rows": rows, "away": sum(row.is_away for row in rows), "late": sum(row.is_late for row in rows)}
    return render(request, "crisis/leaves.html", parts)


@require_GET
@page(Permission.LEAVE_DECIDE, child="student_id")
def pupil(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Return one pupil's leaves."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.LEAVE_DECIDE)
    parts = {
        "student": student, "name": name_of(student), "rows": leave_rows(actor, now(), student.id),
        "may_begin": student.status == StudentStatus.ACTIVE and actor.can(Permission.LEAVE_EDIT, student.place)
        and running_leave_of(student) is None,
    }  # fmt: skip
    return render(request, "crisis/leave-pupil.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.LEAVE_EDIT, child="student_id")
def new(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Note that a leave may be needed."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.LEAVE_EDIT)
    note_named(actor, student)
    form = StepForm([LeaveState.FOUND], request.POST or None, initial={"day": today()})
    if form.is_valid():
        try:
            leave = open_leave(student, actor=actor, step=form.step())
            return redirect("leaves:one", leave.id)
        except CannotStep as error:
            form.add_error(None, why_not_words(error.code))
    parts = {"form": form, "student": student, "name": name_of(student)}
    return render(request, "crisis/leave-new.html", parts, status=422 if form.is_bound else 200)


@require_GET
@page(Permission.LEAVE_DECIDE, child="leave_id")
def one(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Return one leave: what comes next, and its story."""
    actor = actor_of(request)
    return _page(request, _leave_or_404(actor, leave_id, Permission.LEAVE_DECIDE))


def _page(request: HttpRequest, leave: Leave, wrong: StepForm | None = None, kind: str = "") -> HttpResponse:
    """Show a leave; a form that was refused stands in its place with what was typed, and 422 says so."""
    shown = leave_page(actor_of(request), leave, now())
    first = {"day": today()}
    parts = {
        "shown": shown, "leave": shown.leave,
        "only_step": str(LeaveStepKind(shown.steps[0].value).label) if len(shown.steps) == 1 else "",
        "step_form": StepForm(shown.steps, initial=first, auto_id="step_%s") if shown.steps else None,
        "decide_form": StepForm(shown.decisions, initial=first, auto_id="decide_%s")
        if shown.decisions and not shown.why_not else None,
        "why_not": why_not_words(shown.why_not) if shown.why_not else "",
        "note_form": StepForm([LeaveState(shown.leave.state)], initial=first, auto_id="note_%s"),
        "is_away": shown.is_keeper and shown.leave.state in (LeaveState.ON_LEAVE, LeaveState.NOT_YET),
        "is_back": shown.is_keeper and shown.leave.state == LeaveState.RETURNED,
    }  # fmt: skip
    if wrong is not None:
        parts |= {kind: wrong, "wrong": wrong}
    return render(request, "crisis/leave-one.html", parts, status=200 if wrong is None else 422)


@require_POST
@page(Permission.LEAVE_EDIT, child="leave_id")
def step(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Take the next step."""
    return _noted(request, leave_id, take_step, Permission.LEAVE_EDIT, "step")


@require_POST
@page(Permission.LEAVE_EDIT, child="leave_id")
def contact(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Note that the school was in touch."""
    return _noted(request, leave_id, note_contact, Permission.LEAVE_EDIT, "note")


@require_POST
@page(Permission.LEAVE_EDIT, child="leave_id")
def look(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Note a look after the return."""
    return _noted(request, leave_id, look_after_return, Permission.LEAVE_EDIT, "note")


@require_POST
@page(Permission.LEAVE_DECIDE, child="leave_id")
def decide(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Accept a return, or say not yet."""
    return _noted(request, leave_id, decide_return, Permission.LEAVE_DECIDE, "decide")


def _noted(
    request: HttpRequest, leave_id: UUID, act: Callable[..., object], permission: Permission, kind: str
) -> HttpResponse:
    """Do what the form says, or show it again and say why not. `kind` names the form: step, note or decide; a note
    leaves the leave where it stands."""
    actor = actor_of(request)
    leave = _leave_or_404(actor, leave_id, permission)
    targets = [LeaveState(leave.state)] if kind == "note" else steps_from(leave.state, permission)
    form = StepForm(targets, request.POST, auto_id=f"{kind}_%s")
    if form.is_valid():
        try:
            act(leave, actor=actor, step=form.step())
        except CannotStep as error:
            form.add_error(None, why_not_words(error.code))
        else:
            messages.success(request, _("Noted."))
            return redirect("leaves:one", leave.id)
    leave.refresh_from_db()
    return _page(request, leave, form, f"{kind}_form")


def _leave_or_404(actor: Actor, leave_id: UUID, permission: Permission) -> Leave:
    return or_404(leave_for(actor, leave_id, permission))
