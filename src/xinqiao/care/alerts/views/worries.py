"""I am worried about a pupil: the form, its receipt, and what one reported oneself."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.alerts.finding import classes_to_name, place_held, pupil_to_name, school_places
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.alerts.selectors.reports import find_own_report, own_reports, receipt_of
from xinqiao.care.alerts.services.reporting import report_id, report_worry
from xinqiao.care.alerts.worry_form import WorryForm
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for

MOST_CLASSES_BY_NAME = 2  # whoever has more classes types a name without a list


@require_http_methods(["GET", "POST"])
@page(Permission.WORRY_REPORT)
def report(request: HttpRequest) -> HttpResponse:
    """Report a pupil in a minute."""
    actor = actor_of(request)
    classes = named_classes(actor, Permission.WORRY_REPORT)
    own = _own_classes(actor, classes)
    parameters = parameters_for(policy_place(actor, Permission.WORRY_REPORT), today())
    schools = school_places(actor, Permission.WORRY_REPORT)
    form = WorryForm(parameters, schools, classes, request.POST or None, names=_names_in(actor, own),
                     initial=_initial(request, actor, own))  # fmt: skip
    if form.is_valid() and form.student is not None:
        place = place_held(actor, Permission.WORRY_REPORT, form.student)
        report_worry(place, actor=actor, student=form.student, worry=form.worry())
        return redirect("alerts:report-receipt", report_id(form.worry(), form.student, actor))
    return show_form(request, "alerts/worry.html", form, parameters.hotlines)


def _initial(request: HttpRequest, actor: Actor, own: Sequence[str]) -> dict[str, str]:
    """Return what is filled in already: the own class, or the pupil from whose row the reporter came."""
    student = pupil_to_name(actor, Permission.WORRY_REPORT, request.GET.get("student", ""))
    if student is not None:
        return {"group": student.place, "pupil": names_of([student])[student.id]}
    return {"group": own[0] if len(own) == 1 else ""}


@require_GET
@page(Permission.WORRY_REPORT)
def mine(request: HttpRequest) -> HttpResponse:
    """What the reader reported, and how it stands."""
    actor = actor_of(request)
    parts = {"rows": own_reports(actor, now()), "may_hand_over": actor.can_somewhere(Permission.WORRY_HAND_OVER)}
    return render(request, "alerts/my_reports.html", parts)


@require_GET
@page(Permission.WORRY_REPORT, child="report_id")
def receipt(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """It was taken down; who was told; what to do now."""
    actor = actor_of(request)
    found = or_404(find_own_report(actor, report_id))
    shown = receipt_of(actor, found)
    lines = parameters_for(found.place, today()).hotlines
    return render(request, "alerts/receipt.html", {"receipt": shown, "hotlines": lines})


def show_form(request: HttpRequest, template: str, form: object, hotlines: object) -> HttpResponse:
    """Show a form of this family, refused or new."""
    is_refused = request.method == "POST"
    return render(request, template, {"form": form, "hotlines": hotlines}, status=422 if is_refused else 200)


def named_classes(actor: Actor, permission: Permission) -> list[tuple[Unit, str]]:
    """Return the classes that an actor may name, each with what it is called today."""
    classes = classes_to_name(actor, permission)
    names = class_names([unit.path for unit in classes], today())
    return [(unit, names[unit.path]) for unit in classes]


def policy_place(actor: Actor, permission: Permission) -> str:
    """Return the place whose policy says what can be ticked: the first at which the actor may report."""
    return next(iter(actor.places(permission)), "")


def _own_classes(actor: Actor, classes: Sequence[tuple[Unit, str]]) -> list[str]:
    """Return the classes whose pupils the actor may list, where they are so few that a list helps."""
    own = [unit.path for unit, _name in classes if actor.can(Permission.STUDENT_LIST, unit.path)]
    return own if len(own) <= MOST_CLASSES_BY_NAME else []


def _names_in(actor: Actor, places: Sequence[str]) -> list[str]:
    if not places:
        return []
    visible = Student.objects.visible_to(actor, Permission.STUDENT_LIST)
    rows = list(visible.filter(place__in=places, status=StudentStatus.ACTIVE))
    if rows:
        note_reading(
            actor, "alerts.names.offered", subject_kind="students", place=min(places), county_id=rows[0].county_id,
            facts={"count": len(rows)},
        )  # fmt: skip
    return sorted(names_of(rows).values())
