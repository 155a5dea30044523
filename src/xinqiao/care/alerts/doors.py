"""Entries of the navigation, links for other apps, and where pages ask for notices."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door, register_link
from xinqiao.foundation.ui.shell import register_notices


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "queue", label=_("Whom to talk to first"), url_name="alerts:queue", icon="heart", order=11, is_open=may_queue
    )
    register_door(
        "notices", label=_("My notices"), url_name="alerts:notices", icon="bell", order=12, is_open=may_notice
    )
    register_door(
        "attention", label=_("Attention"), url_name="alerts:my-class", icon="eye", order=21, is_open=may_attend
    )
    register_door(
        "warnings", label=_("Keep an eye on"), url_name="alerts:warnings", icon="eye", order=13, is_open=may_be_warned
    )
    register_door(
        "beyond", label=_("Warnings not taken"), url_name="alerts:beyond", icon="bell", order=13,
        is_open=may_hear_from_schools,
    )  # fmt: skip
    register_door(
        "report", label=_("I am worried about …"), url_name="alerts:my-reports", icon="flag", order=13,
        is_open=may_report,
    )  # fmt: skip
    register_link("signal", signal_url)
    register_link("set-attention", attention_url)
    register_notices(poll_url)


def _actor(request: HttpRequest) -> Actor | None:
    return getattr(request, "actor", None)


def may_queue(request: HttpRequest) -> bool:
    """Does this reader work the queue?"""
    return may_somewhere(request, Permission.QUEUE_VIEW)


def may_notice(request: HttpRequest) -> bool:
    """May this reader be told?"""
    return may_somewhere(request, Permission.NOTICE_VIEW)


def may_be_warned(request: HttpRequest) -> bool:
    """Is this reader warned as a level of the ladder? Who reads notices has them there."""
    actor = _actor(request)
    if actor is None or actor.can_somewhere(Permission.NOTICE_VIEW):
        return False
    return actor.can_somewhere(Permission.WARNING_VIEW)


def may_hear_from_schools(request: HttpRequest) -> bool:
    """Does this reader hear of schools that have not taken a warning?"""
    return may_somewhere(request, Permission.WARNING_BEYOND)


def may_attend(request: HttpRequest) -> bool:
    """May this reader see levels and advice?"""
    return may_somewhere(request, Permission.ATTENTION_VIEW)


def may_report(request: HttpRequest) -> bool:
    """May this reader report a pupil?"""
    return may_somewhere(request, Permission.WORRY_REPORT)


def poll_url(request: HttpRequest) -> str | None:
    """Where this reader's pages ask for notices; None for one who is never told."""
    return reverse("alerts:poll") if may_notice(request) else None


def signal_url(request: HttpRequest, signal_id: UUID) -> str | None:
    """The page of a signal."""
    return reverse("alerts:signal", args=[signal_id]) if may_notice(request) else None


def attention_url(request: HttpRequest, student_id: UUID) -> str | None:
    """The page on which a pupil's level is set."""
    may = may_somewhere(request, Permission.ATTENTION_SET)
    return reverse("alerts:attention", args=[student_id]) if may else None
