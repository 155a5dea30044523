"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "mailbox", label=_("Mailbox"), url_name="mailbox:letters", icon="letter", order=16, is_open=may_answer
    )
    register_door(
        "mailbox_names", label=_("Names to be opened"), url_name="mailbox:requests", icon="key", order=17,
        is_open=may_decide,
    )  # fmt: skip
    register_door(
        "mailbox_counts", label=_("Letters counted"), url_name="mailbox:counts", icon="chart", order=18,
        is_open=may_count,
    )  # fmt: skip


def may_answer(request: HttpRequest) -> bool:
    """Does this reader answer letters?"""
    return may_somewhere(request, Permission.MAIL_ANSWER)


def may_decide(request: HttpRequest) -> bool:
    """Is this reader the second person for sealed names?"""
    return may_somewhere(request, Permission.MAIL_NAME)


def may_count(request: HttpRequest) -> bool:
    """Does this reader see how many letters come?"""
    return may_somewhere(request, Permission.MAIL_COUNT)
