"""Pages of pupils: list, file, edit, move, leave, guardians."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_below, units_for
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.forms.students import GuardianForm, LeaveForm, MoveForm, StudentForm
from xinqiao.register.people.models import Student, Tie
from xinqiao.register.people.moving import CannotMove
from xinqiao.register.people.selectors.students import student_file, students_in
from xinqiao.register.people.services.students import (
    CannotSave,
    add_guardian,
    add_student,
    edit_student,
    end_enrolment,
    end_guardian,
    move_student,
)

ROWS_A_PAGE = 60
ALL = "all"
LEFT = "left"


def _student(request: HttpRequest, student_id: UUID, permission: Permission) -> Student:
    rows: Any = Student.objects.visible_to(actor_of(request), permission)
    found: Student = get_object_or_404(rows, pk=student_id)
    return found


def class_for(actor: Actor, class_id: UUID, permission: Permission) -> Unit:
    """Return an open class where the actor holds the permission; raise Http404 otherwise."""
    unit = Unit.objects.filter(pk=class_id, kind=UnitKind.CLASS).select_related("parent").first()
    if unit is None or not actor.can(permission, unit.path):
        raise Http404
    return unit


@require_GET
@page(Permission.STUDENT_LIST)
def students(request: HttpRequest) -> HttpResponse:
    """The pupils of a class, of everything the reader may list, or of those who have left."""
    actor, on = actor_of(request), today()
    classes = units_for(actor, Permission.STUDENT_LIST, UnitKind.CLASS)
    query, chosen = request.GET.get("q", "").strip(), request.GET.get("class", "")
    unit = next((one for one in classes if str(one.id) == chosen), None)
    if unit is None and classes and not query and chosen not in (ALL, LEFT):
        unit = classes[0]
    places = [unit.path] if unit is not None else list(actor.places(Permission.STUDENT_LIST))
    rows = students_in(actor, places, on=on, query=query, has_left=chosen == LEFT)
    parts = {
        "page_obj": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")), "unit": unit, "query": query,
        "classes": [(str(one.id), name_on(one, on)) for one in classes], "chosen": str(unit.id) if unit else chosen,
        "title": name_on(unit, on) if unit is not None else _("Students"), **_rights(actor, unit),
    }  # fmt: skip
    return render(request, "people/students.html", parts)


def _rights(actor: Actor, unit: Unit | None) -> dict[str, bool]:
    place = unit.path if unit is not None else ""
    return {
        "may_import": actor.can_somewhere(Permission.ROSTER_IMPORT),
        "may_edit": actor.can_somewhere(Permission.STUDENT_EDIT),
        "may_print_pins": bool(place) and actor.can(Permission.PIN_SLIP, place),
        "may_record_consent": bool(place) and actor.can(Permission.CONSENT_RECORD, place),
    }


@require_GET
@page(Permission.STUDENT_LIST, child="student_id")
def student(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """One pupil's roster data."""
    found, actor = _student(request, student_id, Permission.STUDENT_LIST), actor_of(request)
    may_edit = actor.can(Permission.STUDENT_EDIT, found.place)
    parts = {
        "student": found, "file": student_file(found, on=today(), is_whole=may_edit), "may_edit": may_edit,
        "may_reset_pin": actor.can(Permission.PIN_SLIP, found.place), "move_form": MoveForm(_classes(found)),
        "leave_form": LeaveForm(initial={"on": today()}), "guardian_form": GuardianForm(),
    }  # fmt: skip
    return render(request, "people/student.html", parts)


def _classes(found: Student) -> list[Unit]:
    return [unit for unit in units_below(found.school_place, UnitKind.CLASS) if unit.path != found.place]


