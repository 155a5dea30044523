"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door("rounds", label=_("Rounds"), url_name="rounds:index", icon="flag", order=23, is_open=may_sign)
    register_door(
        "round-counts", label=_("Rounds"), url_name="rounds:counts", icon="flag", order=24, is_open=may_only_count
    )


def may_sign(request: HttpRequest) -> bool:
    """Does this reader go through lists, or follow those who do?"""
    return may_somewhere(request, Permission.ROUND_SIGN)


def may_only_count(request: HttpRequest) -> bool:
    """Is this reader told how rounds stand, and no more?"""
    return may_somewhere(request, Permission.ROUND_COUNT) and not may_sign(request)
