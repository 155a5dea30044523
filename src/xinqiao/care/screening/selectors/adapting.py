"""Which scales of a campaign are asked by adapting, with which item parameters, and what that is expected to save."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.care.scales.adapting import (
    LOSES_FLAGS,
    NO_PARAMETERS,
    Adapted,
    adapted_at,
    precise_figures,
    precise_savings,
)
from xinqiao.care.scales.models import ItemParameterSet, ScaleVersion
from xinqiao.care.scales.parameter_report import precise_line, savings_line
from xinqiao.care.scales.selectors import versions_by_id
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.campaigns import scales_of, title_of
from xinqiao.care.screening.states import AskingEnd
from xinqiao.engines.adaptive import Savings
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class AdaptedScale:
    """One scale asked by adapting, in words: until when, what simulated pupils showed, and where the parameters come
    from."""

    title: str
    until: str
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
    return _adapted_until(campaign.asking_ends, versions, campaign.place, timezone.localtime(now).date())


def _adapted_until(
    ends: str, versions: Iterable[ScaleVersion], place: str, on: dt.date
) -> dict[UUID, Adapted | str]:  # fmt: skip
    policy = parameters_for(place, on)
    if ends == AskingEnd.PRECISE:
        return adapted_at(versions, place, policy.precise_rule, least_agreement=policy.precise_agreement)
    return adapted_at(versions, place, policy.adaptive_rule)


def adapting_refusals(campaign: Campaign, now: dt.datetime) -> list[WhyNot]:
    """Return why scales of a plan cannot be asked by adapting (any more)."""
    versions = {version.id: version for version in scales_of(campaign)}
    refused = {i: why for i, why in adaptations_of(campaign, now).items() if isinstance(why, str)}
    lost = [versions[i] for i, why in refused.items() if why == LOSES_FLAGS]
    figures = {i: figure_of(each) for i, each in (precise_figures(lost, campaign.place) if lost else {}).items()}
    return [WhyNot(f"adapting_{why}", versions[i].code, figures.get(i, ())) for i, why in refused.items()]


def figure_of(found: Savings) -> tuple[str]:
    """Return in words how often a shorter form decided as the full scale, and missed whom that finds."""
    return (
        _("the same decision for {agreement} %, and {missed} % missed of those found by the whole scale").format(
            agreement=f"{100 * found.agreement:.1f}", missed=f"{100 * found.missed:.1f}"
        ),
    )


def adaptable_at(
    school: Unit, scale_ids: list[UUID], on: dt.date, ends: str = AskingEnd.DECIDED
) -> dict[UUID, Adapted | str]:
    """Return of those scales for which item parameters hold at a school how they would be asked until `ends`, or why
    they cannot be."""
    found = _adapted_until(ends, versions_by_id(scale_ids).values(), school.path, on)
    return {scale_id: each for scale_id, each in found.items() if each != NO_PARAMETERS}


def adapted_scales(campaign: Campaign, now: dt.datetime) -> list[AdaptedScale]:
    """Return the scales asked by adapting: before the launch with the parameters in force, then with those frozen."""
    versions = {version.id: version for version in scales_of(campaign)}
    if campaign.launched_at is None:
        ids = {i: each.parameters_id for i, each in adaptations_of(campaign, now).items() if isinstance(each, Adapted)}
    else:
        ids = {scale_id: UUID(kept) for scale_id, kept in adapted_ids(campaign).items()}
    kept = ItemParameterSet.objects.in_bulk(list(ids.values()))
    return [_words(versions[i], kept[own], campaign.asking_ends) for i, own in ids.items() if i in versions]


def _words(version: ScaleVersion, kept: ItemParameterSet, ends: str) -> AdaptedScale:
    precise = precise_savings(kept) if ends == AskingEnd.PRECISE else None
    expected = precise_line(precise[1], precise[0]) if precise else savings_line(Savings(**json.loads(kept.expected)))
    return AdaptedScale(title_of(version), str(AskingEnd(ends).label), expected, kept.source, kept.digest[:16])
