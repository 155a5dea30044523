"""What class teachers say of their classes, and plans by category made with it (S2a-3.1d)."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.screening.models import Campaign, ClassObservation, EducationPlan
from xinqiao.care.screening.rules import WhyNot, refusals_of_names, refusals_of_observation, refusals_to_plan_education
from xinqiao.care.screening.states import ClassMark, EducationPlanState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

_REASON = "body of a command that has checked its actor at the class or school"


class CannotWrite(ValueError):
    """The observation or the plan cannot be kept so; `reasons` says every why."""

    def __init__(self, reasons: Sequence[WhyNot]) -> None:
        super().__init__("; ".join(reason.code for reason in reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class EducationDraft:
    """What a plan by category is to be; `category` is the key of a score or empty."""

    category: str
    title: str
    class_ids: tuple[UUID, ...]
    aim: str
    measures: str
    owner_id: UUID
    starts_on: dt.date
    due_on: dt.date


@command(Permission.OBSERVATION_WRITE)
def write_observation(
    class_unit: Unit, *, actor: Actor, campaign: Campaign, marks: Sequence[str], words: str
) -> ClassObservation:
    """Write down what a class is like as a whole, or write it anew. Raises CannotWrite where a pupil is named."""
    _demand(refusals_of_observation(campaign.state, marks, words, _names_in(class_unit)))
    found = (
        ClassObservation.objects.for_system(reason=_REASON).filter(campaign=campaign, class_id=class_unit.id).first()
    )
    observation = found or ClassObservation(
        county_id=class_unit.shard_id, place=class_unit.path, campaign=campaign, class_id=class_unit.id,
        key_id=new_key(SubjectKind.UNIT),
    )  # fmt: skip
    observation.marks = json.dumps([ClassMark(mark).value for mark in marks])
    observation.words = words.strip() or None
    observation.written_by, observation.written_at = actor.person_id, now()
    observation.save()
    record(
        "screening.observation.written", subject_kind="class", subject_id=class_unit.id, place=class_unit.path,
        county_id=class_unit.shard_id, facts={"marks": len(marks), "campaign": str(campaign.id)},
    )  # fmt: skip
    return observation


def _names_in(class_unit: Unit) -> list[str]:
    students = list(
        Student.objects.for_system(reason=_REASON).filter(place=class_unit.path, status=StudentStatus.ACTIVE)
    )
    return [opened["name"] or "" for opened in open_sealed(students, "name")]


@command(Permission.EDUCATION_EDIT)
def write_education_plan(campaign: Campaign, *, actor: Actor, draft: EducationDraft) -> EducationPlan:
    """Plan what is done for some classes about one kind of difficulty. Raises CannotWrite."""
    _demand([WhyNot("of_register")] if campaign.is_of_register else [])
    _demand(refusals_to_plan_education(campaign.state, draft.starts_on, draft.due_on, len(draft.class_ids)))
    _demand(_refusals_of_names(draft.class_ids, draft.title, draft.aim, draft.measures))
    observations = ClassObservation.objects.for_system(reason=_REASON).filter(
        campaign=campaign, class_id__in=draft.class_ids
    )
    plan = EducationPlan(
        county_id=campaign.county_id, place=campaign.place, campaign=campaign, observations=observations.count(),
        written_by=actor.person_id, written_at=now(),
    )  # fmt: skip
    _apply(plan, draft)
    plan.save(force_insert=True)
    _record(plan, "screening.education.planned")
    return plan


@command(Permission.EDUCATION_EDIT)
def change_education_plan(plan: EducationPlan, *, actor: Actor, draft: EducationDraft) -> EducationPlan:
    """Change a plan that is under way. Raises CannotWrite."""
    del actor
    locked = _locked(plan)
    _demand([] if locked.state == EducationPlanState.RUNNING else [WhyNot("education_finished")])
    state = locked.campaign.state
    _demand(refusals_to_plan_education(state, draft.starts_on, draft.due_on, len(draft.class_ids)))
    _demand(_refusals_of_names(draft.class_ids, draft.title, draft.aim, draft.measures))
    _apply(locked, draft)
    locked.save()
    _record(locked, "screening.education.changed")
    return locked


@command(Permission.EDUCATION_EDIT)
def finish_education_plan(plan: EducationPlan, *, actor: Actor, outcome: str) -> EducationPlan | Unchanged:
    """Say what came of a plan. Raises CannotWrite without words."""
    _demand([] if outcome.strip() else [WhyNot("no_outcome")])
    _demand(_refusals_of_names([UUID(class_id) for class_id in json.loads(plan.class_ids)], outcome))
    running = EducationPlan.objects.for_system(reason=_REASON).filter(pk=plan.pk, state=EducationPlanState.RUNNING)
    if not running.update(
        state=EducationPlanState.FINISHED, outcome=outcome.strip(), finished_by=actor.person_id,
        finished_at=now(),
    ):  # fmt: skip
        return Unchanged("already_finished")
    plan.refresh_from_db()
    _record(plan, "screening.education.finished")
    return plan


def _refusals_of_names(classes: Sequence[UUID], *texts: str) -> list[WhyNot]:
    """A plan is for classes and read by many: no pupil of theirs is named in it."""
    units = Unit.objects.filter(pk__in=classes)
    return refusals_of_names(" ".join(texts), [name for unit in units for name in _names_in(unit)])


def _apply(plan: EducationPlan, draft: EducationDraft) -> None:
    plan.category, plan.title = draft.category, draft.title.strip()
    plan.class_ids = json.dumps([str(class_id) for class_id in draft.class_ids])
    plan.aim, plan.measures, plan.owner_id = draft.aim.strip(), draft.measures.strip(), draft.owner_id
    plan.starts_on, plan.due_on = draft.starts_on, draft.due_on


def _locked(plan: EducationPlan) -> EducationPlan:
    found: EducationPlan = EducationPlan.objects.for_system(reason=_REASON).select_for_update().get(pk=plan.pk)
    return found


def _demand(reasons: Sequence[WhyNot]) -> None:
    if reasons:
        raise CannotWrite(reasons)


def _record(plan: EducationPlan, event: str) -> None:
    facts = {"classes": len(json.loads(plan.class_ids)), "campaign": str(plan.campaign_id)}
    record(event, subject_kind="education_plan", subject_id=plan.id, place=plan.place, county_id=plan.county_id,
           facts=facts)  # fmt: skip
