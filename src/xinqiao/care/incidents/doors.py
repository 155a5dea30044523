"""Entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door


def open_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "incidents", label=_("Incidents"), url_name="incidents:index", icon="alert", order=30, is_open=may_lead
    )
    register_door(
        "incident-counts", label=_("Incidents"), url_name="incidents:counts", icon="alert", order=30, is_open=may_count
    )
    register_door(
        "aftercare", label=_("Looking after pupils"), url_name="incidents:aftercare", icon="people", order=31,
        is_open=may_look_after,
    )  # fmt: skip


def may_lead(request: HttpRequest) -> bool:
    """Does this reader open and lead incidents?"""
    return may_somewhere(request, Permission.INCIDENT_LEAD)


def may_count(request: HttpRequest) -> bool:
    """Is this reader told of incidents without names?"""
    return may_somewhere(request, Permission.INCIDENT_COUNT) and not may_lead(request)


def may_look_after(request: HttpRequest) -> bool:
    """May this reader look after pupils who were exposed?"""
    return may_somewhere(request, Permission.INCIDENT_AFTERCARE)
