"""Contact with families: classes counted, one class by name, one pupil; and a mentor's own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.alerts.finding import place_held
from xinqiao.care.support.contact_forms import ContactForm
from xinqiao.care.support.selectors.contacts import (
    adults_of,
    class_counts,
    class_to_open,
    contacts_of,
    family_rows,
    topic_names,
)
from xinqiao.care.support.selectors.mentees import mentee_for
from xinqiao.care.support.services.contacts import CannotNote, note_contact, note_mentors_contact
from xinqiao.care.support.wording import refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.selectors import name_on, unit_by_path
from xinqiao.register.people.finding import name_of, student_or_404
from xinqiao.register.people.models import Student


@require_GET
@page(Permission.CONTACT_FOLLOW)
def contacts(request: HttpRequest) -> HttpResponse:
    """Return each class with how many families were reached this term."""
    return render(request, "support/contacts.html", {"rows": class_counts(actor_of(request), today())})


@require_GET
@page(Permission.CONTACT_WRITE)
def contacts_of_class(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """Return the pupils of a class, those whose family is missing first."""
    actor, on = actor_of(request), today()
    unit = or_404(class_to_open(actor, class_id))
    count = next((row for row in class_counts(actor, on) if row.id == class_id), None)
    parts = {"class_name": name_on(unit, on), "rows": family_rows(actor, unit, on), "count": count}
    return render(request, "support/contacts_of_class.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.CONTACT_WRITE, child="student_id")
def contacts_of_pupil(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Return the contacts with one pupil's family, or note one."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.CONTACT_WRITE)
    return _pupil(request, actor, student, Permission.CONTACT_WRITE)


@require_http_methods(["GET", "POST"])
@page(Permission.MENTEE_OWN, child="student_id")
def contacts_of_mentee(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Return a mentor's own contacts with a mentee's family, or note one."""
    actor = actor_of(request)
    return _pupil(request, actor, or_404(mentee_for(actor, student_id)), Permission.MENTEE_OWN)


def _pupil(request: HttpRequest, actor: Actor, student: Student, permission: Permission) -> HttpResponse:
    on, is_mentor = today(), permission is Permission.MENTEE_OWN
    form = ContactForm(adults_of(student), topic_names(student.place, on), on,
                       request.POST if request.method == "POST" else None)  # fmt: skip
    if form.is_valid():
        try:
            if is_mentor:
                place = place_held(actor, permission, student)
                note_mentors_contact(place, actor=actor, student=student, draft=form.draft())
            else:
                note_contact(student, actor=actor, draft=form.draft())
        except CannotNote as error:
            form.add_error(None, refusal_words(error.code))
        else:
            messages.success(request, _("The contact is noted."))
            return redirect(request.path)
    unit = unit_by_path(student.place)
    parts = {
        "form": form, "name": name_of(student), "student": student, "is_mentor": is_mentor, "unit": unit,
        "class_name": name_on(unit, on) if unit else "", "rows": contacts_of(actor, student, permission, on),
    }  # fmt: skip
    return render(request, "support/contacts_of_pupil.html", parts, status=422 if form.is_bound else 200)
