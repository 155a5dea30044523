"""The warning ladder of a school, and who is away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now
from xinqiao.register.duty.forms import AbsenceForm
from xinqiao.register.duty.ladder import Place, ladder_page
from xinqiao.register.duty.models import Absence
from xinqiao.register.duty.selectors import people_of_school
from xinqiao.register.duty.services.absences import CannotStandIn, end_absence, name_substitute
from xinqiao.register.duty.wording import hole_words
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import schools_for
from xinqiao.register.policy.wording import recipient_words


@require_GET
@page(Permission.DUTY_EDIT)
def ladder(request: HttpRequest) -> HttpResponse:
    """Who is named on each level, and where nobody is."""
    schools = schools_for(actor_of(request), Permission.DUTY_EDIT)
    wanted = request.GET.get("school", schools[0].code if schools else "")
    school = or_404(next((unit for unit in schools if unit.code == wanted), None))
    found = ladder_page(school, timezone.localtime(now()).date())
    rows = [(place, _people(place), hole_words(place.hole) if place.hole else "") for place in found.places]
    context = {"ladder": found, "rows": [row for row in rows if not row[2]], "school": school, "schools": schools,
               "holes": [row for row in rows if row[2]]}  # fmt: skip
    return render(request, "duty/ladder.html", context)


def _people(place: Place) -> list[str]:
    stands_in, plain = _("{name} (for {away})"), _("{name} ({role})")
    return [
        stands_in.format(name=row.name, away=row.instead_of)
        if row.instead_of
        else plain.format(name=row.name, role=recipient_words(row.word))
        for row in place.people
    ]


@require_http_methods(["GET", "POST"])
@page(Permission.DUTY_EDIT)
def absence(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Enter that someone is away, and who stands in."""
    school = _school_or_404(request, school_id)
    today = timezone.localtime(now()).date()
    people = people_of_school(school.path, today)
    form = AbsenceForm(request.POST or None, people=people, initial={"start_on": today, "end_on": today})
    if form.is_valid():
        said = form.cleaned_data
        try:
            name_substitute(
                school, actor=actor_of(request), staff_id=said["staff"], substitute_id=said["substitute"],
                start_on=said["start_on"], end_on=said["end_on"],
            )  # fmt: skip
        except CannotStandIn as error:
            form.refuse(error.code)
        else:
            messages.success(request, _("Saved. Warnings go to the substitute on these days."))
            return redirect(_ladder_url(school))
    context = {"form": form, "school": school, "back": _ladder_url(school)}
    return render(request, "duty/absence.html", context, status=422 if form.is_bound else 200)


@require_POST
@page(Permission.DUTY_EDIT)
def absence_end(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """Someone is back."""
    rows = Absence.objects.visible_to(actor_of(request), Permission.DUTY_EDIT)
    found = or_404(rows.filter(pk=absence_id).first())
    if isinstance(end_absence(found, actor=actor_of(request)), Unchanged):
        messages.info(request, _("Nothing changed: the entry was ended already."))
    else:
        messages.success(request, _("The entry is ended."))
    return redirect(_ladder_url(Unit.objects.get(path=found.place)))


def _ladder_url(school: Unit) -> str:
    return f"{reverse('duty:ladder')}?school={school.code}"


def _school_or_404(request: HttpRequest, school_id: UUID) -> Unit:
    schools = schools_for(actor_of(request), Permission.DUTY_EDIT)
    return or_404(next((unit for unit in schools if unit.id == school_id), None))
