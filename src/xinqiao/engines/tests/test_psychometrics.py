"""Figures of item tables: worked by hand where that is possible, at the edges, and refused where they must be."""

import numpy as np
import pytest

from xinqiao.engines.psychometrics import (
    TableOptions,
    item_figures,
    read_items,
    reliability_of,
    reliable_changes,
    sheet_figures,
    sheets,
)
from xinqiao.engines.psychometrics.table import ItemTable
from xinqiao.engines.scoring import TableFault

HEADER = ["id", "a", "b", "c"]
# Variances 1, 1 and 1, covariances 0.5, 0 and 0.5: alpha = 3/2 · (1 - 3/5) = 0.6.
SMALL = [HEADER, ["p", "1", "2", "3"], ["q", "2", "3", "2"], ["r", "3", "1", "1"], ["s", "1", "1", "1"]]


def table_of(rows, **options) -> ItemTable:
    return read_items(rows, TableOptions(**options))


def answers_of(seed=3, sheets=200, items=6, codes=4):
    dice = np.random.default_rng(seed)
    factor = dice.normal(size=(sheets, 1))
    return np.clip(np.round(1.5 + 0.8 * factor + dice.normal(size=(sheets, items))), 0, codes - 1)


def written(answers, header=None):
    rows = [["id", *(header or map(str, range(1, answers.shape[1] + 1)))]]
    return rows + [
        [f"p{n}", *("" if np.isnan(v) else f"{v:g}" for v in sheet)] for n, sheet in enumerate(answers.astype(float))
    ]


def test_alpha_worked_by_hand():
    found = reliability_of(table_of([["id", "x", "y"], ["p", "1", "1"], ["q", "2", "3"], ["r", "3", "2"]]))
    # variances 1 and 1, covariance 0.5: alpha = 2 · (1 - 2/3); the sum's variance is 3.
    assert found.alpha.value == pytest.approx(2 / 3)
    assert found.total_sd == pytest.approx(3**0.5)
    assert found.sem == pytest.approx(1.0)
    assert found.omega is None, "two items do not tell one factor"


def test_reversal_turns_within_the_codes_and_not_about_zero():
    table = table_of(SMALL, lowest=1, highest=5, reverse=("b",))
    assert table.answers[:, 1].tolist() == [4, 3, 5, 5]
    assert table.raw[:, 1].tolist() == [2, 3, 1, 1]


def test_control_an_item_left_unturned_costs_reliability():
    answers = answers_of()
    answers[:, 2] = 3 - answers[:, 2]
    turned = reliability_of(table_of(written(answers), lowest=0, highest=3, reverse=("3",))).alpha.value
    assert turned > reliability_of(table_of(written(answers))).alpha.value + 0.2


def test_a_constant_item_is_named_and_left_out():
    answers = np.column_stack([answers_of(), np.full(200, 2.0)])
    table = table_of(written(answers))
    found, without = reliability_of(table), reliability_of(table_of(written(answers[:, :6])))
    assert table.constant == ("7",)
    assert found.items == 6
    assert found.alpha == without.alpha
    assert found.alpha_of_all_items < found.alpha.value
    assert item_figures(table)[6].rest_correlation is None
    assert item_figures(table)[6].mean == 2.0


def test_missing_answers_stay_missing():
    answers = answers_of()
    answers[5, 1] = answers[9, 4] = np.nan
    table = table_of(written(answers))
    found = reliability_of(table)
    assert (found.sheets, found.complete) == (200, 198)
    assert item_figures(table)[1].missing == 1
    of_sheet = sheet_figures(table)[5]
    assert of_sheet.total is None
    assert of_sheet.answered == 5
    assert of_sheet.mahalanobis is not None
    zeros = np.nan_to_num(answers)
    assert found.alpha.value != reliability_of(table_of(written(zeros))).alpha.value


def test_intervals_hold_the_estimate_and_narrow_with_sheets():
    few, many = (reliability_of(table_of(written(answers_of(sheets=count)))) for count in (60, 600))
    for found in (few, many):
        for interval in (found.alpha, found.omega):
            assert interval.low < interval.value < interval.high
    assert many.omega.high - many.omega.low < few.omega.high - few.omega.low
    assert many.alpha.high - many.alpha.low < few.alpha.high - few.alpha.low


@pytest.mark.slow
def test_the_interval_of_omega_holds_the_truth_in_about_nineteen_of_twenty():
    loadings = np.array([0.5, 0.6, 0.7, 0.4, 0.65])
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    dice, held = np.random.default_rng(11), 0
    for _ in range(200):
        factor = dice.normal(size=(250, 1))
        answers = factor * loadings + dice.normal(size=(250, 5)) * np.sqrt(1 - loadings**2)
        table = ItemTable(tuple(map(str, range(250))), tuple("abcde"), answers, raw=answers)
        omega = reliability_of(table).omega
        held += omega.low <= truth <= omega.high
    assert 180 <= held <= 199


