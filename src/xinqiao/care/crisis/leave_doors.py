"""Entries of the navigation for leave and return, and a link for other pages."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door, register_link


def open_leave_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "leaves", label=_("Leave and return"), url_name="leaves:index", icon="refresh", order=28, is_open=may_follow
    )
    register_link("pupil-leave", pupil_url)


def may_follow(request: HttpRequest) -> bool:
    """Does this reader keep leaves, or decide on returns?"""
    return may_somewhere(request, Permission.LEAVE_DECIDE)


def pupil_url(request: HttpRequest, student_id: UUID) -> str | None:
    """A pupil's leave, for whoever keeps or decides."""
    return reverse("leaves:pupil", args=[student_id]) if may_follow(request) else None
