"""Entries of the navigation, and links for other apps."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door, register_link


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "files", label=_("Pupils' files"), url_name="archives:index", icon="archive", order=21, is_open=_reads
    )
    register_door(
        "file-figures", label=_("Statistics of the files"), url_name="archives:figures", icon="chart", order=51,
        is_open=_only_counts,
    )  # fmt: skip
    register_door(
        "file-requests", label=_("Requests about files"), url_name="archives:requests", icon="file", order=29,
        is_open=_answers,
    )  # fmt: skip
    register_link("pupil-file", _to("archives:file", Permission.FILE_VIEW))
    register_link("growth-plan", _to("archives:plan", Permission.FILE_PLAN))
    register_link("family-note", _to("archives:family", Permission.FILE_FAMILY))
    register_link("file-request-new", _to("archives:request-new", Permission.FILE_REQUEST))


def _reads(request: HttpRequest) -> bool:
    return may_somewhere(request, Permission.FILE_VIEW)


def _answers(request: HttpRequest) -> bool:
    return may_somewhere(request, Permission.FILE_REQUEST)


def _only_counts(request: HttpRequest) -> bool:
    return may_somewhere(request, Permission.FILE_COUNT) and not _reads(request)


def _to(url_name: str, permission: Permission) -> Callable[[HttpRequest, UUID], str | None]:
    def resolve(request: HttpRequest, student_id: UUID) -> str | None:
        return reverse(url_name, args=[student_id]) if may_somewhere(request, permission) else None

    return resolve
