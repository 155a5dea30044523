"""Rows for private bodies of commands and for jobs, whose actor was checked already or is the system."""

from django.db.models import QuerySet

from xinqiao.care.crisis.models import Case


def every_case() -> QuerySet[Case]:
    """Return all cases."""
    rows: QuerySet[Case] = Case.objects.for_system(reason="body of a command or job")
    return rows
