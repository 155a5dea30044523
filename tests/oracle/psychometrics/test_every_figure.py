"""Every figure that `xinqiao stats items --json` prints agrees with R; the README beside this names which R holds it.

The report is that of the command, read from the files; plain.R (base R alone) and figures.R (psych, lavaan) import
nothing of ours. Tolerances: 1e-9 for what has one formula, 1e-6 for what two programs search for by steps of their own.
"""

import json
import re
from pathlib import Path

import pytest

from xinqiao.care.scales.item_report import as_json, report_on
from xinqiao.engines.carelessness import indices
from xinqiao.engines.psychometrics import TableOptions, sheets

HERE = Path(__file__).parent
PLAIN = json.loads((HERE / "plain.json").read_text("utf-8"))
BY_PSYCH = json.loads((HERE / "figures.json").read_text("utf-8"))
EXACT, SEARCHED = 1e-9, 1e-6
OPTIONS = {
    "complete": TableOptions(lowest=0, highest=3),
    "missing": TableOptions(lowest=1, highest=5, reverse=("4", "8")),
    "constant": TableOptions(lowest=0, highest=2),
}
NAMES = sorted(OPTIONS)


def parts_of(size, each):
    """Items 1 to `size` in parts of so many, by the names that the tables give them."""
    numbers = [str(number) for number in range(1, size + 1)]
    return {f"part-{at}": tuple(numbers[at : at + each]) for at in range(0, size, each)}


PARTS = {"complete": parts_of(9, 3), "missing": parts_of(12, 2), "constant": parts_of(8, 2)}


def told_of(name, parts=None):
    """What the command prints of a table, as JSON."""
    later = HERE / "later.csv" if name == "complete" else None
    wanted = PARTS[name] if parts is None else parts
    return as_json(report_on(HERE / f"{name}.csv", OPTIONS[name], parts=wanted, later=later))


def column(rows, key):
    return [row[key] for row in rows]


def equal(ours, theirs, tolerance=EXACT):
    """Same length, null where the other has null, words alike, numbers within the tolerance."""
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        if isinstance(other, int | float) and not isinstance(other, bool) and mine is not None:
            assert mine == pytest.approx(other, abs=tolerance)
        else:
            assert mine == other


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_table_agrees(name):
    told, psych = told_of(name), BY_PSYCH[name]
    keys = ("n", "n_complete", "n_items", "constant_items", "alpha_of_all_items")
    equal([told[key] for key in keys], [PLAIN[name][key] for key in keys])
    keys = ("alpha", "alpha_standardized", "total_sd", "sem")
    equal([told[key] for key in keys], [psych[key] for key in keys])
    equal(told["alpha_ci"], [psych["alpha_low"], psych["alpha_high"]])
    equal([told["omega"], *told["omega_ci"]], [psych["omega"], psych["omega_low"], psych["omega_high"]], SEARCHED)
    assert told["omega_is_improper"] == (psych["least_own_variance"] <= 0)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_every_item_agrees(name):
    told, varies = told_of(name)["items"], set(range(1, 99)) - {int(n) for n in PLAIN[name]["constant_items"]}
    for key, theirs in PLAIN[name]["items"].items():
        equal(column(told, key), theirs)
    varying = [item for item in told if int(item["item"]) in varies]
    for key in ("rest_correlation", "alpha_without", "skewness"):
        equal(column(varying, key), BY_PSYCH[name][key])
        assert {item[key] for item in told if item not in varying} <= {None}


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_every_sheet_agrees(name):
    told = told_of(name)["sheets"]
    for key, theirs in PLAIN[name]["sheets"].items():
        equal(column(told, key), theirs)


@pytest.mark.parametrize("name", NAMES)
def test_even_odd_consistency_tells_sheets_apart_and_is_null_where_nothing_correlates(name):
    theirs = PLAIN[name]["sheets"]["even_odd"]
    assert None in theirs
    assert len({value for value in theirs if value is not None}) >= 15
    assert set(column(told_of(name, parts={})["sheets"], "even_odd")) == {None}


