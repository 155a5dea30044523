"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "filings", label=_("Filed with the bureau"), url_name="filings:index", icon="flag", order=26, is_open=may_file
    )
    register_door(
        "filings-received", label=_("Filed by schools"), url_name="filings:received", icon="flag", order=22,
        is_open=may_receive,
    )  # fmt: skip


def _may(request: HttpRequest, permission: Permission) -> bool:
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(permission)


def may_file(request: HttpRequest) -> bool:
    """Does this reader see what the school files?"""
    return _may(request, Permission.FILING_VIEW)


def may_receive(request: HttpRequest) -> bool:
    """Does this reader stand at a bureau that receives?"""
    return _may(request, Permission.FILING_RECEIVE)
