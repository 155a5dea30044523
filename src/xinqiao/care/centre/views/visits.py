"""The page of whoever comes to the door: noted in a few taps, and hours in which nobody came."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.forms import VisitForm
from xinqiao.care.centre.selectors.visits import hours_without_record, own_hour_for, visit_rows, visitor
from xinqiao.care.centre.services.visits import VisitDraft, note_nobody, note_visit
from xinqiao.care.centre.terms import rules_at
from xinqiao.care.centre.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS


@require_http_methods(["GET", "POST"])
@page(Permission.BOOKING_HOLD)
def visits(request: HttpRequest) -> HttpResponse:
    """Note who came to the door, and return who came lately."""
    actor = actor_of(request)
    schools = units_for(actor, Permission.BOOKING_HOLD, *SCHOOL_KINDS)
    topics = rules_at(schools[0].path if schools else "", today()).topics
    form = VisitForm(schools, topics, request.POST or None, initial={"once": new_id()})
    if form.is_valid() and _note(actor, form, schools):
        messages.success(request, _("Noted. Thank you for being there."))
        return redirect("centre:visits")
    parts = {"form": form, "rows": visit_rows(actor, now()), "open_hours": hours_without_record(actor, now())}
    return render(request, "centre/visits.html", parts, status=422 if request.method == "POST" else 200)


def _note(actor: Actor, form: VisitForm, schools: list[Unit]) -> bool:
    data = form.cleaned_data
    school = next(each for each in schools if str(each.id) == data["school"])
    found = visitor(actor, school.id, data["pupil"].strip()) if data["pupil"].strip() else ()
    if data["pupil"].strip() and len(found) != 1:
        several = _("Pupil: several have this name. Write the student number.")
        form.add_error("pupil", several if found else _("Pupil: nobody is found so. Write name or number, or nothing."))
        return False
    draft = VisitDraft(data["once"], found[0] if found else None, data["minutes"], tuple(data["topics"]))
    try:
        note_visit(school, actor=actor, draft=draft)
    except CannotDo as error:
        form.refuse(error)
        return False
    return True


@require_POST
@page(Permission.BOOKING_HOLD)
def nobody(request: HttpRequest, hour_id: UUID) -> HttpResponse:
    """Note that nobody came in an hour of the roster."""
    actor = actor_of(request)
    row = or_404(own_hour_for(actor, hour_id))
    try:
        note_nobody(row, actor=actor)
    except CannotDo as error:
        messages.error(request, refusal_words(error.code))
    else:
        messages.success(request, _("Noted: nobody came."))
    return redirect("centre:visits")
