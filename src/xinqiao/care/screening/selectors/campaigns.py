"""Which campaigns there are for an actor, and their classes."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.models import Campaign, ClassReach, InformantForm
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import places_above, within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import grade_name
from xinqiao.register.orgs.selectors import cohort_order, units_below, units_by_id
from xinqiao.register.orgs.states import UnitKind

Cohort = tuple[str, int]


@dataclass(frozen=True)
class CampaignRow:
    """One campaign of a list. `answered` of `invited` counts pupils; those without consent are not invited."""

    id: UUID
    name: str
    school: str
    state: CampaignState
    opens_at: dt.datetime
    closes_at: dt.datetime
    school_year: int
    grades: str
    scales: str
    answered: int
    invited: int
    is_of_register: bool = False


def cohorts_of(asked: Campaign | InformantForm) -> tuple[Cohort, ...]:
    """Return the cohorts that a campaign screens, or about whom a form of it asks, as (stage, entry year)."""
    return tuple((str(stage), int(entry_year)) for stage, entry_year in json.loads(asked.grades))


def scale_ids_of(asked: Campaign | InformantForm) -> tuple[UUID, ...]:
    """Return the battery as ids of published versions, in order."""
    return tuple(UUID(text) for text in json.loads(asked.scale_ids))


def scales_of(asked: Campaign | InformantForm) -> list[ScaleVersion]:
    """Return the battery's published versions, in order."""
    return _versions(scale_ids_of(asked))


def gate_scales_of(campaign: Campaign) -> list[ScaleVersion]:
    """Return the scales of the second gate's paper, in order; none where the gate is no paper."""
    return _versions([UUID(text) for text in json.loads(campaign.gate_scale_ids)])


def _versions(ids: Sequence[UUID]) -> list[ScaleVersion]:
    found = ScaleVersion.objects.in_bulk(list(ids))
    return [found[scale_id] for scale_id in ids if scale_id in found]


def classes_of(asked: Campaign | InformantForm) -> list[Unit]:
    """Return the classes of the cohorts, lowest grade first."""
    cohorts = set(cohorts_of(asked))
    return [unit for unit in units_below(asked.place, UnitKind.CLASS) if (unit.stage, unit.entry_year) in cohorts]


def reach_of(campaign: Campaign) -> dict[UUID, ClassReach]:
    """Return what was kept of each class when the campaign ended; empty while it runs."""
    if campaign.state != CampaignState.CLOSED:
        return {}
    rows = ClassReach.objects.for_system(reason="what an ended campaign reached").filter(campaign=campaign)
    return {row.class_id: row for row in rows}


def classes_reached(campaign: Campaign) -> list[Unit]:
    """Return the classes of a campaign; of an ended one those it had then, also where they have closed since."""
    kept = units_by_id(reach_of(campaign))
    return sorted(kept.values(), key=cohort_order) if kept else classes_of(campaign)


def day_of(campaign: Campaign, today: dt.date) -> dt.date:
    """Return the day as of which classes and grades are called: the last one of an ended campaign, else today."""
    return timezone.localtime(campaign.closed_at).date() if campaign.closed_at else today


def classes_for(actor: Actor, campaign: Campaign, permission: Permission) -> list[Unit]:
    """Return those classes of a campaign where the actor holds the permission."""
    return [unit for unit in classes_of(campaign) if actor.can(permission, unit.path)]


def reaching(actor: Actor, permission: Permission) -> "QuerySet[Campaign]":
    """Return the campaigns of schools at, below or above the actor's places: a class teacher's school counts.

    What is shown of them is narrowed again to the classes where the actor holds the permission.
    """
    rows: QuerySet[Campaign] = Campaign.objects.for_system(
        reason="narrowed here to the actor's places and the schools above them"
    )
    rows = rows.filter(Campaign.known_to(actor))
    if actor.is_system:
        return rows
    places = actor.places(permission)
    above = {prefix for place in places for prefix in places_above(place)}
    return rows.filter(within(places) | Q(place__in=above))


