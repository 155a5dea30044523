"""The register, and what it says of one pupil."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinqiao.care.support.selectors.mentees import talks_of
from xinqiao.care.support.selectors.mentoring import mentor_name
from xinqiao.care.support.selectors.pages import entries_of, register_for
from xinqiao.care.support.states import EntryState
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.people.finding import name_of, student_or_404
from xinqiao.register.people.states import StudentStatus


@require_GET
@page(Permission.REGISTER_VIEW)
def register(request: HttpRequest) -> HttpResponse:
    """Return what waits for a decision and who is kept, by category."""
    return render(request, "support/register.html", {"register": register_for(actor_of(request), today())})


@require_GET
@page(Permission.REGISTER_VIEW, child="student_id")
def pupil(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Return one pupil's entries, the present ones first."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.REGISTER_VIEW)
    rows = entries_of(actor, student, today())
    live = (EntryState.PROPOSED, EntryState.KEPT)
    parts = {
        "student": student, "name": name_of(student), "live": [row for row in rows if row.state in live],
        "past": [row for row in rows if row.state not in live],
        "talks": talks_of(actor, student), "mentor": mentor_name(student, today())[1],
        "may_add": student.status == StudentStatus.ACTIVE and actor.can(Permission.REGISTER_EDIT, student.place),
    }  # fmt: skip
    return render(request, "support/pupil.html", parts)
