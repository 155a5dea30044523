"""What pages of cases begin with: the case of the address, or 404."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xinqiao.care.crisis.forms import CaseForm
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.selectors.cases import find_case
from xinqiao.care.crisis.selectors.story import note_case_read
from xinqiao.foundation.access.pages import actor_of, or_404
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.finding import name_of


def case_or_404(request: HttpRequest, case_id: UUID, permission: Permission = Permission.CASE_EDIT) -> Case:
    """Return a case that the reader may reach."""
    return or_404(find_case(actor_of(request), permission, case_id))


def form_page(request: HttpRequest, template: str, case: Case, form: CaseForm, **more: object) -> HttpResponse:
    """Show a form about a case, with 422 where it was refused; it names the pupil, so it is read."""
    note_case_read(actor_of(request), case)
    name = name_of(case.student)
    parts = {"case": case, "name": name, "form": form, **more}
    return render(request, f"crisis/{template}.html", parts, status=422 if form.is_bound else 200)


def this_minute() -> object:
    """Return the local moment as a form's first value."""
    return timezone.localtime(now()).replace(second=0, microsecond=0)