def test_sheets_worked_by_hand():
    rows = [
        ["id", "a1", "a2", "b1", "b2", "c1", "c2"],
        ["p", "1", "1", "1", "3", "2", "2"],
        ["q", "0", "1", "2", "3", "1", "0"],
    ]
    parts = {"a": ("a1", "a2"), "b": ("b1", "b2"), "c": ("c1", "c2")}
    first = sheet_figures(table_of(rows), parts)[0]
    assert first.longstring == 3
    assert first.average_string == pytest.approx(2.0)
    assert first.irv == pytest.approx(np.std([1, 1, 1, 3, 2, 2], ddof=1))
    # odd 1, 1, 2 against even 1, 3, 2: r = 0, and stepped up it stays 0.
    assert first.even_odd == pytest.approx(0.0)
    assert first.mahalanobis is None, "two sheets tell no distance over six items"
    assert sheet_figures(table_of(rows))[0].even_odd is None


FIFTHS = [(1, 0, 0, 1, 0), (0, 1, 1, 0, 0), (0, 0, 1, 0, 1)]  # each 0.4 on average, which no binary number is


def fifths_sheet():
    """Three parts of nine items: their odd halves all 0.4 on average, their even halves 0, 0.25 and 0.5."""
    answers = np.zeros((2, 27))
    for at, odd in enumerate(FIFTHS):
        answers[0, 9 * at : 9 * at + 9 : 2] = odd
        answers[0, 9 * at + 1 : 9 * at + 1 + 2 * at : 2] = 1
    return table_of(written(answers)), {str(at): tuple(str(9 * at + n) for n in range(1, 10)) for at in range(3)}


def test_halves_that_are_all_alike_correlate_with_nothing():
    assert sheet_figures(*fifths_sheet())[0].even_odd is None


def test_control_a_deviation_of_zero_would_not_be_found(monkeypatch):
    monkeypatch.setattr(sheets, "is_flat", lambda halves: np.std(halves) == 0)
    assert sheet_figures(*fifths_sheet())[0].even_odd is not None


def test_an_item_whose_own_variance_vanishes_is_said():
    """Correlations .9, .9 and .5: one factor would need a loading of 1.27 on the first item."""
    root = np.linalg.cholesky(np.array([[1, 0.9, 0.9], [0.9, 1, 0.65], [0.9, 0.65, 1]]))
    drawn = np.random.default_rng(2).normal(size=(400, 3))
    whitened = np.linalg.solve(np.linalg.cholesky(np.cov(drawn.T)), (drawn - drawn.mean(axis=0)).T).T
    found = reliability_of(table_of(written(whitened @ root.T)))
    assert found.omega_is_improper
    assert not reliability_of(table_of(written(answers_of()))).omega_is_improper


def test_a_missing_answer_ends_a_run():
    rows = [["id", "a", "b", "c", "d"], ["p", "1", "", "1", "1"], ["q", "0", "1", "2", "3"]]
    assert sheet_figures(table_of(rows))[0].longstring == 2


def test_reliable_change_is_beyond_error():
    first = table_of([["id", "a", "b"], ["p", "1", "2"], ["q", "1", "2"], ["r", "3", "3"], ["gone", "1", "1"]])
    second = table_of([["id", "a", "b"], ["r", "1", "0"], ["q", "2", "2"], ["p", "3", "3"], ["new", "1", "1"]])
    found = {change.id: change for change in reliable_changes(first, second, sem=1.0)}
    assert set(found) == {"p", "q", "r"}
    assert found["p"].rci == pytest.approx(3 / 2**0.5)
    assert [found[name].direction for name in "pqr"] == ["higher", "within_error", "lower"]
    with pytest.raises(ValueError, match="same items"):
        reliable_changes(first, table_of(SMALL), sem=1.0)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (["t", "x", "1", "1"], "not_a_number", "a"),
        (["t", "1", "9", "1"], "out_of_codes", "b"),
        (["t", "1", "1", "inf"], "not_a_number", "c"),
        (["t", "1", "1", "１"], "not_a_number", "c"),
        (["t", "1_0", "1", "1"], "not_a_number", "a"),
        (["", "1", "1", "1"], "no_id", "id"),
        (["p", "1", "1", "1"], "same_id", "id"),
        (["t", "1", "1"], "wrong_length", ""),
        (["t", "1", "1", "1", "1"], "wrong_length", ""),
    ],
)
def test_a_bad_row_is_left_out_and_named(row, code, column):
    table = table_of([*SMALL, row], lowest=1, highest=4)
    assert table.ids == ("p", "q", "r", "s")
    [fault] = table.rejected
    assert (fault.row, fault.code, fault.column) == (6, code, column)


@pytest.mark.parametrize(
    ("header", "options", "code"),
    [
        ([], {}, "no_header"),
        (["name", "a", "b"], {}, "missing_column"),
        (["id", "a", "a"], {}, "duplicate_column"),
        (["id", "a"], {}, "item_count"),
        (["id", "a", "b"], {"items": ("a", "z")}, "missing_column"),
        (["id", "a", "b", "c"], {"items": ("a", "b"), "reverse": ("c",)}, "missing_column"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(header, options, code):
    with pytest.raises(TableFault) as refused:
        table_of([header], **options)
    assert refused.value.code == code


def test_nothing_is_made_up_where_nothing_varies():
    table = table_of([HEADER, ["p", "1", "2", "3"], ["q", "1", "2", "3"]])
    found = reliability_of(table)
    assert (found.alpha, found.omega, found.sem) == (None, None, None)
    assert table.constant == ("a", "b", "c")
    assert sheet_figures(table)[0].mahalanobis is None
