"""Figures of three tables agree with R's psych and lavaan (figures.R made figures.json, and imports nothing of ours).

`complete` is whole, `missing` lacks about six answers in a hundred and has two reversed items, `constant` has an item
that everybody answered alike. Tolerances: 1e-9 for what has one formula, 1e-6 for what two
programs search for by steps of their own.
"""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from xinqiao.engines.psychometrics import (
    TableOptions,
    item_figures,
    one_factor,
    read_items,
    reliability_of,
    reliable_changes,
    sheet_figures,
)

HERE = Path(__file__).parent
R = json.loads((HERE / "figures.json").read_text("utf-8"))
OPTIONS = {
    "complete": TableOptions(lowest=0, highest=3),
    "missing": TableOptions(lowest=1, highest=5, reverse=("4", "8")),
    "constant": TableOptions(lowest=0, highest=2),
}
EXACT, SEARCHED = 1e-9, 1e-6
NAMES = sorted(OPTIONS)


def table_of(name, options=None):
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return read_items(csv.reader(file), options or OPTIONS[name])


@pytest.mark.parametrize("name", NAMES)
def test_reliability_agrees(name):
    found, r = reliability_of(table_of(name)), R[name]
    ours = {
        "alpha": found.alpha.value, "alpha_low": found.alpha.low, "alpha_high": found.alpha.high,
        "alpha_standardized": found.alpha_standardized, "total_sd": found.total_sd, "sem": found.sem,
    }  # fmt: skip
    assert ours == pytest.approx({key: r[key] for key in ours}, abs=EXACT)
    assert found.omega.value == pytest.approx(r["omega"], abs=SEARCHED)


@pytest.mark.parametrize("name", NAMES)
def test_the_error_of_omega_agrees(name):
    omega = reliability_of(table_of(name)).omega
    logit = {end: np.log(value / (1 - value)) for end, value in vars_of(omega).items()}
    error = (logit["high"] - logit["low"]) / (2 * 1.959963984540054) * omega.value * (1 - omega.value)
    assert error == pytest.approx(R[name]["omega_se"], rel=1e-4)


def vars_of(interval):
    return {"low": interval.low, "value": interval.value, "high": interval.high}


@pytest.mark.parametrize("name", NAMES)
def test_items_agree(name):
    figures, r = [item for item in item_figures(table_of(name)) if item.sd], R[name]
    for ours, theirs in (
        ("mean", "item_mean"), ("sd", "item_sd"), ("rest_correlation", "rest_correlation"),
        ("alpha_without", "alpha_without"), ("skewness", "skewness"),
    ):  # fmt: skip
        assert [getattr(item, ours) for item in figures] == pytest.approx(r[theirs], abs=EXACT), ours


@pytest.mark.parametrize("name", NAMES)
def test_sheets_agree(name):
    figures, r = sheet_figures(table_of(name)), R[name]
    assert [sheet.longstring for sheet in figures] == r["longstring"]
    assert [sheet.irv for sheet in figures] == pytest.approx(r["irv"], abs=EXACT)
    compared = [(s.mahalanobis, d) for s, d in zip(figures, r["mahalanobis"], strict=True) if d is not None]
    assert len(compared) >= 150
    assert [ours for ours, _ in compared] == pytest.approx([theirs for _, theirs in compared], abs=EXACT)


def test_change_agrees():
    first, second = table_of("complete"), table_of("later", OPTIONS["complete"])
    changes = reliable_changes(first, second, sem=reliability_of(first).sem)
    assert [change.rci for change in changes] == pytest.approx(R["change"]["rci"], abs=EXACT)


def test_control_a_reversed_item_left_as_it_is_would_be_seen():
    found = reliability_of(table_of("missing", TableOptions(lowest=1, highest=5)))
    assert abs(found.alpha.value - R["missing"]["alpha"]) > 0.01


def test_control_missing_answers_counted_as_the_lowest_would_be_seen():
    table = table_of("missing")
    filled = np.where(np.isnan(table.answers), 1.0, table.answers)
    found = reliability_of(type(table)(table.ids, table.items, filled, raw=filled))
    assert abs(found.alpha.value - R["missing"]["alpha"]) > 1e-3


def test_control_a_slip_in_the_information_would_be_seen(monkeypatch):
    right = one_factor.omega_standard_error
    monkeypatch.setattr(
        "xinqiao.engines.psychometrics.reliability.omega_standard_error", lambda fit, n: right(fit, n) * 0.99
    )
    with pytest.raises(AssertionError):
        test_the_error_of_omega_agrees("complete")
