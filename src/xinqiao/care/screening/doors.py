"""Entries of the navigation, and links for other apps."""

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
        "screening", label=_("Screening"), url_name="screening:index", icon="clipboard", order=20, is_open=may_follow
    )
    register_door(
        "coverage", label=_("Coverage"), url_name="screening:coverage", icon="chart", order=50, is_open=may_see_coverage
    )
    register_door(
        "orders", label=_("Screening orders"), url_name="screening:orders", icon="flag", order=45, is_open=may_order
    )
    register_door(
        "my-class-forms", label=_("Observations of my class"), url_name="screening:my-class", icon="eye", order=25,
        is_open=may_observe,
    )  # fmt: skip
    register_link("screening-result", result_url)
    register_link("screening-campaign", campaign_url)


def may_follow(request: HttpRequest) -> bool:
    """Does this reader follow screenings?"""
    return may_somewhere(request, Permission.CAMPAIGN_PROGRESS)


def may_see_coverage(request: HttpRequest) -> bool:
    """May this reader see coverage?"""
    return may_somewhere(request, Permission.COVERAGE_VIEW)


def may_order(request: HttpRequest) -> bool:
    """May this reader order screenings from schools?"""
    return may_somewhere(request, Permission.ORDER_EDIT)


def may_observe(request: HttpRequest) -> bool:
    """Is this reader asked what they see in the pupils of a class of their own?"""
    return may_somewhere(request, Permission.OBSERVATION_WRITE)


def result_url(request: HttpRequest, student_id: UUID) -> str | None:
    """A pupil's results, for those who may read answers."""
    may = may_somewhere(request, Permission.RESULT_FULL)
    return reverse("screening:result", args=[student_id]) if may else None


def campaign_url(request: HttpRequest, campaign_id: UUID) -> str | None:
    """The page of a campaign."""
    return reverse("screening:campaign", args=[campaign_id]) if may_follow(request) else None
