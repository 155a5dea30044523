"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "transfers", label=_("Handing files over"), url_name="transfers:index", icon="archive", order=30,
        is_open=_hands,
    )  # fmt: skip
    register_door(
        "transfer-counts", label=_("Files handed over"), url_name="transfers:counts", icon="chart", order=52,
        is_open=_only_counts,
    )  # fmt: skip


def _hands(request: HttpRequest) -> bool:
    return may_somewhere(request, Permission.TRANSFER_HAND)


def _only_counts(request: HttpRequest) -> bool:
    return may_somewhere(request, Permission.TRANSFER_COUNT) and not _hands(request)
