"""Pages of courses: the list, one course, its notes and drafts, goals, handing over, the end, counts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.care.counselling import course_rules
from xinqiao.care.counselling.course_forms import (
    AmendForm,
    CourseForm,
    EndForm,
    GoalForm,
    HandOverForm,
    NoteForm,
    typed_in,
)
from xinqiao.care.counselling.course_rows import goals_in_words
from xinqiao.care.counselling.errors import CannotCounsel
from xinqiao.care.counselling.keyring import current_version
from xinqiao.care.counselling.models import Course
from xinqiao.care.counselling.notes import Note
from xinqiao.care.counselling.opening import opened_key
from xinqiao.care.counselling.rows import group_of
from xinqiao.care.counselling.selectors.counts import count_without_counsellor, counts_of
from xinqiao.care.counselling.selectors.courses import (
    consent_due,
    course_for,
    course_of_pupil,
    courses_for,
    drafts_of,
    goals_of,
    newest_note,
    note_course_read,
    opened_draft,
    session_for,
    sessions_of,
)
from xinqiao.care.counselling.services.courses import end_course, hand_over_course, open_course, set_goal, take_course
from xinqiao.care.counselling.services.noting import amend_note, keep_note, save_draft
from xinqiao.care.counselling.states import CourseState
from xinqiao.care.counselling.wording import agreement_lines, course_refusal_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.ids import id_from
from xinqiao.register.accounts.actors import staff_choices, staff_names
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.orgs.selectors import schools_for, units_by_path
from xinqiao.register.people.finding import name_of, student_or_404
from xinqiao.register.people.states import Purpose

WRITE = Permission.COUNSEL_WRITE


@require_GET
@page(WRITE)
def index(request: HttpRequest) -> HttpResponse:
    """The courses on which the reader is."""
    return render(request, "counselling/index.html", {"courses": courses_for(actor_of(request))})


@require_GET
@page(Permission.COUNSEL_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """Counts of the own schools, by school year."""
    schools = schools_for(actor_of(request), Permission.COUNSEL_COUNT)
    rows = [(school, counts_of(school, today()), count_without_counsellor(school)) for school in schools]
    return render(request, "counselling/counts.html", {"schools": rows})


@require_http_methods(["GET", "POST"])
@page(WRITE, child="student_id")
def begin(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Open a course for a pupil under the agreement; leads on to the open one where the reader is on it."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, WRITE)
    open_one = course_of_pupil(actor, student)
    if open_one is not None:
        return redirect("counselling:course", open_one.id)
    form, lines = CourseForm(request.POST or None, initial={"signed_on": today()}), agreement_lines()
    act: Callable[[Actor], object] = lambda who: open_course(student, actor=who, draft=form.draft("\n".join(lines)))  # noqa: E731
    if form.is_bound and is_done(request, form, act, _("The course is open."), CannotCounsel):
        return redirect("counselling:begin", student.id)
    return _shown(request, "begin", {"form": form, "name": name_of(student), "student": student, "lines": lines})


@require_GET
@page(WRITE, child="course_id")
def course(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """One course: the agreement, its sessions as far as they are open, goals."""
    return _course_page(request, _found(request, course_id), GoalForm())


@require_http_methods(["GET", "POST"])
@page(WRITE, child="course_id")
@sensitive_post_parameters()
def write(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Write the note of a session; `?draft=` goes on with a draft."""
    found, actor = _found(request, course_id, is_own=True), actor_of(request)
    wanted = id_from(request.GET.get("draft", ""))
    typed = opened_draft(actor, found, wanted, opened_key(request)) if wanted else None
    if wanted and typed is None and opened_key(request) is None:
        return _asked_to_open(request)
    initial = {**typed, "key": wanted} if typed is not None else {}
    form = NoteForm(goals_in_words(found), request.POST or None, initial=initial)
    act: Callable[[Actor], object] = lambda who: keep_note(found, actor=who, draft=form.session(), note=form.note())  # noqa: E731
    if form.is_bound and is_done(request, form, act, _("The note is kept."), CannotCounsel):
        return redirect("counselling:course", found.id)
    parts = {**_named(found), "form": form, "has_group": current_version(group_of(found.student.school_place))}
    return _shown(request, "write", parts)


