"""Who leads a case, and who helps."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.crisis.errors import CannotCare
from xinqiao.care.crisis.forms import HandOverForm
from xinqiao.care.crisis.people import leaders
from xinqiao.care.crisis.selectors.helping import whom_i_help
from xinqiao.care.crisis.services.opening import hand_over_case
from xinqiao.care.crisis.views.finding import case_or_404, form_page
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission


@require_GET
@page(Permission.HELPER_OWN)
def helping(request: HttpRequest) -> HttpResponse:
    """Whom the reader helps, and what the plan asks of them."""
    return render(request, "crisis/helping.html", {"rows": whom_i_help(actor_of(request))})


@require_http_methods(["GET", "POST"])
@page(Permission.CASE_EDIT, child="case_id")
def pass_on(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give a case to another psychology teacher."""
    found = case_or_404(request, case_id)
    people = [(str(each), name) for each, name in leaders(found.student).items() if each != found.owner]
    form = HandOverForm(people, request.POST or None)
    if form.is_valid():
        try:
            hand_over_case(found, actor=actor_of(request), to=UUID(form.cleaned_data["to"]))
        except CannotCare as error:
            form.refuse(error.codes)
        else:
            messages.success(request, _("The case is handed over."))
            return redirect("crisis:case", found.id)
    return form_page(request, "hand_over", found, form, people=people)
