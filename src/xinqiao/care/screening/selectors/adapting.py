"""Which scales of a campaign are asked by adapting, with which item parameters, and what that is expected to save."""

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.scales.adapting import NO_PARAMETERS, Adapted, adapted_at
from xinqiao.care.scales.models import ItemParameterSet, ScaleVersion
from xinqiao.care.scales.parameter_report import savings_line
from xinqiao.care.scales.selectors import versions_by_id
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.campaigns import scales_of, title_of
from xinqiao.engines.adaptive import Savings
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class AdaptedScale:
    """One scale asked by adapting, in words: what simulated pupils showed, and where the parameters come from."""

    title: str
    expected: str
    source: str
    fingerprint: str


def adapted_ids(campaign: Campaign) -> dict[UUID, str]:
    """Return the scales of the battery asked by adapting; with the id of their item parameters once launched."""
    return {UUID(scale_id): kept for scale_id, kept in json.loads(campaign.adapted).items()}


def adaptations_of(campaign: Campaign, now: dt.datetime) -> dict[UUID, Adapted | str]:
    """Return of each scale that a plan wants to ask by adapting how it would be, or why it cannot be."""
    wanted = adapted_ids(campaign)
    versions = [version for version in scales_of(campaign) if version.id in wanted]
    if not versions:
        return {}
    rule = parameters_for(campaign.place, timezone.localtime(now).date()).adaptive_rule
    return adapted_at(versions, campaign.place, rule)


def adapting_refusals(campaign: Campaign, now: dt.datetime) -> list[WhyNot]:
    """Return why scales of a plan cannot be asked by adapting (any more)."""
    codes = {version.id: version.code for version in scales_of(campaign)}
    found = adaptations_of(campaign, now).items()
    return [WhyNot(f"adapting_{why}", codes[scale_id]) for scale_id, why in found if isinstance(why, str)]


def adaptable_at(school: Unit, scale_ids: list[UUID], on: dt.date) -> dict[UUID, Adapted | str]:
    """Return of those scales for which item parameters hold at a school how they would be asked, or why they cannot
    be."""
    rule = parameters_for(school.path, on).adaptive_rule
    found = adapted_at(versions_by_id(scale_ids).values(), school.path, rule)
    return {scale_id: each for scale_id, each in found.items() if each != NO_PARAMETERS}


def adapted_scales(campaign: Campaign, now: dt.datetime) -> list[AdaptedScale]:
    """Return the scales asked by adapting: before the launch with the parameters in force, then with those frozen."""
    versions = {version.id: version for version in scales_of(campaign)}
    if campaign.launched_at is None:
        ids = {i: each.parameters_id for i, each in adaptations_of(campaign, now).items() if isinstance(each, Adapted)}
    else:
        ids = {scale_id: UUID(kept) for scale_id, kept in adapted_ids(campaign).items()}
    kept = ItemParameterSet.objects.in_bulk(list(ids.values()))
    return [_words(versions[scale_id], kept[own]) for scale_id, own in ids.items() if scale_id in versions]


def _words(version: ScaleVersion, kept: ItemParameterSet) -> AdaptedScale:
    expected = savings_line(Savings(**json.loads(kept.expected)))
    return AdaptedScale(title_of(version), expected, kept.source, kept.digest[:16])
