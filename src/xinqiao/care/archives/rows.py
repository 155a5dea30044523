"""Rows for private bodies of commands and for jobs, whose actor was checked already or is the system."""

from django.db.models import QuerySet

from xinqiao.care.archives.models import Erasure, Excerpt, FamilyNote, FileRequest, GrowthPlan

_REASON = "body of a command or job"


def every_plan() -> QuerySet[GrowthPlan]:
    """Return all growth plans."""
    rows: QuerySet[GrowthPlan] = GrowthPlan.objects.for_system(reason=_REASON)
    return rows


def every_family_note() -> QuerySet[FamilyNote]:
    """Return all versions of family sections."""
    rows: QuerySet[FamilyNote] = FamilyNote.objects.for_system(reason=_REASON)
    return rows


def every_request() -> QuerySet[FileRequest]:
    """Return all requests."""
    rows: QuerySet[FileRequest] = FileRequest.objects.for_system(reason=_REASON)
    return rows


def every_excerpt() -> QuerySet[Excerpt]:
    """Return all excerpts."""
    rows: QuerySet[Excerpt] = Excerpt.objects.for_system(reason=_REASON)
    return rows


def every_erasure() -> QuerySet[Erasure]:
    """Return all erasures."""
    rows: QuerySet[Erasure] = Erasure.objects.for_system(reason=_REASON)
    return rows
