"""The list of cases, the warning ledger, and finding one case."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.alerts.states import Source
from xinqiao.care.crisis import rules
from xinqiao.care.crisis.models import CarePlan, Case, FollowUp
from xinqiao.care.crisis.states import CaseState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for

MOST_IDS_IN_AUDIT = 200
SCHOOL_YEAR_BEGINS = (9, 1)


@dataclass(frozen=True)
class CaseRow:
    """One case as a list shows it: level, dates and people, no notes."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    level: str
    state: str
    state_words: str
    waits_for: str
    next_on: dt.date | None
    is_overdue: bool
    judge_by: dt.date | None
    follow_up_on: dt.date | None
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    end_words: str
    owner: str
    is_mine: bool
    is_ownerless: bool
    has_left: bool
    is_high_risk: bool
    helper: str
    has_plan: bool
    plan_review_on: dt.date | None
    measures: int
    follow_ups: int
    source: str


@dataclass(frozen=True)
class CaseList:
    """The open cases, the one that is most overdue first, and those that were closed."""

    open: tuple[CaseRow, ...]
    closed: tuple[CaseRow, ...]

    @property
    def high_risk(self) -> tuple[CaseRow, ...]:
        """The high-risk list: whom the last judgement put there."""
        return tuple(row for row in self.open if row.is_high_risk)

    @property
    def overdue(self) -> int:
        """How many wait for something that should have been."""
        return sum(row.is_overdue for row in self.open)

    @property
    def without_plan(self) -> int:
        """How many were judged and have no plan."""
        return sum(row.state == CaseState.JUDGED and not row.has_plan for row in self.open)


def find_case(actor: Actor, permission: Permission, case_id: UUID) -> Case | None:
    """Return a case that the actor may reach by a permission, its pupil with it; None otherwise."""
    rows = Case.objects.visible_to(actor, permission).select_related("student", "former")
    found: Case | None = rows.filter(pk=case_id).first()
    return found


def open_case_of(actor: Actor, student_id: UUID) -> Case | None:
    """Return the open case of a pupil, if the actor may see it."""
    rows = Case.objects.visible_to(actor, Permission.CASE_VIEW).filter(student_id=student_id)
    found: Case | None = rows.exclude(state=CaseState.CLOSED).first()
    return found


def case_list(actor: Actor) -> CaseList:
    """Return the cases of every place where the actor may see them; reading it is one audit event."""
    return _list(actor, Permission.CASE_VIEW, "crisis.list.read")


def ledger(actor: Actor) -> CaseList:
    """Return the warning ledger of this school year: who, level, whose, what next; no notes, and an audit event."""
    return _list(actor, Permission.LEDGER_VIEW, "crisis.ledger.read")


def count_due(actor: Actor, on: dt.date) -> int:
    """Return how many cases have a conference or a follow-up due by a day. Names nobody."""
    rows = Case.objects.visible_to(actor, Permission.CASE_EDIT).exclude(state=CaseState.CLOSED)
    return int(rows.filter(Q(judge_by__lte=on) | Q(follow_up_on__lte=on)).count())