@pytest.mark.parametrize(("held_by", "directions"), [("change", 2), ("change_turned", 3)])
def test_every_figure_of_a_change_agrees(held_by, directions, tmp_path):
    """With the second wave as it is, and turned over (3 less the answer), so that some are higher and some lower."""
    text = (HERE / "later.csv").read_text("utf-8")
    turned = re.sub(r",(\d)(?=[,\n])", lambda cell: f",{3 - int(cell[1])}", text.partition("\n")[2])
    later = tmp_path / "later.csv"
    later.write_text(text if held_by == "change" else text.partition("\n")[0] + "\n" + turned, "utf-8")
    told = as_json(report_on(HERE / "complete.csv", OPTIONS["complete"], parts={}, later=later))["change"]
    for key, theirs in PLAIN[held_by].items():
        equal(column(told, key), theirs)
    assert len(set(PLAIN[held_by]["direction"])) == directions


def printed():
    """The name of every figure that the command prints; `methods` and `rejected` are words about them."""
    told = told_of("complete")
    found = {key for key in told if key not in ("items", "sheets", "change", "methods", "rejected")}
    return found | {f"{key}.{name}" for key in ("items", "sheets", "change") for name in told[key][0]}


def held():
    """What the README's table says is held, by the file that holds it."""
    rows = re.findall(r"^\| (`.+?`) \|.*\| `(\w+)\.R`", (HERE / "README.md").read_text("utf-8"), re.MULTILINE)
    return {name: file for names, file in rows for name in re.findall(r"`([\w.]+)`", names)}


def test_no_figure_is_printed_that_nothing_holds():
    assert held().keys() == printed()
    assert set(held().values()) == {"plain", "figures"}


def test_control_a_new_figure_would_be_missed_in_the_table(monkeypatch):
    monkeypatch.setattr("xinqiao.care.scales.item_report.methods", lambda: {"even": "x"})
    right = as_json
    monkeypatch.setitem(globals(), "as_json", lambda report: {**right(report), "kurtosis": 0.1})
    with pytest.raises(AssertionError):
        test_no_figure_is_printed_that_nothing_holds()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("complete", parts_of(9, 2)),  # other parts
        ("missing", {key: names[::-1] for key, names in PARTS["missing"].items()} | {"part-0": ("1", "3")}),
        ("constant", {key: names for key, names in PARTS["constant"].items() if "5" not in names}),
    ],
)
def test_control_other_parts_do_not_agree(name, parts):
    with pytest.raises(AssertionError):
        equal(column(told_of(name, parts)["sheets"], "even_odd"), PLAIN[name]["sheets"]["even_odd"])


@pytest.mark.parametrize("name", NAMES)
def test_control_even_odd_consistency_not_stepped_up_does_not_agree(name, monkeypatch):
    monkeypatch.setattr(sheets, "stepped_up", lambda r: r)
    with pytest.raises(AssertionError):
        test_every_figure_of_every_sheet_agrees(name)


def test_control_a_missing_answer_counted_as_nothing_does_not_agree(monkeypatch):
    right = sheets._even_odd
    monkeypatch.setattr(sheets, "_even_odd", lambda parts: right([sheets.np.nan_to_num(part) for part in parts]))
    with pytest.raises(AssertionError):
        test_every_figure_of_every_sheet_agrees("missing")


def test_control_a_reversed_item_left_as_it_is_does_not_agree(monkeypatch):
    monkeypatch.setitem(OPTIONS, "missing", TableOptions(lowest=1, highest=5))
    with pytest.raises(AssertionError):
        test_every_figure_of_every_sheet_agrees("missing")


def test_control_the_shared_step_is_the_one_that_is_tested():
    assert sheets.stepped_up is indices.stepped_up
