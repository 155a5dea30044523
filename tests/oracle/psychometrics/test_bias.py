"""Item bias across groups agrees with R's MASS::polr and glm (bias.R made bias.json, and imports nothing of ours).

groups.csv is invented: item 3 is easier for girls, item 6 tells more of boys, item 7 is harder in primary school, and
item 8 has two answers. Both programs search for the same optimum by steps of their own: tolerance 1e-6.
"""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from xinqiao.engines.psychometrics import bias, bias_of, table_of

HERE = Path(__file__).parent
R = json.loads((HERE / "bias.json").read_text("utf-8"))
SEARCHED = 1e-6
PLANTED = {"sex": {"3", "6"}, "stage": {"7"}}


def read(name):
    with (HERE / "groups.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    raw = np.array([[float(cell) for cell in row[3:]] for row in rows])
    return table_of([row[0] for row in rows], header[3:], raw, {}), [row[header.index(name)] for row in rows]


@pytest.mark.parametrize("name", ["sex", "stage"])
def test_effects_and_chances_agree(name):
    found = bias_of(*read(name))
    for ours in ("effect", "uniform", "chance"):
        assert [getattr(item, ours) for item in found.items] == pytest.approx(R[name][ours], abs=SEARCHED), ours
    assert found.rounds == R[name]["rounds"]
    assert found.is_stable
    kept = [at for at, item in enumerate(found.items, start=1) if item.size == "negligible"]
    assert kept == R[name]["anchors"]


@pytest.mark.parametrize("name", ["sex", "stage"])
def test_what_was_planted_is_found_and_nothing_else(name):
    assert {item.item for item in bias_of(*read(name)).items if item.size != "negligible"} == PLANTED[name]


def test_the_group_that_answers_higher_is_named():
    by_sex = {item.item: item.highest for item in bias_of(*read("sex")).items}
    assert by_sex["3"] == "female"
    assert bias_of(*read("stage")).items[6].highest in ("junior", "senior")


def test_control_another_r_squared_would_be_seen(monkeypatch):
    def without_its_highest_value(nothing, fitted, sheets):
        return -np.expm1(2 / sheets * (nothing - fitted))

    monkeypatch.setattr(bias, "_r_squared", without_its_highest_value)
    with pytest.raises(AssertionError):
        test_effects_and_chances_agree("sex")


def test_control_groups_drawn_by_lot_show_no_bias():
    table, sexes = read("sex")
    drawn = list(np.random.default_rng(5).permutation(sexes))
    assert {item.size for item in bias_of(table, drawn).items} == {"negligible"}


def test_control_without_purification_other_effects_come_out(monkeypatch):
    monkeypatch.setattr(bias, "MOST_ROUNDS", 0)
    with pytest.raises(AssertionError):
        test_effects_and_chances_agree("sex")
