"""Adaptive asking on simulated pupils: questions saved against agreement with the full scale's decision. Prints JSON.

Both rules that a plan may choose are measured on the same pupils: until the decision is known, and until the estimate
is precise too. Beside them what no plan may choose, ending by precision alone, so that a reader sees why.

No published parameters are used: those of these scales are not free, or not of Chinese pupils. The parameters here are
invented, of a plausible size, with thresholds such that about as many pupils reach each scale's line as screenings
report. What the figures show is how the procedure behaves, not how it will in one school; that is why the same
simulation runs on a school's own parameters (`xinqiao scale parameters`).
"""

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from xinqiao.engines.adaptive import (
    Crowd,
    Design,
    ItemParameters,
    Rule,
    answers_of,
    ask_all,
    compared,
    decision_of,
    design_of,
)
from xinqiao.engines.adaptive.calibrating import calibrate
from xinqiao.engines.scoring import Scale, scale_from_mapping

PACKS = Path(__file__).resolve().parents[1] / "packs"
LEAST_SAVED, LEAST_AGREEMENT, MOST_MISSED = 0.40, 0.95, 0.05
ALONE = (0.25, 0.3, 0.5)  # standard errors at which ending by precision alone is tried, beside the pack's own
SLOPES, SPREAD = 1.6, 0.3  # middle and spread (of the logarithm) of the slopes
# Where the first thresholds lie (standard deviations), and how far apart the next ones are.
THRESHOLDS = {"mht": (0.2, 1.6, 0.0), "ces-dc": (-0.1, 1.1, 0.8), "phq-9": (0.2, 1.4, 0.75)}
DECISIVE = ("mht", "ces-dc", "phq-9")
MISFITS = {
    "as_modelled": {},
    "two_factors": {"second_factor": 0.3},
    "careless_5_percent": {"careless": 0.05},
    "two_factors_and_careless": {"second_factor": 0.3, "careless": 0.05},
}


def shipped(scale_id: str) -> Scale:
    """A scale that ships."""
    return scale_from_mapping(yaml.safe_load((PACKS / "scales" / f"{scale_id}.yaml").read_text("utf-8")))


def shipped_policy() -> dict[str, Any]:
    """What the national default pack says of adaptive asking."""
    policy = yaml.safe_load((PACKS / "policy" / "national-default.yaml").read_text("utf-8"))["adaptive"]
    return {name: stated["value"] for name, stated in policy.items()}


def shipped_rule() -> tuple[Rule, int]:
    """The rule of the national default pack, and the fewest sheets it lets a calibration rest on."""
    policy = shipped_policy()
    given = {name: policy[name] for name in ("missed_at_most", "false_at_most", "lead", "fewest")}
    return Rule(precision=None, **given), policy["calibration_sheets"]


def invented(scale: Scale) -> list[ItemParameters]:
    """Parameters of nobody's study; the same each time."""
    rng = np.random.default_rng(20_261_126)
    low, high, step = THRESHOLDS[scale.id]
    found = []
    for number in sorted(scale.subscale("total").items):
        first = float(rng.uniform(low, high))
        slope = float(np.clip(SLOPES * rng.lognormal(0, SPREAD), 0.7, 3.0))
        steps = len(scale.items[number - 1].codes) - 1
        found.append(ItemParameters(number, slope, tuple(first + step * at for at in range(steps))))
    return found


def recalibrated(scale: Scale, truth: list[ItemParameters], sheets: int) -> list[ItemParameters]:
    """What a school would know after so many full sheets."""
    items = [scale.items[each.number - 1] for each in truth]
    orders = [sorted(item.codes, reverse=item.reversed) for item in items]
    drawn = answers_of(scale, truth, Crowd(sheets, seed=71))
    table = np.array([[o.index(sheet[i.number]) for i, o in zip(items, orders, strict=True)] for sheet in drawn])
    names = tuple(str(item.number) for item in items)
    found = calibrate(table, names, tuple(map(len, orders)), fewest_a_category=1)
    return [ItemParameters(int(each.item), each.slope, each.thresholds) for each in found.items]


def asked_of_all(design: Design, sheets: list[dict[int, int]]) -> dict[str, Any]:
    """The savings over these sheets, on both cores."""
    parts = [sheets[at : at + 250] for at in range(0, len(sheets), 250)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        outcomes = [each for part in pool.map(asked_of_some, [design] * len(parts), parts) for each in part]
    told = asdict(compared(design, sheets, outcomes))
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in told.items()}


