"""Rows for private bodies of commands and for hooks, whose actor was checked already or is the system."""

from django.db.models import QuerySet

from xinqiao.care.transfers.models import Arrival, Handover

_REASON = "body of a command or hook"


def every_handover() -> QuerySet[Handover]:
    """Return all handovers."""
    rows: QuerySet[Handover] = Handover.objects.for_system(reason=_REASON)
    return rows


def every_arrival() -> QuerySet[Arrival]:
    """Return all arrivals."""
    rows: QuerySet[Arrival] = Arrival.objects.for_system(reason=_REASON)
    return rows
