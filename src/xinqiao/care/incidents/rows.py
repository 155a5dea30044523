"""Rows for private bodies of commands, for jobs, and for pages whose reader was checked."""

from django.db.models import QuerySet

from xinqiao.care.incidents.models import (
    Drill,
    Exposure,
    Hotline,
    HotlineCall,
    HotlineShift,
    Incident,
    IncidentLine,
    IncidentNote,
    IncidentReport,
    JointActivation,
    JointNote,
    JointPart,
    MessageDraft,
    OpinionItem,
)

_REASON = "body of a command or job of incidents, or a page whose reader was checked"


def every_incident() -> QuerySet[Incident]:
    """Return all incidents."""
    rows: QuerySet[Incident] = Incident.objects.for_system(reason=_REASON)
    return rows


def every_line() -> QuerySet[IncidentLine]:
    """Return the lines of all incidents."""
    rows: QuerySet[IncidentLine] = IncidentLine.objects.for_system(reason=_REASON)
    return rows


def every_note() -> QuerySet[IncidentNote]:
    """Return the notes of all incidents."""
    rows: QuerySet[IncidentNote] = IncidentNote.objects.for_system(reason=_REASON)
    return rows


def every_exposure() -> QuerySet[Exposure]:
    """Return all exposed pupils."""
    rows: QuerySet[Exposure] = Exposure.objects.for_system(reason=_REASON)
    return rows


def every_report() -> QuerySet[IncidentReport]:
    """Return all reports."""
    rows: QuerySet[IncidentReport] = IncidentReport.objects.for_system(reason=_REASON)
    return rows


def every_drill() -> QuerySet[Drill]:
    """Return all drills."""
    rows: QuerySet[Drill] = Drill.objects.for_system(reason=_REASON)
    return rows


def every_opinion() -> QuerySet[OpinionItem]:
    """Return the items of public opinion of all incidents."""
    rows: QuerySet[OpinionItem] = OpinionItem.objects.for_system(reason=_REASON)
    return rows


def every_draft() -> QuerySet[MessageDraft]:
    """Return the drafts of messages of all incidents."""
    rows: QuerySet[MessageDraft] = MessageDraft.objects.for_system(reason=_REASON)
    return rows


def every_hotline() -> QuerySet[Hotline]:
    """Return all hotlines."""
    rows: QuerySet[Hotline] = Hotline.objects.for_system(reason=_REASON)
    return rows


def every_shift() -> QuerySet[HotlineShift]:
    """Return the shifts of all hotlines."""
    rows: QuerySet[HotlineShift] = HotlineShift.objects.for_system(reason=_REASON)
    return rows


def every_phone_call() -> QuerySet[HotlineCall]:
    """Return the calls of all hotlines."""
    rows: QuerySet[HotlineCall] = HotlineCall.objects.for_system(reason=_REASON)
    return rows


def every_activation() -> QuerySet[JointActivation]:
    """Return all joint activations."""
    rows: QuerySet[JointActivation] = JointActivation.objects.for_system(reason=_REASON)
    return rows


def every_part() -> QuerySet[JointPart]:
    """Return the parts of all partners."""
    rows: QuerySet[JointPart] = JointPart.objects.for_system(reason=_REASON)
    return rows


def every_joint_note() -> QuerySet[JointNote]:
    """Return the situation lines of all joint activations."""
    rows: QuerySet[JointNote] = JointNote.objects.for_system(reason=_REASON)
    return rows
