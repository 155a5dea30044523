"""Pages: school years, terms, changed days."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.browsing import YearRow, changed_days, path_to, years_of
from xinqiao.register.orgs.forms import DayForm, YearForm
from xinqiao.register.orgs.models import CalendarDay, Unit
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.orgs.services.calendar import CannotSetYear, change_day, drop_day, set_school_year
from xinqiao.register.orgs.views.finding import asked_unit, found_unit
from xinqiao.register.orgs.wording import refusal_words

REFUSED = 422
TERMS = 2


def _calendar_url(unit: Unit) -> str:
    return f"{reverse('orgs:calendar')}?unit={unit.id}"


@page(Permission.UNIT_VIEW)
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the school years and changed days that hold at a unit."""
    actor, on = actor_of(request), today()
    unit = asked_unit(request, actor)
    context = {
        "unit": unit, "name": name_on(unit, on), "path": path_to(actor, unit, on), "years": years_of(unit),
        "days": changed_days(unit, on.replace(month=1, day=1)),
        "may_edit": actor.can(Permission.CALENDAR_EDIT, unit.path),
    }  # fmt: skip
    return render(request, "orgs/calendar.html", context)


def _initial(years: list[YearRow], starts_in: int) -> dict[str, object]:
    year = next((each for each in years if each.starts_in == starts_in and len(each.terms) == TERMS), None)
    if year is None:
        return {}
    first, second = year.terms
    return {"first_start": first.start_on, "first_last": first.last_on, "second_start": second.start_on,
            "second_last": second.last_on}  # fmt: skip


@page(Permission.CALENDAR_EDIT)
def year_edit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Set a school year and its two terms."""
    actor = actor_of(request)
    unit = found_unit(actor, Permission.CALENDAR_EDIT, unit_id)
    form = YearForm(request.POST or None, initial=_initial(years_of(unit), school_year_of(today())))
    if request.method == "POST" and form.is_valid():
        try:
            set_school_year(unit, actor=actor, **form.chosen())
        except CannotSetYear as refusal:
            form.add_error(None, refusal_words(refusal.code))
        else:
            messages.success(request, _("Saved."))
            return redirect(_calendar_url(unit))
    context = {"form": form, "title": _("Set a school year"), "unit": unit, "back": _calendar_url(unit)}
    return render(request, "orgs/form.html", context, status=REFUSED if form.is_bound else 200)


@page(Permission.CALENDAR_EDIT)
def day_add(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Change one day."""
    actor = actor_of(request)
    unit = found_unit(actor, Permission.CALENDAR_EDIT, unit_id)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_day(unit, actor=actor, **form.cleaned_data)
        messages.success(request, _("Saved. Open clocks follow by themselves."))
        return redirect(_calendar_url(unit))
    context = {"form": form, "title": _("Change a day"), "unit": unit, "back": _calendar_url(unit)}
    return render(request, "orgs/form.html", context, status=REFUSED if form.is_bound else 200)


@page(Permission.CALENDAR_EDIT)
@require_POST
def day_drop(request: HttpRequest, day_id: UUID) -> HttpResponse:
    """Take a change of a day back."""
    actor = actor_of(request)
    day = CalendarDay.objects.select_related("unit").filter(pk=day_id).first()
    if day is None or not actor.can(Permission.CALENDAR_EDIT, day.unit.path):
        raise Http404
    drop_day(day.unit, actor=actor, day=day)
    messages.success(request, _("Taken back: the published calendar holds again."))
    return redirect(_calendar_url(day.unit))
