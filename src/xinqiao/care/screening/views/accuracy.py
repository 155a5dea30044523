"""How good a screening was."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinqiao.care.screening.disclosure import SMALLEST_CELL
from xinqiao.care.screening.selectors.accuracy import accuracy_ledger
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission


@require_GET
@page(Permission.RESULT_FULL)
def accuracy(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return each flag of a screening, held against what the talks found."""
    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.RESULT_FULL)
    parts = {
        "campaign": found, "rows": accuracy_ledger(actor, found), "tabs": tabs_of(actor, found),
        "smallest": SMALLEST_CELL,
    }  # fmt: skip
    return render(request, "screening/accuracy.html", parts)
