"""Entries of the navigation, and where the page of a pupil leads on."""

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
        "centre", label=_("Counselling centre"), url_name="centre:index", icon="door", order=26, is_open=may_view
    )
    register_door(
        "booked-hours", label=_("Booked hours"), url_name="centre:day", icon="clock", order=25, is_open=may_hold
    )
    register_door(
        "book-an-hour", label=_("Book an hour"), url_name="centre:own", icon="clock", order=25, is_open=may_only_book
    )
    register_link("book-hour", book_url)


def may_hold(request: HttpRequest) -> bool:
    """Does this reader hold hours that pupils book?"""
    return may_somewhere(request, Permission.BOOKING_HOLD)


def may_only_book(request: HttpRequest) -> bool:
    """Does this reader book for pupils, and no more?"""
    return may_somewhere(request, Permission.BOOKING_MAKE) and not may_hold(request)


def may_view(request: HttpRequest) -> bool:
    """Does this reader see how the centre is run?"""
    return may_somewhere(request, Permission.CENTRE_VIEW)


def book_url(request: HttpRequest, student_id: UUID) -> str | None:
    """Where an hour is booked for a pupil."""
    may = may_somewhere(request, Permission.BOOKING_MAKE)
    return reverse("centre:book", args=[student_id]) if may else None
