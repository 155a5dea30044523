"""How good a screening was: its flags held against what the talks found. The reader leaves one event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from xinqiao.care.alerts.models import Interview, Signal
from xinqiao.care.alerts.states import SignalState, TalkKind
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.screening.models import Campaign, LotDraw
from xinqiao.care.screening.selectors.campaigns import scales_of
from xinqiao.care.screening.selectors.results import sheets_of_campaign
from xinqiao.care.screening.selectors.sheets import OpenSheet
from xinqiao.care.sheets.models import Sitting
from xinqiao.engines.accuracy import Figure, Stratum, predictive_value, sensitivity, specificity
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.register.policy.selectors import parameters_for

_REASON = "outcomes of a campaign whose results the actor may read"


@dataclass(frozen=True)
class FlagRow:
    """One flag of one scale. Of `pupils` with a valid sheet `flagged` stand over its line, of whom `talked_to` were
    talked to with an outcome and `needed` turned out to need help.

    Figures are None where fewer than five talks stand behind them; sensitivity and specificity need pupils drawn by
    lot as well. `strata` as in `strata_of`.
    """

    scale: str
    flag: str
    title: str
    flag_title: str
    pupils: int
    strata: tuple[Stratum, ...]
    ppv: Figure | None
    sensitivity: Figure | None
    specificity: Figure | None

    @property
    def flagged(self) -> int:
        """How many stand over the line."""
        return sum(stratum.pupils for stratum in self.strata if stratum.is_flagged)

    @property
    def talked_to(self) -> int:
        """How many of these were talked to, with an outcome."""
        return sum(stratum.talked_to for stratum in self.strata if stratum.is_flagged)

    @property
    def needed(self) -> int:
        """How many of those talked to needed help."""
        return sum(stratum.needed for stratum in self.strata if stratum.is_flagged)


def accuracy_ledger(actor: Actor, campaign: Campaign) -> list[FlagRow]:
    """Return how good each flag of a campaign's scales was; reading it is one event."""
    sheets = sheets_of_campaign(actor, campaign, event="screening.accuracy.read")
    findings, drawn = findings_of(campaign), drawn_findings(campaign)
    return [
        _row(campaign_sheets, findings, drawn, title, flag_title, scale, flag)
        for scale, flag, title, flag_title in _flags(campaign)
        if (campaign_sheets := [sheet for sheet in sheets if sheet.scale_code == scale and is_usable(sheet)])
    ]


def findings_of(campaign: Campaign) -> dict[UUID, bool | None]:
    """Return of each pupil with a signal of a campaign whether the talk found need; None while that is open.

    What counts as need is the policy's (`accuracy.need_outcomes`) of the day on which the campaign was launched.
    """
    need = _need(campaign)
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    signals = Signal.objects.for_system(reason=_REASON).filter(origin_id__in=sittings.values("pk"))
    untalked = set(_settled_by_paper().filter(signal__in=signals).values_list("signal_id", flat=True))
    found: dict[UUID, bool | None] = {}
    for signal_id, student_id, state, outcome in signals.values_list("id", "student_id", "state", "outcome"):
        said = (outcome in need) if state == SignalState.CLOSED and signal_id not in untalked else None
        found[student_id] = together([found[student_id], said]) if student_id in found else said
    return found


def _settled_by_paper() -> "QuerySet[Interview]":
    """What a person settled by a second paper alone: nobody was talked to, so it says nothing about the first."""
    rows: QuerySet[Interview] = Interview.objects.for_system(reason=_REASON).filter(kind=TalkKind.PAPER)
    return rows


def together(said: Sequence[bool | None]) -> bool | None:
    """Of several signals of one pupil: need once any talk found it, none once all are settled without."""
    if any(said):
        return True
    return None if None in said else False


def _flags(campaign: Campaign) -> list[tuple[str, str, str, str]]:
    language = get_language() or "zh-hans"
    scales = [scale_of(version) for version in scales_of(campaign)]
    return [
        (scale.id, flag.id, scale.title.in_language(language), flag.title.in_language(language))
        for scale in scales
        for flag in scale.flags
    ]


def is_usable(sheet: OpenSheet) -> bool:
    """Do the scores of a sheet say anything?"""
    return bool(sheet.result["valid"] and not sheet.result["faults"])


def _row(
    sheets: Sequence[OpenSheet], findings: Mapping[UUID, bool | None], drawn: Mapping[UUID, bool | None], title: str,
    flag_title: str, scale: str, flag: str,
) -> FlagRow:  # fmt: skip
    strata = strata_of(sheets, flag, findings, drawn)
    over, _beside, quiet = strata
    is_known = over.talked_to >= SMALLEST_CELL and quiet.talked_to >= SMALLEST_CELL
    return FlagRow(
        scale=scale, flag=flag, title=title, flag_title=flag_title, pupils=len(sheets), strata=strata,
        ppv=predictive_value(over.needed, over.talked_to) if over.talked_to >= SMALLEST_CELL else None,
        sensitivity=sensitivity(strata) if is_known else None, specificity=specificity(strata) if is_known else None,
    )  # fmt: skip


def strata_of(
    sheets: Sequence[OpenSheet], flag: str, findings: Mapping[UUID, bool | None], drawn: Mapping[UUID, bool | None]
) -> tuple[Stratum, Stratum, Stratum]:
    """Return the pupils over a line, those under it with a signal for another reason, and those without any signal.

    Each group was talked to for its own reason, the last by lot, so each has its own weight.
    """
    over = {sheet.student_id for sheet in sheets if flag in sheet.result["flags"]}
    under = {sheet.student_id for sheet in sheets} - over
    beside, quiet = under & set(findings), under - set(findings)
    return (
        stratum_of(over, findings, is_flagged=True),
        stratum_of(beside, findings, is_flagged=False),
        stratum_of(quiet, drawn, is_flagged=False),
    )


def drawn_findings(campaign: Campaign) -> dict[UUID, bool | None]:
    """Return of each pupil drawn by lot whether the talk found need; None until it was held."""
    need = _need(campaign)
    draws = LotDraw.objects.for_system(reason=_REASON).filter(lot__campaign=campaign)
    return {
        student_id: (outcome in need) if outcome else None
        for student_id, outcome in draws.values_list("student_id", "outcome")
    }


def _need(campaign: Campaign) -> set[str]:
    on = timezone.localtime(campaign.launched_at or campaign.created_at).date()
    return set(parameters_for(campaign.place, on).need_outcomes)


def stratum_of(pupils: set[UUID], findings: Mapping[UUID, bool | None], *, is_flagged: bool) -> Stratum:
    """Count some pupils: how many, how many were talked to, how many needed help."""
    said = [findings[pupil] for pupil in pupils if findings.get(pupil) is not None]
    return Stratum(is_flagged, len(pupils), len(said), sum(bool(each) for each in said))
