"""A mentor's own pupils: the list on which a talk is noted, and one pupil with the own talks."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.alerts.finding import place_held
from xinqiao.care.support.mentor_forms import NoteForm
from xinqiao.care.support.selectors.mentees import mentee_for, mentee_rows, mentees_of, own_talks
from xinqiao.care.support.services.mentors import CannotMentor, note_talks
from xinqiao.care.support.wording import refusal_words
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.people.finding import name_of


@require_http_methods(["GET", "POST"])
@page(Permission.MENTEE_OWN)
def mentees(request: HttpRequest) -> HttpResponse:
    """Return the reader's own mentees, or note a talk with some of them."""
    actor, on = actor_of(request), today()
    rows = mentee_rows(actor, on)
    choices = [(str(row.id), f"{row.name} {row.class_name}") for row in rows]
    form = NoteForm(choices, on, request.POST if request.method == "POST" else None,
                    initial={"pupils": request.GET.getlist("with")})  # fmt: skip
    if form.is_valid():
        whom = form.whom()
        place = next((place_held(actor, Permission.MENTEE_OWN, s) for s in mentees_of(actor) if s.pk in whom), "")
        try:
            note_talks(place, actor=actor, pupils=whom, draft=form.draft())
        except CannotMentor as error:
            form.add_error(None, refusal_words(error.code))
        else:
            messages.success(request, _("The talk is noted."))
            return redirect("support:mentees")
    parts = {"form": form, "rows": rows}
    return render(request, "support/mentees.html", parts, status=422 if form.is_bound else 200)


@require_GET
@page(Permission.MENTEE_OWN, child="student_id")
def mentee(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Return one of the reader's own mentees with the reader's own talks."""
    actor = actor_of(request)
    student = or_404(mentee_for(actor, student_id))
    parts = {"student": student, "name": name_of(student), "rows": own_talks(actor, student)}
    return render(request, "support/mentee.html", parts)
