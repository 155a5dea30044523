"""Figures of a flag, against published worked examples, brute force and a simulation that knows the truth."""

import math
import random

import pytest

from xinqiao.engines.accuracy import (
    Stratum,
    drawn_by_lot,
    figures,
    predictive_value,
    sensitivity,
    size_of_lot,
    specificity,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe 1998, Stat Med 17:857-872, table I, method 3 (Wilson without continuity correction).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(successes, trials, low, high):
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("successes", "trials"), [(0, 1), (5, 5), (3, 11), (17, 100)])
def test_wilson_is_where_the_score_test_just_rejects(successes, trials):
    """An independent way to the same bounds: solve (share − p)² = z² p(1 − p)/n by halving."""

    def score(p):
        return (successes / trials - p) ** 2 * trials - figures.Z**2 * p * (1 - p)

    def root(inside, outside):
        for _ in range(200):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if score(middle) < 0 else (inside, middle)
        return inside

    share = successes / trials
    inside = min(max(share, 1e-9), 1 - 1e-9)
    low = 0.0 if successes == 0 else root(inside, 0.0)
    high = 1.0 if successes == trials else root(inside, 1.0)
    assert wilson(successes, trials) == pytest.approx((low, high), abs=1e-6)


def begg_greenes(n1, v1, d1, n0, v0, d0):
    """The two-stratum formulas of the paper, written out."""
    p, ppv, npv = n1 / (n1 + n0), d1 / v1, (v0 - d0) / v0
    se = p * ppv / (p * ppv + (1 - p) * (1 - npv))
    sp = (1 - p) * npv / ((1 - p) * npv + p * (1 - ppv))
    common = 1 / ((n1 + n0) * p * (1 - p))
    var_se = common + (1 - ppv) / (v1 * ppv) + npv / (v0 * (1 - npv))
    var_sp = common + ppv / (v1 * (1 - ppv)) + (1 - npv) / (v0 * npv)

    def bounds(x, var):
        middle, half = math.log(x / (1 - x)), figures.Z * math.sqrt(var)
        return [1 / (1 + math.exp(-(middle + sign * half))) for sign in (-1, 1)]

    return (se, *bounds(se, var_se)), (sp, *bounds(sp, var_sp))


def triple(figure):
    return (figure.value, figure.low, figure.high)


@pytest.mark.parametrize("counts", [(517, 480, 82, 1483, 75, 2), (60, 60, 20, 940, 50, 3), (100, 40, 10, 900, 45, 1)])
def test_two_strata_are_begg_and_greenes(counts):
    n1, v1, d1, n0, v0, d0 = counts
    strata = [Stratum(True, n1, v1, d1), Stratum(False, n0, v0, d0)]
    se, sp = begg_greenes(*counts)
    assert triple(sensitivity(strata)) == pytest.approx(se)
    assert triple(specificity(strata)) == pytest.approx(sp)


def test_control_the_naive_table_of_those_talked_to_would_say_something_else():
    """Without weights sensitivity looks far better than it is: that is the bias of verification."""
    naive = 82 / (82 + 2)
    assert sensitivity([Stratum(True, 517, 480, 82), Stratum(False, 1483, 75, 2)]).value < naive - 0.2


def test_more_strata_give_each_pupil_the_weight_of_the_own_stratum():
    strata = [Stratum(True, 50, 50, 20), Stratum(False, 30, 15, 6), Stratum(False, 400, 20, 1)]
    found, missed = 20.0, 30 * 6 / 15 + 400 / 20
    assert sensitivity(strata).value == pytest.approx(found / (found + missed))
    well, wrong = 30 * 9 / 15 + 400 * 19 / 20, 30.0
    assert specificity(strata).value == pytest.approx(well / (well + wrong))


def test_where_nobody_missed_was_found_the_interval_is_open_below_and_not_empty():
    figure = sensitivity([Stratum(True, 50, 50, 20), Stratum(False, 400, 20, 0)])
    assert figure.value == 1.0
    assert figure.high == 1.0
    assert figure.low < 0.5, "20 talks do not rule out that many were missed"


def test_what_cannot_be_had_is_none():
    assert predictive_value(0, 0) is None
    assert sensitivity([Stratum(True, 50, 50, 20), Stratum(False, 400, 0, 0)]) is None
    assert specificity([Stratum(True, 50, 0, 0), Stratum(False, 400, 20, 0)]) is None
    assert sensitivity([Stratum(True, 5, 5, 0), Stratum(False, 9, 9, 0)]) is None
    with pytest.raises(ValueError, match="no stratum"):
        Stratum(True, 5, 6, 0)


def covered(rounds, of):
    """How often the interval holds the truth (.80) when pupils are drawn and some of them talked to."""
    draw, hits = random.Random(20261126), 0
    for _ in range(rounds):
        flagged = [draw.random() < 0.4 for _ in range(sum(draw.random() < 0.2 for _ in range(1000)))]
        rest = [draw.random() < 0.025 for _ in range(1000 - len(flagged))]
        talked = draw.sample(rest, 100)
        figure = of(
            [Stratum(True, len(flagged), len(flagged), sum(flagged)), Stratum(False, len(rest), 100, sum(talked))]
        )
        hits += figure is not None and figure.low <= 0.8 <= figure.high
    return hits / rounds


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    assert 0.92 <= covered(400, sensitivity) <= 1.0


def test_control_an_interval_of_half_the_width_would_be_caught():
    def narrow(strata):
        figure = sensitivity(strata)
        return figures.Figure(figure.value, (figure.low + figure.value) / 2, (figure.high + figure.value) / 2)

    assert covered(400, narrow) < 0.92


NAMES = [f"pupil-{n}" for n in range(400)]


def test_a_lot_can_be_drawn_again_in_any_order_and_is_not_the_list_itself():
    first = drawn_by_lot(NAMES, 20, "seed")
    assert drawn_by_lot(list(reversed(NAMES)), 20, "seed") == first
    assert len(set(first)) == 20
    assert drawn_by_lot(NAMES, 20, "other") != first
    assert set(first) != set(NAMES[:20])


def test_everyone_has_the_same_chance():
    """Over 400 seeds each of 40 pupils is drawn of 40·400/4·… times: a chi-square with 39 degrees stays below 80."""
    few, times = NAMES[:40], dict.fromkeys(NAMES[:40], 0)
    for seed in range(400):
        for name in drawn_by_lot(few, 10, str(seed)):
            times[name] += 1
    assert sum((count - 100) ** 2 / 100 for count in times.values()) < 80


@pytest.mark.parametrize(("pupils", "size"), [(1000, 50), (101, 10), (400, 20), (7, 7), (0, 0), (201, 11)])
def test_size_of_a_lot(pupils, size):
    assert size_of_lot(pupils, percent=5, at_least=10) == size
