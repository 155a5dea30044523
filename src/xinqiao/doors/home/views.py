"""The front page, and the page of those who keep the installation running."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from xinqiao.doors.home.operation import operation_page
from xinqiao.doors.home.panels import today_for
from xinqiao.doors.home.seats import demo_seats
from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now


def index(request: HttpRequest) -> HttpResponseBase:
    """Today's work for who is signed in, the welcome page for anyone else."""
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html", {"seats": demo_seats()})
    return today_page(request)


@page(Permission.HOME_VIEW)
def today_page(request: HttpRequest) -> HttpResponse:
    """Show today's work."""
    at = now()
    return render(request, "home/today.html", {"today": today_for(actor_of(request), at), "now": at})


@page(Permission.OPERATION_VIEW)
def operation(request: HttpRequest) -> HttpResponse:
    """Show backups, jobs, messages that could not leave, and what the checks say."""
    return render(request, "home/operation.html", {"operation": operation_page(now())})
