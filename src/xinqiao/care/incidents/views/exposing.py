"""Pages of the map of who was exposed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.forms import ExposeForm, WhyForm
from xinqiao.care.incidents.selectors.care import care_row, class_of, classes_of, pupils_of
from xinqiao.care.incidents.services.caring import expose_pupils, waive_care
from xinqiao.care.incidents.states import How
from xinqiao.care.incidents.views.finding import exposure_or_404, form_page, incident_or_404
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.selectors import name_on


@require_GET
@page(Permission.INCIDENT_EXPOSED)
def classes(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Choose a class, to put pupils of it on the map."""
    incident = incident_or_404(request, incident_id)
    parts = {"incident": incident, "kind": name_in(incident.names), "classes": classes_of(incident)}
    return render(request, "incidents/classes.html", parts)


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_EXPOSED, child="class_id")
def pupils(request: HttpRequest, incident_id: UUID, class_id: UUID) -> HttpResponse:
    """Put pupils of a class on the map: all of them at once, or those ticked."""
    actor, incident = actor_of(request), incident_or_404(request, incident_id)
    unit = or_404(class_of(incident, class_id))
    found = {str(student.id): (student, name) for student, name in pupils_of(actor, incident, unit)}
    form = ExposeForm(
        [(key, name) for key, (_student, name) in found.items()], _sent(request, list(found)),
        initial={"how": How.CLASSMATE.value},
    )  # fmt: skip
    if form.is_valid():
        chosen = [found[key][0] for key in form.cleaned_data["pupil"]]
        try:
            made = expose_pupils(incident, actor=actor, students=chosen, how=form.cleaned_data["how"])
        except CannotDo as error:
            form.refuse(error)
        else:
            count = len(made) if isinstance(made, list) else 0
            words = ngettext(
                "{count} pupil is on the map; looking after it has a clock.",
                "{count} pupils are on the map; looking after each has a clock.", count,
            )  # fmt: skip
            messages.success(request, words.format(count=count))
            answer = redirect("incidents:one", incident.id)
            answer["Location"] += "#exposed"
            return answer
    parts = {
        "incident": incident, "kind": name_in(incident.names), "form": form, "class_name": name_on(unit, today()),
        "count": len(found),
    }  # fmt: skip
    return render(request, "incidents/pupils.html", parts, status=422 if form.is_bound else 200)


def _sent(request: HttpRequest, everybody: list[str]) -> QueryDict | None:
    """What was sent; with the button of the whole class everybody is ticked."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if data.get("all"):
        data.setlist("pupil", everybody)
    return data


@require_http_methods(["GET", "POST"])
@page(Permission.INCIDENT_EXPOSED, child="exposure_id")
def waive(request: HttpRequest, exposure_id: UUID) -> HttpResponse:
    """Say why an exposed pupil is not looked after here."""
    row = exposure_or_404(request, exposure_id, Permission.INCIDENT_EXPOSED)
    form, shown = WhyForm(request.POST or None), care_row(actor_of(request), row, now())
    whom = {"name": shown.name, "class_name": shown.class_name}
    return form_page(
        request, row.incident, form, lambda actor: waive_care(row, actor=actor, words=form.cleaned_data["words"]),
        title=_("Not looked after here"), submit=_("Save"), done=_("Noted."), anchor="#exposed",
        subtitle=_("{name}, {class_name}: somebody else does, or the pupil was noted by mistake.").format(**whom),
    )  # fmt: skip
