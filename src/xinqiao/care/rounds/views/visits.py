"""The dormitory visits of a class."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinqiao.care.rounds.forms import VisitForm
from xinqiao.care.rounds.selectors.visits import visits_of
from xinqiao.care.rounds.services.visits import CannotVisit, note_visit
from xinqiao.care.rounds.views.finding import class_or_404
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.selectors import name_on


@require_http_methods(["GET", "POST"])
@page(Permission.ROUND_SIGN)
def visits(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """Return the visits to the boarders of a class, or note one."""
    actor, on = actor_of(request), today()
    unit = class_or_404(actor, class_id)
    form = VisitForm(on, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            note_visit(unit, actor=actor, draft=form.draft())
        except CannotVisit:
            form.add_error(
                None, _("You have no place among the staff of a school, so that nothing can be kept for you.")
            )
        else:
            messages.success(request, _("The visit is noted."))
            return redirect("rounds:visits", unit.id)
    parts = {"form": form, "unit": unit, "class_name": name_on(unit, on), "rows": visits_of(actor, unit)}
    return render(request, "rounds/visits.html", parts, status=422 if form.is_bound else 200)
