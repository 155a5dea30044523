"""Bulk scoring: answer sheets of 100 items scored in memory, on one core. Prints one JSON object.

Beside it the bare limit: numpy summing the same array along its rows, which no scoring can beat by much.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from xinqiao.engines.carelessness import measure
from xinqiao.engines.scoring import compile_scale, scale_from_mapping, score_many, score_one

PACKS = Path(__file__).resolve().parents[1] / "packs" / "scales"
TARGET = 100_000
SCALES = ("mht", "phq-9", "ces-dc", "scl-90")


def seconds_of(act: Callable[[], Any]) -> float:
    """Time one call."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def measured(scale_id: str, sheets: int, rounds: int) -> dict[str, float]:
    """Medians for one scale: sheets a second in bulk, and microseconds for one sheet as the intake scores it."""
    plan = compile_scale(scale_from_mapping(yaml.safe_load((PACKS / f"{scale_id}.yaml").read_text("utf-8"))))
    rng = np.random.default_rng(7)
    columns = [rng.choice(sorted(codes), sheets) for codes in plan.codes_by_item]
    answers = np.stack(columns, axis=1).astype(np.uint8)
    score_many(plan, answers[:100])
    bulk = statistics.median(seconds_of(lambda: score_many(plan, answers)) for _ in range(rounds))
    bare = statistics.median(seconds_of(lambda: answers.sum(axis=1, dtype=np.int32)) for _ in range(rounds))
    some = [bytes(row) for row in answers[:2_000]]
    one = seconds_of(lambda: [score_one(plan, row) for row in some]) / len(some)
    care = seconds_of(lambda: [measure(plan, row, seconds=300.0) for row in some]) / len(some)
    return {
        "items": plan.item_count,
        "sheets_per_second": round(sheets / bulk),
        "bare_sum_sheets_per_second": round(sheets / bare),
        "one_sheet_us": round(one * 1e6, 1),
        "one_sheet_care_us": round(care * 1e6, 1),
    }


def main() -> int:
    """Measure each scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer sheets, one round")
    sheets, rounds = (20_000, 1) if parser.parse_args().quick else (200_000, 5)
    figures: dict[str, Any] = {"sheets": sheets, "rounds": rounds}
    figures["scales"] = {scale_id: measured(scale_id, sheets, rounds) for scale_id in SCALES}
    figures["meets"] = {f"mht >= {TARGET}/s": figures["scales"]["mht"]["sheets_per_second"] >= TARGET}
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
