"""How many talks find 95 % of the pupils who need help, in the order of the queue and by a fixed cut-off. Prints JSON.

A school of 2,000 pupils is drawn again and again. Of each it is known who needs help; four things are asked: PHQ-9 with
its published accuracy (Richardson 2010), a second scale of low mood, a scale of worries, and what a class teacher saw.
Only the first has a published figure here; the accuracies of the others, and how much low-mood scales repeat each other
beyond need, are invented, of a plausible size. The orders:

  cut_off      everybody over the line of PHQ-9, as they come; then everybody else, as they come
  any_flag     everybody with any flag, as they come; then the rest
  count        most flags first
  scales       each scale's ratio multiplied, as if they were independent (what the product does not do)
  constructs   one ratio for each construct, the strongest (what it does)
  learnt       the same with ratios counted from talks of an earlier year: all flagged, and 5 % of the rest by lot

  flags_alone  as constructs, with quiet scales left out

`calibration` sets what an order promised of flagged pupils beside what was so: 1.0 is right, 2.0 twice as many.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from xinqiao.engines.accuracy import Stratum, size_of_lot
from xinqiao.engines.triage import PUBLISHED, Ratio, own_ratio, positive_ratio, quiet_ratio, weigh

PACKS = Path(__file__).resolve().parents[1] / "packs"
PUPILS, FOUND = 2_000, 0.95


@dataclass(frozen=True)
class Sign:
    """One thing asked: its flag, what it speaks of, its accuracy, and how much it shares with its construct."""

    scale: str
    construct: str
    sensitivity: float
    specificity: float
    shared: float  # correlation of its noise with that of its construct


def published(scale: str) -> tuple[float, float]:
    """Sensitivity and specificity as the product ships them."""
    entries = yaml.safe_load((PACKS / "accuracy" / "published.yaml").read_text("utf-8"))["accuracies"]
    entry = next(each for each in entries if each["scale"] == scale)
    return entry["sensitivity"], entry["specificity"]


def policy() -> dict[str, float]:
    """The numbers of the national default pack."""
    pack = yaml.safe_load((PACKS / "policy" / "national-default.yaml").read_text("utf-8"))
    accuracy, capacity = pack["accuracy"], pack["screening"]["capacity"]
    return {
        "prevalence": capacity["prevalence_percent"]["value"] / 100,
        "drawn_percent": accuracy["drawn_percent"]["value"],
        "drawn_at_least": accuracy["drawn_at_least"]["value"],
        "own_talks_at_least": accuracy["own_talks_at_least"]["value"],
    }


SIGNS = (
    Sign("phq-9", "mood", *published("phq-9"), shared=0.6),
    Sign("second-mood", "mood", 0.75, 0.75, shared=0.6),
    Sign("worries", "worry", 0.70, 0.80, shared=0.0),
    Sign("class-teacher", "seen", 0.40, 0.95, shared=0.0),
)


def school(rng: np.random.Generator, prevalence: float) -> tuple[np.ndarray, np.ndarray]:
    """Return who needs help (pupils,) and what was flagged (pupils, signs), both bool."""
    from statistics import NormalDist

    normal = NormalDist()
    needs = rng.random(PUPILS) < prevalence
    common = {sign.construct: rng.standard_normal(PUPILS) for sign in SIGNS}
    flags = np.zeros((PUPILS, len(SIGNS)), dtype=bool)
    for at, sign in enumerate(SIGNS):
        noise = np.sqrt(sign.shared) * common[sign.construct]
        noise = noise + np.sqrt(1 - sign.shared) * rng.standard_normal(PUPILS)
        line = np.where(needs, normal.inv_cdf(1 - sign.sensitivity), normal.inv_cdf(sign.specificity))
        flags[:, at] = noise > line
    return needs, flags


def stated(*, is_by_construct: bool) -> dict[tuple[str, str], Ratio]:
    """The ratios that the accuracies come to; one construct each where they are to count apart."""
    found = {}
    for sign in SIGNS:
        value = positive_ratio(sign.sensitivity, sign.specificity)
        construct = sign.construct if is_by_construct else sign.scale
        quiet = quiet_ratio(sign.sensitivity, sign.specificity)
        found[sign.scale, "over"] = Ratio(sign.scale, "over", construct, value, value, value, quiet, PUBLISHED, "")
    return found


def learnt(
    needs: np.ndarray, flags: np.ndarray, rules: Mapping[str, float], rng: np.random.Generator
) -> dict[tuple[str, str], Ratio]:
    """Count the ratios from a year's talks: with everybody who was flagged by anything, and some by lot."""
    any_flag = flags.any(axis=1)
    quiet = np.flatnonzero(~any_flag)
    count = size_of_lot(len(quiet), percent=int(rules["drawn_percent"]), at_least=int(rules["drawn_at_least"]))
    drawn = rng.choice(quiet, size=count, replace=False)
    found = {}
    for at, sign in enumerate(SIGNS):
        over, beside = flags[:, at], any_flag & ~flags[:, at]
        strata = [
            Stratum(True, int(over.sum()), int(over.sum()), int((over & needs).sum())),
            Stratum(False, int(beside.sum()), int(beside.sum()), int((beside & needs).sum())),
            Stratum(False, len(quiet), count, int(needs[drawn].sum())),
        ]
        ratio = own_ratio(
            strata, scale=sign.scale, flag="over", construct=sign.construct, source="talks",
            at_least=int(rules["own_talks_at_least"]),
        )  # fmt: skip
        if ratio is not None:
            found[sign.scale, "over"] = ratio
    return found


