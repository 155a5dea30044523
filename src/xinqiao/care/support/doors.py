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
        "register", label=_("Register"), url_name="support:register", icon="archive", order=22, is_open=may_keep
    )
    register_door(
        "mentees", label=_("My mentees"), url_name="support:mentees", icon="person", order=21, is_open=may_mentor
    )
    register_door("mentors", label=_("Mentors"), url_name="support:mentors", icon="person", order=26, is_open=may_deal)
    register_door(
        "contacts", label=_("Contact with families"), url_name="support:contacts", icon="home", order=25,
        is_open=may_follow,
    )  # fmt: skip
    register_door(
        "parents", label=_("Parent school"), url_name="support:parents", icon="book", order=25, is_open=may_teach
    )
    register_door(
        "support-counts", label=_("Mentors and families"), url_name="support:counts", icon="person", order=26,
        is_open=may_only_count,
    )  # fmt: skip
    register_link("register-pupil", pupil_url)
    register_link("register-propose", propose_url)
    register_link("family-contacts", contacts_url)


def may_keep(request: HttpRequest) -> bool:
    """Does this reader keep a register?"""
    return may_somewhere(request, Permission.REGISTER_VIEW)


def may_mentor(request: HttpRequest) -> bool:
    """May this reader have mentees?"""
    return may_somewhere(request, Permission.MENTEE_OWN)


def may_deal(request: HttpRequest) -> bool:
    """Does this reader deal pupils to mentors?"""
    return may_somewhere(request, Permission.MENTOR_DEAL)


def may_follow(request: HttpRequest) -> bool:
    """Does this reader follow which families of a class were reached?"""
    return may_somewhere(request, Permission.CONTACT_FOLLOW)


def may_teach(request: HttpRequest) -> bool:
    """Does this reader note that parents were taught?"""
    return may_somewhere(request, Permission.PARENTS_EDIT)


def may_only_count(request: HttpRequest) -> bool:
    """Is this reader told how far mentors are, and no more?"""
    return may_somewhere(request, Permission.SUPPORT_COUNT) and not may_deal(request)


def pupil_url(request: HttpRequest, student_id: UUID) -> str | None:
    """A pupil's entries, for whoever keeps the register."""
    return reverse("support:pupil", args=[student_id]) if may_keep(request) else None


def propose_url(request: HttpRequest, student_id: UUID) -> str | None:
    """Where a class teacher proposes a pupil; whoever keeps the register enters pupils and proposes none."""
    may = may_somewhere(request, Permission.REGISTER_PROPOSE) and not may_keep(request)
    return reverse("support:propose", args=[student_id]) if may else None


def contacts_url(request: HttpRequest, student_id: UUID) -> str | None:
    """Where contact with a pupil's family is noted."""
    may = may_somewhere(request, Permission.CONTACT_WRITE)
    return reverse("support:contacts-pupil", args=[student_id]) if may else None
