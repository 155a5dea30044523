"""What is in force here, and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import actor_of, or_404, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import schools_for, units_by_path
from xinqiao.register.policy.calendar import calendar_for
from xinqiao.register.policy.rows import sections_of
from xinqiao.register.policy.selectors import pack_in_force


@require_GET
@page(Permission.POLICY_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Every value in force at one of the reader's units, with its source."""
    units = _units(actor_of(request))
    wanted = request.GET.get("unit", units[0].code if units else "")
    unit = or_404(next((each for each in units if each.code == wanted), None))
    today = timezone.localtime(now()).date()
    loaded = pack_in_force(unit.path, today)
    language = get_language() or ""
    context = {
        "unit": unit, "units": units, "revision": loaded.revision, "pack": loaded.pack, "today": today,
        "title": loaded.pack.title.in_language(language), "authority": loaded.pack.authority.in_language(language),
        "document": loaded.pack.document.in_language(language), "sections": sections_of(loaded.pack),
        "unpublished_years": calendar_for(unit.path, (today.year, today.year + 1)).unpublished_years,
    }  # fmt: skip
    return render(request, "policy/index.html", context)


def _units(actor: Actor) -> list[Unit]:
    """The units of the reader's grants, and the schools they lie in or contain."""
    own = list(units_by_path(actor.places(Permission.POLICY_VIEW)).values())
    known = {
        unit.id: unit
        for unit in (*own, *schools_for(actor, Permission.POLICY_VIEW))
        if unit.kind not in ("class", "grade")
    }
    return sorted(known.values(), key=lambda unit: unit.path)
