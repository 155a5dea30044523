"""The classes and their committees; one class with its members and reports."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.voices.forms import AppointForm
from xinqiao.care.voices.selectors.classes import class_page, class_rows, find_seat, pupil_of_class
from xinqiao.care.voices.selectors.worries import count_open_worries
from xinqiao.care.voices.services.committee import CannotSeat, appoint_member, end_member
from xinqiao.care.voices.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.views.students import class_for


@require_GET
@page(Permission.COMMITTEE_VIEW)
def classes(request: HttpRequest) -> HttpResponse:
    """Who is on the committee of each class, and which weeks have a report."""
    actor = actor_of(request)
    settles = actor.can_somewhere(Permission.WORRY_SETTLE)
    parts = {"rows": class_rows(actor, today()), "open_worries": count_open_worries(actor) if settles else None}
    return render(request, "voices/classes.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.COMMITTEE_EDIT)
def one_class(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """One class: members, appointing one, and how the class was."""
    actor = actor_of(request)
    unit = class_for(actor, class_id, Permission.COMMITTEE_EDIT)
    shown = class_page(actor, unit, today())
    form = AppointForm(shown.candidates, request.POST or None)
    if form.is_valid() and _appoint(actor, unit, form):
        messages.success(request, _("Appointed. Print the PIN slips of the class if the pupil has no slip."))
        return redirect("voices:class", class_id)
    return render(request, "voices/class.html", {"page": shown, "form": form}, status=422 if form.is_bound else 200)


def _appoint(actor: Actor, unit: Unit, form: AppointForm) -> bool:
    student = or_404(pupil_of_class(actor, unit, UUID(form.cleaned_data["student"])))
    try:
        appoint_member(student, actor=actor)
    except CannotSeat as error:
        form.add_error("student", refusal_words(error.code))
        return False
    return True


@require_POST
@page(Permission.COMMITTEE_EDIT, child="seat_id")
def end(request: HttpRequest, seat_id: UUID) -> HttpResponse:
    """End a committee member's time."""
    actor = actor_of(request)
    seat = or_404(find_seat(actor, seat_id))
    end_member(seat, actor=actor)
    messages.success(request, _("The time on the committee has ended. The reports stay."))
    return redirect("voices:class", seat.class_id)