@require_POST
@page(WRITE, child="course_id")
@sensitive_post_parameters()
def draft(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Save what was typed so far; the script of the page asks for no answer, a form without it is led back."""
    found, key = _found(request, course_id, is_own=True), id_from(request.POST.get("key", ""))
    is_script = request.headers.get("X-Draft") == "1"
    try:
        if key is None:
            raise CannotCounsel(course_rules.NOTHING_WRITTEN)
        save_draft(found, actor=actor_of(request), key=key, typed=typed_in(request.POST.dict()))
    except CannotCounsel as error:
        if is_script:
            return HttpResponse(course_refusal_words(error.code), status=422, content_type="text/plain; charset=utf-8")
        form = NoteForm(goals_in_words(found), request.POST)
        form.is_valid()
        form.refuse(error)
        return _shown(request, "write", {**_named(found), "form": form, "has_group": None})
    if is_script:
        return HttpResponse(status=204)
    messages.success(request, _("Saved as a draft."))
    return redirect("counselling:course", found.id)


@require_http_methods(["GET", "POST"])
@page(WRITE, child="session_id")
@sensitive_post_parameters()
def amend(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Write a note anew; what it said before is kept."""
    session = or_404(session_for(actor_of(request), session_id))
    found, opened = _found(request, session.course_id, is_own=True), opened_key(request)
    if opened is None:
        return _asked_to_open(request)
    row, note = newest_note(found, session, opened)
    form = AmendForm(request.POST or None, initial=_initial(note, row.number + 1))
    act: Callable[[Actor], object] = lambda who: amend_note(  # noqa: E731
        session, actor=who, note=form.note(), number=form.cleaned_data["number"]
    )
    if form.is_bound and is_done(request, form, act, _("The note is amended."), CannotCounsel):
        return redirect("counselling:course", found.id)
    return _shown(request, "amend", {**_named(found), "form": form, "session": session, "is_open": note is not None})


@require_POST
@page(WRITE, child="course_id")
def goal(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Set a goal."""
    found, form = _found(request, course_id, is_own=True), GoalForm(request.POST)
    act: Callable[[Actor], object] = lambda who: set_goal(found, actor=who, words=form.cleaned_data["words"])  # noqa: E731
    if is_done(request, form, act, _("The goal is set."), CannotCounsel):
        return redirect("counselling:course", found.id)
    return _course_page(request, found, form)


@require_http_methods(["GET", "POST"])
@page(WRITE, child="course_id")
def pass_on(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Give the own course to a colleague."""
    found, actor = _found(request, course_id, is_own=True), actor_of(request)
    ids = [each for each in staff_who_may(WRITE, found.student.place, today()) if each != actor.staff_id]
    people = staff_choices(ids)
    form = HandOverForm(people, request.POST or None)
    act: Callable[[Actor], object] = lambda who: hand_over_course(found, actor=who, to=form.cleaned_data["to"])  # noqa: E731
    if form.is_bound and is_done(request, form, act, _("The course is handed over."), CannotCounsel):
        return redirect("counselling:index")
    return _shown(request, "hand_over", {**_named(found), "form": form, "people": people})


@require_http_methods(["GET", "POST"])
@page(WRITE, child="course_id")
def end(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """End the own course."""
    found = _found(request, course_id, is_own=True)
    form = EndForm(request.POST or None)
    act: Callable[[Actor], object] = lambda who: end_course(  # noqa: E731
        found, actor=who, why=form.cleaned_data["why"], effect=form.cleaned_data["effect"]
    )
    if form.is_bound and is_done(request, form, act, _("The course has ended."), CannotCounsel):
        return redirect("counselling:course", found.id)
    return _shown(request, "end", {**_named(found), "form": form})


@require_POST
@page(WRITE, child="course_id")
def take(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Take a course that waits for a counsellor."""
    found = _found(request, course_id)
    try:
        take_course(found, actor=actor_of(request))
        messages.success(request, _("You lead this course from now on."))
    except CannotCounsel as error:
        messages.error(request, course_refusal_words(error.code))
        return redirect("counselling:index")
    return redirect("counselling:course", found.id)


def _found(request: HttpRequest, course_id: UUID, *, is_own: bool = False) -> Course:
    """Return a course on which the reader is, or 404; `is_own` asks for the running one of its counsellor."""
    actor = actor_of(request)
    found = or_404(course_for(actor, course_id))
    is_theirs = found.counsellor == actor.person_id and found.state == CourseState.RUNNING
    return or_404(found if is_theirs or not is_own else None)


def _course_page(request: HttpRequest, found: Course, form: GoalForm) -> HttpResponse:
    actor, opened = actor_of(request), opened_key(request)
    is_mine = found.counsellor == actor.person_id
    parts = {
        **_named(found), "form": form, "sessions": sessions_of(actor, found, opened), "goals": goals_of(found),
        "is_open": opened is not None, "is_own": is_mine and found.state == CourseState.RUNNING,
        "drafts": drafts_of(actor, found) if is_mine else [], "lines": found.agreement.split("\n"),
        "counsellor": staff_names([found.counsellor]).get(found.counsellor, "") if found.counsellor else "",
        "consent_due": consent_due(found), "consents_url": _consents_url(actor, found),
    }  # fmt: skip
    return _rendered(request, "course", parts)


def _consents_url(actor: Actor, found: Course) -> str:
    """Where the reader notes what the family or the pupil decides on counselling; empty where that is not theirs."""
    unit = units_by_path([found.student.place]).get(found.student.place)
    if unit is None or not actor.can(Permission.CONSENT_RECORD, unit.path):
        return ""
    return f"{reverse('people:consents', args=[unit.id])}?purpose={Purpose.COUNSELLING}"


def _asked_to_open(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('counselling:open')}?{urlencode({'next': request.get_full_path()})}")


def _named(found: Course) -> dict[str, Any]:
    return {"course": found, "name": name_of(found.student)}


def _initial(note: Note | None, number: int) -> dict[str, Any]:
    said = {name: getattr(note, name) for name in Note.__struct_fields__ if name != "why"} if note else {}
    return {**said, "number": number}


def _shown(request: HttpRequest, name: str, parts: dict[str, Any]) -> HttpResponse:
    if "course" in parts:
        note_course_read(actor_of(request), parts["course"])
    return _rendered(request, name, parts)


def _rendered(request: HttpRequest, name: str, parts: dict[str, Any]) -> HttpResponse:
    return render(request, f"counselling/{name}.html", parts, status=422 if parts["form"].is_bound else 200)
