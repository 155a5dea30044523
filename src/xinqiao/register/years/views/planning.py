"""Pages on which a plan is made: grades, pupils who are kept back, class teachers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.years.forms import ChoicesForm, GradesForm, teacher_choices
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.school import layout_of
from xinqiao.register.years.selectors.choosing import (
    classes_to_lead,
    entry_to_choose,
    grades_to_choose,
    pupils_to_choose,
    staff_to_name,
)
from xinqiao.register.years.selectors.pages import class_rows, day_before, name_of_class, year_words
from xinqiao.register.years.services.turns import CannotTurn, change_plan
from xinqiao.register.years.views.turns import REFUSED, found_turn
from xinqiao.register.years.wording import refusal_words


def _keep(request: HttpRequest, turn: YearTurn, **sections: dict[str, str] | dict[str, int]) -> HttpResponse:
    """Keep sections of the plan and go back to it."""
    try:
        for section, values in sections.items():
            change_plan(turn, actor=actor_of(request), section=section, values=dict(values))
        messages.success(request, _("Kept in the plan. Nothing is written before you accept it."))
    except CannotTurn as cannot:
        messages.error(request, refusal_words(cannot.code))
    return redirect("years:turn", turn.id)


@require_http_methods(["GET", "POST"])
@page(Permission.YEAR_TURN)
def turn_grades(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Which grades graduate, and how many classes enter."""
    turn = found_turn(request, turn_id, Permission.YEAR_TURN)
    school, _layout = layout_of(turn)
    form = GradesForm(grades_to_choose(turn, school), entry_to_choose(turn, school), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _keep(request, turn, cohorts=form.cohorts(), entry=form.entry())
    parts = {"form": form, "turn": turn, "school": school.unit, "year": year_words(turn.starts_in)}
    return render(request, "years/grades.html", parts, status=REFUSED if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.YEAR_TURN)
def turn_pupils(request: HttpRequest, turn_id: UUID, class_id: UUID) -> HttpResponse:
    """Who of a class is kept back, and into which class."""
    turn = found_turn(request, turn_id, Permission.YEAR_TURN)
    school, _layout = layout_of(turn)
    key = or_404(next((key for key, unit in school.classes.items() if unit.id == class_id), None))
    found = pupils_to_choose(turn, school, key, actor_of(request))
    form = ChoicesForm(found.rows, [("", _("goes its usual way")), *found.targets], request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _keep(request, turn, kept_back=form.chosen())
    parts = {"form": form, "turn": turn, "class_id": class_id, "name": name_of_class(key, school, day_before(turn)),
             "targets": found.targets}  # fmt: skip
    return render(request, "years/pupils.html", parts, status=REFUSED if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.YEAR_TURN)
def turn_teachers(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Who leads each class of the new year."""
    turn, actor = found_turn(request, turn_id, Permission.YEAR_TURN), actor_of(request)
    school, layout = layout_of(turn)
    choices = teacher_choices(staff_to_name(school.unit, actor))
    form = ChoicesForm(classes_to_lead(turn, school, layout), choices, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _keep(request, turn, teachers=form.chosen())
    now_led = [row for row in class_rows(turn, school, layout, actor) if row.name_then]
    parts = {"form": form, "turn": turn, "rows": list(zip(form, now_led, strict=True)),
             "year": year_words(turn.starts_in)}  # fmt: skip
    return render(request, "years/teachers.html", parts, status=REFUSED if form.is_bound else 200)
