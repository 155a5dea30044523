"""PIN slips of a class, and new PINs."""

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.selectors import name_on, school_of
from xinqiao.register.people.models import Student
from xinqiao.register.people.selectors.students import pin_slips
from xinqiao.register.people.services.pins import reset_pin, reset_pins
from xinqiao.register.people.views.students import class_for


@require_GET
@page(Permission.PIN_SLIP)
def slips(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """The slips of a class on A4, three across, with cut lines."""
    actor = actor_of(request)
    unit = class_for(actor, class_id, Permission.PIN_SLIP)
    school = school_of(unit.path)
    address = request.build_absolute_uri(f"/s/{unit.window_code}")
    parts = {
        "slips": pin_slips(unit, actor), "unit": unit, "class_name": name_on(unit, today()), "address": address,
        "school": school.name if school else "", "code_image": _code_image(address), "actor": actor,
        "printed_at": now(), "back_url": f"{reverse('people:students')}?class={unit.id}",
    }  # fmt: skip
    return render(request, "people/pin_slips.html", parts)


def _code_image(address: str) -> SafeString:
    """The address as a QR code; drawn from our own address, nothing a person typed."""
    return mark_safe(segno.make(address, error="m").svg_inline(scale=2, border=2))  # noqa: S308 - see above


@require_POST
@page(Permission.PIN_SLIP)
def class_reset(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """New PINs for a whole class; the slips are printed next."""
    unit = class_for(actor_of(request), class_id, Permission.PIN_SLIP)
    reset_pins(unit, actor=actor_of(request))
    return redirect("people:pin-slips", class_id)


@require_POST
@page(Permission.PIN_SLIP, child="student_id")
def student_reset(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """A new PIN for one pupil."""
    rows: Any = Student.objects.visible_to(actor_of(request), Permission.PIN_SLIP)
    student = get_object_or_404(rows, pk=student_id)
    reset_pin(student, actor=actor_of(request))
    messages.success(request, _("The pupil has a new PIN. Print it from the slips of the class."))
    return redirect("people:student", student_id)
