"""Whether items of a score work otherwise for girls and boys, or in one stage. Loads scipy, as `figures` does."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import get_language

from xinqiao.care.screening.selectors.answers import RawSheet, Score
from xinqiao.care.screening.selectors.figures import counted, item_table
from xinqiao.engines.psychometrics import ItemBias, bias_of
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import Stage
from xinqiao.register.people.states import Sex

SEX, STAGE = "sex", "stage"


@dataclass(frozen=True)
class BiasRow:
    """One item, its wording where that may be shown, and the name of the group that answers higher."""

    text: str
    highest: str
    found: ItemBias


@dataclass(frozen=True)
class BiasFigures:
    """Items of a score across groups. `groups` are (name, complete sheets), those large enough where it was computed.

    `why_not`: one_group, few (fewer than two groups are large enough), few_items; empty: computed.
    """

    by: str
    groups: tuple[tuple[str, int], ...]
    rows: tuple[BiasRow, ...] = ()
    is_stable: bool = True
    why_not: str = ""

    @property
    def biased(self) -> tuple[BiasRow, ...]:
        """The items whose effect is not negligible, the largest first."""
        found = [row for row in self.rows if row.found.size in ("moderate", "large")]
        return tuple(sorted(found, key=lambda row: -(row.found.effect or 0.0)))


def bias_figures(
    score: Score, sheets: Sequence[RawSheet], classes: Sequence[Unit], *, least: int
) -> tuple[BiasFigures, ...]:
    """Return the bias by sex and by stage; a group of fewer than `least` complete sheets is left out."""
    stages = {unit.id: unit.stage for unit in classes}
    known_sexes = {Sex.MALE.value, Sex.FEMALE.value}
    by_sex = _by(SEX, score, sheets, lambda sheet: sheet.sex if sheet.sex in known_sexes else "", least)
    return by_sex, _by(STAGE, score, sheets, lambda sheet: stages.get(sheet.class_id, ""), least)


def _by(
    by: str, score: Score, sheets: Sequence[RawSheet], group_of: Callable[[RawSheet], str], least: int
) -> BiasFigures:
    known = [(sheet, group_of(sheet)) for sheet in _complete(score, sheets)]
    counts = Counter(name for _sheet, name in known if name)
    kept = {name for name, count in counts.items() if count >= least}
    if len(kept) < 2:
        return BiasFigures(by, _named(by, counts), why_not="few" if len(counts) > 1 else "one_group")
    chosen = [(sheet, name) for sheet, name in known if name in kept]
    found = bias_of(item_table(score, [sheet for sheet, _name in chosen]), [name for _sheet, name in chosen])
    if found is None:
        return BiasFigures(by, _named(by, counts), why_not="few_items")
    language = get_language() or "zh-hans"
    texts = {str(item.number): item.text for item in score.scale.items}
    rows = tuple(
        BiasRow(text.in_language(language) if (text := texts[each.item]) else "", name_of(by, each.highest), each)
        for each in found.items
    )
    return BiasFigures(by, _named(by, dict(found.groups)), rows, found.is_stable)


def _complete(score: Score, sheets: Sequence[RawSheet]) -> list[RawSheet]:
    own = counted(score, sheets)
    gaps = np.isnan(item_table(score, own).answers).sum(axis=1)
    return [own[at] for at in np.flatnonzero(gaps == 0).tolist()]


def _named(by: str, counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((name_of(by, name), counts[name]) for name in sorted(counts))


def name_of(by: str, name: str) -> str:
    """Return what a group is called."""
    if not name:
        return ""
    return str(Sex(name).label if by == SEX else Stage(name).label)
