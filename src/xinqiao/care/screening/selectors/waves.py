"""The wave before: which closed campaign asked the same, how its pupils have changed, and how one pupil has."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from uuid import UUID

from xinqiao.care.scales.selectors import scale_of, versions_by_id
from xinqiao.care.screening.models import Campaign, MeasuredScore
from xinqiao.care.screening.selectors.answers import Score, scores_of_campaign
from xinqiao.care.screening.selectors.campaigns import scale_ids_of
from xinqiao.care.screening.selectors.sheets import ScoreLine, SheetFace
from xinqiao.care.screening.states import CampaignState
from xinqiao.engines.scoring import Scale
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission

# Two-sided 5 % of a normal distribution: Jacobson & Truax 1991, J Consult Clin Psychol 59:12-19.
RELIABLE = 1.96
_REASON = "the error of measurement in campaigns of a pupil whom the actor was checked for"


@dataclass(frozen=True)
class ScorePoint:
    """One score of one pupil on one day."""

    at: dt.datetime
    value: float


@dataclass(frozen=True)
class PupilChange:
    """One score of one pupil, before and now. `verdict`: worse, better or within (the error), unknown (no error known).

    `limits` are the lowest and highest score there can be;
    `error` is how far two scores may differ by chance: 1.96 times the root of 2 times the error of the wave before.
    """

    title: str
    limits: tuple[float, float]
    points: tuple[ScorePoint, ...]
    before: str
    now: str
    difference: float
    error: float | None
    verdict: str

    @property
    def values(self) -> list[float]:
        """The scores, oldest first."""
        return [point.value for point in self.points]

    @property
    def latest_at(self) -> dt.datetime:
        """When the last one was handed in."""
        return self.points[-1].at


def earlier_wave(actor: Actor, campaign: Campaign, score: Score) -> tuple[Campaign, Score] | None:
    """Return the last closed campaign of the same school before this one that asked for the same score."""
    visible = Campaign.objects.visible_to(actor, Permission.RESULT_FULL)
    before = list(
        visible.filter(
            place=campaign.place, state=CampaignState.CLOSED, opens_at__lt=campaign.opens_at, register=campaign.register
        ).order_by("-opens_at", "-id")
    )  # fmt: skip
    versions = versions_by_id({scale_id for each in before for scale_id in scale_ids_of(each)})
    for each in before:
        battery = [versions[scale_id] for scale_id in scale_ids_of(each) if scale_id in versions]
        if not any(version.code == score.scale.id for version in battery):
            continue
        found = next((own for own in scores_of_campaign(each) if own.key == score.key), None)
        if found and is_same_score(found.scale, score.scale, score.subscale.id):
            return each, found
    return None


def measured_score(campaign: Campaign, score: Score) -> MeasuredScore | None:
    """Return how exact a score was in a closed campaign; None until that was measured."""
    rows = MeasuredScore.objects.for_system(reason=_REASON).filter(
        campaign=campaign, scale_id=score.scale_id, score_id=score.subscale.id
    )
    found: MeasuredScore | None = rows.first()
    return found


def is_same_score(first: Scale, second: Scale, score_id: str) -> bool:
    """Do two versions of a scale ask the same items for a score, and read them alike?"""
    parts = [next((part for part in scale.subscales if part.id == score_id), None) for scale in (first, second)]
    if parts[0] is None or parts[1] is None:
        return False
    keys = [(p.items, p.method, p.multiply, p.truncate, p.at_least, p.steps) for p in parts if p]
    return keys[0] == keys[1] and _codes(first, parts[0].items) == _codes(second, parts[1].items)


def _codes(scale: Scale, numbers: Iterable[int]) -> list[tuple[tuple[int, ...], bool]]:
    items = {item.number: item for item in scale.items}
    return [(items[number].codes, items[number].reversed) for number in numbers]


def pupil_changes(sheets: Sequence[SheetFace], *, least: int) -> list[PupilChange]:
    """Return how each score of a pupil's latest sheets stands to the one before; sheets newest first, void ones out.

    `least` complete sheets of the wave before make its error known.
    """
    counted = [sheet for sheet in sheets if sheet.is_valid and not sheet.faults]
    latest = [sheet for sheet in sheets[:1] for sheet in counted if sheet.sitting_id == sheets[0].sitting_id]
    scales = {key: scale_of(version) for key, version in versions_by_id({s.scale_id for s in counted}).items()}
    errors = _errors({sheet.origin_id for sheet in counted}, least)
    return [
        change
        for sheet in latest
        for line in sheet.scores
        if (change := _change(sheet, line, _before(sheet, line, counted, scales), scales, errors))
    ]


def _before(
    sheet: SheetFace, line: ScoreLine, counted: Sequence[SheetFace], scales: Mapping[UUID, Scale]
) -> list[tuple[SheetFace, ScoreLine]]:
    """The same score on earlier sheets, newest first."""
    return [
        (earlier, own)
        for earlier in counted
        if earlier.scale_code == sheet.scale_code and earlier.submitted_at < sheet.submitted_at
        for own in earlier.scores
        if own.id == line.id and is_same_score(scales[earlier.scale_id], scales[sheet.scale_id], line.id)
    ]


def _errors(campaigns: set[UUID], least: int) -> dict[tuple[UUID, UUID, str], float]:
    rows = MeasuredScore.objects.for_system(reason=_REASON).filter(
        campaign_id__in=campaigns, complete__gte=least, sem__gt=0
    )
    return {(row.campaign_id, row.scale_id, row.score_id): row.sem for row in rows if row.sem}


def _change(
    sheet: SheetFace, line: ScoreLine, before: Sequence[tuple[SheetFace, ScoreLine]], scales: Mapping[UUID, Scale],
    errors: Mapping[tuple[UUID, UUID, str], float],
) -> PupilChange | None:  # fmt: skip
    if not before:
        return None
    earlier, then = before[0]
    sem = errors.get((earlier.origin_id, earlier.scale_id, line.id))
    error = None if sem is None else RELIABLE * sqrt(2) * sem
    difference = float(line.value) - float(then.value)
    is_better_high = scales[sheet.scale_id].subscale(line.id).higher_means == "better"
    points = [ScorePoint(each.submitted_at, float(own.value)) for each, own in [*before[::-1], (sheet, line)]]
    name = f"{sheet.title} · {line.title}" if len(sheet.scores) > 1 else sheet.title
    return PupilChange(
        title=name, limits=_limits(scales[sheet.scale_id], line.id), points=tuple(points), before=then.value,
        now=line.value, difference=difference, error=error,
        verdict=verdict_of(difference, error, is_better_high=is_better_high),
    )  # fmt: skip


def _limits(scale: Scale, score_id: str) -> tuple[float, float]:
    """The lowest and highest score there can be."""
    part = scale.subscale(score_id)
    items = {item.number: item.codes for item in scale.items}
    low, high = sum(items[number][0] for number in part.items), sum(items[number][-1] for number in part.items)
    if part.method in ("count", "steps"):
        low, high = 0, len(part.steps if part.method == "steps" else part.items)
    shrink = part.multiply[0] / part.multiply[1] / (len(part.items) if part.method == "mean" else 1)
    return low * shrink, high * shrink


def verdict_of(difference: float, error: float | None, *, is_better_high: bool) -> str:
    """Return what a difference says: worse, better, within the error, or unknown."""
    if error is None:
        return "unknown"
    if abs(difference) < error:
        return "within"
    return "better" if (difference > 0) == is_better_high else "worse"
