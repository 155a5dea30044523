"""Rows for private bodies of commands and for jobs, whose actor was checked already or is the system."""

from typing import TYPE_CHECKING

from xinqiao.care.support.models import ContactDuty, FamilyContact

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

_REASON = "body of a command or job of the contact with families"


def every_contact() -> "ScopedQuerySet[FamilyContact]":
    """Return all contacts with families."""
    rows: ScopedQuerySet[FamilyContact] = FamilyContact.objects.for_system(reason=_REASON)
    return rows


def counted_contacts() -> "ScopedQuerySet[FamilyContact]":
    """Return the contacts that count: answered, and with a guardian of the register."""
    return every_contact().filter(is_answered=True, guardian__isnull=False)


def every_duty() -> "ScopedQuerySet[ContactDuty]":
    """Return everything that is or was owed."""
    rows: ScopedQuerySet[ContactDuty] = ContactDuty.objects.for_system(reason=_REASON)
    return rows


def open_duties() -> "ScopedQuerySet[ContactDuty]":
    """Return what is owed now."""
    return every_duty().filter(ended_as="")
