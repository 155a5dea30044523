"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.care.feedback.selectors.tasks import count_open_tasks
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door("owed", label=_("Feedback owed"), url_name="feedback:owed", icon="letter", order=22, is_open=may_give)
    register_door(
        "own-words", label=_("Words for me"), url_name="feedback:words", icon="letter", order=22, is_open=may_teach
    )
    register_door(
        "meetings", label=_("Analysis meetings"), url_name="feedback:meetings", icon="people", order=26,
        is_open=may_attend,
    )  # fmt: skip
    register_door(
        "meeting-tasks", label=_("Tasks from meetings"), url_name="feedback:tasks", icon="check", order=27,
        is_open=has_tasks,
    )  # fmt: skip
    register_door(
        "warnings-ledger", label=_("All warnings"), url_name="feedback:ledger", icon="book", order=24,
        is_open=may_read_ledger,
    )  # fmt: skip
    register_door(
        "mechanisms", label=_("Four mechanisms"), url_name="feedback:mechanisms", icon="shield", order=29,
        is_open=may_read_mechanisms,
    )  # fmt: skip
    register_door(
        "feedback-counts", label=_("Feedback owed"), url_name="feedback:counts", icon="letter", order=26,
        is_open=may_only_count,
    )  # fmt: skip


def may_give(request: HttpRequest) -> bool:
    """Does this reader give feedback?"""
    return may_somewhere(request, Permission.FEEDBACK_EDIT)


def may_teach(request: HttpRequest) -> bool:
    """May words be meant for this reader, who gives none?"""
    return may_somewhere(request, Permission.FEEDBACK_OWN) and not may_somewhere(request, Permission.FEEDBACK_COUNT)


def may_only_count(request: HttpRequest) -> bool:
    """Is this reader told how many are owed, and no more?"""
    return may_somewhere(request, Permission.FEEDBACK_COUNT) and not may_give(request)


def may_attend(request: HttpRequest) -> bool:
    """Does this reader hold meetings, or attend for a class or grade?"""
    return may_somewhere(request, Permission.MEETING_ATTEND)


def has_tasks(request: HttpRequest) -> bool:
    """Did a meeting give this reader something to do?"""
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(Permission.FEEDBACK_OWN) and count_open_tasks(actor) > 0


def may_read_ledger(request: HttpRequest) -> bool:
    """May this reader see the ledger of all warnings?"""
    return may_somewhere(request, Permission.LEDGER_VIEW)


def may_read_mechanisms(request: HttpRequest) -> bool:
    """May this reader see what a school keeps against crises?"""
    return may_somewhere(request, Permission.MECHANISM_VIEW)
