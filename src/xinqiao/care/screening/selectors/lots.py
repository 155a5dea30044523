"""Who was drawn by lot, by name, for those who hold the talks; and the local figures that planning may use."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.screening.models import OF_EVERYONE, Campaign, Lot, LotDraw
from xinqiao.care.screening.selectors.accuracy import drawn_findings, findings_of, is_usable, strata_of
from xinqiao.care.screening.selectors.campaigns import scales_of
from xinqiao.care.screening.selectors.sheets import OpenSheet, open_sheets
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.engines.accuracy import Figure, Stratum, predictive_value, sensitivity, specificity
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_path

_REASON = "figures of a whole school, never of fewer than five pupils"


@dataclass(frozen=True)
class DrawRow:
    """One pupil who was drawn; the list says nothing of what the pupil answered."""

    id: UUID
    name: str
    class_name: str
    is_done: bool


@dataclass(frozen=True)
class LocalAccuracy:
    """How well a flag of a scale did at this school: like `forecast.Accuracy`, with intervals and the talks."""

    scale: str
    flag: str
    sensitivity: float
    specificity: float
    source: str
    sensitivity_interval: tuple[float, float]
    specificity_interval: tuple[float, float]
    ppv: Figure
    talked_to: int


def lot_of(campaign: Campaign) -> Lot | None:
    """Return the draw of a campaign that the actor was checked for."""
    found: Lot | None = (
        Lot.objects.for_system(reason="of a campaign the actor may read").filter(campaign=campaign).first()
    )
    return found


def draws_of(actor: Actor, campaign: Campaign, on: dt.date) -> list[DrawRow]:
    """Return the pupils drawn for a campaign, in the order of their lots; one event."""
    rows = LotDraw.objects.visible_to(actor, Permission.INTERVIEW_WRITE).filter(lot__campaign=campaign)
    draws = list(rows.select_related("student").order_by("position"))
    names = open_sealed([draw.student for draw in draws], "name")
    units = units_by_path({draw.student.place for draw in draws})
    if draws:
        note_reading(
            actor, "screening.lot.read", subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
            county_id=campaign.county_id, facts={"pupils": len(draws)},
        )  # fmt: skip
    return [
        DrawRow(
            id=draw.id, name=words["name"] or "", is_done=draw.interview_id is not None,
            class_name=name_on(units[draw.student.place], on) if draw.student.place in units else "",
        )
        for draw, words in zip(draws, names, strict=True)
    ]  # fmt: skip


def find_draw(actor: Actor, draw_id: UUID) -> LotDraw | None:
    """Return a draw whose pupil the actor may talk to, else None. That the pupil was drawn is read: one event."""
    rows = LotDraw.objects.visible_to(actor, Permission.INTERVIEW_WRITE).select_related("student", "lot")
    found: LotDraw | None = rows.filter(pk=draw_id).first()
    if found is not None:
        note_reading(
            actor, "screening.lot.read", subject_kind="student", subject_id=found.student_id,
            place=found.student.place, county_id=found.county_id, facts={"pupils": 1},
        )  # fmt: skip
    return found


def local_accuracy(school: Unit, scale: str) -> LocalAccuracy | None:
    """Return how well a scale's first flag did in this school's own screenings with a draw; None where that is unknown.

    Counts of all such screenings are added up; nothing of a single pupil is in it.
    """
    campaigns = Campaign.objects.for_system(reason=_REASON).filter(
        place=school.path, lot__isnull=False, register=OF_EVERYONE
    )
    pooled: list[tuple[Stratum, ...]] = []
    flag = ""
    for campaign in campaigns.order_by("launched_at"):
        version = next((version for version in scales_of(campaign) if version.code == scale), None)
        flags = scale_of(version).flags if version else ()
        if flags:
            flag = flags[0].id
            pooled.append(strata_of(_sheets(campaign, scale), flag, findings_of(campaign), drawn_findings(campaign)))
    return _figures(scale, flag, [_sum(column) for column in zip(*pooled, strict=True)]) if pooled else None


def _sheets(campaign: Campaign, scale: str) -> list[OpenSheet]:
    rows = AnswerSheet.objects.for_system(reason=_REASON).filter(origin_id=campaign.id, scale_code=scale)
    opened = open_sheets(list(rows.select_related("sitting").order_by("sitting__round", "id")))
    return [sheet for sheet in {sheet.student_id: sheet for sheet in opened}.values() if is_usable(sheet)]


def _sum(strata: Sequence[Stratum]) -> Stratum:
    return Stratum(
        strata[0].is_flagged, sum(s.pupils for s in strata), sum(s.talked_to for s in strata),
        sum(s.needed for s in strata),
    )  # fmt: skip


def _figures(scale: str, flag: str, strata: Sequence[Stratum]) -> LocalAccuracy | None:
    over, _beside, quiet = strata
    found, spared, ppv = sensitivity(strata), specificity(strata), predictive_value(over.needed, over.talked_to)
    if min(over.talked_to, quiet.talked_to) < SMALLEST_CELL or not (found and spared and ppv):
        return None
    return LocalAccuracy(
        scale=scale, flag=flag, sensitivity=found.value, specificity=spared.value, source="local", ppv=ppv,
        sensitivity_interval=(found.low, found.high), specificity_interval=(spared.low, spared.high),
        talked_to=sum(stratum.talked_to for stratum in strata),
    )  # fmt: skip