def campaign_rows(actor: Actor, on: dt.date) -> list[CampaignRow]:
    """Return the campaigns an actor may follow, newest first; the same number of queries for any number of rows."""
    campaigns = list(reaching(actor, Permission.CAMPAIGN_PROGRESS).order_by("-opens_at", "-id"))
    schools = units_by_id({campaign.school_id for campaign in campaigns})
    campaigns = [c for c in campaigns if _concerns(actor, c, schools.get(c.school_id))]
    counts = _counts([campaign.id for campaign in campaigns])
    versions = ScaleVersion.objects.in_bulk({i for campaign in campaigns for i in scale_ids_of(campaign)})
    return [
        _row(campaign, schools[campaign.school_id], counts.get(campaign.id, (0, 0)), versions, on)
        for campaign in campaigns
    ]


def _concerns(actor: Actor, campaign: Campaign, school: Unit | None) -> bool:
    """A class or grade is shown only the campaigns that were launched and that screen it."""
    if school is None:
        return False
    if actor.can(Permission.CAMPAIGN_PROGRESS, campaign.place):
        return campaign.state != CampaignState.DRAFT or actor.can(Permission.CAMPAIGN_VIEW, campaign.place)
    return campaign.state != CampaignState.DRAFT and _screens_own(actor, campaign)


def _screens_own(actor: Actor, campaign: Campaign) -> bool:
    own = [p for p in actor.places(Permission.CAMPAIGN_PROGRESS) if p.startswith(campaign.place)]
    units = Unit.objects.filter(path__in=own).values_list("stage", "entry_year")
    return bool(set(units) & set(cohorts_of(campaign)))


def _counts(ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    sittings = Sitting.objects.for_system(reason="counts of campaigns the actor may follow").filter(origin_id__in=ids)
    answered = Count("student_id", filter=Q(state=SittingState.SUBMITTED), distinct=True)
    invited = Count("student_id", filter=~Q(state=SittingState.EXCUSED), distinct=True)
    rows = sittings.values("origin_id").annotate(answered=answered, invited=invited)
    return {row["origin_id"]: (row["answered"], row["invited"]) for row in rows.order_by()}


def _row(
    campaign: Campaign, school: Unit, counts: tuple[int, int], versions: dict[UUID, ScaleVersion], on: dt.date
) -> CampaignRow:
    return CampaignRow(
        id=campaign.id, name=campaign.name, school=school.name, state=CampaignState(campaign.state),
        opens_at=campaign.opens_at, closes_at=campaign.closes_at, school_year=campaign.school_year,
        grades=grade_words(cohorts_of(campaign), on, school.primary_years),
        scales=scale_words([versions[i] for i in scale_ids_of(campaign) if i in versions]),
        answered=counts[0], invited=counts[1], is_of_register=campaign.is_of_register,
    )  # fmt: skip


def grade_words(cohorts: Sequence[Cohort], on: dt.date, primary_years: int = 6) -> str:
    """Return the cohorts as what they are called on a day, such as 七年级、八年级."""
    return listed(grade_name(stage, year, on, primary_years) for stage, year in cohorts)


def scale_words(versions: Sequence[ScaleVersion]) -> str:
    """Return the titles of scales in the reader's language."""
    return listed(title_of(version) for version in versions)


def title_of(version: ScaleVersion) -> str:
    """Return a scale's title in the reader's language."""
    return scale_of(version).title.in_language(get_language() or "zh-hans")


def campaign_for(actor: Actor, campaign_id: UUID, permission: Permission) -> Campaign | None:
    """Return a campaign if the actor holds the permission over its whole school, else None."""
    found: Campaign | None = Campaign.objects.visible_to(actor, permission).filter(pk=campaign_id).first()
    return found


def campaign_followed(actor: Actor, campaign_id: UUID) -> Campaign | None:
    """Return a campaign that the actor may follow at least for one class, else None."""
    campaign = reaching(actor, Permission.CAMPAIGN_PROGRESS).filter(pk=campaign_id).first()
    if campaign is None or not _concerns(actor, campaign, units_by_id([campaign.school_id]).get(campaign.school_id)):
        return None
    return campaign
