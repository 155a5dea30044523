"""Entries of the navigation."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door, register_link


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "counselling", label=_("Counselling"), url_name="counselling:index", icon="heart", order=23,
        is_open=may_write,
    )  # fmt: skip
    register_door(
        "counselling-counts", label=_("Counselling in numbers"), url_name="counselling:counts", icon="chart", order=45,
        is_open=may_count,
    )  # fmt: skip
    register_link("counselling-pupil", pupil_url)
    register_door(
        "sealed-notes", label=_("Sealed notes"), url_name="counselling:keys", icon="lock", order=96,
        is_open=may_have_key,
    )  # fmt: skip


def may_have_key(request: HttpRequest) -> bool:
    """May this reader have a key of their own?"""
    return may_somewhere(request, Permission.COUNSEL_KEY)


def may_write(request: HttpRequest) -> bool:
    """Does this reader counsel?"""
    return may_somewhere(request, Permission.COUNSEL_WRITE)


def may_count(request: HttpRequest) -> bool:
    """Does this reader see counts and does not counsel? Whoever counsels finds them on the own page."""
    return may_somewhere(request, Permission.COUNSEL_COUNT) and not may_write(request)


def pupil_url(request: HttpRequest, student_id: UUID) -> str | None:
    """Where a counsellor opens a pupil's course, or finds the open one."""
    return reverse("counselling:begin", args=[student_id]) if may_write(request) else None
