"""Mentors of a school: the preview and the dealing, a class by name, one pupil's mentor by hand; the counts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.support.mentor_forms import MentorForm
from xinqiao.care.support.selectors.counts import family_counts, mentor_counts
from xinqiao.care.support.selectors.mentoring import (
    class_for,
    class_lines,
    mentor_choices,
    read_mentor,
    school_for,
    school_pages,
)
from xinqiao.care.support.services.mentors import CannotMentor, deal_mentors, set_mentor
from xinqiao.care.support.states import Channel, TalkKind
from xinqiao.care.support.wording import refusal_words
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.selectors import name_on, unit_by_path
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.finding import name_of, student_or_404


@require_GET
@page(Permission.MENTOR_DEAL)
def mentors(request: HttpRequest) -> HttpResponse:
    """Return each school as it stands and what dealing would do."""
    return render(request, "support/mentors.html", {"schools": school_pages(actor_of(request), today())})


@require_POST
@page(Permission.MENTOR_DEAL)
def deal(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Give everybody without a mentor one."""
    actor = actor_of(request)
    done = deal_mentors(or_404(school_for(actor, school_id)), actor=actor)
    if isinstance(done, Unchanged):
        messages.info(request, _("Nobody was dealt: everybody has a mentor, or no mentor has room."))
    else:
        text = ngettext("{count} pupil has a mentor now.", "{count} pupils have a mentor now.", done)
        messages.success(request, text.format(count=done))
    return redirect("support:mentors")


@require_GET
@page(Permission.MENTOR_DEAL)
def mentors_of_class(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """Return the pupils of a class with their mentors."""
    actor, on = actor_of(request), today()
    unit = or_404(class_for(actor, class_id))
    parts = {"class_name": name_on(unit, on), "rows": class_lines(actor, unit, on)}
    return render(request, "support/mentors_of_class.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.MENTOR_DEAL, child="student_id")
def mentor(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Give one pupil another mentor, or none."""
    actor, on = actor_of(request), today()
    student = student_or_404(actor, student_id, Permission.MENTOR_DEAL)
    present, name = read_mentor(actor, student, on)
    unit = unit_by_path(student.place)
    is_class = unit is not None and unit.kind == UnitKind.CLASS
    back = reverse("support:mentors-class", args=[unit.id]) if unit and is_class else reverse("support:mentors")
    form = MentorForm(mentor_choices(student, on), present, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            set_mentor(student, actor=actor, mentor=form.chosen())
        except CannotMentor as error:
            form.add_error("mentor", refusal_words(error.code))
        else:
            messages.success(request, _("Kept."))
            return redirect(back)
    parts = {"form": form, "name": name_of(student), "mentor": name, "back": back,
             "class_name": name_on(unit, on) if unit else ""}  # fmt: skip
    return render(request, "support/mentor.html", parts, status=422 if form.is_bound else 200)


@require_GET
@page(Permission.SUPPORT_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """Return how far mentors and families are, by school; no pupil is named."""
    actor = actor_of(request)
    parts = {"rows": mentor_counts(actor, today()), "families": family_counts(actor, today()),
             "ways": [channel.label for channel in Channel], "kinds": [kind.label for kind in TalkKind],
             "may_deal": actor.can_somewhere(Permission.MENTOR_DEAL)}  # fmt: skip
    return render(request, "support/counts.html", parts)
