"""Judgements, plans and follow-ups of one case, opened for whoever may see the case."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.crisis.models import CarePlan, Case, FollowUp, Judgement, Measure
from xinqiao.care.crisis.states import Finding, Way, Whom
from xinqiao.care.crisis.wording import evidence_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.keys.fields import erased_word, open_sealed
from xinqiao.register.accounts.actors import staff_names


@dataclass(frozen=True)
class JudgementPaper:
    """One judgement with its words."""

    id: UUID
    number: int
    held_at: dt.datetime
    recorded_by: str
    people: tuple[str, ...]
    evidence: tuple[str, ...]
    looked_at: str
    has_static: bool
    has_dynamic: bool
    level: str
    level_before: str
    reasons: str
    advice: str
    review_on: dt.date


@dataclass(frozen=True)
class MeasureLine:
    """One measure."""

    what: str
    who: str
    until: dt.date | None


@dataclass(frozen=True)
class PlanPaper:
    """One version of a plan with its words."""

    id: UUID
    number: int
    is_current: bool
    goals: str
    measures: tuple[MeasureLine, ...]
    family_part: str
    helper_id: UUID
    helper: str
    for_helper: str
    review_on: dt.date
    written_at: dt.datetime
    written_by: str


@dataclass(frozen=True)
class FollowUpPaper:
    """One follow-up with its words."""

    held_at: dt.datetime
    who: str
    way: str
    whom: str
    words: str
    finding: str
    finding_words: str
    next_on: dt.date | None


def judgements_of(actor: Actor, case: Case) -> list[JudgementPaper]:
    """Return the judgements of a case, newest first."""
    rows = Judgement.objects.visible_to(actor, Permission.CASE_VIEW).filter(case=case).order_by("-number")
    return _judgements(list(rows))


def find_judgement(actor: Actor, judgement_id: UUID) -> tuple[Case, JudgementPaper] | None:
    """Return one judgement with its case, if the actor may see it."""
    rows = Judgement.objects.visible_to(actor, Permission.CASE_VIEW).select_related("case__student")
    row = rows.filter(pk=judgement_id).first()
    return (row.case, _judgements([row])[0]) if row else None


def _judgements(rows: Sequence[Judgement]) -> list[JudgementPaper]:
    present = {row.id: [UUID(each) for each in json.loads(row.present)] for row in rows}
    names = staff_names([each for ids in present.values() for each in ids] + [row.recorded_by for row in rows])
    opened = open_sealed(rows, "others", "looked_at", "reasons", "advice")
    return [
        JudgementPaper(
            id=row.id, number=row.number, held_at=row.held_at, recorded_by=names.get(row.recorded_by, ""),
            people=(*(names[each] for each in present[row.id] if each in names), *_lines(words["others"])),
            evidence=tuple(dict.fromkeys(evidence_words(kind) for kind, _id in json.loads(row.evidence))),
            looked_at=words["looked_at"] or "", has_static=row.has_static, has_dynamic=row.has_dynamic,
            level=row.level, level_before=row.level_before, reasons=words["reasons"] or "",
            advice=words["advice"] or "", review_on=row.review_on,
        )
        for row, words in zip(rows, opened, strict=True)
    ]  # fmt: skip


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def plans_of(actor: Actor, case: Case) -> list[PlanPaper]:
    """Return the versions of a case's plan, newest first."""
    rows = CarePlan.objects.visible_to(actor, Permission.CASE_VIEW).filter(case=case).order_by("-number")
    return _plans(list(rows))


def find_plan(actor: Actor, plan_id: UUID) -> tuple[Case, PlanPaper] | None:
    """Return one version of a plan with its case, if the actor may see it."""
    rows = CarePlan.objects.visible_to(actor, Permission.CASE_VIEW).select_related("case__student")
    row = rows.filter(pk=plan_id).first()
    return (row.case, _plans([row])[0]) if row else None


def _plans(rows: Sequence[CarePlan]) -> list[PlanPaper]:
    names = staff_names([each for row in rows for each in (row.helper, row.written_by)])
    measures = _measures([row.id for row in rows])
    opened = open_sealed(rows, "goals", "family_part", "for_helper")
    return [
        PlanPaper(
            id=row.id, number=row.number, is_current=row.is_current, goals=words["goals"] or "",
            measures=tuple(measures.get(row.id, ())), family_part=words["family_part"] or "", helper_id=row.helper,
            helper=names.get(row.helper, ""), for_helper=words["for_helper"] or "", review_on=row.review_on,
            written_at=row.written_at, written_by=names.get(row.written_by, ""),
        )
        for row, words in zip(rows, opened, strict=True)
    ]  # fmt: skip


def _measures(plan_ids: Sequence[UUID]) -> dict[UUID, list[MeasureLine]]:
    rows = list(
        Measure.objects.for_system(reason="measures of plans that were fetched for the actor")
        .filter(plan_id__in=plan_ids)
        .order_by("position")
    )
    found: dict[UUID, list[MeasureLine]] = {}
    for row, words in zip(rows, open_sealed(rows, "what", "who"), strict=True):
        found.setdefault(row.plan_id, []).append(MeasureLine(words["what"] or "", words["who"] or "", row.until))
    return found


def follow_ups_of(actor: Actor, case: Case) -> list[FollowUpPaper]:
    """Return the follow-ups of a case, newest first."""
    rows = list(FollowUp.objects.visible_to(actor, Permission.CASE_VIEW).filter(case=case).order_by("-held_at", "-id"))
    names = staff_names([row.held_by for row in rows])
    return [
        FollowUpPaper(
            held_at=row.held_at, who=names.get(row.held_by, ""), way=str(Way(row.way).label),
            whom=str(Whom(row.whom).label), words=words["seen_words"] or "", finding=words["finding"] or "",
            finding_words=finding_words(words["finding"], is_there=row.finding is not None), next_on=row.next_on,
        )
        for row, words in zip(rows, open_sealed(rows, "seen_words", "finding"), strict=True)
    ]  # fmt: skip


def finding_words(finding: str | None, *, is_there: bool) -> str:
    """Return what a helper found, in words; where the key was destroyed, that it was erased."""
    return str(Finding(finding).label) if finding else erased_word() if is_there else ""
