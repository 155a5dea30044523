"""What the rules ask about a case, read for bodies of commands and for pages that have already found the case."""

import datetime as dt
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xinqiao.care.alerts.rows import every_attention, every_signal
from xinqiao.care.alerts.states import SignalState
from xinqiao.care.crisis import rules
from xinqiao.care.crisis.clocks import rules_at
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.obstacles import obstacles_of
from xinqiao.care.crisis.rows import every_follow_up, every_judgement
from xinqiao.care.crisis.states import CaseState, Whom
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.states import StudentStatus


def open_urgencies(student_id: UUID) -> frozenset[str]:
    """Return the urgencies of a pupil's signals that are not settled: clocks run on them."""
    rows = every_signal().filter(student_id=student_id).exclude(state=SignalState.CLOSED)
    return frozenset(rows.values_list("urgency", flat=True))


def standing_level(case: Case) -> str:
    """Return the level that stands: what the last judgement said, or a more serious one that a talk has set since."""
    row = every_attention().filter(student_id=case.student_id, ended_at__isnull=True).first()
    return max(case.level, row.level if row else "", key=lambda level: rules.ORDER[level])


def findings_of(case: Case, since: dt.datetime | None = None) -> list[str]:
    """Return what the follow-ups with the pupil found, newest first."""
    rows = every_follow_up().filter(case=case, whom=Whom.PUPIL)
    if since is not None:
        rows = rows.filter(held_at__gte=since)
    return [str(opened["finding"]) for opened in open_sealed(list(rows.order_by("-held_at", "-id")), "finding")]


def finding_since(case: Case, since: dt.datetime | None) -> str:
    """Return what the newest follow-up with the pupil since a moment found; "" where there was none."""
    return next(iter(findings_of(case, since)), "")


def end_facts(case: Case) -> rules.EndFacts:
    """Return what an end of the case is held against today."""
    parameters, on, urgencies = rules_at(case), today(), open_urgencies(case.student_id)
    was_high = Q(level__in=rules.HIGH) | Q(level_before__in=rules.HIGH)
    high = every_judgement().filter(was_high, case=case).order_by("held_at").last()
    due = [day for day in (case.judge_by, case.follow_up_on) if day is not None]
    return rules.EndFacts(
        is_closed=case.state == CaseState.CLOSED, is_judged=case.state == CaseState.JUDGED, level=standing_level(case),
        was_high=high is not None, high_on=timezone.localtime(high.held_at).date() if high else None,
        calm=rules.calm_in_a_row(findings_of(case)), has_open_red="red" in urgencies, has_open_signal=bool(urgencies),
        is_overdue=any(day < on for day in due), has_left=case.student.status != StudentStatus.ACTIVE, today=on,
        calm_at_least=parameters.care.calm_follow_ups, observation_days=parameters.care.observation_days,
        obstacles=obstacles_of(case),
    )  # fmt: skip
