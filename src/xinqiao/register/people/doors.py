"""Doors of the register and links to a pupil's page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door, register_link


def register_all() -> None:
    """Put them up; called once in `ready()`."""
    register_door("students", label=_("Students"), url_name="people:students", icon="people", order=70,
                  is_open=_may(Permission.STUDENT_LIST))  # fmt: skip
    register_door("consent", label=_("Consent"), url_name="people:consent-forms", icon="check", order=71,
                  is_open=_may(Permission.CONSENT_RECORD))  # fmt: skip
    register_door("rosters", label=_("Import a roster"), url_name="people:rosters", icon="upload", order=72,
                  is_open=_may(Permission.ROSTER_IMPORT))  # fmt: skip
    register_link("student-file", _student_url)


def _may(permission: Permission) -> Any:
    def is_open(request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and actor.can_somewhere(permission)

    return is_open


def _student_url(request: HttpRequest, student_id: Any) -> str | None:
    return reverse("people:student", args=[student_id]) if _may(Permission.STUDENT_LIST)(request) else None
