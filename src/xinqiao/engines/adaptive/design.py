"""From a scale and its parameters to tables on a grid, so that asking is adding and multiplying."""

from collections.abc import Sequence
from math import floor

import numpy as np

from xinqiao.engines.adaptive.model import CannotAdapt, Curves, Design, Floats, ItemParameters, Rule
from xinqiao.engines.scoring import Scale
from xinqiao.engines.scoring.model import Comparison, Item, Subscale

REACH = 5.0  # the grid spans as many standard deviations of the population to each side
POINTS = 41
QUANTA = 10**8  # chances are kept in whole hundred-millionths, so that a page in a browser has the very same tables
LEAST_CHANCE = 1e-12  # no answer is impossible: a sheet that the model thinks absurd still has a posterior


def in_order(values: Floats) -> Floats:
    """Sums along the last axis, one term after the other: the same to the last bit wherever it is computed."""
    return np.asarray(np.cumsum(values, axis=-1)[..., -1], dtype=np.float64)


def decisions_of(scale: Scale, informant: str = "self") -> tuple[Comparison, ...]:
    """The comparisons of an informant's flags that fewer questions could decide: those of scores that add items up."""
    flags = [flag for flag in scale.flags if flag.when is None or flag.when.informant in (None, informant)]
    found = [each for flag in flags for each in flag.any_of if _why_not(scale, each.subscale) == ""]
    return tuple(dict.fromkeys(found))


def decision_of(scale: Scale, subscale: str | None = None, informant: str = "self") -> Comparison:
    """The decision that is asked for: the flag on this score, or on the scale's total. Raises CannotAdapt `no_cut`."""
    wanted = subscale or "total"
    for each in decisions_of(scale, informant):
        if each.subscale == wanted:
            return each
    raise CannotAdapt("no_cut", wanted)


def _why_not(scale: Scale, name: str) -> str:
    try:
        subscale = scale.subscale(name)
    except KeyError:
        return "no_such_score"
    if subscale.method not in ("sum", "mean"):
        return "not_summed"
    return "branched" if any(scale.items[n - 1].asked_if for n in subscale.items) else ""


def always_asked(scale: Scale) -> tuple[int, ...]:
    """Items that are asked of everybody: the critical ones first, then those that a validity rule reads."""
    critical = sorted({rule.item for rule in scale.critical} | set(scale.suicide_items))
    read = sorted({item for rule in scale.validity for item in scale.subscale(rule.when.subscale).items})
    return tuple(dict.fromkeys([*critical, *read]))


def design_of(scale: Scale, parameters: Sequence[ItemParameters], rule: Rule, decision: Comparison) -> Design:
    """Make a scale ready for asking. Raises CannotAdapt where scale, parameters, rule and decision do not fit."""
    if code := _why_not(scale, decision.subscale):
        raise CannotAdapt(code, decision.subscale)
    _refuse_rule(rule)
    subscale = scale.subscale(decision.subscale)
    by_number = _checked(scale, subscale, parameters)
    grid = np.linspace(-REACH, REACH, POINTS)
    prior = np.exp(-(grid**2) / 2)
    prior = prior / in_order(prior)
    curves = {n: _curves(scale.items[n - 1], by_number[n], grid) for n in sorted(subscale.items)}
    scores = _scores(scale, subscale)
    cut, low_side = _cut(decision, scores)
    return Design(
        scale=scale, decision=decision, rule=rule, grid=grid, prior=prior, curves=curves,
        information=np.stack([each.information for each in curves.values()]), always=always_asked(scale),
        highest=len(scores) - 1, cut=cut, low_side=low_side, scores=scores,
    )  # fmt: skip


def _refuse_rule(rule: Rule) -> None:
    """A rule that could end before anything is known, or by chance alone."""
    for name in ("missed_at_most", "false_at_most"):
        bound = getattr(rule, name)
        if bound is not None and not 0 <= bound < 0.5:
            raise CannotAdapt("rule", name)
    if rule.precision is not None and not rule.precision > 0:
        raise CannotAdapt("rule", "precision")
    if rule.lead < 0 or rule.fewest < 1 or (rule.most is not None and rule.most < rule.fewest):
        raise CannotAdapt("rule", "fewest")


def _checked(scale: Scale, subscale: Subscale, parameters: Sequence[ItemParameters]) -> dict[int, ItemParameters]:
    found: dict[int, ItemParameters] = {}
    for each in parameters:
        if each.number in found:
            raise CannotAdapt("same_item", str(each.number))
        if not 1 <= each.number <= len(scale.items):
            raise CannotAdapt("unknown_item", str(each.number))
        _refuse_parameters(scale.items[each.number - 1], each)
        found[each.number] = each
    if lacking := sorted(set(subscale.items) - set(found)):
        raise CannotAdapt("no_parameters", str(lacking[0]))
    return found


def _refuse_parameters(item: Item, given: ItemParameters) -> None:
    name = str(given.number)
    if len(given.thresholds) != len(item.codes) - 1:
        raise CannotAdapt("threshold_count", name)
    if not (np.isfinite(given.slope) and given.slope > 0):
        raise CannotAdapt("slope", name)
    steps = np.array(given.thresholds)
    if not np.isfinite(steps).all() or (np.diff(steps) <= 0).any():
        raise CannotAdapt("not_ascending", name)


def _curves(item: Item, given: ItemParameters, grid: Floats) -> Curves:
    """Category chances and information (Samejima 1969): the sum over categories of the squared slope over chance."""
    above = 1 / (1 + np.exp(-given.slope * (grid[None, :] - np.array(given.thresholds)[:, None])))
    ends = np.ones((1, len(grid)))
    reached = np.rint(QUANTA * np.concatenate([ends, above, 0 * ends]))
    chances = np.maximum((reached[:-1] - reached[1:]) / QUANTA, LEAST_CHANCE)
    slopes = given.slope * (reached / QUANTA) * (1 - reached / QUANTA)
    information = in_order((np.square(slopes[:-1] - slopes[1:]) / chances).T)
    codes, low, high = item.codes, item.codes[0], item.codes[-1]
    values = sorted(low + high - code for code in codes) if item.reversed else list(codes)
    turned = {code: low + high - code if item.reversed else code for code in codes}
    return Curves(
        number=item.number, slope=given.slope, reached=tuple(tuple(map(int, row)) for row in reached[1:-1].tolist()),
        chances=chances, information=information,
        category_of={code: values.index(turned[code]) for code in codes},
        spans=tuple(value - values[0] for value in values),
    )  # fmt: skip


def _scores(scale: Scale, subscale: Subscale) -> tuple[float, ...]:
    """The score of every number of points from the lowest sheet's to the highest."""
    codes = [scale.items[n - 1].codes for n in subscale.items]
    lowest, highest = sum(each[0] for each in codes), sum(each[-1] for each in codes)
    numerator, denominator = subscale.multiply
    if subscale.method == "mean":
        denominator *= len(subscale.items)
    scores = [points * numerator / denominator for points in range(lowest, highest + 1)]
    return tuple(float(floor(each)) for each in scores) if subscale.truncate else tuple(scores)


def _cut(decision: Comparison, scores: Sequence[float]) -> tuple[int, bool]:
    """From how many points on the decision changes, and whether it is below that it holds."""
    holds = [decision.holds(score) for score in scores]
    changes = [at for at in range(1, len(holds)) if holds[at] != holds[at - 1]]
    if len(changes) != 1:
        raise CannotAdapt("cut_out_of_reach", decision.subscale)
    return changes[0], holds[0]
