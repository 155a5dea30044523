"""Rows for private bodies of commands and for jobs, whose actor was checked already or is the system."""

from django.db.models import QuerySet

from xinqiao.care.alerts.models import Attention, LevelWarning, Notice, Report, Signal


def every_signal() -> QuerySet[Signal]:
    """Return all signals."""
    rows: QuerySet[Signal] = Signal.objects.for_system(reason="body of a command or job")
    return rows


def every_notice() -> QuerySet[Notice]:
    """Return all notices."""
    rows: QuerySet[Notice] = Notice.objects.for_system(reason="body of a command or job")
    return rows


def every_report() -> QuerySet[Report]:
    """Return all reports of staff."""
    rows: QuerySet[Report] = Report.objects.for_system(reason="body of a command or job")
    return rows


def every_attention() -> QuerySet[Attention]:
    """Return all attention rows."""
    rows: QuerySet[Attention] = Attention.objects.for_system(reason="body of a command or job")
    return rows


def every_warning() -> QuerySet[LevelWarning]:
    """Return all warnings to levels of the ladder."""
    rows: QuerySet[LevelWarning] = LevelWarning.objects.for_system(reason="body of a command or job")
    return rows
