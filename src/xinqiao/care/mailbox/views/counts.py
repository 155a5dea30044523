"""How many letters come and how fast they are answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinqiao.care.mailbox.selectors.counts import counts_for
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now


@require_GET
@page(Permission.MAIL_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """Counts by month and channel, handfuls hidden."""
    return render(request, "mailbox/counts.html", {"counts": counts_for(actor_of(request), now())})
