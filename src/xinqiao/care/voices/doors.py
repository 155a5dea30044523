"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "committee", label=_("Committee members"), url_name="voices:classes", icon="people", order=23, is_open=may_view
    )


def may_view(request: HttpRequest) -> bool:
    """Does this reader look after committee members?"""
    return may_somewhere(request, Permission.COMMITTEE_VIEW)
