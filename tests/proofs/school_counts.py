"""What was lived in a simulated year, counted: so that a proof of nothing is not taken for a proof."""

from typing import Any

from xinqiao.care.alerts.models import Signal
from xinqiao.care.crisis.models import Case, FollowUp, Referral
from xinqiao.care.filings.models import Filing, Passing
from xinqiao.care.incidents.models import Exposure, Incident, IncidentLine, IncidentReport
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.duty.models import Absence

REASON = "a simulated year"


def _rows(model: Any) -> Any:
    return model.objects.for_system(reason=REASON)


def counts_of_the_year() -> dict[str, int]:
    """How much of each kind was lived; `…_late` are those whose clock climbed."""
    climbed = _rows(Deadline).filter(rung__gt=0)
    return {
        "cases_closed": _rows(Case).filter(state="closed").count(),
        "follow_ups": _rows(FollowUp).count(),
        "absences": _rows(Absence).count(),
        "referrals_open": _rows(Referral).exclude(state__in=("closed", "withdrawn")).count(),
        "signals_beyond_the_plan": _rows(Signal).exclude(once__startswith="year:").count(),
        "incidents_closed": _rows(Incident).filter(state="closed").count(),
        "lines": _rows(IncidentLine).count(),
        "lines_waived": _rows(IncidentLine).filter(state="waived").count(),
        "lines_late": climbed.filter(subject_kind="incident_line").count(),
        "reports_received": _rows(IncidentReport).filter(state="received").count(),
        "reports_late": climbed.filter(subject_kind="incident_report").count(),
        "exposed": _rows(Exposure).count(),
        "exposed_late": climbed.filter(subject_kind="exposure").count(),
        "exposed_worries": _rows(Exposure).filter(state="worry").count(),
        "filings_first": _rows(Filing).filter(kind="first").count(),
        "filings_visit": _rows(Filing).filter(kind="visit").count(),
        "filings_confirmed": _rows(Filing).filter(state="acknowledged").count(),
        "filings_late": climbed.filter(kind="filing").count(),
        "filings_passed": _rows(Passing).count(),
    }
