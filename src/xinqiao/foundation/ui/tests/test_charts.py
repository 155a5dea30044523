"""Geometry of the charts."""

import pytest

from xinqiao.foundation.ui.charts import (
    PLOT_WIDTH,
    TREND_EDGE,
    TREND_HEIGHT,
    TREND_WIDTH,
    bar_rows,
    stacked_rows,
    trend_points,
)

SERIES = [("red", "red"), ("green", "green")]


def test_the_longest_bar_fills_the_plot_and_the_others_keep_proportion():
    bars = bar_rows([("a", 50), ("b", 25, "red"), ("c", 0)])
    assert [bar.width for bar in bars] == [PLOT_WIDTH, PLOT_WIDTH / 2, 0]
    assert [bar.tone for bar in bars] == ["accent", "red", "accent"]


def test_a_given_maximum_rules_and_nothing_leaves_the_plot():
    assert [bar.width for bar in bar_rows([("a", 50), ("b", 130)], maximum=100)] == [500, PLOT_WIDTH]


def test_no_rows_and_only_zeros_draw_nothing():
    assert bar_rows([]) == []
    assert [bar.width for bar in bar_rows([("a", 0)])] == [0]


@pytest.mark.parametrize("value", [-1, "7", None, True])
def test_what_is_no_number_from_zero_up_is_refused(value):
    with pytest.raises(ValueError, match="a bar needs a number"):
        bar_rows([("a", value)])


def test_stacked_pieces_stand_end_to_end():
    [row] = stacked_rows([("grade 7", [30, 10])], SERIES, gap=0)
    assert row.total == 40
    assert [(piece.x, piece.width, piece.percent) for piece in row.segments] == [(0, 750, 75), (750, 250, 25)]


def test_the_gap_never_makes_a_piece_negative():
    [row] = stacked_rows([("grade 7", [1, 100_000])], SERIES)
    assert min(piece.width for piece in row.segments) == 0


def test_an_empty_row_is_an_empty_bar():
    [row] = stacked_rows([("grade 7", [0, 0])], SERIES)
    assert [piece.width for piece in row.segments] == [0, 0]


@pytest.mark.parametrize("values", [[1], [1, 2, 3], 7])
def test_a_row_needs_one_value_a_series(values):
    with pytest.raises(ValueError, match="needs 2 values"):
        stacked_rows([("grade 7", values)], SERIES)


def test_a_curve_runs_from_edge_to_edge_and_its_highest_value_stands_on_top():
    low, high, middle = trend_points([0, 27, 13.5], lowest=0, highest=27)
    assert (low.x, middle.x) == (TREND_EDGE, TREND_WIDTH - TREND_EDGE)
    assert (high.y, low.y) == (TREND_EDGE, TREND_HEIGHT - TREND_EDGE)
    assert middle.y == TREND_HEIGHT / 2


def test_a_curve_of_one_value_stays_inside_and_one_without_room_is_refused():
    [only] = trend_points([99], lowest=0, highest=27)
    assert (only.x, only.y) == (TREND_EDGE, TREND_EDGE)
    with pytest.raises(ValueError, match="above its lowest"):
        trend_points([1], lowest=3, highest=3)
