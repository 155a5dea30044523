"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "sealed-notes", label=_("Sealed notes"), url_name="counselling:keys", icon="lock", order=96,
        is_open=may_have_key,
    )  # fmt: skip


def may_have_key(request: HttpRequest) -> bool:
    """May this reader have a key of their own?"""
    return may_somewhere(request, Permission.COUNSEL_KEY)
