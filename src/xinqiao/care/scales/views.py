"""Pages of scales."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinqiao.care.scales.selectors import scale_of, versions_at
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission


@require_GET
@page(Permission.SCALE_READ)
def index(request: HttpRequest) -> HttpResponse:
    """Every scale there is for the reader."""
    scales = [scale_of(v) for v in versions_at(actor_of(request).places(Permission.SCALE_READ))]
    return render(request, "scales/index.html", {"scales": scales})
