"""How the pupils of a campaign stand to the wave before. Loads scipy, as `figures` does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.answers import RawSheet, Score, raw_sheets
from xinqiao.care.screening.selectors.figures import item_table, score_figures
from xinqiao.care.screening.selectors.waves import earlier_wave, measured_score
from xinqiao.engines.psychometrics import reliable_changes
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core.handfuls import SMALLEST_CELL


@dataclass(frozen=True)
class WaveChange:
    """Pupils with a complete sheet in both waves. `why_not`: few_sheets (no error known), few_pupils; empty: shown."""

    name: str
    campaign: Campaign
    pupils: int = 0
    worse: int = 0
    better: int = 0
    within: int = 0
    mean: float = 0.0
    sem: float = 0.0
    complete: int = 0
    why_not: str = ""


def change_since_last_wave(
    actor: Actor, campaign: Campaign, score: Score, sheets: Sequence[RawSheet], *, least: int
) -> WaveChange | None:
    """Return how a score has changed since the wave before, None where there is none. Reading that wave is an event."""
    wave = earlier_wave(actor, campaign, score)
    if wave is None:
        return None
    before, own = wave
    then = raw_sheets(actor, before)
    complete, sem = _error_of(before, own, then, least)
    if sem is None:
        return WaveChange(before.name, before, complete=complete, why_not="few_sheets")
    return _wave_change(score, sheets, own, then, WaveChange(before.name, before, sem=sem, complete=complete))


def _error_of(before: Campaign, own: Score, then: Sequence[RawSheet], least: int) -> tuple[int, float | None]:
    """Complete sheets of a wave and the error they made known: as kept when it ended, since pupils leave the school."""
    kept = measured_score(before, own)
    if kept is not None:
        return kept.complete, kept.sem if kept.complete >= least else None
    measured = score_figures(own, then, least=least)
    return measured.complete, measured.sem or None


def _wave_change(
    score: Score, now: Sequence[RawSheet], before: Score, then: Sequence[RawSheet], known: WaveChange
) -> WaveChange:
    found = reliable_changes(item_table(before, then), item_table(score, now), sem=known.sem / score.unit)
    if len(found) < SMALLEST_CELL:
        return replace(known, pupils=len(found), why_not="few_pupils")
    counts = Counter(change.direction for change in found)
    higher, lower = counts["higher"], counts["lower"]
    is_better_high = score.subscale.higher_means == "better"
    return replace(
        known, pupils=len(found), worse=lower if is_better_high else higher, better=higher if is_better_high else lower,
        within=counts["within_error"], mean=fmean(change.second - change.first for change in found) * score.unit,
    )  # fmt: skip
