"""Calibrated parameters agree with two programs that know nothing of ours.

`figures.R` climbs the marginal likelihood directly (base R's optim) and takes errors from its curvature; `girth.json`
is the Python program girth's. `complete` has six items of four categories, `mixed` items of two to five, with one
answer in twenty missing. Tolerances: 1e-4 against R, which looks for the very same top by other steps; 0.03 against
girth, which fits thresholds one after the other and stops earlier; a tenth for errors, which are of two kinds.
"""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from xinqiao.engines.adaptive import calibrating
from xinqiao.engines.adaptive.calibrating import calibrate

HERE = Path(__file__).parent
R = json.loads((HERE / "figures.json").read_text("utf-8"))
GIRTH = json.loads((HERE / "girth.json").read_text("utf-8"))
NAMES = ("complete", "mixed")
SAME_TOP, OTHER_STEPS, ERRORS = 1e-4, 0.03, 0.1


def table_of(name):
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    answers = np.array([[-1 if cell == "" else int(cell) for cell in row[1:]] for row in rows])
    return answers, tuple(header[1:]), tuple(int(top) + 1 for top in answers.max(axis=0))


def fitted(name):
    return calibrate(*table_of(name), fewest_a_category=2)


def check_parameters(found, theirs, tolerance):
    assert [each.slope for each in found.items] == pytest.approx(theirs["slopes"], abs=tolerance)
    for each, thresholds in zip(found.items, theirs["thresholds"], strict=True):
        assert list(each.thresholds) == pytest.approx(thresholds, abs=tolerance)


@pytest.mark.parametrize("name", NAMES)
def test_parameters_and_likelihood_agree_with_r(name):
    found = fitted(name)
    assert found.converged
    assert found.log_likelihood == pytest.approx(R[name]["log_likelihood"], abs=1e-5)
    check_parameters(found, R[name], SAME_TOP)


@pytest.mark.parametrize("name", NAMES)
def test_errors_agree_with_r(name):
    ours = [each.slope_se for each in fitted(name).items]
    assert ours == pytest.approx(R[name]["slope_ses"], rel=ERRORS)


@pytest.mark.parametrize("name", NAMES)
def test_parameters_agree_with_girth(name):
    check_parameters(fitted(name), GIRTH[name], OTHER_STEPS)


def test_control_a_search_that_ends_early_is_seen(monkeypatch):
    monkeypatch.setattr(calibrating, "MOST_CYCLES", 3)
    found = fitted("complete")
    assert not found.converged
    with pytest.raises(AssertionError):
        check_parameters(found, R["complete"], SAME_TOP)
