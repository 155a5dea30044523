"""Growth plans of a class and of one pupil, and the family sections."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from xinqiao.care.archives.errors import CannotFile
from xinqiao.care.archives.forms import FamilyForm, ManyPlansForm, PlanForm
from xinqiao.care.archives.selectors.classes import find_class, lines_of
from xinqiao.care.archives.selectors.plans import family_now, first_words, ids_of, plan_now, templates_for
from xinqiao.care.archives.services.plans import write_family, write_plans
from xinqiao.care.archives.terms import term_at
from xinqiao.care.archives.wording import term_words
from xinqiao.foundation.access.doing import is_done
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.finding import name_of, student_or_404


@require_http_methods(["GET", "POST"])
@page(Permission.FILE_PLAN)
def of_class(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """Who of a class has a plan of this term, and one form that writes it for many."""
    actor, on = actor_of(request), today()
    unit = or_404(find_class(actor, Permission.FILE_PLAN, class_id))
    rows = lines_of(actor, unit, on, event="archives.plans.read")
    template = request.GET.get("template", "")
    missing = [str(row.id) for row in rows if not row.has_plan]
    begin = {**first_words(unit.path, unit.stage, template, on), "pupils": missing}
    form = ManyPlansForm([(str(row.id), row.name) for row in rows], request.POST or None, initial=begin)
    if form.is_valid():
        try:
            written = write_plans(unit, actor=actor, student_ids=ids_of(form.cleaned_data["pupils"]), said=form.said())
        except CannotFile as error:
            form.refuse(error)
        else:
            count = written if isinstance(written, int) else 0
            told = ngettext("One plan is written.", "{count} plans are written.", count).format(count=count)
            messages.success(request, told if count else _("These plans stood there already."))
            return redirect("archives:plans", class_id)
    ticked = set(request.POST.getlist("pupils") if form.is_bound else missing)
    term = term_at(unit.path, on)
    parts = {
        "unit": unit, "name": name_on(unit, on), "rows": [(row, str(row.id) in ticked) for row in rows], "form": form,
        "template": template,
        "templates": templates_for(unit.path, unit.stage, on), "term": term_words(term.year, term.number),
    }  # fmt: skip
    return render(request, "archives/plans.html", parts, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.FILE_PLAN, child="student_id")
def of_pupil(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Write one pupil's growth plan of this term."""
    actor, on = actor_of(request), today()
    student = student_or_404(actor, student_id, Permission.FILE_PLAN)
    unit = or_404(units_by_path([student.place]).get(student.place))
    template = request.GET.get("template", "")
    first = first_words(student.place, unit.stage, template, on)
    begin = first if template else {**first, **plan_now(actor, student, on)}
    form = PlanForm(request.POST or None, initial=begin)
    if is_done(
        request, form, lambda by: write_plans(unit, actor=by, student_ids=[student.id], said=form.said()),
        _("The plan is written."), CannotFile,
    ):  # fmt: skip
        return redirect("archives:file", student_id)
    term = term_at(student.place, on)
    parts = {
        "student": student, "name": name_of(student), "form": form, "term": term_words(term.year, term.number),
        "templates": templates_for(student.place, unit.stage, on), "template": template,
    }  # fmt: skip
    return render(request, "archives/plan.html", parts, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@page(Permission.FILE_FAMILY, child="student_id")
def family(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Write down a pupil's family, upbringing and experience."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.FILE_FAMILY)
    form = FamilyForm(request.POST or None, initial=family_now(actor, student))
    if is_done(
        request, form, lambda by: write_family(student, actor=by, said=form.said()), _("Written down."), CannotFile
    ):
        return redirect("archives:file", student_id)
    parts = {"student": student, "name": name_of(student), "form": form}
    return render(request, "archives/family.html", parts, status=422 if form.is_bound else 200)
