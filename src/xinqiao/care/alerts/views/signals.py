"""The queue, one signal, taking it, and the talk."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.alerts.forms import AskedForm, InterviewForm
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.selectors import (
    at_the_gate,
    find_signal,
    note_signal_read,
    open_signals_of,
    queue,
    signal_page,
    student_timeline,
)
from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.alerts.selectors.reports import report_lines
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.care.alerts.services.interviewing import CannotRecord, record_interview
from xinqiao.care.alerts.states import Source, Urgency
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.ui.wording import moment_words


@require_GET
@page(Permission.QUEUE_VIEW)
def queue_page(request: HttpRequest) -> HttpResponse:
    """Whom to see first."""
    rows, waiting = queue(actor_of(request), now()), at_the_gate(actor_of(request), now())
    counts = {urgency.value: sum(row.urgency == urgency for row in rows) for urgency in Urgency}
    late = sum(row.minutes_left is not None and row.minutes_left < 0 for row in (*rows, *waiting))
    lines = dict.fromkeys(line for row in (*rows, *waiting) if row.likelihood for line in row.likelihood.lines)
    context = {"rows": rows, "counts": counts, "late": late, "waiting": waiting, "weighed": list(lines)}
    return render(request, "alerts/queue.html", context)


@require_GET
@page(Permission.NOTICE_VIEW, child="signal_id")
def signal(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """One signal, as much of it as the reader may see."""
    actor = actor_of(request)
    found = _signal_or_404(request, Permission.NOTICE_VIEW, signal_id)
    shown = signal_page(actor, found, now())
    events = student_timeline(actor, found.student) if shown.may_interview else []
    lines = report_lines(actor, found) if shown.may_interview else None
    form = AskedForm() if lines is not None and lines.may_settle else None
    return render(request, "alerts/signal.html", {"signal": shown, "events": events, "report": lines, "asked": form})


@require_POST
@page(Permission.INTERVIEW_WRITE, child="signal_id")
def settle_asked(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """Settle a yellow report after asking whoever made it, without a talk with the pupil."""
    actor = actor_of(request)
    found = _signal_or_404(request, Permission.INTERVIEW_WRITE, signal_id)
    form = AskedForm(request.POST)
    if form.is_valid():
        try:
            record_interview(found, actor=actor, talk=form.talk(now()))
        except CannotRecord as error:
            form.refuse(error.code)
        else:
            messages.success(request, _("Settled. Whoever reported it sees that it was looked at."))
            return redirect("alerts:queue")
    shown, lines = signal_page(actor, found, now()), report_lines(actor, found)
    parts = {"signal": shown, "events": student_timeline(actor, found.student), "report": lines, "asked": form}
    return render(request, "alerts/signal.html", parts, status=422)


@require_POST
@page(Permission.NOTICE_ACKNOWLEDGE, child="signal_id")
def acknowledge(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """ "I have it"."""
    found = _signal_or_404(request, Permission.NOTICE_ACKNOWLEDGE, signal_id)
    result = acknowledge_signal(found, actor=actor_of(request))
    if isinstance(result, Unchanged):
        messages.info(request, _("Someone has taken it already."))
    else:
        messages.success(request, _("You have it now. Nobody else is called any more."))
    return redirect("alerts:signal", signal_id)


@require_http_methods(["GET", "POST"])
@page(Permission.INTERVIEW_WRITE, child="signal_id")
def interview(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """The talk with the pupil."""
    actor = actor_of(request)
    found = _signal_or_404(request, Permission.INTERVIEW_WRITE, signal_id)
    others = [each for each in open_signals_of(actor, found.student_id) if each.pk != found.pk]
    form = InterviewForm(request.POST or None, others=_choices(others), initial=_initial())
    if form.is_valid():
        try:
            also = [each for each in others if each.pk in form.also_ids()]
            record_interview(found, actor=actor, talk=form.talk(), also=also)
        except CannotRecord as error:
            form.refuse(error.code)
        else:
            messages.success(request, _("The talk is recorded."))
            return redirect("alerts:signal", signal_id)
    note_signal_read(actor, found, is_full=False)
    context = {"form": form, "signal": found, "name": names_of([found.student])[found.student_id]}
    return render(request, "alerts/interview.html", context, status=422 if form.is_bound else 200)


def _initial() -> dict[str, object]:
    return {"held_at": timezone.localtime(now()).replace(second=0, microsecond=0), "is_face_to_face": "in_person"}


def _choices(signals: list[Signal]) -> list[tuple[UUID, str]]:
    words = _("{urgency}: {source}, {at}")
    return [
        (
            each.pk,
            words.format(
                urgency=Urgency(each.urgency).label, source=Source(each.source).label, at=moment_words(each.raised_at)
            ),
        )
        for each in signals
    ]


def _signal_or_404(request: HttpRequest, permission: Permission, signal_id: UUID) -> Signal:
    return or_404(find_signal(actor_of(request), permission, signal_id))
