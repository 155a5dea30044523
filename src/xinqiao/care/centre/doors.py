"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door


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


def may_hold(request: HttpRequest) -> bool:
    """Does this reader hold hours that pupils book?"""
    return may_somewhere(request, Permission.BOOKING_HOLD)


def may_only_book(request: HttpRequest) -> bool:
    """Does this reader book for pupils, and no more?"""
    return may_somewhere(request, Permission.BOOKING_MAKE) and not may_hold(request)


def may_view(request: HttpRequest) -> bool:
    """Does this reader see how the centre is run?"""
    return may_somewhere(request, Permission.CENTRE_VIEW)
