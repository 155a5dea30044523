"""Entries of the navigation, and links for other apps."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinqiao.care.crisis.selectors.helping import is_helping
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door, register_link


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door("cases", label=_("Cases"), url_name="crisis:cases", icon="shield", order=20, is_open=may_care)
    register_door(
        "ledger", label=_("Warning ledger"), url_name="crisis:ledger", icon="book", order=24, is_open=may_read_ledger
    )
    register_door("helping", label=_("Whom I help"), url_name="crisis:helping", icon="heart", order=25, is_open=helps)
    register_link("case-of-pupil", case_url)


def _actor(request: HttpRequest) -> Actor | None:
    return getattr(request, "actor", None)


def may_care(request: HttpRequest) -> bool:
    """Does this reader work on cases?"""
    return may_somewhere(request, Permission.CASE_VIEW)


def may_read_ledger(request: HttpRequest) -> bool:
    """May this reader see the ledger?"""
    return may_somewhere(request, Permission.LEDGER_VIEW)


def helps(request: HttpRequest) -> bool:
    """Was a pupil entrusted to this reader?"""
    actor = _actor(request)
    return actor is not None and actor.can_somewhere(Permission.HELPER_OWN) and is_helping(actor)


def case_url(request: HttpRequest, student_id: UUID) -> str | None:
    """A pupil's open case, or where one is opened."""
    return reverse("crisis:pupil", args=[student_id]) if may_care(request) else None
