"""What a campaign will bring, class by class: flags to expect and the time to talk to those who are flagged."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from xinqiao.care.alerts.models import Signal
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.screening.forecast import Accuracy, accuracy_of
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import Cohort, classes_of, cohorts_of, scale_ids_of, scales_of
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.engines.capacity import CapacityRules, days_until_clear, flag_share, wave_share
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.register.duty.selectors import staff_with_role
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.policy.selectors import parameters_for

_REASON = "shares of earlier screenings of a school whose reader was checked for"


@dataclass(frozen=True)
class Basis:
    """Where a share comes from: an earlier screening of the cohort (`wave`), or what is published (`accuracy`)."""

    share: float
    wave: str = ""
    accuracy: Accuracy | None = None


@dataclass(frozen=True)
class ClassOutlook:
    """One class: pupils who may come to answer, and of them the flags to expect; None where nothing is known."""

    class_id: UUID
    name: str
    pupils: int
    flags: float | None
    hours: float | None
    days: float | None


@dataclass(frozen=True)
class Outlook:
    """A campaign class by class; `flags` is None where the share of at least one class is not known."""

    rows: tuple[ClassOutlook, ...]
    bases: tuple[Basis, ...]
    rules: CapacityRules
    counsellors: int
    is_small: bool

    @property
    def talks_a_day(self) -> int:
        """How many talks the school's psychology teachers can hold on one school day."""
        return self.rules.talks_a_day(self.counsellors)

    @property
    def pupils(self) -> int:
        """Everyone who may come to answer."""
        return sum(row.pupils for row in self.rows)

    @property
    def flags(self) -> float | None:
        """All flags to expect."""
        known = [row.flags for row in self.rows if row.flags is not None]
        return sum(known) if known and len(known) == len(self.rows) else None

    @property
    def hours(self) -> float | None:
        """The hours of talks they take."""
        return None if self.flags is None else self.rules.hours_for(self.flags)

    @property
    def days(self) -> int | None:
        """The school days in which all of them have been talked to."""
        return None if self.flags is None else days_until_clear(self.flags, self.talks_a_day)

    @property
    def waves(self) -> tuple[str, ...]:
        """The earlier screenings that some figure comes from."""
        return tuple(dict.fromkeys(basis.wave for basis in self.bases if basis.wave))

    @property
    def accuracy(self) -> Accuracy | None:
        """The published figures that some figure comes from."""
        return next((basis.accuracy for basis in self.bases if basis.accuracy), None)


def outlook_of(campaign: Campaign, school: Unit, pupils: Mapping[UUID, int], now: dt.datetime) -> Outlook:
    """Return what a campaign will bring, from the pupils by class who may come to answer."""
    on = timezone.localtime(now).date()
    rules = parameters_for(school.path, on).capacity
    counsellors = len(staff_with_role(Role.PSYCH_TEACHER, school.path, on))
    classes = classes_of(campaign)
    bases = _bases(campaign, classes, rules, now)
    is_small = sum(pupils.get(unit.id, 0) for unit in classes) < rules.fewest_pupils
    rows = [
        _class_outlook(unit, pupils.get(unit.id, 0), None if is_small else bases.get(_cohort(unit)), rules,
                       rules.talks_a_day(counsellors), on)
        for unit in classes
    ]  # fmt: skip
    return Outlook(tuple(rows), () if is_small else tuple(bases.values()), rules, counsellors, is_small)


def _cohort(unit: Unit) -> Cohort:
    return (unit.stage, unit.entry_year or 0)


def _class_outlook(
    unit: Unit, pupils: int, basis: Basis | None, rules: CapacityRules, talks_a_day: int, on: dt.date
) -> ClassOutlook:
    flags = None if basis is None else pupils * basis.share
    return ClassOutlook(
        class_id=unit.id, name=name_on(unit, on), pupils=pupils, flags=flags,
        hours=None if flags is None else rules.hours_for(flags),
        days=None if flags is None or not talks_a_day else flags / talks_a_day,
    )  # fmt: skip


def _bases(campaign: Campaign, classes: Sequence[Unit], rules: CapacityRules, now: dt.datetime) -> dict[Cohort, Basis]:
    published = _published([version.code for version in scales_of(campaign)], rules)
    waves = _earlier_waves(campaign, now)
    found: dict[Cohort, Basis] = {}
    for cohort in cohorts_of(campaign):
        of_cohort = [unit.id for unit in classes if _cohort(unit) == cohort]
        basis = _from_waves([wave for wave in waves if cohort in cohorts_of(wave)], of_cohort, rules) or published
        if basis is not None:
            found[cohort] = basis
    return found


def _published(codes: Sequence[str], rules: CapacityRules) -> Basis | None:
    """From the scale that will flag most; None where nothing is published about any of them."""
    known = [accuracy for code in codes if (accuracy := accuracy_of(code))]
    bases = [Basis(flag_share(a.sensitivity, a.specificity, rules.prevalence), accuracy=a) for a in known]
    return max(bases, key=lambda basis: basis.share, default=None)


def _earlier_waves(campaign: Campaign, now: dt.datetime) -> list[Campaign]:
    """Return the school's earlier screenings with the very same scales, the last one first."""
    over = Campaign.objects.for_system(reason=_REASON).filter(
        place=campaign.place, launched_at__isnull=False, register=campaign.register
    )
    rows = [
        row
        for row in over.exclude(pk=campaign.pk).order_by("-launched_at")
        if row.state == CampaignState.CLOSED or row.closes_at <= now
    ]
    codes = dict(ScaleVersion.objects.filter(pk__in=_scale_ids([campaign, *rows])).values_list("pk", "code"))
    own = {codes.get(scale_id) for scale_id in scale_ids_of(campaign)}
    return [row for row in rows if {codes.get(scale_id) for scale_id in scale_ids_of(row)} == own]


def _scale_ids(campaigns: Sequence[Campaign]) -> set[UUID]:
    return {scale_id for campaign in campaigns for scale_id in scale_ids_of(campaign)}


def _from_waves(waves: Sequence[Campaign], class_ids: Sequence[UUID], rules: CapacityRules) -> Basis | None:
    for wave in waves:
        answered, flagged = _counts_of(wave, class_ids)
        share = wave_share(answered, flagged, rules, SMALLEST_CELL)
        if share is not None:
            return Basis(share, wave=wave.name)
    return None


def _counts_of(wave: Campaign, class_ids: Sequence[UUID]) -> tuple[int, int]:
    handed_in = Sitting.objects.for_system(reason=_REASON).filter(
        origin_id=wave.id, class_id__in=class_ids, state=SittingState.SUBMITTED
    )
    answered = handed_in.aggregate(pupils=Count("student_id", distinct=True))["pupils"]
    flagged = handed_in.filter(Exists(signals_of(OuterRef("pk"))))
    return answered, flagged.aggregate(pupils=Count("student_id", distinct=True))["pupils"]


def signals_of(sitting: OuterRef) -> "QuerySet[Signal]":
    """Return the signals that a sitting raised."""
    signals = Signal.objects.for_system(reason="counted by class, named nowhere")
    rows: QuerySet[Signal] = signals.filter(origin_kind="sitting", origin_id=sitting)
    return rows
