"""Pages: how channels leave from a unit, and the own channels."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.foundation.access.actors import any_place
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.notifications.configs import BadConfig
from xinqiao.foundation.notifications.delivering import demo_file
from xinqiao.foundation.notifications.models import Channel, ChannelSetting
from xinqiao.foundation.notifications.services import (
    end_channel,
    note_trial,
    set_channel,
    set_own_channels,
)
from xinqiao.foundation.notifications.trying import send_trial
from xinqiao.foundation.notifications.wording import channel_words, error_words
from xinqiao.foundation.notifications.words import neutral_words
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.accounts.freshness import confirm_first
from xinqiao.register.accounts.views.finding import asked_unit, found_unit
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Staff
from xinqiao.register.reach.forms import ChannelForm, OwnForm, TrialForm
from xinqiao.register.reach.selectors import SHOWN, channel_rows, is_personal, units_below, unreached
from xinqiao.register.reach.ways import ways_of

REFUSED = 422


@require_GET
@page(Permission.CHANNEL_EDIT)
def channels(request: HttpRequest) -> HttpResponse:
    """How each channel leaves from a unit, what waits, and which notices reached nobody."""
    unit = asked_unit(request, actor_of(request), Permission.CHANNEL_EDIT)
    return render(request, "reach/channels.html", _context(request, unit))


def _context(request: HttpRequest, unit: Unit, trial: TrialForm | None = None) -> dict[str, Any]:
    at, actor = now(), actor_of(request)
    rows = channel_rows(unit, at)
    found = unreached([unit.path], at)
    names = staff_names([row.setting.set_by for row in rows if row.setting])
    usable = [row.channel for row in rows if row.source != "nowhere"]
    return {
        "unit": unit, "below": units_below(actor, unit), "words": neutral_words().splitlines(),
        "rows": [{"row": row, "label": channel_words(row.channel), "is_demo": row.channel == Channel.FILE,
                  "set_by": names.get(row.setting.set_by, "") if row.setting else ""} for row in rows],
        "unreached": [{"row": row, "why": [error_words(code) for code in row.errors]} for row in found[:SHOWN]],
        "unreached_count": len(found), "demo_file": demo_file().name,
        "trial": trial or (TrialForm(channels=usable) if usable else None),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Permission.CHANNEL_EDIT)
@confirm_first
def channel(request: HttpRequest, unit_id: UUID, kind: str) -> HttpResponse:
    """Set up one channel for a unit and everything below it."""
    actor = actor_of(request)
    unit = found_unit(actor, Permission.CHANNEL_EDIT, unit_id)
    if not is_personal(kind):
        raise Http404
    form = ChannelForm(request.POST if request.method == "POST" else None, channel=kind)
    if form.is_bound and form.is_valid():
        try:
            set_channel(unit.path, actor=actor, county_id=unit.shard_id, channel=kind, values=form.cleaned_data)
        except BadConfig as fault:
            form.refuse(fault)
        else:
            messages.success(request, _("Set up. Try it out below before somebody relies on it."))
            return redirect(_url(unit))
    context = {"form": form, "unit": unit, "kind": kind, "label": channel_words(kind), "back": _url(unit)}
    return render(request, "reach/channel.html", context, status=REFUSED if form.is_bound else 200)


@require_POST
@page(Permission.CHANNEL_EDIT)
@confirm_first
def channel_end(request: HttpRequest, setting_id: UUID) -> HttpResponse:
    """End what is set here."""
    actor = actor_of(request)
    setting = or_404(ChannelSetting.objects.visible_to(actor, Permission.CHANNEL_EDIT).filter(pk=setting_id).first())
    if isinstance(end_channel(setting, actor=actor), Unchanged):
        messages.info(request, _("Nothing changed: it had ended already."))
    else:
        messages.success(request, _("Ended. What is set further up holds again, if anything is."))
    return redirect(_url(Unit.objects.get(path=setting.place)))


@require_POST
@page(Permission.CHANNEL_EDIT)
def channel_try(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Send the one wording to an address, now."""
    actor = actor_of(request)
    unit = found_unit(actor, Permission.CHANNEL_EDIT, unit_id)
    usable = [row.channel for row in channel_rows(unit, now()) if row.source != "nowhere"]
    form = TrialForm(request.POST, channels=usable)
    if not form.is_valid():
        return render(request, "reach/channels.html", _context(request, unit, form), status=REFUSED)
    chosen = form.cleaned_data["channel"]
    error = send_trial(unit.path, chosen, form.cleaned_data["address"])
    note_trial(unit.path, actor=actor, county_id=unit.shard_id, channel=chosen, has_left=not error)
    if error:
        form.add_error(None, _("It did not leave: {why}.").format(why=error_words(error)))
        return render(request, "reach/channels.html", _context(request, unit, form), status=REFUSED)
    messages.success(request, _("It left by {channel}. Has it arrived?").format(channel=channel_words(chosen)))
    return redirect(_url(unit))


def _url(unit: Unit) -> str:
    return f"{reverse('reach:channels')}?unit={unit.id}"


@require_http_methods(["GET", "POST"])
@page(Permission.HOME_VIEW)
def mine(request: HttpRequest) -> HttpResponse:
    """The own channels: by which ones usual notices come. Red ones come by all."""
    actor = actor_of(request)
    rows = Staff.objects.for_system(reason="the actor's own row").filter(pk=actor.staff_id, left_on=None)
    staff: Staff | None = rows.first() if actor.staff_id else None
    if staff is None:
        raise Http404
    ways = ways_of([staff])[staff.id]
    usable = [way for way in ways if way.is_set_up]
    form = OwnForm(request.POST if request.method == "POST" else None, ways=usable)
    if form.is_bound and form.is_valid():
        done = set_own_channels(
            any_place(actor.places(Permission.HOME_VIEW)), actor=actor, kept_at=staff.place,
            county_id=staff.county_id, choices=form.choices(),
        )  # fmt: skip
        messages.success(request, _("Nothing changed.") if isinstance(done, Unchanged) else _("Saved."))
        return redirect("reach:mine")
    context = {
        "form": form, "words": neutral_words().splitlines(), "is_reached": any(way.address for way in usable),
        "missing": [channel_words(way.channel) for way in ways if not way.is_set_up and way.channel != Channel.FILE],
    }  # fmt: skip
    return render(request, "reach/mine.html", context, status=REFUSED if form.is_bound else 200)
