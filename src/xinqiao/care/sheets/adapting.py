"""A scale asked by adapting: what its paper keeps, how a sheet is asked again when it comes in, and what it is worth.

A question that was not asked is not missing: the decision, its certainty and an estimate of the score are stored in the
scores' place, never a sum of what happens to be there. An asked question without an answer is missing as on any sheet.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from xinqiao.care.scales.adapting import LANGUAGE, Adapted
from xinqiao.care.sheets.scoring import Scored, ShortSheet, care_of
from xinqiao.engines.adaptive import (
    Design,
    Estimate,
    ItemParameters,
    Rule,
    Step,
    Walk,
    decision_of,
    design_of,
    estimate,
    next_step,
    table_of,
    walk_of,
)
from xinqiao.engines.scoring import MISSING, Plan, Result, Scale, critical_answers, score_one, score_part
from xinqiao.engines.scoring.faults import MISSING_ANSWER, AnswerFault
from xinqiao.engines.triage import Finding, finding_from

REMEMBERED = 1_000  # ways through a scale, of each paper; about 1 MB
Way = tuple[tuple[int, int | None], ...]
Found = TypeVar("Found")
LIKELIER = 0.5  # what is likelier than not is taken to be so, as the engine takes its decision


@dataclass(frozen=True, slots=True)
class Kept:
    """How one scale of a paper is asked: the parameters' id and the design made of them.

    It remembers what followed on which answers, since most pupils of a class go the same way for a while; whose they
    were it does not know. Used by one thread.
    """

    parameters: str
    design: Design
    _steps: dict[Way, Step] = field(default_factory=dict, compare=False, repr=False)
    _estimates: dict[Way, Estimate] = field(default_factory=dict, compare=False, repr=False)

    def walk(self, given: Mapping[int, int]) -> Walk:
        """Ask again. Raises NotAsAsked."""
        return walk_of(self.design, given, ask=self._step)

    def estimate(self, walk: Walk) -> Estimate:
        """What is known at the end of a way without a gap."""
        return _remembered(self._estimates, walk.path, lambda: estimate(self.design, walk.answers))

    def _step(self, design: Design, path: Mapping[int, int | None]) -> Step:
        return _remembered(self._steps, path, lambda: next_step(design, path))


def _remembered(known: dict[Way, Found], path: Mapping[int, int | None], find: Callable[[], Found]) -> Found:
    way = tuple(path.items())
    if way not in known:
        if len(known) >= REMEMBERED:
            known.clear()
        known[way] = find()
    return known[way]


@dataclass(frozen=True, slots=True)
class Who:
    """Whose sheet it is, as far as norms and flags ask: male or female, grade 1–12, completed years; None: unknown."""

    sex: str | None = None
    grade: int | None = None
    age: int | None = None


def shown_table(adapted: Adapted) -> dict[str, Any]:
    """Return what the pupil's page asks with. `usual` is how many questions simulated pupils were asked on average."""
    return {**table_of(adapted.design), "language": LANGUAGE, "usual": adapted.expected.items_mean}


def kept_text(adapted: Iterable[Adapted]) -> str:
    """Return what the paper keeps to ask these scales again, JSON; "" for none."""
    kept = {
        each.code: {
            "parameters": str(each.parameters_id), "score": each.file.subscale, "rule": asdict(each.design.rule),
            "items": [[one.number, one.slope, list(one.thresholds)] for one in each.file.parameters()],
        }
        for each in adapted
    }  # fmt: skip
    return json.dumps(kept, separators=(",", ":"), sort_keys=True) if kept else ""


def kept_designs(text: str, scales: Mapping[str, Scale]) -> dict[str, Kept]:
    """Return by scale what `kept_text` kept, made ready for asking."""
    found = {}
    for code, kept in (json.loads(text) if text else {}).items():
        items = [ItemParameters(number, slope, tuple(thresholds)) for number, slope, thresholds in kept["items"]]
        decision = decision_of(scales[code], kept["score"])
        found[code] = Kept(kept["parameters"], design_of(scales[code], items, Rule(**kept["rule"]), decision))
    return found


def score_short(plan: Plan, kept: Kept, packed: bytes, deciseconds: Sequence[int] | None, who: Who) -> Scored:
    """Score a sheet asked by adapting; `packed` has 255 where nothing was answered. Raises NotAsAsked where these are
    not the questions that were due for these answers."""
    design = kept.design
    given = {number: code for number, code in enumerate(packed, 1) if code != MISSING}
    walk = kept.walk(given)
    care = care_of(plan, packed, deciseconds, is_short=True)
    short = ShortSheet(kept.parameters, design.decision.subscale, tuple(walk.path), walk.stopped_by, None)
    if walk.passed_over:
        faults = tuple(AnswerFault(MISSING_ANSWER, number) for number in sorted(walk.passed_over))
        return Scored(Result({}, {}, valid=False, critical=critical_answers(plan, packed), faults=faults), care, short)
    known = kept.estimate(walk)
    short = replace(short, known=known)
    if len(walk.path) == plan.item_count:
        return Scored(score_one(plan, packed, sex=who.sex, grade=who.grade, age=who.age), care, short)
    voided_by = tuple(rule for rule, when in plan.validity if when.holds(score_part(plan, when.subscale, packed)))
    flags = tuple(
        flag.id
        for flag in plan.flags
        if known.reaches
        and design.decision in flag.any_of
        and (flag.when is None or flag.when.accepts(who.sex, who.grade, who.age, unknown=True))
    )
    result = Result({}, {}, valid=not voided_by, critical=critical_answers(plan, packed), flags=flags,
                    voided_by=voided_by)  # fmt: skip
    return Scored(result, care, short)


def finding_of(scale: Scale, scored: Scored) -> Finding:
    """Return what a sheet says to triage; of one that was shortened, with the band that is likelier than not."""
    short, result = scored.short, scored.result
    if short is None or short.known is None or result.scores:
        return finding_from(scale, result)
    likely = [each.code for each in short.known.bands if each.chance >= LIKELIER]
    return finding_from(scale, replace(result, bands=dict.fromkeys([short.score] if likely else [], *likely[:1])))
