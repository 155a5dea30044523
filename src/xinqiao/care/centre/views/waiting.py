"""Pages of the waiting list: asking for a pupil, and the counsellor's list with a free hour that suits."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.forms import EndWaitingForm, SlotForm, WaitForm
from xinqiao.care.centre.models import Slot, Waiting
from xinqiao.care.centre.selectors.pupils import note_pupil_read
from xinqiao.care.centre.selectors.waiting import slots_for, waiting_page, waiting_rows
from xinqiao.care.centre.services.waiting import end_waiting, give_hour, wait_for_hour
from xinqiao.care.centre.states import WaitingState
from xinqiao.care.centre.views.finding import waiting_or_404
from xinqiao.care.centre.wording import slot_words
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.finding import name_of, student_or_404


@require_http_methods(["GET", "POST"])
@page(Permission.BOOKING_MAKE, child="student_id")
def wait(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Put a pupil on the waiting list."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.BOOKING_MAKE)
    back = "centre:waiting" if actor.can(Permission.BOOKING_HOLD, student.place) else "centre:own"
    form = WaitForm(request.POST if request.method == "POST" else None)
    if is_done(
        request, form,
        lambda by: wait_for_hour(
            student, actor=by, weekdays="".join(form.cleaned_data["weekdays"]),
            parts=tuple(form.cleaned_data["parts"]),
        ),
        _("The pupil is on the waiting list."), CannotDo,
    ):  # fmt: skip
        return redirect(back)
    note_pupil_read(actor, student)
    parts = {"form": form, "name": name_of(student), "back": back}
    return render(request, "centre/wait.html", parts, status=422 if request.method == "POST" else 200)


@require_GET
@page(Permission.BOOKING_HOLD)
def index(request: HttpRequest) -> HttpResponse:
    """Return who waits for an hour, the most urgent first, each with the next free hour that suits."""
    return render(request, "centre/waiting.html", {"rows": waiting_rows(actor_of(request), now())})


@require_GET
@page(Permission.BOOKING_HOLD, child="waiting_id")
def entry(request: HttpRequest, waiting_id: UUID) -> HttpResponse:
    """Return one entry with every free hour, and the way to end it without one."""
    return _entry(request, waiting_or_404(actor_of(request), waiting_id))


@require_POST
@page(Permission.BOOKING_HOLD, child="waiting_id")
def give(request: HttpRequest, waiting_id: UUID) -> HttpResponse:
    """Give a waiting pupil a free hour."""
    row = waiting_or_404(actor_of(request), waiting_id)
    form = SlotForm(_choices(slots_for(row, now())), request.POST)
    if row.state == WaitingState.GIVEN:  # a double click: what was given stands
        messages.success(request, _("This was noted before; nothing has changed."))
        return redirect("centre:waiting")
    words = _("Given and booked. The pupil sees it at the own door.")
    if is_done(request, form, lambda by: give_hour(row, actor=by, slot_id=form.slot_id()), words, CannotDo):
        return redirect("centre:waiting")
    return _entry(request, row, give_form=form)


@require_POST
@page(Permission.BOOKING_HOLD, child="waiting_id")
def end(request: HttpRequest, waiting_id: UUID) -> HttpResponse:
    """End a pupil's waiting without an hour, with a reason."""
    row = waiting_or_404(actor_of(request), waiting_id)
    form = EndWaitingForm(request.POST)
    words = _("Noted. The pupil is off the waiting list.")
    if is_done(request, form, lambda by: end_waiting(row, actor=by, words=form.cleaned_data["words"]), words, CannotDo):
        return redirect("centre:waiting")
    return _entry(request, row, end_form=form)


def _entry(
    request: HttpRequest, row: Waiting, *, give_form: SlotForm | None = None, end_form: EndWaitingForm | None = None
) -> HttpResponse:
    choices = _choices(slots_for(row, now()))
    if give_form is None:
        give_form = SlotForm(choices)
    else:  # what was taken meanwhile is not offered again
        give_form.set_choices("slot", choices)
    shown, words = waiting_page(actor_of(request), row, now())
    parts = {
        "row": shown, "words": words, "give_form": give_form,
        "end_form": end_form or EndWaitingForm(), "is_waiting": row.state == WaitingState.WAITING,
        "state": WaitingState(row.state).label,
    }  # fmt: skip
    return render(request, "centre/waiting-entry.html", parts, status=422 if request.method == "POST" else 200)


def _choices(slots: Sequence[Slot]) -> list[tuple[str, str]]:
    return [(str(slot.id), slot_words(slot.start_at, slot.end_at, slot.hour.room.name)) for slot in slots]