def shares(
    flags: np.ndarray, ratios: Mapping[tuple[str, str], Ratio], prevalence: float, *, counts_quiet: bool = True
) -> np.ndarray:
    """Return what the engine expects of each pupil; each pattern of flags is weighed once."""
    asked = list(ratios) if counts_quiet else []
    patterns, which = np.unique(flags, axis=0, return_inverse=True)
    found = []
    for pattern in patterns:
        raised = [(sign.scale, "over") for sign, is_up in zip(SIGNS, pattern, strict=True) if is_up]
        odds = weigh(raised, ratios, prevalence, asked=asked)
        found.append(odds.share if odds else 0.0)
    return np.array(found)[which.ravel()]


def talks_to_find(needs: np.ndarray, weight: np.ndarray, rng: np.random.Generator) -> int:
    """Return after how many talks, heaviest first and by chance among equals, 95 % of those in need were met."""
    order = np.lexsort((rng.random(len(needs)), -weight))
    met = np.cumsum(needs[order])
    return int(np.searchsorted(met, np.ceil(FOUND * needs.sum())) + 1)


def simulated(schools: int, seed: int) -> dict[str, object]:
    """Draw schools and return the figures."""
    rules, rng = policy(), np.random.default_rng(seed)
    prevalence = rules["prevalence"]
    by_construct, by_scale = stated(is_by_construct=True), stated(is_by_construct=False)
    talks: dict[str, list[int]] = {}
    promised: dict[str, list[float]] = {"flags_alone": [], "scales": [], "constructs": [], "learnt": []}
    flagged_needs: list[float] = []
    for _ in range(schools):
        earlier = school(rng, prevalence)
        needs, flags = school(rng, prevalence)
        own = {**by_construct, **learnt(*earlier, rules, rng)}
        orders: dict[str, Callable[[], np.ndarray]] = {
            "cut_off": lambda flags=flags: flags[:, 0].astype(float),
            "any_flag": lambda flags=flags: flags.any(axis=1).astype(float),
            "count": lambda flags=flags: flags.sum(axis=1).astype(float),
            "flags_alone": lambda flags=flags: shares(flags, by_construct, prevalence, counts_quiet=False),
            "scales": lambda flags=flags: shares(flags, by_scale, prevalence),
            "constructs": lambda flags=flags: shares(flags, by_construct, prevalence),
            "learnt": lambda flags=flags, own=own: shares(flags, own, prevalence),
        }
        any_flag = flags.any(axis=1)
        flagged_needs.append(float(needs[any_flag].sum()))
        for name, order in orders.items():
            weight = order()
            talks.setdefault(name, []).append(talks_to_find(needs, weight, rng))
            if name in promised:
                promised[name].append(float(weight[any_flag].sum()))
    middle = {name: float(np.median(found)) for name, found in talks.items()}
    return {
        "schools": schools, "pupils": PUPILS, "prevalence": prevalence, "share_to_find": FOUND, "seed": seed,
        "talks": {
            name: {"median": middle[name], "of_cut_off": round(middle[name] / middle["cut_off"], 3),
                   "p05": float(np.quantile(found, 0.05)), "p95": float(np.quantile(found, 0.95))}
            for name, found in talks.items()
        },
        "calibration": {name: round(sum(found) / sum(flagged_needs), 3) for name, found in promised.items()},
        "meets": middle["constructs"] < middle["cut_off"],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schools", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20_261_127)
    parser.add_argument("--quick", action="store_true", help="50 schools")
    given = parser.parse_args()
    json.dump(simulated(50 if given.quick else given.schools, given.seed), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
