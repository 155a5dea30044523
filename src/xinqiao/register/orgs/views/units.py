"""Pages: browse the tree, add, change and close units."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.browsing import parts_of, path_to, stage_labels
from xinqiao.register.orgs.forms import ClassForm, NameForm, SchoolForm, UnitForm
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.rules import KINDS_BELOW
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.orgs.services.units import (
    CannotAddUnit,
    CannotCloseUnit,
    add_class,
    add_unit,
    change_school,
    close_unit,
    rename_unit,
)
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind
from xinqiao.register.orgs.views.finding import asked_unit, found_unit
from xinqiao.register.orgs.wording import refusal_words

REFUSED = 422


def _tree_url(unit: Unit) -> str:
    return f"{reverse('orgs:tree')}?unit={unit.id}"


@page(Permission.UNIT_VIEW)
def tree(request: HttpRequest) -> HttpResponse:
    """Show a unit, what stands above it, and what hangs below it."""
    actor, on = actor_of(request), today()
    unit = asked_unit(request, actor)
    context = {
        "unit": unit, "name": name_on(unit, on), "path": path_to(actor, unit, on),
        "rows": parts_of(unit, on, with_closed=request.GET.get("closed") == "1"), "facts": _facts(unit),
        **_rights(actor, unit),
    }  # fmt: skip
    return render(request, "orgs/tree.html", context)


def _facts(unit: Unit) -> list[tuple[str, str]]:
    facts = [(_("Kind"), str(UnitKind(unit.kind).label)), (_("Code"), unit.code)]
    if unit.kind in SCHOOL_KINDS:
        facts += [(_("Stages"), stage_labels(unit)), (_("Has boarders"), _("yes") if unit.has_boarders else _("no"))]
    if unit.window_code:
        facts.append((_("Class code"), unit.window_code))
    return facts


def _rights(actor: Actor, unit: Unit) -> dict[str, bool]:
    may_edit = actor.can(Permission.UNIT_EDIT, unit.path) and not unit.is_closed
    is_cohort = unit.kind in (UnitKind.GRADE, UnitKind.CLASS)
    return {
        "may_add": may_edit and bool(KINDS_BELOW.get(unit.kind)),
        "may_add_class": may_edit and unit.kind in SCHOOL_KINDS,
        "may_edit": may_edit and not is_cohort,  # what a grade or class is called follows from its cohort
        "may_close": may_edit and unit.parent is not None and actor.can(Permission.UNIT_EDIT, unit.parent.path),
    }


@page(Permission.UNIT_EDIT)
def unit_add(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Add a unit below another."""
    actor = actor_of(request)
    parent = found_unit(actor, Permission.UNIT_EDIT, unit_id)
    form = UnitForm(request.POST or None, parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_tree_url(add_unit(parent, actor=actor, **form.chosen())))
        except CannotAddUnit as refusal:
            form.add_error("code" if refusal.code == "code_taken" else None, refusal_words(refusal.code))
    context = {"form": form, "title": _("Add a unit"), "unit": parent, "back": _tree_url(parent)}
    return render(request, "orgs/form.html", context, status=REFUSED if form.is_bound else 200)


@page(Permission.UNIT_EDIT)
def class_add(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Add a class to a school."""
    actor = actor_of(request)
    school = found_unit(actor, Permission.UNIT_EDIT, unit_id)
    form = ClassForm(request.POST or None, school=school, initial={"entry_year": today().year, "number": 1})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_tree_url(add_class(school, actor=actor, **form.cleaned_data)))
        except CannotAddUnit as refusal:
            form.add_error(None, refusal_words(refusal.code))
    context = {"form": form, "title": _("Add a class"), "unit": school, "back": _tree_url(school)}
    return render(request, "orgs/form.html", context, status=REFUSED if form.is_bound else 200)


@page(Permission.UNIT_EDIT)
def unit_edit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Rename a unit; for a school also what it teaches."""
    actor = actor_of(request)
    unit = found_unit(actor, Permission.UNIT_EDIT, unit_id)
    if unit.kind in (UnitKind.GRADE, UnitKind.CLASS):
        raise Http404  # what these are called follows from their cohort
    is_school = unit.kind in SCHOOL_KINDS
    initial = {"name": unit.name, "stages": unit.stage_list, "primary_years": unit.primary_years,
               "has_boarders": unit.has_boarders}  # fmt: skip
    form = (SchoolForm if is_school else NameForm)(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if is_school:
            change_school(unit, actor=actor, **form.cleaned_data)
        else:
            rename_unit(unit, actor=actor, name=form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect(_tree_url(unit))
    context = {"form": form, "title": _("Edit"), "unit": unit, "back": _tree_url(unit)}
    return render(request, "orgs/form.html", context, status=REFUSED if form.is_bound else 200)


@page(Permission.UNIT_EDIT)
@require_POST
def unit_close(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Close a unit that is no longer in use."""
    actor = actor_of(request)
    unit = found_unit(actor, Permission.UNIT_EDIT, unit_id)
    try:
        close_unit(unit, actor=actor)
    except CannotCloseUnit as refusal:
        messages.error(request, refusal_words(refusal.code))
        return redirect(_tree_url(unit))
    messages.success(request, _("Closed. What was recorded there stays."))
    return redirect(_tree_url(unit.parent or unit))