def asked_of_some(design: Design, sheets: list[dict[int, int]]) -> list[Any]:
    """One worker's share."""
    return [ask_all(design, sheet) for sheet in sheets]


def measured(scale_id: str, pupils: int) -> dict[str, Any]:
    """Every condition of one scale; misfit and calibration error on a fifth of the pupils."""
    scale, (rule, sheets) = shipped(scale_id), shipped_rule()
    truth, decision = invented(scale), decision_of(scale)
    design = design_of(scale, truth, rule, decision)
    found: dict[str, Any] = {"decision": f"{decision.subscale} {decision.operator} {decision.threshold}",
                             "always_asked": list(design.always)}  # fmt: skip
    for name, misfit in MISFITS.items():
        print(f"{scale_id}: {name}", file=sys.stderr, flush=True)
        crowd = Crowd(pupils if name == "as_modelled" else pupils // 5, seed=17, **misfit)
        found[name] = asked_of_all(design, answers_of(scale, truth, crowd))
    found |= measured_with_precision(scale, truth, rule, pupils)
    print(f"{scale_id}: calibrated", file=sys.stderr, flush=True)
    learnt = design_of(scale, recalibrated(scale, truth, sheets), rule, decision)
    others = answers_of(scale, truth, Crowd(pupils // 5, seed=18))
    found[f"calibrated_from_{sheets}_sheets"] = asked_of_all(learnt, others)
    return found


def measured_with_precision(
    scale: Scale, truth: list[ItemParameters], rule: Rule, pupils: int
) -> dict[str, Any]:  # fmt: skip
    """The same pupils asked until the estimate is precise too; and by precision alone, at several standard errors."""
    decision, stated = decision_of(scale), shipped_policy()["standard_error"]
    crowds = {
        name: Crowd(pupils if name == "as_modelled" else pupils // 5, seed=17, **MISFITS[name]) for name in MISFITS
    }
    drawn = {name: answers_of(scale, truth, crowd) for name, crowd in crowds.items()}
    both = design_of(scale, truth, replace(rule, precision=stated), decision)
    found: dict[str, Any] = {"precise_too": {}, "precision_alone": {}}
    for name, sheets in drawn.items():
        print(f"{scale.id}: precise too, {name}", file=sys.stderr, flush=True)
        found["precise_too"][name] = asked_of_all(both, sheets)
    for error in sorted({stated, *ALONE}):
        print(f"{scale.id}: precision alone, {error}", file=sys.stderr, flush=True)
        alone = replace(rule, missed_at_most=None, false_at_most=None, precision=error)
        sheets = drawn["as_modelled"] if error == stated else drawn["as_modelled"][: pupils // 5]
        found["precision_alone"][str(error)] = asked_of_all(design_of(scale, truth, alone, decision), sheets)
    return found


def met(scale: dict[str, Any]) -> dict[str, bool]:
    """Whether each rule does what it is for. With a precision nothing need be saved, and no flag may be lost."""
    usual, precise = scale["as_modelled"], scale["precise_too"]["as_modelled"]
    least = shipped_policy()["precise_agreement"]
    return {
        f"saved >= {LEAST_SAVED}, agreement >= {LEAST_AGREEMENT}, missed <= {MOST_MISSED}, critical asked":
            usual["saved"] >= LEAST_SAVED and usual["agreement"] >= LEAST_AGREEMENT
            and usual["missed"] <= MOST_MISSED and usual["all_asked"] == 1.0,
        f"precise too: agreement >= {least}, missed <= without the precision, critical asked":
            precise["agreement"] >= least and precise["missed"] <= usual["missed"] and precise["all_asked"] == 1.0,
    }  # fmt: skip


def main() -> int:
    """Measure each scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the pupils")
    pupils = 1_000 if parser.parse_args().quick else 10_000
    rule, _sheets = shipped_rule()
    rules = {
        "decided": asdict(rule),
        "precise_too": asdict(replace(rule, precision=shipped_policy()["standard_error"])),
    }
    scales = {scale_id: measured(scale_id, pupils) for scale_id in THRESHOLDS}
    meets = {f"{name}: {what}": does for name in DECISIVE for what, does in met(scales[name]).items()}
    print(json.dumps({"pupils": pupils, "parameters": "invented, see the head of bench/adaptive.py",
                      "rules": rules, "scales": scales, "meets": meets}, indent=1))  # fmt: skip
    return 0 if all(meets.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
