"""Warnings of the ladder: one's own, and the schools that have not taken one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinqiao.care.alerts.models import LevelWarning
from xinqiao.care.alerts.selectors.warnings import beyond_rows, find_beyond, find_warning, my_warnings, warning_rows
from xinqiao.care.alerts.services.heeding import heed_from_beyond, heed_warning
from xinqiao.care.alerts.services.showing import note_warning_shown
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.policy.selectors import parameters_for


@require_GET
@page(Permission.WARNING_VIEW)
def warnings(request: HttpRequest) -> HttpResponse:
    """The pupils whom the reader was asked to keep an eye on."""
    return render(request, "alerts/warnings.html", {"rows": my_warnings(actor_of(request), now())})


@require_GET
@page(Permission.WARNING_VIEW, child="signal_id")
def warning(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """One pupil who needs attention: what to do, and never why."""
    actor, found = actor_of(request), _warning_or_404(request, signal_id)
    note_warning_shown(actor, found, now())
    (row,) = warning_rows([found], now())
    lines = parameters_for(found.signal.student.place, today()).hotlines
    return render(request, "alerts/warning.html", {"row": row, "lines": lines})


@require_POST
@page(Permission.WARNING_VIEW, child="signal_id")
def heed(request: HttpRequest, signal_id: UUID) -> HttpResponse:
    """ "I know"."""
    if isinstance(heed_warning(_warning_or_404(request, signal_id), actor=actor_of(request)), Unchanged):
        messages.info(request, _("You had said so already."))
    else:
        messages.success(request, _("Thank you. The psychology teacher sees that you know."))
    return redirect("alerts:warning", signal_id)


@require_GET
@page(Permission.WARNING_BEYOND)
def beyond(request: HttpRequest) -> HttpResponse:
    """The schools of a bureau that have not taken a warning."""
    return render(request, "alerts/beyond.html", {"rows": beyond_rows(actor_of(request), now())})


@require_POST
@page(Permission.WARNING_BEYOND)
def heed_beyond(request: HttpRequest, warning_id: UUID) -> HttpResponse:
    """The bureau asks the school."""
    found = or_404(find_beyond(actor_of(request), warning_id))
    if isinstance(heed_from_beyond(found, actor=actor_of(request)), Unchanged):
        messages.info(request, _("You had said so already."))
    else:
        messages.success(request, _("Noted. Please call the school now; it goes on calling its own people."))
    return redirect("alerts:beyond")


def _warning_or_404(request: HttpRequest, signal_id: UUID) -> LevelWarning:
    return or_404(find_warning(actor_of(request), signal_id))
