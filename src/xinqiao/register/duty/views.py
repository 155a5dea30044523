"""The roster of duty: who, when, and what is missing."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.notifications.outbox import recent_troubles, webhook_addresses
from xinqiao.foundation.notifications.services import CannotSetWebhook, set_webhook
from xinqiao.foundation.notifications.wording import channel_words, error_words
from xinqiao.register.duty.forms import ShiftForm, SubstituteForm, WebhookForm
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.selectors import candidates, on_duty, shift_rows
from xinqiao.register.duty.services.shifts import CannotAssign, assign_week, cancel_shift, substitute_shift
from xinqiao.register.duty.week import week_of
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import schools_for
from xinqiao.register.reach.selectors import names_by_key, unreached

TROUBLE_DAYS = 7


@require_GET
@page(Permission.DUTY_VIEW)
def roster(request: HttpRequest) -> HttpResponse:
    """A week of one school."""
    schools = schools_for(actor_of(request), Permission.DUTY_VIEW)
    if not schools:
        raise Http404
    wanted = request.GET.get("school", schools[0].code)
    school = or_404(next((unit for unit in schools if unit.code == wanted), None))
    return render(request, "duty/roster.html", _week_context(request, school) | {"schools": schools})


def _week_context(request: HttpRequest, school: Unit) -> dict[str, object]:
    at = now()
    may_edit = actor_of(request).can(Permission.DUTY_EDIT, school.path)
    troubles = recent_troubles([school.path], at - dt.timedelta(days=TROUBLE_DAYS)) if may_edit else []
    shown = sorted({(channel_words(row.channel), error_words(row.error)) for row in troubles})
    return {
        "school": school,
        "now": at,
        "week": week_of(school.path, _day_of(request), at),
        "now_on_duty": on_duty(school.path, at),
        "may_edit": may_edit,
        "troubles": shown,
        "unreached": _unreached(school, at) if may_edit else [],
        "has_webhook": bool(may_edit and webhook_addresses([school.path])),
    }


def _unreached(school: Unit, at: dt.datetime) -> list[tuple[str, dt.datetime, list[str]]]:
    """To whom a notice left by no channel in its time, since when, and why."""
    rows = unreached([school.path], at)
    names = names_by_key([row.key_id for row in rows])
    return [(names.get(row.key_id, ""), row.created_at, [error_words(code) for code in row.errors]) for row in rows]


def _day_of(request: HttpRequest) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return timezone.localtime(now()).date()


@require_http_methods(["GET", "POST"])
@page(Permission.DUTY_EDIT)
def assign(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Put someone on duty: once, or on weekdays until a day."""
    school = _school_or_404(request, school_id)
    today = timezone.localtime(now()).date()
    initial = {"first_on": today, "start": "07:30", "end": "17:30", "role": "psychology"}
    form = ShiftForm(request.POST or None, people=candidates(school.path, today), initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            done = assign_week(
                school, actor=actor_of(request), staff_id=said["staff"], role=said["role"], pattern=form.pattern()
            )
        except CannotAssign as error:
            form.refuse(error.code)
        else:
            _say_assigned(request, done)
            return redirect(_roster_url(school, said["first_on"]))
    return render(request, "duty/assign.html", {"form": form, "school": school}, status=422 if form.is_bound else 200)


def _say_assigned(request: HttpRequest, done: list[DutyShift] | Unchanged) -> None:
    if isinstance(done, Unchanged):
        messages.info(request, _("Nothing changed: these shifts were assigned already."))
    else:
        messages.success(request, _("{count} shifts assigned.").format(count=len(done)))


@require_http_methods(["GET", "POST"])
@page(Permission.DUTY_EDIT)
def substitute(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Let someone else take a shift."""
    shift = _shift_or_404(request, shift_id)
    people = candidates(shift.place, timezone.localtime(now()).date())
    form = SubstituteForm(
        request.POST or None, people={key: name for key, name in people.items() if key != shift.staff_id}
    )
    if form.is_valid():
        try:
            substitute_shift(shift, actor=actor_of(request), staff_id=form.cleaned_data["staff"])
        except CannotAssign as error:
            form.refuse(error.code)
        else:
            messages.success(request, _("The shift has a substitute."))
            return redirect(_roster_url(Unit.objects.get(path=shift.place), shift.start_at))
    (row,) = shift_rows([shift])
    return render(request, "duty/substitute.html", {"form": form, "shift": row}, status=422 if form.is_bound else 200)


@require_POST
@page(Permission.DUTY_EDIT)
def cancel(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Take someone off a shift."""
    shift = _shift_or_404(request, shift_id)
    if isinstance(cancel_shift(shift, actor=actor_of(request)), Unchanged):
        messages.info(request, _("Nothing changed: the shift is over or was cancelled already."))
    else:
        messages.success(request, _("The shift is cancelled. Is somebody on duty now?"))
    return redirect(_roster_url(Unit.objects.get(path=shift.place), shift.start_at))


@require_http_methods(["GET", "POST"])
@page(Permission.DUTY_EDIT)
def webhook(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Where the school's messages go as well."""
    school = _school_or_404(request, school_id)
    form = WebhookForm(request.POST or None) if request.method == "POST" else WebhookForm()
    if request.method == "POST" and form.is_valid():
        try:
            set_webhook(
                school.path, actor=actor_of(request), county_id=school.shard_id, address=form.cleaned_data["address"]
            )
        except CannotSetWebhook as error:
            form.add_error("address", error_words(error.code))
        else:
            messages.success(request, _("Saved."))
            return redirect(_roster_url(school, None))
    return render(request, "duty/webhook.html", {"form": form, "school": school}, status=422 if form.errors else 200)


def _roster_url(school: Unit, day: dt.date | None) -> str:
    week = f"&week={day:%Y-%m-%d}" if day else ""
    return f"{reverse('duty:roster')}?school={school.code}{week}"


def _school_or_404(request: HttpRequest, school_id: UUID) -> Unit:
    schools = schools_for(actor_of(request), Permission.DUTY_EDIT)
    return or_404(next((unit for unit in schools if unit.id == school_id), None))


def _shift_or_404(request: HttpRequest, shift_id: UUID) -> DutyShift:
    rows = DutyShift.objects.visible_to(actor_of(request), Permission.DUTY_EDIT)
    found: DutyShift | None = rows.filter(pk=shift_id, cancelled_at__isnull=True).first()
    if found is None:
        raise Http404
    return found
