"""Norm tables of three groups agree with base R (norms.R made norms.json, and imports nothing of ours).

`whole` are sums of whole points, `means` have fractions, `few` is small enough to be worked by hand.
"""

import csv
import json
from pathlib import Path

import pytest

from xinqiao.engines.norms import standing_of, table_of

HERE = Path(__file__).parent
R = json.loads((HERE / "norms.json").read_text("utf-8"))
EXACT = 1e-9
KEYS = ("percentile", "se", "low", "high", "t_linear", "t_normal")


def scores_of(name):
    with (HERE / "scores.csv").open(encoding="utf-8", newline="") as file:
        return [float(row["score"]) for row in csv.DictReader(file) if row["group"] == name]


def figures(name, turn=lambda score: score):
    table = table_of([turn(score) for score in scores_of(name)])
    found = [standing_of(table, turn(score)) for score in R[name]["score"]]
    return table, {key: [getattr(each, key) for each in found] for key in KEYS}


@pytest.mark.parametrize("name", sorted(R))
def test_every_figure_agrees(name):
    table, found = figures(name)
    r = R[name]
    assert (table.n, table.mean, table.sd) == pytest.approx((r["n"], r["mean"], r["sd"]), abs=EXACT)
    assert [(line.low, line.count) for line in table.lines] == list(zip(r["score"], r["count"], strict=True))
    assert all(line.low == line.high for line in table.lines)
    for key in KEYS:
        assert found[key] == pytest.approx(r[key], abs=1e-8), key


def test_control_another_direction_does_not_agree():
    _table, found = figures("whole", lambda score: 27 - score)
    assert found["percentile"] != pytest.approx(R["whole"]["percentile"], abs=1)
