"""The slips of the second paper, to be printed and handed out discreetly."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinqiao.care.screening.selectors.second_papers import slips_of
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now


@require_GET
@page(Permission.RESULT_FULL)
def slips(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return a slip for each pupil who can answer the second paper."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.RESULT_FULL)
    parts = {
        "campaign": found, "slips": slips_of(actor, found, now()), "address": request.build_absolute_uri("/s/"),
        "printed_by": actor.name, "printed_at": now(),
    }  # fmt: skip
    return render(request, "screening/slips.html", parts)
