"""Class teachers' observations and plans by category, for an actor."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.screening.models import Campaign, ClassObservation, EducationPlan
from xinqiao.care.screening.selectors.campaigns import scales_of, title_of
from xinqiao.care.screening.states import ClassMark, EducationPlanState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.people.models import Staff

_REASON = "plans and observations of a campaign for classes the actor was checked for"


@dataclass(frozen=True)
class ObservationRow:
    """One class: what was seen there; `written_at` is None where nobody has written yet."""

    class_id: UUID
    class_name: str
    marks: tuple[str, ...] = ()
    words: str = ""
    by: str = ""
    written_at: dt.datetime | None = None


@dataclass(frozen=True)
class EducationRow:
    """One plan by category, as whoever works with the classes may read it."""

    id: UUID
    title: str
    category: str
    classes: tuple[str, ...]
    aim: str
    measures: str
    owner: str
    starts_on: dt.date
    due_on: dt.date
    observations: int
    state: EducationPlanState
    outcome: str
    is_late: bool


def category_choices(campaign: Campaign, language: str) -> list[tuple[str, str]]:
    """Return the kinds of difficulty that the battery's banded scores speak of, as (key, title)."""
    return [
        (f"{version.code}.{part.id}", f"{title_of(version)} · {part.title.in_language(language)}")
        for version in scales_of(campaign)
        for part in scale_of(version).subscales
        if part.band_sets
    ]


def owner_choices(actor: Actor, school: Unit) -> list[tuple[str, str]]:
    """Return the staff of a school who may own a plan, as (id, name)."""
    rows = list(
        Staff.objects.visible_to(actor, Permission.STAFF_VIEW).filter(within([school.path]), left_on__isnull=True)
    )
    named = [(str(row.id), opened["name"] or "") for row, opened in zip(rows, open_sealed(rows, "name"), strict=True)]
    return sorted(named, key=lambda pair: pair[1])


def observation_rows(actor: Actor, campaign: Campaign, classes: Sequence[Unit], on: dt.date) -> list[ObservationRow]:
    """Return what was seen in some classes, those without a word too. One reading event."""
    found = list(
        ClassObservation.objects.for_system(reason=_REASON).filter(
            campaign=campaign, class_id__in=[unit.id for unit in classes]
        )
    )
    words = {
        row.class_id: opened["words"] or "" for row, opened in zip(found, open_sealed(found, "words"), strict=True)
    }
    names = staff_names([row.written_by for row in found])
    by_class = {row.class_id: row for row in found}
    if found:
        note_reading(
            actor, "screening.observations.read", subject_kind="campaign", subject_id=campaign.id,
            place=campaign.place, county_id=campaign.county_id, facts={"classes": len(found)},
        )  # fmt: skip
    return [_observation_row(unit, by_class.get(unit.id), words.get(unit.id, ""), names, on) for unit in classes]


def _observation_row(
    unit: Unit, row: ClassObservation | None, words: str, names: dict[UUID, str], on: dt.date
) -> ObservationRow:
    if row is None:
        return ObservationRow(unit.id, name_on(unit, on))
    return ObservationRow(
        class_id=unit.id, class_name=name_on(unit, on), words=words, by=names.get(row.written_by, ""),
        marks=tuple(str(ClassMark(mark).label) for mark in json.loads(row.marks)), written_at=row.written_at,
    )  # fmt: skip


def observation_of(actor: Actor, campaign: Campaign, unit: Unit) -> tuple[list[str], str]:
    """Return the marks and words of one class as they stand, to be written anew; an event where there are any."""
    row = ClassObservation.objects.for_system(reason=_REASON).filter(campaign=campaign, class_id=unit.id).first()
    if row is None:
        return [], ""
    (opened,) = open_sealed([row], "words")
    note_reading(
        actor, "screening.observations.read", subject_kind="campaign", subject_id=campaign.id, place=unit.path,
        county_id=campaign.county_id, facts={"classes": 1},
    )  # fmt: skip
    return list(json.loads(row.marks)), opened["words"] or ""


def plan_for(actor: Actor, plan_id: UUID) -> EducationPlan | None:
    """Return a plan if the actor may change it, else None."""
    rows = EducationPlan.objects.visible_to(actor, Permission.EDUCATION_EDIT).select_related("campaign")
    found: EducationPlan | None = rows.filter(pk=plan_id).first()
    return found


def education_rows(campaign: Campaign, classes: Sequence[Unit], on: dt.date, language: str) -> list[EducationRow]:
    """Return the plans that concern at least one of some classes, those under way first, by their end."""
    names = {str(unit.id): name_on(unit, on) for unit in classes}
    plans = [
        plan
        for plan in EducationPlan.objects.for_system(reason=_REASON).filter(campaign=campaign)
        if set(json.loads(plan.class_ids)) & set(names)
    ]
    owners = staff_names([plan.owner_id for plan in plans])
    titles = dict(category_choices(campaign, language))
    rows = [_education_row(plan, names, owners, titles, on) for plan in plans]
    return sorted(rows, key=lambda row: (row.state == EducationPlanState.FINISHED, row.due_on, row.title))


def _education_row(
    plan: EducationPlan, names: dict[str, str], owners: dict[UUID, str], titles: dict[str, str], on: dt.date
) -> EducationRow:
    state = EducationPlanState(plan.state)
    return EducationRow(
        id=plan.id, title=plan.title, category=titles.get(plan.category, ""),
        classes=tuple(names[class_id] for class_id in json.loads(plan.class_ids) if class_id in names),
        aim=plan.aim, measures=plan.measures, owner=owners.get(plan.owner_id, ""), starts_on=plan.starts_on,
        due_on=plan.due_on, observations=plan.observations, state=state, outcome=plan.outcome,
        is_late=state == EducationPlanState.RUNNING and plan.due_on < on,
    )  # fmt: skip
