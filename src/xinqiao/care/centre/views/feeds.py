"""The page of one's own calendar address, and the address itself: no sign-in there, a calendar program has none."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from xinqiao.care.centre.feeding import feed_at, holder_of, may_fetch
from xinqiao.care.centre.selectors.feeds import calendar_of, own_feed
from xinqiao.care.centre.services.feeds import end_feed, make_feed
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.selectors import units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS

RETRY_SECONDS = "3600"


@require_GET
@page(Permission.BOOKING_HOLD)
def calendar(request: HttpRequest) -> HttpResponse:
    """Return whether the reader has an address, since when, and when it was fetched last; never the address."""
    return render(request, "centre/calendar.html", {"feed": own_feed(actor_of(request))})


@never_cache
@require_POST
@page(Permission.BOOKING_HOLD)
def make(request: HttpRequest) -> HttpResponse:
    """Make the address, or a new one in its place, and show it this once."""
    actor = actor_of(request)
    school = or_404(next(iter(units_for(actor, Permission.BOOKING_HOLD, *SCHOOL_KINDS)), None))
    token = make_feed(school, actor=actor)
    address = request.build_absolute_uri(reverse("centre:feed", args=[token]))
    return _sealed(render(request, "centre/calendar.html", {"feed": own_feed(actor), "address": address}))


@require_POST
@page(Permission.BOOKING_HOLD)
def end(request: HttpRequest) -> HttpResponse:
    """Switch the address off."""
    actor = actor_of(request)
    feed = own_feed(actor)
    if feed is not None:
        end_feed(feed, actor=actor)
    messages.success(request, _("Switched off. The address leads nowhere any more."))
    return redirect("centre:calendar")


@never_cache
@require_safe
def fetch(_request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar that the address opens; 404 says nothing about why, 429 comes after too many in an hour."""
    at = now()
    feed = feed_at(token)
    held = holder_of(feed, at) if feed is not None else None
    if feed is None or held is None:
        raise Http404
    if not may_fetch(feed, at):
        return _sealed(HttpResponse(status=429, headers={"Retry-After": RETRY_SECONDS}))
    user, actor = held
    return _sealed(HttpResponse(calendar_of(actor, at, user.language), content_type="text/calendar; charset=utf-8"))


def _sealed(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
