"""Raw answers of a campaign, opened for figures about its scales; and which scores those scales have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from xinqiao.care.scales.selectors import plan_for, scale_of, versions_by_id
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import scales_of
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.care.sheets.scoring import read_result
from xinqiao.engines.scoring import Scale
from xinqiao.engines.scoring.model import Subscale
from xinqiao.engines.scoring.plan import PlannedScore
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student

_REASON = "sex of pupils whose sheets the actor was checked for"


@dataclass(frozen=True)
class RawSheet:
    """One handed-in scale of one pupil: packed answers, and what was computed when it was handed in."""

    student_id: UUID
    class_id: UUID
    sex: str
    scale_id: UUID
    answers: bytes
    result: Mapping[str, Any]

    @property
    def is_scored(self) -> bool:
        """Does it count: scored, and not void by the scale's own rule? Signs of carelessness take nothing away. A sheet
        asked by adapting does not: its questions were chosen by its answers, so no average is one of all pupils."""
        return bool(self.result["valid"] and not self.result["faults"]) and not self.is_short

    @property
    def is_short(self) -> bool:
        """Was it asked by adapting, also where that came to all questions?"""
        return "short" in self.result


@dataclass(frozen=True)
class Score:
    """One score of one scale: `key` is `scale.subscale`."""

    key: str
    title: str
    scale_id: UUID
    scale: Scale
    subscale: Subscale
    planned: PlannedScore

    @property
    def unit(self) -> float:
        """What one point of the sum of items is in the unit of the score."""
        return self.planned.numerator / self.planned.denominator

    @property
    def is_sum(self) -> bool:
        """Is it made of items that add up, so that one can ask how well they go together?"""
        return self.planned.method != "steps" and len(self.planned.indices) > 1


def raw_sheets(actor: Actor, campaign: Campaign) -> list[RawSheet]:
    """Open all answers of a campaign that the actor may read; of each pupil and scale the latest round. One event."""
    visible = AnswerSheet.objects.visible_to(actor, Permission.RESULT_FULL).filter(origin_id=campaign.id)
    rows = visible.select_related("sitting").order_by("sitting__round", "id")
    latest = list({(row.student_id, row.scale_code): row for row in rows}.values())
    students = Student.objects.for_system(reason=_REASON).filter(pk__in=visible.values("student_id"))
    sexes = dict(students.values_list("pk", "sex"))
    sheets = [
        RawSheet(
            student_id=row.student_id, class_id=row.sitting.class_id, sex=sexes.get(row.student_id, ""),
            scale_id=row.scale_id, answers=opened["answers"], result=read_result(opened["result"]),
        )
        for row, opened in zip(latest, open_sealed(latest, "answers", "result"), strict=True)
        if opened["result"] and opened["answers"] is not None
    ]  # fmt: skip
    note_reading(
        actor, "screening.figures.read", subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
        county_id=campaign.county_id, facts={"pupils": len({sheet.student_id for sheet in sheets})},
    )  # fmt: skip
    return sheets


def scores_in(sheets: Sequence[RawSheet]) -> list[Score]:
    """Return every score of the scales that were answered, in the order of the scale."""
    versions = versions_by_id({sheet.scale_id for sheet in sheets})
    ordered = sorted(versions.values(), key=lambda version: version.code)
    return [score for version in ordered for score in scores_of(version.id, scale_of(version))]


def scores_of_campaign(campaign: Campaign) -> list[Score]:
    """Return every score of a campaign's battery, answered or not."""
    return [score for version in scales_of(campaign) for score in scores_of(version.id, scale_of(version))]


def scores_of(scale_id: UUID, scale: Scale) -> list[Score]:
    """Return the scores of one published scale."""
    language = get_language() or "zh-hans"
    planned = {score.id: score for score in plan_for(scale_id).scores}
    name = scale.title.in_language(language)
    return [
        Score(
            key=f"{scale.id}.{subscale.id}", title=_title(name, subscale, scale, language), scale_id=scale_id,
            scale=scale, subscale=subscale, planned=planned[subscale.id],
        )
        for subscale in scale.subscales
    ]  # fmt: skip


def _title(name: str, subscale: Subscale, scale: Scale, language: str) -> str:
    return f"{name} · {subscale.title.in_language(language)}" if len(scale.subscales) > 1 else name
