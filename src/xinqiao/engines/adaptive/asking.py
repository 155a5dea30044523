"""Which item comes next, when it is enough, and what is then known: each answer to that follows from the answers alone.

The posterior of theta on a grid (Bock & Mislevy 1982); the item with the most information, weighted by that posterior
(van der Linden 1998); stopped by the chance that the full scale would decide otherwise (curtailment: Finkelman et al.
2011, 2012), where the rule says so not before the posterior's standard deviation is small enough too. What decides is
added up in a stated order (`in_order`), so that the pupil's page (`care/sheets/pupil/static/asking.js`) comes to the
same to the last bit.

A path holds what was asked, in order: the code, or None for a question that was passed over. That counts as asked, and
as unknown.
"""

from collections.abc import Callable, Container, Mapping, Sequence

import numpy as np

from xinqiao.engines.adaptive.design import in_order
from xinqiao.engines.adaptive.model import (
    Chance,
    Design,
    Estimate,
    Floats,
    NotAsAsked,
    Outcome,
    Reason,
    Step,
    Walk,
)

PLACES = 10**9  # what is equal in whole parts of so many is equal: then the lower number goes first
INTERVAL = 0.9


Asker = Callable[[Design, Mapping[int, int | None]], Step]


def posterior(design: Design, answers: Mapping[int, int]) -> Floats:
    """The weight of each point of the grid after these answers, in the order in which they stand."""
    weights = design.prior.copy()
    for number, code in answers.items():
        curves = design.curves.get(number)
        if curves is not None:
            weights = weights * curves.chances[curves.category_of[code]]
            weights = weights / in_order(weights)
    return weights


def next_step(design: Design, path: Mapping[int, int | None]) -> Step:
    """The next item on this path: first what tells most, soon the ones that nobody is spared, then until it is
    enough."""
    due = [number for number in design.always if number not in path]
    answers = {number: code for number, code in path.items() if code is not None}
    weights = posterior(design, answers)
    if due:
        first = [number for number in path if number not in design.always]
        spared = None if len(first) >= design.rule.lead else _most_telling(design, weights, {*path, *design.always})
        return Step(due[0] if spared is None else spared)
    reason = _why_enough(design, weights, answers) if len(answers) >= design.rule.fewest else ""
    best = None if reason else _most_telling(design, weights, path)
    return Step(best, "" if best else reason or "all")


def _most_telling(design: Design, weights: Floats, without: Container[int]) -> int | None:
    """The item left with the most information where theta is thought to be; None if there is none."""
    told = np.rint(in_order(design.information * weights) * PLACES)
    open_items = [at for at, number in enumerate(design.curves) if number not in without]
    if not open_items:
        return None
    numbers = tuple(design.curves)
    return numbers[max(open_items, key=lambda at: (told[at], -numbers[at]))]


def _why_enough(design: Design, weights: Floats, answers: Mapping[int, int]) -> Reason:
    """Why the sitting is over, "" where it is not. With a precision it takes both: the decision and the precision."""
    rule = design.rule
    if _points(design, answers)[1] == 0:
        return "all"
    if rule.precision is None:
        why = _why_known(design, weights, answers)
    elif _moments(design, weights)[1] > rule.precision:
        why = ""
    else:
        why = "precise" if not rule.decides or _why_known(design, weights, answers) else ""
    return why or ("most" if rule.most is not None and len(answers) >= rule.most else "")


def _why_known(design: Design, weights: Floats, answers: Mapping[int, int]) -> Reason:
    """Why the full scale's decision is known, "" where it is not."""
    rule = design.rule
    points, reserve = _points(design, answers)
    if points >= design.cut or points + reserve < design.cut:
        return "certain"
    yes = chance_of_yes(design, weights, answers)
    says_no = rule.missed_at_most is not None and yes <= rule.missed_at_most
    says_yes = rule.false_at_most is not None and 1 - yes <= rule.false_at_most
    return "decided" if says_no or says_yes else ""


def _points(design: Design, answers: Mapping[int, int]) -> tuple[int, int]:
    """Points so far above the lowest score, and how many the unasked items could add."""
    points = reserve = 0
    for number, curves in design.curves.items():
        if number in answers:
            points += curves.spans[curves.category_of[answers[number]]]
        else:
            reserve += curves.spans[-1]
    return points, reserve


def _moments(design: Design, weights: Floats) -> tuple[float, float]:
    """Mean and standard deviation of theta, in the stated order: a sitting may end by the second."""
    theta = float(in_order(weights * design.grid))
    return theta, float(np.sqrt(in_order(weights * np.square(design.grid - theta))))


