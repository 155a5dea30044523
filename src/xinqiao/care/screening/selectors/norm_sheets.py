"""What screenings that are over hand over for a local norm: scores, and why some do not count. No names."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.norming import NormSource
from xinqiao.care.screening.models import OF_EVERYONE, Campaign
from xinqiao.care.screening.selectors.campaigns import scale_ids_of
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.care.sheets.scoring import read_result
from xinqiao.engines.norms import NormRules, NormSheet
from xinqiao.engines.scoring import number_text
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import national_grade
from xinqiao.register.orgs.selectors import units_by_id
from xinqiao.register.people.models import ConsentForm
from xinqiao.register.people.rules import CONSENTED
from xinqiao.register.people.selectors import consent_state

_REASON = "scores for a norm: no name and no single sheet is shown"


def norm_source() -> NormSource:
    """Return what is registered with scales."""
    return NormSource(answered_at, norm_sheets)


def answered_at(places: Collection[str]) -> list[tuple[UUID, int]]:
    """Return (version, school year) of the batteries of screenings at or below some places that are over."""
    return [(scale_id, campaign.school_year) for campaign in _over(places) for scale_id in scale_ids_of(campaign)]


def _over(places: Collection[str]) -> "QuerySet[Campaign]":
    rows: QuerySet[Campaign] = Campaign.objects.for_system(reason=_REASON).filter(
        within(places), state=CampaignState.CLOSED, register=OF_EVERYONE
    )  # those on the register are no sample of a school
    return rows.order_by("opens_at", "id")


def norm_sheets(version: ScaleVersion, place: str, school_year: int, rules: NormRules) -> list[NormSheet]:
    """Return the sheets of one version, of each pupil and screening the last round; a second paper is not among them.

    `why_out`: adapted (an estimate is no score), not_scored, void (by the scale's own rule), no_consent (withdrawn, or
    no longer enough today), a sign of answering without reading that the rules leave out.
    """
    own = [each for each in _over([place]).filter(school_year=school_year) if version.id in scale_ids_of(each)]
    return [sheet for turn, campaign in enumerate(own) for sheet in _of_campaign(campaign, version, turn, rules)]


def _of_campaign(campaign: Campaign, version: ScaleVersion, turn: int, rules: NormRules) -> Iterator[NormSheet]:
    rows = AnswerSheet.objects.for_system(reason=_REASON).filter(origin_id=campaign.id, scale_id=version.id)
    ordered = rows.select_related("sitting", "student").order_by("sitting__round", "id")
    latest = list({row.student_id: row for row in ordered}.values())
    consented = _consented(campaign, latest)
    classes = units_by_id({row.sitting.class_id for row in latest})
    for row, opened in zip(latest, open_sealed(latest, "result"), strict=True):
        if opened["result"]:
            why = "" if row.student_id in consented else "no_consent"
            yield _sheet(row, opened["result"], classes.get(row.sitting.class_id), campaign, turn, why, rules)


def _consented(campaign: Campaign, sheets: Sequence[AnswerSheet]) -> set[UUID]:
    form = ConsentForm.objects.for_system(reason=_REASON).get(pk=campaign.form_id)
    states = consent_state([sheet.student for sheet in sheets], form, today())
    return {student_id for student_id, state in states.items() if state in CONSENTED}


def _sheet(
    row: AnswerSheet, text: str, group: Unit | None, campaign: Campaign, turn: int, why: str, rules: NormRules
) -> NormSheet:
    result, on = read_result(text), timezone.localtime(row.submitted_at).date()
    stage, grade = stage_and_grade(group, on)
    signs = [sign for sign in rules.left_out_signs if sign in result["care"]["because"]]
    # Of those asked by adapting only the few who were asked everything have a sum: they are no sample of the rest.
    why = why or ("adapted" if "short" in result else "not_scored" if result["faults"] else "")
    why = why or ("" if result["valid"] else "void") or (signs[0] if signs else "")
    return NormSheet(
        pupil=row.student_id, school=campaign.school_id, turn=(turn, row.sitting.round), sex=row.student.sex,
        stage=stage, grade=grade, why_out=why,
        scores={key: float(number_text(score)) for key, score in result["scores"].items()},  # as pages show it
    )  # fmt: skip


def stage_and_grade(group: Unit | None, on: dt.date) -> tuple[str, int | None]:
    """Return the stage and the national grade, 1–12, that a class was in on a day; nothing for a class that is gone."""
    if group is None:
        return "", None
    return group.stage, national_grade(group.stage, group.entry_year or 0, on, group.primary_years)
