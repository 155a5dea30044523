"""The list of cases, one case, and opening one by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.crisis.errors import CannotCare
from xinqiao.care.crisis.forms import OpenForm
from xinqiao.care.crisis.selectors.cases import CaseList, case_list, open_case_of
from xinqiao.care.crisis.selectors.story import case_story
from xinqiao.care.crisis.services.opening import open_case
from xinqiao.care.crisis.views.finding import case_or_404
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.people.finding import name_of, student_or_404

SHOWN = ("open", "high-risk", "closed")


@require_GET
@page(Permission.CASE_VIEW)
def cases(request: HttpRequest) -> HttpResponse:
    """Who is in care, what each case waits for, and until when; what is overdue first."""
    found, shown = case_list(actor_of(request)), request.GET.get("show", "open")
    shown = shown if shown in SHOWN else "open"
    rows = {"open": found.open, "high-risk": found.high_risk, "closed": found.closed}[shown]
    parts = {"cases": found, "rows": rows, "shown": shown, "tabs": _tabs(found)}
    return render(request, "crisis/cases.html", parts)


def _tabs(found: CaseList) -> list[tuple[str, str, str, int]]:
    there = reverse("crisis:cases")
    return [
        ("open", _("In care"), there, len(found.open)),
        ("high-risk", _("High-risk list"), f"{there}?show=high-risk", len(found.high_risk)),
        ("closed", _("Closed this school year"), f"{there}?show=closed", len(found.closed)),
    ]


@require_GET
@page(Permission.CASE_VIEW, child="case_id")
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: the next step on top, then all that happened."""
    found = case_or_404(request, case_id, Permission.CASE_VIEW)
    return render(request, "crisis/case.html", {"story": case_story(actor_of(request), found)})


@require_http_methods(["GET", "POST"])
@page(Permission.CASE_EDIT, child="student_id")
def pupil(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """Lead to a pupil's open case, or open one."""
    actor = actor_of(request)
    student = student_or_404(actor, student_id, Permission.CASE_EDIT)
    there = open_case_of(actor, student.id)
    if there is not None:
        return redirect("crisis:case", there.id)
    form = OpenForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            opened = open_case(student, actor=actor, urgency=said["urgency"], why=said["reasons"])
        except CannotCare as error:
            form.refuse(error.codes)
        else:
            messages.success(request, _("The case is open."))
            return redirect("crisis:case", opened.id)
    parts = {"form": form, "student": student, "name": name_of(student)}
    return render(request, "crisis/open.html", parts, status=422 if form.is_bound else 200)
