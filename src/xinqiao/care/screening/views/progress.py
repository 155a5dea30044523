"""How far a campaign is: the live page, one class by name, the seat list, excuses."""

import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from xinqiao.care.screening.forms import ExcuseForm
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.adapting import adapted_scales
from xinqiao.care.screening.selectors.campaigns import (
    classes_for,
    classes_of,
    cohorts_of,
    grade_words,
    scale_words,
    scales_of,
)
from xinqiao.care.screening.selectors.class_days import Window, window_of
from xinqiao.care.screening.selectors.informants import form_progress, forms_of
from xinqiao.care.screening.selectors.population import register_words
from xinqiao.care.screening.selectors.progress import progress_of, pupils_of_class, seats_of_class, total_of
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.screening.services.pupils import excuse_pupil, readmit_pupil
from xinqiao.care.screening.spreadsheets import class_workbook
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.screening.views.finding import campaign_or_404, class_or_404, followed_or_404, for_everyone_or_404
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.care.screening.wording import refusal_words
from xinqiao.care.sheets.selectors import refusal_to_type
from xinqiao.care.sheets.services.sittings import CannotExcuse
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id
from xinqiao.register.people.models import Student

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def progress_page(
    request: HttpRequest, campaign_id: UUID, *, template: str = "screening/campaign.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Return a launched campaign as its progress, for the classes that the reader may follow."""
    actor = actor_of(request)
    found = followed_or_404(actor, campaign_id)
    classes = classes_for(actor, found, Permission.CAMPAIGN_PROGRESS)
    rows = progress_of(found, classes, today())
    school = units_by_id([found.school_id])[found.school_id]
    parts = {
        "campaign": found, "rows": rows, "total": total_of(rows), "school": school, "now": now(),
        "grades": grade_words(cohorts_of(found), today(), school.primary_years),
        "scales": scale_words(scales_of(found)), "adapted": adapted_scales(found, now()),
        "register": register_words(found, today()),
        "is_running": found.state == CampaignState.OPEN,
        "is_over": found.closes_at <= now(), "has_pace": any(row.window for row in rows),
        "tabs": tabs_of(actor, found), "forms": form_progress(actor, found, _form_classes(actor, found), today()),
        **_rights(actor, found), **(more or {}),
    }  # fmt: skip
    form = parts.get("form")
    return render(request, template, parts, status=422 if form is not None and form.errors else 200)


def _form_classes(actor: Actor, found: Campaign) -> list[Unit]:
    """The classes that others are asked about and that the reader may follow; also of grades too young to answer."""
    classes = {unit.id: unit for form in forms_of(found) for unit in classes_of(form)}
    return [unit for unit in classes.values() if actor.can(Permission.CAMPAIGN_PROGRESS, unit.path)]


def _rights(actor: Actor, found: Campaign) -> dict[str, bool]:
    return {
        "may_edit": actor.can(Permission.CAMPAIGN_EDIT, found.place),
        "may_read_results": actor.can(Permission.RESULT_FULL, found.place),
        "may_name": actor.can_somewhere(Permission.STUDENT_LIST),
    }


@page(Permission.CAMPAIGN_PROGRESS)
def progress(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return the live part alone."""
    return progress_page(request, campaign_id, template="screening/campaign.html#progress")


@page(Permission.CAMPAIGN_PROGRESS)
def class_page(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return one class: the counts, and the pupils by name for those who may know them."""
    actor = actor_of(request)
    found = followed_or_404(actor, campaign_id)
    unit = class_or_404(actor, found, class_id, Permission.CAMPAIGN_PROGRESS)
    may_name = actor.can(Permission.STUDENT_LIST, unit.path)
    (counts,) = progress_of(found, [unit], today())
    has_seats = found.paper_id is not None and not found.is_of_register
    parts = {
        "campaign": found, "unit": unit, "class_name": name_on(unit, today()), "counts": counts, "may_name": may_name,
        "pupils": pupils_of_class(actor, found, unit) if may_name else [],
        "may_seat": actor.can(Permission.SEAT_LIST, unit.path) and has_seats, "form": ExcuseForm(),
        "asked": _asked(found, unit),
        "may_type": has_seats and actor.can(Permission.PAPER_TYPE, unit.path) and not refusal_to_type(actor, unit.path),
        "may_see_levels": actor.can(Permission.RESULT_LEVEL, unit.path),
        "may_edit": actor.can(Permission.CAMPAIGN_EDIT, found.place) and found.state == CampaignState.OPEN,
        "may_read_results": actor.can(Permission.RESULT_FULL, unit.path),
        "is_running": found.state == CampaignState.OPEN, "window": counts.window,
        "turn_address": request.build_absolute_uri(f"/s/{unit.window_code}?turn"),
    }  # fmt: skip
    return render(request, "screening/class.html", parts)


def _asked(found: Campaign, unit: Unit) -> list[str]:
    """Who else is asked about the pupils of a class, as codes."""
    return [form.informant for form in forms_of(found) if (unit.stage, unit.entry_year) in cohorts_of(form)]


@page(Permission.SEAT_LIST)
def seats(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return a class's seat list with one-time codes, to be printed; what can no longer be used is not shown."""
    actor = actor_of(request)
    found = followed_or_404(actor, campaign_id)
    for_everyone_or_404(found)
    unit = class_or_404(actor, found, class_id, Permission.SEAT_LIST)
    address = request.build_absolute_uri(f"/s/{unit.window_code}")
    parts = {
        "campaign": found, "unit": unit, "class_name": name_on(unit, today()), "address": address,
        "qr": qr_code(address), "seats": seats_of_class(actor, found, unit, now()), "printed_by": actor.name,
        "printed_at": now(), "window": _shown_window(found, unit),
        "is_over": found.state != CampaignState.OPEN or found.closes_at <= now(),
    }  # fmt: skip
    return render(request, "screening/seats.html", parts)


def _shown_window(found: Campaign, unit: Unit) -> Window:
    """The class's own day; once it is over, the window in which those who come later may still answer."""
    window = window_of(found, unit.id)
    return window if window.closes_at > now() else Window(found.opens_at, found.closes_at)


def qr_code(address: str) -> SafeString:
    """Return an address as a QR code, drawn as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, scale=4, svgclass="xq-qr", omitsize=False)
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 - drawn here from our own address, no markup of anyone's


@page(Permission.SEAT_LIST)
def class_file(request: HttpRequest, campaign_id: UUID, class_id: UUID) -> HttpResponse:
    """Return a class's list as a spreadsheet: who has handed in. A working paper of the class, without results."""
    actor = actor_of(request)
    found = followed_or_404(actor, campaign_id)
    for_everyone_or_404(found)
    unit = class_or_404(actor, found, class_id, Permission.SEAT_LIST)
    body = class_workbook(actor, found, unit, now())
    return _file(body, f"{unit.code}.xlsx")


def _file(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _pupil_or_404(actor: Actor, student_id: UUID) -> None:
    """A pupil of another school does not exist for this reader, whatever campaign stands beside the id."""
    if not Student.objects.visible_to(actor, Permission.STUDENT_LIST).filter(pk=student_id).exists():
        raise Http404


@page(Permission.CAMPAIGN_EDIT, child="student_id")
@require_POST
def excuse(request: HttpRequest, campaign_id: UUID, student_id: UUID) -> HttpResponse:
    """Excuse one pupil."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    _pupil_or_404(actor, student_id)
    form = ExcuseForm(request.POST)
    if form.is_valid():
        try:
            excuse_pupil(found, actor=actor, student_id=student_id, excuse=form.cleaned_data["excuse"])
        except (CannotRun, CannotExcuse) as error:
            messages.error(request, _why(error))
    return _back(request, found)


@page(Permission.CAMPAIGN_EDIT, child="student_id")
@require_POST
def readmit(request: HttpRequest, campaign_id: UUID, student_id: UUID) -> HttpResponse:
    """Take a pupil's excuse back."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.CAMPAIGN_EDIT)
    _pupil_or_404(actor, student_id)
    try:
        readmit_pupil(found, actor=actor, student_id=student_id)
    except (CannotRun, CannotExcuse) as error:
        messages.error(request, _why(error))
    return _back(request, found)


def _why(error: CannotRun | CannotExcuse) -> str:
    reason = error.reasons[0] if isinstance(error, CannotRun) else WhyNot(error.code)
    return refusal_words(reason)


def _back(request: HttpRequest, found: Campaign) -> HttpResponse:
    """Return to the class the button stood in, else to the campaign."""
    class_id = request.POST.get("class_id", "")
    classes = classes_for(actor_of(request), found, Permission.CAMPAIGN_PROGRESS)
    unit: Unit | None = next((unit for unit in classes if str(unit.pk) == class_id), None)
    if unit is None:
        return redirect("screening:campaign", found.pk)
    return redirect("screening:class", found.pk, unit.pk)