@require_http_methods(["GET", "POST"])
@page(Permission.STUDENT_EDIT)
def student_new(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """Register one pupil by hand."""
    actor = actor_of(request)
    unit = class_for(actor, class_id, Permission.STUDENT_EDIT)
    form, guardian = StudentForm(request.POST or None), GuardianForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and guardian.is_valid():
        try:
            added = add_student(
                unit, actor=actor, data=form.data_of_pupil(), guardian=guardian.draft(), on=today()
            )  # fmt: skip
        except CannotSave as cannot:
            _explain(form, cannot)
        else:
            return redirect("people:student", added.id)
    parts = {"form": form, "guardian_form": guardian, "unit": unit, "class_name": name_on(unit, today())}
    return render(request, "people/student_new.html", parts, status=422 if form.errors or guardian.errors else 200)


def _explain(form: StudentForm, cannot: CannotSave) -> None:
    if cannot.code == "number_taken":
        form.add_error("number", _("Another pupil has this number. Check it, or correct the other one first."))
    elif cannot.code == "id_number_taken":
        form.add_error("id_number", _("Another pupil of the school has this identity number. Check both."))
    else:
        form.add_error(None, _("Pupils are registered in a class. Choose one."))


@require_http_methods(["GET", "POST"])
@page(Permission.STUDENT_EDIT, child="student_id")
def student_edit(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Correct a pupil's roster data."""
    found = _student(request, student_id, Permission.STUDENT_EDIT)
    form = StudentForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            edit_student(found, actor=actor_of(request), data=form.data_of_pupil())
        except CannotSave as cannot:
            _explain(form, cannot)
        else:
            return redirect("people:student", student_id)
    parts = {"form": form, "student": found, "name": _initial(found)["name"]}
    return render(request, "people/student_edit.html", parts, status=422 if form.errors else 200)


def _initial(found: Student) -> dict[str, Any]:
    (opened,) = open_sealed([found], "name", "number", "id_number", "birth_on")
    boards = {None: "", True: "yes", False: "no"}[found.boards]
    return {**opened, "sex": found.sex, "ethnicity": found.ethnicity, "boards": boards}


@require_POST
@page(Permission.STUDENT_EDIT, child="student_id")
def student_move(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Move a pupil into another class, or bring one back."""
    found = _student(request, student_id, Permission.STUDENT_EDIT)
    form = MoveForm(_classes(found), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a class and a day."))
        return redirect("people:student", student_id)
    try:
        move_student(found, actor=actor_of(request), class_unit=form.chosen_class(), on=form.cleaned_data["on"])
    except CannotMove as cannot:
        messages.error(request, _move_fault(cannot))
    else:
        messages.success(request, _("The pupil is in the new class."))
    return redirect("people:student", student_id)


def _move_fault(cannot: CannotMove) -> str:
    if cannot.code == "before_start":
        return _("The present class began after this day. Choose a later day.")
    return _("The pupil is in this class already. Choose another one.")


@require_POST
@page(Permission.STUDENT_EDIT, child="student_id")
def student_leave(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Note that a pupil has left the school."""
    found = _student(request, student_id, Permission.STUDENT_EDIT)
    form = LeaveForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("Choose the day."))
        else:
            end_enrolment(found, actor=actor_of(request), on=form.cleaned_data["on"])
            messages.success(request, _("The pupil is no longer counted here. Everything written stays."))
    except CannotMove as cannot:
        messages.error(request, _move_fault(cannot))
    return redirect("people:student", student_id)


@require_POST
@page(Permission.STUDENT_EDIT, child="student_id")
def guardian_add(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Add a guardian."""
    found = _student(request, student_id, Permission.STUDENT_EDIT)
    form = GuardianForm(request.POST)
    draft = form.draft() if form.is_valid() else None
    if draft is None:
        faults = [str(fault) for some in form.errors.values() for fault in some]
        messages.error(request, " ".join(faults) or _("Type the guardian's name or telephone."))
    else:
        add_guardian(found, actor=actor_of(request), draft=draft)
    return redirect("people:student", student_id)


@require_POST
@page(Permission.STUDENT_EDIT, child="student_id")
def guardian_end(request: HttpRequest, student_id: UUID, tie_id: UUID) -> HttpResponse:
    """Take a guardian off."""
    found = _student(request, student_id, Permission.STUDENT_EDIT)
    ties: Any = Tie.objects.visible_to(actor_of(request), Permission.STUDENT_EDIT)
    end_guardian(found, actor=actor_of(request), tie=get_object_or_404(ties, pk=tie_id, student=found))
    return redirect("people:student", student_id)
