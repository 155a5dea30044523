"""The second gate: the short talk with one pupil."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinqiao.care.alerts.gate_form import ClearedForm, GateForm
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.selectors import find_signal, open_signals_of
from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.alerts.selectors.queue import reasons_by_signal
from xinqiao.care.alerts.selectors.signals import note_signal_read
from xinqiao.care.alerts.services.interviewing import CannotRecord, record_interview
from xinqiao.care.alerts.states import AT_GATE, GateState
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now


@require_http_methods(["GET", "POST"])
@page(Permission.INTERVIEW_WRITE, child="signal_id")
def gate(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """The talk of ten minutes; a signal that is not at the gate goes to the full interview."""
    actor = actor_of(request)
    found = or_404(find_signal(actor, Permission.INTERVIEW_WRITE, signal_id))
    if found.gate_state not in AT_GATE:
        return redirect("alerts:interview", signal_id)
    also = [each for each in open_signals_of(actor, found.student_id) if each.gate_state in AT_GATE]
    form = GateForm(request.POST or None, initial=_initial())
    if form.is_valid():
        try:
            talk = record_interview(found, actor=actor, talk=form.talk(), also=also)
        except CannotRecord as error:
            form.refuse(error.code)
        else:
            messages.success(request, _told(talk.outcome))
            return redirect("alerts:queue" if talk.outcome else "alerts:signal", *([] if talk.outcome else [signal_id]))
    return _page(request, found, form, _cleared_form(found))


@require_POST
@page(Permission.INTERVIEW_WRITE, child="signal_id")
def close_cleared(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """A person settles as a false alarm what the second paper found clear."""
    actor = actor_of(request)
    found = or_404(find_signal(actor, Permission.INTERVIEW_WRITE, signal_id))
    form = ClearedForm(request.POST)
    if form.is_valid():
        try:
            record_interview(found, actor=actor, talk=form.talk(now()))
        except CannotRecord as error:
            form.refuse(error.code)
        else:
            messages.success(request, _("Recorded. The pupil has left the second gate."))
            return redirect("alerts:queue")
    return _page(request, found, GateForm(initial=_initial()), form)


def _cleared_form(found: Signal) -> ClearedForm | None:
    if found.gate_state != GateState.CLEARED:
        return None
    return ClearedForm(initial={"note": _("The short second paper raised no flag; nothing else points to need.")})


def _page(request: HttpRequest, found: Signal, form: GateForm, cleared: ClearedForm | None) -> HttpResponse:
    actor = actor_of(request)
    note_signal_read(actor, found, is_full=True)
    context = {"form": form, "signal": found, "name": names_of([found.student])[found.student_id],
               "reasons": reasons_by_signal([found], actor)[found.id], "cleared": cleared}  # fmt: skip
    is_refused = form.is_bound or (cleared is not None and cleared.is_bound)
    return render(request, "alerts/gate.html", context, status=422 if is_refused else 200)


def _initial() -> dict[str, object]:
    return {"held_at": timezone.localtime(now()).replace(second=0, microsecond=0), "is_face_to_face": "in_person"}


def _told(outcome: str) -> str:
    if not outcome:
        return _("Recorded. The pupil now waits for the full interview.")
    return _("Recorded. The pupil has left the second gate.")
