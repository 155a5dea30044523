"""Teaching parents: what was held, what is missing this term, and noting a session."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinqiao.care.support.parent_forms import SessionForm
from xinqiao.care.support.selectors.contacts import topic_names
from xinqiao.care.support.selectors.parents import session_rows, taught_rows, units_to_teach
from xinqiao.care.support.services.parents import CannotTeach, note_session
from xinqiao.care.support.wording import refusal_words
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.selectors import name_on


@require_http_methods(["GET", "POST"])
@page(Permission.PARENTS_EDIT)
def parents(request: HttpRequest) -> HttpResponse:
    """Return the sessions for parents, or note one."""
    actor, on = actor_of(request), today()
    units = {str(unit.id): unit for unit in units_to_teach(actor)}
    place = next((unit.path for unit in units.values()), "")
    form = SessionForm([(key, name_on(unit, on)) for key, unit in units.items()], topic_names(place, on), on,
                       request.POST if request.method == "POST" else None)  # fmt: skip
    if form.is_valid():
        try:
            note_session(units[form.cleaned_data["unit"]], actor=actor, draft=form.draft())
        except CannotTeach as error:
            form.add_error(None, refusal_words(error.code))
        else:
            messages.success(request, _("The session is noted."))
            return redirect("support:parents")
    parts = {"form": form, "rows": session_rows(actor, on), "classes": taught_rows(actor, on), "has_units": bool(units)}
    return render(request, "support/parents.html", parts, status=422 if form.is_bound else 200)
