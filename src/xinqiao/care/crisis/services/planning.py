"""Writing the individual plan of a case; each version is kept."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.crisis import rules
from xinqiao.care.crisis.errors import CannotCare, demand_none
from xinqiao.care.crisis.models import CarePlan, Case, Measure
from xinqiao.care.crisis.people import colleagues
from xinqiao.care.crisis.rows import every_measure, every_plan
from xinqiao.care.crisis.states import CaseState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows


@dataclass(frozen=True)
class MeasureDraft:
    """What is done, by whom, until when."""

    what: str
    who: str
    until: dt.date | None


@dataclass(frozen=True)
class PlanDraft:
    """A plan as written; `helper` is a staff id, `after` the number of the version that the writer has seen."""

    goals: str
    measures: tuple[MeasureDraft, ...]
    helper: UUID
    for_helper: str
    review_on: dt.date
    family_part: str = ""
    after: int = 0


@command(Permission.CASE_EDIT)
def write_plan(case: Case, *, actor: Actor, draft: PlanDraft) -> CarePlan:
    """Put a version of the plan into force, in place of the one before. Raises CannotCare."""
    last = every_plan().filter(case=case).order_by("number").last()
    demand_none([rules.PLANNED_MEANWHILE] if (last.number if last else 0) != draft.after else [])
    demand_none(
        rules.refusals_to_plan(
            is_closed=case.state == CaseState.CLOSED, goals=draft.goals, measures=len(draft.measures),
            for_helper=draft.for_helper, is_helper_here=draft.helper in colleagues(case.student),
            review_on=draft.review_on, today=today(),
        )
    )  # fmt: skip
    every_plan().filter(case=case, is_current=True).update(is_current=False)
    plan = _write(case, draft, actor)
    record(
        "crisis.plan.written", subject_kind="student", subject_id=case.student_id, place=case.place,
        county_id=case.county_id,
        facts={"case": str(case.id), "plan": str(plan.id), "version": plan.number, "helper": str(plan.helper)},
    )  # fmt: skip
    return plan


def _write(case: Case, draft: PlanDraft, actor: Actor) -> CarePlan:
    common = {"county_id": case.county_id, "place": case.place, "key_id": case.key_id}
    plan = CarePlan(
        case=case, number=draft.after + 1, goals=draft.goals.strip(), family_part=draft.family_part.strip() or None,
        helper=draft.helper, for_helper=draft.for_helper.strip(), review_on=draft.review_on,
        written_by=actor.person_id, written_at=now(), **common,
    )  # fmt: skip
    seal_rows([plan])
    every_plan().bulk_create([plan], ignore_conflicts=True)
    if not every_plan().filter(pk=plan.pk).exists():
        raise CannotCare([rules.PLANNED_MEANWHILE])
    measures = [
        Measure(plan=plan, position=n, what=each.what.strip(), who=each.who.strip() or "–", until=each.until, **common)
        for n, each in enumerate(draft.measures, 1)
    ]
    seal_rows(measures)
    every_measure().bulk_create(measures)
    return plan
