"""Entries of the navigation for referrals and institutions, and links for other pages."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.pages import may_somewhere
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.doors import register_door, register_link


def open_referral_doors() -> None:
    """Register them; called once in `ready()`."""
    register_door(
        "referrals", label=_("Referrals"), url_name="referrals:index", icon="arrow-right", order=26, is_open=may_refer
    )
    register_door(
        "referral-counts", label=_("Referrals"), url_name="referrals:counts", icon="arrow-right", order=26,
        is_open=may_count,
    )  # fmt: skip
    register_door(
        "partners", label=_("Partner institutions"), url_name="referrals:partners", icon="bridge", order=27,
        is_open=may_keep,
    )  # fmt: skip
    register_link("pupil-referrals", pupil_url)


def may_refer(request: HttpRequest) -> bool:
    """Does this reader refer pupils?"""
    return may_somewhere(request, Permission.REFERRAL_EDIT)


def may_count(request: HttpRequest) -> bool:
    """Does this reader follow the numbers alone?"""
    return may_somewhere(request, Permission.REFERRAL_COUNT) and not may_refer(request)


def may_keep(request: HttpRequest) -> bool:
    """Does this reader keep a list of institutions?"""
    return may_somewhere(request, Permission.PARTNER_EDIT)


def pupil_url(request: HttpRequest, student_id: UUID) -> str | None:
    """A pupil's referrals, for whoever refers."""
    return reverse("referrals:pupil", args=[student_id]) if may_refer(request) else None
