"""Rows for private bodies of commands and for jobs, whose actor was checked already or is the system."""

from django.db.models import QuerySet

from xinqiao.care.crisis.models import CarePlan, Case, FollowUp, Judgement, Measure
from xinqiao.care.crisis.states import CaseState

_REASON = "body of a command or job"


def every_case() -> QuerySet[Case]:
    """Return all cases."""
    rows: QuerySet[Case] = Case.objects.for_system(reason=_REASON)
    return rows


def every_running_case() -> QuerySet[Case]:
    """Return the cases that are not closed; a pupil has one at most."""
    return every_case().exclude(state=CaseState.CLOSED)


def every_judgement() -> QuerySet[Judgement]:
    """Return all judgements."""
    rows: QuerySet[Judgement] = Judgement.objects.for_system(reason=_REASON)
    return rows


def every_plan() -> QuerySet[CarePlan]:
    """Return all versions of plans."""
    rows: QuerySet[CarePlan] = CarePlan.objects.for_system(reason=_REASON)
    return rows


def every_measure() -> QuerySet[Measure]:
    """Return all measures."""
    rows: QuerySet[Measure] = Measure.objects.for_system(reason=_REASON)
    return rows


def every_follow_up() -> QuerySet[FollowUp]:
    """Return all follow-ups."""
    rows: QuerySet[FollowUp] = FollowUp.objects.for_system(reason=_REASON)
    return rows
