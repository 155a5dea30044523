"""Figures about the scales of a campaign, for the psychology teacher of the school."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinqiao.care.scales.norm_pages import norm_rows
from xinqiao.care.scales.norm_selectors import norms_in_force
from xinqiao.care.screening.methods import methods
from xinqiao.care.screening.selectors.answers import raw_sheets
from xinqiao.care.screening.selectors.campaigns import classes_reached
from xinqiao.care.screening.selectors.coverage import campaign_coverage
from xinqiao.care.screening.views.columns import column_rows
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.care.screening.views.tabs import tabs_of
from xinqiao.care.screening.wording import sign_words
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.register.policy.selectors import parameters_for


@page(Permission.RESULT_FULL)
def figures(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Return how scores lie, how reliable they are, and how the sheets were answered."""
    # scipy loads with this page, not with the server
    from xinqiao.care.screening.selectors.bias import bias_figures
    from xinqiao.care.screening.selectors.change import change_since_last_wave
    from xinqiao.care.screening.selectors.figures import figures_of

    actor = actor_of(request)
    found = campaign_or_404(actor, campaign_id, Permission.RESULT_FULL)
    policy, sheets = parameters_for(found.place, today()), raw_sheets(actor, found)
    least, in_group = policy.reliability_sheets, policy.bias_group_sheets
    shown = figures_of(sheets, request.GET.get("score", ""), least=least)
    parts = {
        "campaign": found, "shown": shown, "least": least, "methods": methods(),
        "total": campaign_coverage(found, today()).total, "tabs": tabs_of(actor, found),
        "columns": column_rows([(c.low, c.high, c.count) for c in shown.columns]) if shown else [],
        "care": [(row, [(sign_words(s), n) for s, n in row.signs]) for row in shown.care] if shown else [],
        "bias": bias_figures(shown.chosen.score, sheets, classes_reached(found), least=in_group)
        if shown and shown.chosen.reliability else [],
        "in_group": in_group,
        "norms": norm_rows(norms_in_force(shown.chosen.score.scale_id, found.place)) if shown else [],
        "change": change_since_last_wave(actor, found, shown.chosen.score, sheets, least=least) if shown else None,
    }  # fmt: skip
    return render(request, "screening/figures.html", parts)
