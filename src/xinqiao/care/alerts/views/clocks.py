"""The clocks of a signal: their history, letting one stand still, and telling a guardian."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.alerts.forms import GuardianForm, PauseForm
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rules import PAUSABLE
from xinqiao.care.alerts.selectors import find_signal, note_signal_read
from xinqiao.care.alerts.selectors.clocks import history_lines, pausable_clocks
from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.alerts.services.guardians import CannotTell, record_guardian_told
from xinqiao.care.alerts.services.pausing import CannotPause, pause_signal_clock, resume_signal_clock
from xinqiao.care.alerts.wording import clock_words
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.selectors.students import guardians_of


@require_GET
@page(Permission.NOTICE_VIEW, child="signal_id")
def history(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """Every minute of a signal's clocks."""
    actor, found = actor_of(request), _signal_or_404(request, Permission.NOTICE_VIEW, signal_id)
    may_pause = actor.can(Permission.CLOCK_PAUSE, found.student.place)
    context = {"signal": found, "name": names_of([found.student])[found.student_id],
               "lines": history_lines(actor, found, now()),
               "clocks": pausable_clocks(found, now()) if may_pause else []}  # fmt: skip
    return render(request, "alerts/clocks.html", context)


@require_http_methods(["GET", "POST"])
@page(Permission.CLOCK_PAUSE, child="signal_id")
def pause(request: HttpRequest, signal_id: UUID, kind: str) -> HttpResponse:
    """Let a clock stand still, with a reason."""
    found = _signal_or_404(request, Permission.CLOCK_PAUSE, signal_id)
    if kind not in PAUSABLE:
        raise Http404
    form = PauseForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            pause_signal_clock(found, actor=actor_of(request), kind=kind, reason=said["reason"], note=said["note"])
        except CannotPause as error:
            form.refuse(error.code)
        else:
            messages.success(request, _("The clock stands still. Let it go on as soon as the pupil is back."))
            return redirect("alerts:clocks", signal_id)
    note_signal_read(actor_of(request), found, is_full=False)
    context = {"form": form, "signal": found, "waits_for": clock_words(kind), "kind": kind,
               "name": names_of([found.student])[found.student_id]}  # fmt: skip
    return render(request, "alerts/pause.html", context, status=422 if form.is_bound else 200)


@require_POST
@page(Permission.CLOCK_PAUSE, child="signal_id")
def resume(request: HttpRequest, signal_id: UUID, kind: str) -> HttpResponse:
    """Let a clock go on."""
    found = _signal_or_404(request, Permission.CLOCK_PAUSE, signal_id)
    if isinstance(resume_signal_clock(found, actor=actor_of(request), kind=kind), Unchanged):
        messages.info(request, _("Nothing changed: this clock does not stand still."))
    else:
        messages.success(request, _("The clock goes on with the time it had left."))
    return redirect("alerts:clocks", signal_id)


@require_http_methods(["GET", "POST"])
@page(Permission.INTERVIEW_WRITE, child="signal_id")
def guardian(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """Write down that a guardian was told."""
    found = _signal_or_404(request, Permission.INTERVIEW_WRITE, signal_id)
    people = [(row.guardian_id, _guardian(row.name, row.relation, row.phone)) for row in guardians_of(found.student)]
    initial = {"told_at": timezone.localtime(now()).replace(second=0, microsecond=0),
               "guardian": str(people[0][0]) if people else ""}  # fmt: skip
    form = GuardianForm(request.POST or None, guardians=people, initial=initial)
    if form.is_valid():
        try:
            record_guardian_told(found, actor=actor_of(request), telling=form.telling())
        except CannotTell as error:
            form.refuse(error.code)
        else:
            messages.success(request, _("Written down. The clock on telling a guardian has ended."))
            return redirect("alerts:signal", signal_id)
    note_signal_read(actor_of(request), found, is_full=False)
    context = {"form": form, "signal": found, "name": names_of([found.student])[found.student_id]}
    return render(request, "alerts/guardian.html", context, status=422 if form.is_bound else 200)


def _guardian(*said: str) -> str:
    return " · ".join(word for word in said if word)


def _signal_or_404(request: HttpRequest, permission: Permission, signal_id: UUID) -> Signal:
    return or_404(find_signal(actor_of(request), permission, signal_id))
