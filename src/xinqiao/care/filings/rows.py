"""Rows for private bodies of commands and for jobs, whose actor was checked already or is the system."""

from django.db.models import QuerySet

from xinqiao.care.filings.models import Edition, Filing, Passing
from xinqiao.care.filings.states import OWED

_REASON = "body of a command or job"


def every_filing() -> QuerySet[Filing]:
    """Return all filings."""
    rows: QuerySet[Filing] = Filing.objects.for_system(reason=_REASON)
    return rows


def every_owed_filing() -> QuerySet[Filing]:
    """Return the filings of which nothing was sent yet."""
    return every_filing().filter(sent_at__isnull=True, state__in=OWED)


def every_edition() -> QuerySet[Edition]:
    """Return all versions."""
    rows: QuerySet[Edition] = Edition.objects.for_system(reason=_REASON)
    return rows


def every_passing() -> QuerySet[Passing]:
    """Return to whom filings were passed on."""
    rows: QuerySet[Passing] = Passing.objects.for_system(reason=_REASON)
    return rows
