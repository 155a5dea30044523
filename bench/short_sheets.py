"""Sheets asked by adapting, scored a second: asked again as they come in, decided, estimated. Prints JSON.

Beside each scale the whole sheets of the same pupils, scored in the same minute. `first` is the first grade after a
start, when nothing is remembered; `later` is the grade after it. Processor time, so that a busy machine changes little.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")

import django

django.setup()

from adaptive import invented, shipped, shipped_rule  # noqa: E402 - after the set-up

from xinqiao.care.sheets.adapting import Kept, Who, score_short  # noqa: E402
from xinqiao.care.sheets.scoring import score_sheet  # noqa: E402
from xinqiao.engines.adaptive import Crowd, answers_of, ask_all, decision_of, design_of  # noqa: E402
from xinqiao.engines.scoring import compile_scale, pack_answers  # noqa: E402

SCALES = ("phq-9", "ces-dc")
LEAST_A_SECOND = 500  # ours: as many sheets as the slower database must take in (bench/intake.py)


def a_second(score: Callable[[bytes], Any], sheets: Sequence[bytes]) -> float:
    """How many of these sheets a second are scored."""
    begun = time.process_time()
    for sheet in sheets:
        score(sheet)
    return round(len(sheets) / (time.process_time() - begun), 1)


def measured(scale_id: str, pupils: int) -> dict[str, float]:
    """One scale: whole and short sheets of the same pupils."""
    scale, (rule, _sheets) = shipped(scale_id), shipped_rule()
    parameters, plan = invented(scale), compile_scale(scale)
    design = design_of(scale, parameters, rule, decision_of(scale))
    drawn = answers_of(scale, parameters, Crowd(2 * pupils, seed=23))
    whole = [pack_answers([sheet[item.number] for item in scale.items]) for sheet in drawn]
    short = []
    for sheet in drawn:
        asked = set(ask_all(design, sheet).asked)
        short.append(pack_answers([sheet[i.number] if i.number in asked else None for i in scale.items]))
    kept, times, who = Kept("bench", design), [40] * len(scale.items), Who(grade=8, age=14)
    return {
        "whole_a_second": a_second(lambda raw: score_sheet(plan, raw, times, grade=8, age=14), whole),
        "short_first_a_second": a_second(lambda raw: score_short(plan, kept, raw, times, who), short[:pupils]),
        "short_later_a_second": a_second(lambda raw: score_short(plan, kept, raw, times, who), short[pupils:]),
    }


def main() -> int:
    """Measure each scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the pupils")
    pupils = 100 if parser.parse_args().quick else 1_000
    scales = {scale_id: measured(scale_id, pupils) for scale_id in SCALES}
    meets = {
        f"{name}: short sheets a second >= {LEAST_A_SECOND}": found["short_first_a_second"] >= LEAST_A_SECOND
        for name, found in scales.items()
    }
    print(json.dumps({"pupils": pupils, "scales": scales, "meets": meets}, indent=1))
    return 0 if all(meets.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
