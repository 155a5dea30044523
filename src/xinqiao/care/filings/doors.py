"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
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


def may_file(request: HttpRequest) -> bool:
    """Does this reader see what the school files?"""
    return may_somewhere(request, Permission.FILING_VIEW)


def may_receive(request: HttpRequest) -> bool:
    """Does this reader stand at a bureau that receives?"""
    return may_somewhere(request, Permission.FILING_RECEIVE)
