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


def may_view(request: HttpRequest) -> bool:
    """Does this reader see how the centre is run?"""
    return may_somewhere(request, Permission.CENTRE_VIEW)