def _list(actor: Actor, permission: Permission, event: str) -> CaseList:
    since = dt.date(school_year_of(today()), *SCHOOL_YEAR_BEGINS)
    rows = Case.objects.visible_to(actor, permission).filter(~Q(state=CaseState.CLOSED) | Q(closed_at__date__gte=since))
    cases = list(rows.select_related("student").order_by("opened_at", "id"))
    if cases:
        note_reading(
            actor, event, subject_kind="students", place=min(case.student.place for case in cases),
            county_id=cases[0].county_id,
            facts={"count": len(cases), "ids": [str(case.student_id) for case in cases[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    shown = case_rows(actor, cases)
    closed = [row for row in shown if row.state == CaseState.CLOSED]
    return CaseList(
        open=tuple(sorted((row for row in shown if row.state != CaseState.CLOSED), key=_order)),
        closed=tuple(sorted(closed, key=lambda row: row.closed_at or row.opened_at, reverse=True)),
    )


def _order(row: CaseRow) -> tuple[bool, dt.date, int, str, str]:
    return not row.is_overdue, row.next_on or dt.date.max, -rules.ORDER.get(row.level, -1), row.class_name, row.name


@dataclass(frozen=True)
class _Around:
    """What all rows need, read at once."""

    names: dict[UUID, str]
    classes: dict[str, str]
    staff: dict[UUID, str]
    leaders: dict[str, frozenset[UUID]]
    plans: dict[UUID, CarePlan]
    measures: dict[UUID, int]
    follow_ups: Counter[UUID]
    sources: dict[UUID, list[Signal]]
    high: dict[str, tuple[str, ...]]


def case_rows(actor: Actor, cases: Sequence[Case]) -> list[CaseRow]:
    """Return rows of cases that were fetched for the actor."""
    students, on = [case.student for case in cases], today()
    ids = [case.id for case in cases]
    plans, schools = {plan.case_id: plan for plan in _plans(ids)}, {student.school_place for student in students}
    people = {case.owner for case in cases} | {plan.helper for plan in plans.values()}
    held = FollowUp.objects.for_system(reason="how many, for rows that were fetched for the actor")
    around = _Around(
        names=names_of(students), classes=class_names({s.place for s in students}, on),
        staff=staff_names(list(people)), plans=plans,
        measures=dict(_measure_counts(plans)),
        follow_ups=Counter(held.filter(case_id__in=ids).values_list("case_id", flat=True)),
        sources=_sources(actor, cases),
        high={place: parameters_for(place, on).care.high_risk_levels for place in schools},
        leaders={place: frozenset(staff_who_may(Permission.CASE_EDIT, place, on)) for place in schools},
    )  # fmt: skip
    return [_row(case, around, actor, on) for case in cases]


def _plans(case_ids: Sequence[UUID]) -> list[CarePlan]:
    rows = CarePlan.objects.for_system(reason="plans in force of cases that were fetched for the actor")
    return list(rows.filter(case_id__in=case_ids, is_current=True))


def _measure_counts(plans: dict[UUID, CarePlan]) -> list[tuple[UUID, int]]:
    rows = CarePlan.objects.for_system(reason="how many measures, of the same plans")
    found = rows.filter(pk__in=[plan.pk for plan in plans.values()]).annotate(found=Count("measures"))
    return list(found.values_list("case_id", "found"))


def _sources(actor: Actor, cases: Sequence[Case]) -> dict[UUID, list[Signal]]:
    """Signals by pupil, for whoever may know where they came from; empty for anybody else."""
    ids = [case.student_id for case in cases]
    rows = Signal.objects.visible_to(actor, Permission.QUEUE_VIEW).filter(student_id__in=ids).order_by("raised_at")
    found: dict[UUID, list[Signal]] = {}
    for signal in rows if actor.can_somewhere(Permission.QUEUE_VIEW) else ():
        found.setdefault(signal.student_id, []).append(signal)
    return found


def _row(case: Case, around: _Around, actor: Actor, on: dt.date) -> CaseRow:
    student, plan = case.student, around.plans.get(case.id)
    next_on, waits_for = next_of(case)
    return CaseRow(
        id=case.id, student_id=student.id, name=around.names[student.id],
        class_name=around.classes.get(student.place, ""), level=case.level or "none", state=case.state,
        state_words=str(CaseState(case.state).label), waits_for=waits_for, next_on=next_on,
        is_overdue=next_on is not None and next_on < on, judge_by=case.judge_by, follow_up_on=case.follow_up_on,
        opened_at=case.opened_at, closed_at=case.closed_at,
        end_words=case.get_end_reason_display() if case.end_reason else "", owner=around.staff.get(case.owner, ""),
        is_mine=case.owner == actor.staff_id, is_ownerless=case.owner not in around.leaders[student.school_place],
        has_left=student.status != StudentStatus.ACTIVE,
        is_high_risk=case.state == CaseState.JUDGED and case.level in around.high[student.school_place],
        helper=around.staff.get(plan.helper, "") if plan else "", has_plan=plan is not None,
        plan_review_on=plan.review_on if plan else None, measures=around.measures.get(case.id, 0),
        follow_ups=around.follow_ups[case.id], source=_source_words(case, around.sources.get(student.id, [])),
    )  # fmt: skip


def _source_words(case: Case, signals: Sequence[Signal]) -> str:
    before = [signal for signal in signals if signal.raised_at <= case.opened_at]
    return str(Source(before[-1].source).label) if before and not case.opened_for else _("Opened by hand")


def next_of(case: Case) -> tuple[dt.date | None, str]:
    """Return the day of what a case waits for next, and what that is."""
    if case.state == CaseState.CLOSED:
        return None, ""
    if case.follow_up_on is not None and (case.judge_by is None or case.follow_up_on <= case.judge_by):
        return case.follow_up_on, _("Follow-up")
    first = case.state == CaseState.OPEN
    return case.judge_by, _("First case conference") if first else _("Case conference")
