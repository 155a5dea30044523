"""The audit as a page."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.forms import AuditFilterForm
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.audit.selectors import EventFilter, EventPage, read_events


@page(Permission.AUDIT_READ)
def index(request: HttpRequest) -> HttpResponse:
    """Show events newest first, as sentences; looking is an event too."""
    actor = actor_of(request)
    form = AuditFilterForm(request.GET)
    is_valid = form.is_valid()
    wanted = form.wanted() if is_valid else EventFilter()
    found = read_events(actor, wanted) if is_valid else EventPage([], None)
    places = actor.places(Permission.AUDIT_READ)
    note_reading(actor, "audit.read", place=next(iter(places), ""), facts={"rows": len(found.rows)})
    older = {**request.GET.dict(), "before": str(found.older_than)} if found.older_than else {}
    context = {"form": form, "rows": found.rows, "older_url": f"?{urlencode(older)}" if older else ""}
    return render(request, "audit/index.html", context, status=200 if is_valid else 422)