def chance_of_yes(design: Design, weights: Floats, answers: Mapping[int, int]) -> float:
    """The chance that the decision's comparison holds of the full scale."""
    points, reserve = _points(design, answers)
    lacking = design.cut - points
    if lacking <= 0 or reserve < lacking:
        from_cut = float(lacking <= 0)
    else:
        from_cut = float(_sums(design, weights, answers, lacking)[lacking])
    return 1 - from_cut if design.low_side else from_cut


def _sums(design: Design, weights: Floats, answers: Mapping[int, int], ceiling: int) -> Floats:
    """Chances of what the unasked items will add up to, `ceiling` standing for itself and more.

    Exact, item by item at each point of the grid (Lord & Wingersky 1984; Thissen et al. 1995).
    """
    sums = np.zeros((len(weights), ceiling + 1))
    sums[:, 0] = 1
    for number, curves in design.curves.items():
        if number not in answers:
            grown = sums * curves.chances[0][:, None]
            for category, span in enumerate(curves.spans[1:], start=1):
                share = sums * curves.chances[category][:, None]
                if span <= ceiling:
                    grown[:, span:] += share[:, : ceiling + 1 - span]
                grown[:, ceiling] += in_order(share[:, max(0, ceiling + 1 - span) :])
            sums = grown
    return in_order((sums * weights[:, None]).T)


def estimate(design: Design, answers: Mapping[int, int]) -> Estimate:
    """What these answers say of the full scale."""
    weights = posterior(design, answers)
    points, reserve = _points(design, answers)
    sums = _sums(design, weights, answers, reserve) if reserve else np.ones(1)
    sums = sums / sums.sum()
    scores = np.array(design.scores[points : points + reserve + 1])
    theta, sd = _moments(design, weights)
    from_cut = float(sums[max(0, design.cut - points) :].sum())
    holds = 1 - from_cut if design.low_side else from_cut
    tail = (1 - INTERVAL) / 2
    below = np.cumsum(sums)
    return Estimate(
        theta=theta, sd=sd, score=float(sums @ scores),
        low=float(scores[int(np.searchsorted(below, tail))]),
        high=float(scores[min(int(np.searchsorted(below, 1 - tail)), reserve)]),
        reaches=holds >= 0.5, chance=max(holds, 1 - holds), bands=_bands(design, sums, scores), is_exact=reserve == 0,
    )  # fmt: skip


def _bands(design: Design, sums: Floats, scores: Floats) -> tuple[Chance, ...]:
    """The chance of each band that holds for everybody; norms of sexes and grades are not guessed at."""
    sets = design.scale.subscale(design.decision.subscale).band_sets
    general = next((each for each in sets if each.when is None), None)
    if general is None or len(sets) > 1:
        return ()
    starts = [(scores > band.threshold) if band.strict else (scores >= band.threshold) for band in general.bands]
    reached = [float(sums[start].sum()) for start in starts] + [0.0]
    return tuple(Chance(band.code, max(0.0, reached[at] - reached[at + 1])) for at, band in enumerate(general.bands))


def ask_all(design: Design, sheet: Mapping[int, int]) -> Outcome:
    """Put the questions to somebody whose answers are all known: what a simulation does."""
    answers: dict[int, int] = {}
    while (step := next_step(design, answers)).item is not None:
        answers[step.item] = sheet[step.item]
    return Outcome(tuple(answers), step.stopped_by, estimate(design, answers))


def replay(design: Design, given: Mapping[int, int]) -> Outcome:
    """Ask again with the answers that came in. Raises NotAsAsked where they are not exactly those asked for."""
    walk = walk_of(design, given, may_pass_over=False)
    return Outcome(tuple(walk.path), walk.stopped_by, estimate(design, walk.answers))


def walk_of(
    design: Design, given: Mapping[int, int], *, may_pass_over: bool = True, ask: Asker = next_step
) -> Walk:  # fmt: skip
    """Ask again with the answers that came in, taking a question without one as passed over. Raises NotAsAsked for an
    answer that was not due, or is none of the item's; without `may_pass_over`, for a question without an answer too.

    `ask` may be a `next_step` that remembers: many pupils go the same way for some questions.
    """
    path: dict[int, int | None] = {}
    while (step := ask(design, path)).item is not None:
        code = given.get(step.item)
        if (code is None and not may_pass_over) or not _is_answer(design, step.item, code):
            raise NotAsAsked(step.item)
        path[step.item] = code
    if extra := sorted(set(given) - {number for number, code in path.items() if code is not None}):
        raise NotAsAsked(extra[0])
    return Walk(path, step.stopped_by)


def _is_answer(design: Design, item: int, code: int | None) -> bool:
    return code is None or code in design.scale.items[item - 1].codes


def critical_asked(design: Design, asked: Sequence[int]) -> bool:
    """Whether nobody was spared what everybody is asked."""
    return set(design.always) <= set(asked)
