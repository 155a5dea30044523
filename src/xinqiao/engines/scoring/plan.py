"""A scale made ready for scoring: readers over one packed sheet, and index arrays over many."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import nextafter
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from xinqiao.engines.scoring.faults import ScaleFault
from xinqiao.engines.scoring.model import BandSet, Comparison, Condition, Item, Method, Scale, Subscale

Reader = Callable[[bytes], Iterable[int]]


@dataclass(frozen=True, slots=True)
class PlannedNorm:
    """Lower ends of bands (ascending, already nudged where the end itself is excluded) and the bands' codes."""

    when: Condition | None
    thresholds: tuple[float, ...]
    codes: tuple[str, ...]

    def code_of(self, score: float) -> str:
        """The band with the highest threshold that is not above the score; "" below all of them."""
        position = bisect_right(self.thresholds, score)
        return self.codes[position - 1] if position else ""


@dataclass(frozen=True, slots=True)
class PlannedScore:
    """One subscale: where its answers stand in a packed sheet and how points become a score.

    A complete sheet scores `points * numerator / denominator`; where answers are missing and that is allowed, the
    score is stretched by items / answered. `mirrors` gives highest + lowest code of the reversed positions.
    """

    id: str
    method: Method
    indices: tuple[int, ...]
    read_plain: Reader | None
    read_turned: Reader | None
    mirrors: dict[int, int]
    turned_total: int
    numerator: int
    denominator: int
    truncate: bool
    at_least: int
    steps: tuple[tuple[int, ...], ...]
    missing_limit: int
    norms: tuple[PlannedNorm, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """An item asked only after a yes to one of the gate items (all positions count from 0)."""

    index: int
    gates: tuple[int, ...]
    at_least: int
    lowest: int


@dataclass(frozen=True, slots=True)
class PlannedCritical:
    """The answers to one item that raise a signal."""

    item: int
    index: int
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class PlannedFlag:
    """A flag with its comparisons."""

    id: str
    when: Condition | None
    any_of: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays over items (n) and subscales (k) for scoring whole tables at once."""

    sign: NDArray[np.float32]  # [n] -1 where the item is reversed
    shift: NDArray[np.float32]  # [n] highest + lowest code where the item is reversed, else 0
    members: NDArray[np.float32]  # [n, k] 1 where the item belongs to the subscale
    sizes: NDArray[np.float64]  # [k]
    numerators: NDArray[np.float64]  # [k] times the number of items
    denominators: NDArray[np.float64]  # [k] to be multiplied by the number of answered items
    limits: NDArray[np.float64]  # [k] missing answers allowed
    legal: NDArray[np.bool_]  # [n, 256]
    same_codes: tuple[int, int] | None  # (lowest, highest) where all items share one unbroken run of codes


@dataclass(frozen=True, slots=True)
class Plan:
    """What `score_one` and `score_many` need; made once per scale version and informant, and kept."""

    scale: Scale
    informant: str
    item_count: int
    subscale_ids: tuple[str, ...]
    scores: tuple[PlannedScore, ...]
    code_groups: tuple[tuple[Reader, bytes], ...]
    codes_by_item: tuple[frozenset[int], ...]
    branches: tuple[Branch, ...]
    refuses_missing: bool
    validity: tuple[tuple[str, Comparison], ...]
    critical: tuple[PlannedCritical, ...]
    flags: tuple[PlannedFlag, ...]
    columns: Columns

    @property
    def critical_items(self) -> tuple[int, ...]:
        """Item numbers in the order of the critical columns of `score_many`, ascending."""
        return tuple(rule.item for rule in self.critical)

    @property
    def flag_ids(self) -> tuple[str, ...]:
        """Flags in the order of the flag columns of `score_many`."""
        return tuple(flag.id for flag in self.flags)

    @property
    def band_codes(self) -> tuple[tuple[str, ...], ...]:
        """Per subscale the band codes that its band numbers in `score_many` stand for."""
        return tuple(tuple(dict.fromkeys(code for n in score.norms for code in n.codes)) for score in self.scores)


def mirror_total(item: Item) -> int:
    """What a reversed item's raw answer is taken from: its highest plus its lowest code."""
    return item.codes[-1] + item.codes[0]


def compile_scale(scale: Scale, *, informant: str | None = None) -> Plan:
    """Make a plan for the sheets one informant fills in (the scale's first where none is named).

    Raises `ScaleFault` where the scale names an item or subscale it does not have; `check_scale` finds the rest.
    """
    person = informant or scale.informants[0]
    if person not in scale.informants:
        raise ScaleFault("informants", "not_allowed", person)
    scores = tuple(_planned_score(scale, subscale, person) for subscale in scale.subscales)
    validity = tuple((rule.id, rule.when) for rule in scale.validity)
    flags = tuple(
        PlannedFlag(f.id, f.when, f.any_of)
        for f in scale.flags
        if _is_for(f.when.informant if f.when else None, person)
    )
    _refuse_unknown_subscales(scale, [rule for _, rule in validity] + [c for f in flags for c in f.any_of])
    return Plan(
        scale=scale,
        informant=person,
        item_count=len(scale.items),
        subscale_ids=tuple(score.id for score in scores),
        scores=scores,
        code_groups=_code_groups(scale.items),
        codes_by_item=tuple(frozenset(item.codes) for item in scale.items),
        branches=_branches(scale),
        refuses_missing=all(score.missing_limit == 0 for score in scores),
        validity=validity,
        critical=_critical(scale),
        flags=flags,
        columns=_columns(scale, scores),
    )


def _is_for(wanted: str | None, informant: str) -> bool:
    return wanted is None or wanted == informant


def _position(scale: Scale, number: int, place: str) -> int:
    if not 1 <= number <= len(scale.items):
        raise ScaleFault(place, "no_such_item", str(number))
    return number - 1


def _refuse_unknown_subscales(scale: Scale, comparisons: list[Comparison]) -> None:
    known = {subscale.id for subscale in scale.subscales}
    for comparison in comparisons:
        if comparison.subscale not in known:
            raise ScaleFault("validity or flags", "no_such_subscale", comparison.subscale)


def _planned_score(scale: Scale, subscale: Subscale, informant: str) -> PlannedScore:
    place = f"subscales.{subscale.id}"
    indices = tuple(_position(scale, number, f"{place}.items[{n}]") for n, number in enumerate(subscale.items))
    if subscale.method != "steps":
        _refuse_branched(scale, subscale)
    mirrors = {i: mirror_total(scale.items[i]) for i in indices if scale.items[i].reversed}
    limit = subscale.missing_up_to if subscale.missing_up_to is not None else scale.missing.up_to
    refused = scale.missing.rule == "refuse" or subscale.method == "steps"
    numerator, denominator = subscale.multiply
    return PlannedScore(
        id=subscale.id,
        method=subscale.method,
        indices=indices,
        read_plain=_reader([i for i in indices if i not in mirrors]),
        read_turned=_reader([i for i in indices if i in mirrors]),
        mirrors=mirrors,
        turned_total=sum(mirrors.values()),
        numerator=numerator,
        denominator=denominator * (len(indices) if subscale.method == "mean" else 1),
        truncate=subscale.truncate,
        at_least=subscale.at_least,
        steps=tuple(tuple(_position(scale, n, f"{place}.steps") for n in step) for step in subscale.steps),
        missing_limit=0 if refused else min(limit, len(indices) - 1),
        norms=tuple(
            _planned_norm(bands)
            for bands in subscale.band_sets
            if _is_for(bands.when.informant if bands.when else None, informant)
        ),
    )


def _refuse_branched(scale: Scale, subscale: Subscale) -> None:
    """An item that was not asked has no value that a sum, a mean or a count could take."""
    for n, number in enumerate(subscale.items):
        if scale.items[number - 1].asked_if is not None:
            raise ScaleFault(f"subscales.{subscale.id}.items[{n}]", "branched_item_summed", str(number))


def _planned_norm(bands: BandSet) -> PlannedNorm:
    # "above 160" is "from the next number after 160": no score lies between.
    thresholds = tuple(nextafter(b.threshold, float("inf")) if b.strict else b.threshold for b in bands.bands)
    return PlannedNorm(bands.when, thresholds, tuple(band.code for band in bands.bands))


def _reader(indices: list[int]) -> Reader | None:
    """Reads those positions out of a packed sheet; evenly spaced ones by a slice, which is quickest."""
    if not indices:
        return None
    step = indices[1] - indices[0] if len(indices) > 1 else 1
    if step > 0 and indices == list(range(indices[0], indices[-1] + 1, step)):
        return itemgetter(slice(indices[0], indices[-1] + 1, step))
    return itemgetter(*indices)


def _code_groups(items: tuple[Item, ...]) -> tuple[tuple[Reader, bytes], ...]:
    groups: dict[tuple[int, ...], list[int]] = {}
    for index, item in enumerate(items):
        groups.setdefault(item.codes, []).append(index)
    found = []
    for codes, indices in groups.items():
        reader = _reader(indices)
        if reader is not None:
            found.append((reader, bytes(codes)))
    return tuple(found)


def _branches(scale: Scale) -> tuple[Branch, ...]:
    found = []
    for index, item in enumerate(scale.items):
        if item.asked_if is not None:
            place = f"items.asked_if.{item.number}"
            gates = tuple(_position(scale, number, place) for number in item.asked_if.items)
            found.append(Branch(index, gates, item.asked_if.at_least, item.codes[0]))
    return tuple(found)


def _critical(scale: Scale) -> tuple[PlannedCritical, ...]:
    found = {}
    for n, rule in enumerate(scale.critical):
        index = _position(scale, rule.item, f"critical[{n}].item")
        codes = frozenset(code for code in scale.items[index].codes if code >= rule.at_least)
        found[rule.item] = PlannedCritical(rule.item, index, codes)
    return tuple(found[item] for item in sorted(found))


def _columns(scale: Scale, scores: tuple[PlannedScore, ...]) -> Columns:
    items = scale.items
    legal = np.zeros((len(items), 256), dtype=np.bool_)
    for index, item in enumerate(items):
        legal[index, list(item.codes)] = True
    members = np.zeros((len(items), len(scores)), dtype=np.float32)
    for column, score in enumerate(scores):
        members[list(score.indices), column] = 1
    sizes = np.array([len(score.indices) for score in scores], dtype=np.float64)
    first = items[0].codes
    unbroken = first == tuple(range(first[0], first[-1] + 1)) and all(item.codes == first for item in items)
    return Columns(
        sign=np.array([-1 if item.reversed else 1 for item in items], dtype=np.float32),
        shift=np.array([mirror_total(item) if item.reversed else 0 for item in items], dtype=np.float32),
        members=members,
        sizes=sizes,
        numerators=np.array([score.numerator for score in scores]) * sizes,
        denominators=np.array([score.denominator for score in scores], dtype=np.float64),
        limits=np.array([score.missing_limit for score in scores], dtype=np.float64),
        legal=legal,
        same_codes=(first[0], first[-1]) if unbroken else None,
    )
