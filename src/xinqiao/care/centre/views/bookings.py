"""Pages of bookings: whoever books for a pupil, and the psychology teacher's day."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.forms import BookForm, SettleForm, SlotForm
from xinqiao.care.centre.models import Booking, Slot
from xinqiao.care.centre.selectors.bookings import booking_page, day_of, own_bookings, slots_to_book
from xinqiao.care.centre.selectors.pupils import found_pupils, note_pupil_read
from xinqiao.care.centre.selectors.waiting import asked_rows
from xinqiao.care.centre.services.bookings import (
    book_slot,
    cancel_booking,
    move_booking,
    note_came,
    note_missed,
    settle_missed,
)
from xinqiao.care.centre.states import BookingState
from xinqiao.care.centre.views.finding import booking_or_404, own_booking_or_404
from xinqiao.care.centre.wording import refusal_words, slot_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.finding import name_of, student_or_404


@require_GET
@page(Permission.BOOKING_MAKE)
def own(request: HttpRequest) -> HttpResponse:
    """Return what the reader booked for pupils, and a search for whom to book."""
    actor, query = actor_of(request), request.GET.get("q", "").strip()
    parts = {"rows": own_bookings(actor, now()), "asked": asked_rows(actor, now()), "query": query,
             "found": found_pupils(actor, query)}  # fmt: skip
    return render(request, "centre/own.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.BOOKING_MAKE, child="student_id")
def book_one(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Book one of the next free slots for a pupil."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.BOOKING_MAKE)
    form = BookForm(_choices(slots_to_book(student, now())), request.POST or None)
    if request.method == "POST" and is_done(
        request, form,
        lambda by: book_slot(student, actor=by, slot_id=form.slot_id(), reason=form.cleaned_data["reason"]),
        _("Booked."), CannotDo,
    ):  # fmt: skip
        return redirect(_back(actor))
    if form.is_bound:  # what was taken meanwhile is not offered again
        form.set_choices("slot", _choices(slots_to_book(student, now())))
    note_pupil_read(actor, student)
    parts = {"form": form, "name": name_of(student), "back": _back(actor), "student_id": student.id}
    return render(request, "centre/book.html", parts, status=422 if request.method == "POST" else 200)


@require_GET
@page(Permission.BOOKING_HOLD)
def day(request: HttpRequest) -> HttpResponse:
    """Return who stayed away, what is to be noted, and who comes."""
    return render(request, "centre/day.html", {"day": day_of(actor_of(request), now())})


@require_GET
@page(Permission.BOOKING_HOLD, child="booking_id")
def booking(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Return one booking with the words that were written."""
    return _booking(request, booking_or_404(actor_of(request), booking_id))


@require_POST
@page(Permission.BOOKING_MAKE, child="booking_id")
def cancel_one(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Give a booked slot free again."""
    actor = actor_of(request)
    row = own_booking_or_404(actor, booking_id)
    return _done(request, lambda: cancel_booking(row, actor=actor), _("Cancelled. The time is free again."))


@require_POST
@page(Permission.BOOKING_HOLD, child="booking_id")
def came(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Note that the pupil came."""
    actor = actor_of(request)
    row = booking_or_404(actor, booking_id)
    return _done(request, lambda: note_came(row, actor=actor), _("Noted: came."))


@require_POST
@page(Permission.BOOKING_HOLD, child="booking_id")
def missed(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Note that the pupil did not come."""
    actor = actor_of(request)
    row = booking_or_404(actor, booking_id)
    words = _("Noted: did not come. Ask after the pupil; the clock runs until you write down what came of it.")
    return _done(request, lambda: note_missed(row, actor=actor), words)


@require_http_methods(["GET", "POST"])
@page(Permission.BOOKING_HOLD, child="booking_id")
def settle_one(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Note what came of asking after a pupil who did not come."""
    row = booking_or_404(actor_of(request), booking_id)
    form = SettleForm(request.POST or None)
    if is_done(
        request, form, lambda by: settle_missed(row, actor=by, words=form.cleaned_data["words"]), _("Noted."), CannotDo
    ):
        return redirect("centre:day")
    return _booking(request, row, settle_form=form)


@require_http_methods(["GET", "POST"])
@page(Permission.BOOKING_HOLD, child="booking_id")
def move_one(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Move a booking to another slot."""
    row = booking_or_404(actor_of(request), booking_id)
    form = SlotForm(_choices(slots_to_book(row.student, now())), request.POST or None)
    if is_done(request, form, lambda by: move_booking(row, actor=by, slot_id=form.slot_id()), _("Moved."), CannotDo):
        return redirect("centre:day")
    return _booking(request, row, move_form=form)


def _booking(
    request: HttpRequest, row: Booking, *, settle_form: SettleForm | None = None, move_form: SlotForm | None = None
) -> HttpResponse:
    is_open = row.state == BookingState.OPEN
    if is_open and move_form is None:
        move_form = SlotForm(_choices(slots_to_book(row.student, now())))
    if row.state == BookingState.MISSED and settle_form is None:
        settle_form = SettleForm()
    parts = {
        "page": booking_page(actor_of(request), row, now()), "settle_form": settle_form, "move_form": move_form,
        "is_open": is_open, "has_begun": row.slot.start_at <= now(),
    }  # fmt: skip
    return render(request, "centre/booking.html", parts, status=422 if request.method == "POST" else 200)


def _choices(slots: Sequence[Slot]) -> list[tuple[str, str]]:
    return [(str(slot.id), slot_words(slot.start_at, slot.end_at, slot.hour.room.name)) for slot in slots]


def _back(actor: Actor) -> str:
    return "centre:day" if actor.can_somewhere(Permission.BOOKING_HOLD) else "centre:own"


def _done(request: HttpRequest, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        done = act()
    except CannotDo as error:
        messages.error(request, refusal_words(error.code))
    else:
        if isinstance(done, Unchanged):
            words = _("This was noted before; nothing has changed.")
        messages.success(request, words)
    return redirect(_back(actor_of(request)))
