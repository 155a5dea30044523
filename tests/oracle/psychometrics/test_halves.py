"""Even-odd consistency agrees with base R sheet by sheet (halves.R made halves.json, and imports nothing of ours).

halves.csv is invented: 160 sheets of the SDQ's 25 items, every eighth answered at random, a third with gaps, two with
one answer throughout. Tolerance 1e-9: there is one formula.
"""

import csv
import json
from pathlib import Path

import pytest

from xinqiao.engines.carelessness.indices import even_odd_consistency
from xinqiao.engines.tests.scoring_samples import plan_of

HERE = Path(__file__).parent
R = json.loads((HERE / "halves.json").read_text("utf-8"))
EXACT = 1e-9


def sheets():
    with (HERE / "halves.csv").open(encoding="utf-8", newline="") as file:
        return [[int(cell) if cell else None for cell in row[1:]] for row in list(csv.reader(file))[1:]]


def test_every_sheet_agrees():
    found = [even_odd_consistency(plan_of("sdq"), sheet) for sheet in sheets()]
    assert [each is None for each in found] == [each is None for each in R]
    assert [each for each in found if each is not None] == pytest.approx([r for r in R if r is not None], abs=EXACT)
    assert len({round(r, 6) for r in R if r is not None}) > 100  # the table tells sheets apart
    assert None in R


def test_control_unturned_items_do_not_agree():
    turned = {7, 11, 14, 21, 25}
    wrong = [
        [2 - answer if at in turned and answer is not None else answer for at, answer in enumerate(sheet, start=1)]
        for sheet in sheets()
    ]
    found = [even_odd_consistency(plan_of("sdq"), sheet) for sheet in wrong]
    both = [(ours, r) for ours, r in zip(found, R, strict=True) if ours is not None and r is not None]
    assert sum(abs(ours - r) > 0.01 for ours, r in both) > len(both) / 2
