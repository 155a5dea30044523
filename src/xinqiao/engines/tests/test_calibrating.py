"""Calibration on tables whose truth is known, what it refuses, and what its figures of fit see."""

import numpy as np
import pytest

from xinqiao.engines.adaptive import Crowd, answers_of
from xinqiao.engines.adaptive.calibrating import CannotCalibrate, calibrate
from xinqiao.engines.adaptive.fitting import fit_of
from xinqiao.engines.tests.adaptive_samples import invented
from xinqiao.engines.tests.scoring_samples import pack

NOT_ONE_TRAIT, TWINS = 4.0, 0.2


def table_of(scale_id, crowd):
    """Categories in the direction of the score."""
    scale = pack(scale_id)
    items = [scale.items[n - 1] for n in sorted(scale.subscale("total").items)]
    order = [sorted(item.codes, reverse=item.reversed) for item in items]
    sheets = answers_of(scale, invented(scale, "total"), crowd)
    table = [[codes.index(sheet[item.number]) for item, codes in zip(items, order, strict=True)] for sheet in sheets]
    return np.array(table), tuple(str(item.number) for item in items), tuple(len(item.codes) for item in items)


def standardised(found, truth):
    """How many standard errors each parameter lies from the truth."""
    slopes = [(one.slope - true.slope) / one.slope_se for one, true in zip(found.items, truth, strict=True)]
    return np.array(slopes + [
        (at - true_at) / se
        for one, true in zip(found.items, truth, strict=True)
        for at, true_at, se in zip(one.thresholds, true.thresholds, one.threshold_ses, strict=True)
    ])  # fmt: skip


def check_recovered(found, truth):
    far = standardised(found, truth)
    assert abs(far.mean()) < 1.0  # a sample's own mean moves all thresholds together
    assert 0.5 < far.std() < 1.5  # stated errors of the right size
    assert np.abs(far).max() < 4.5


@pytest.mark.parametrize(("scale_id", "sheets"), [("phq-9", 1_000), ("ces-dc", 1_500)])
def test_known_parameters_are_found_within_their_errors(scale_id, sheets):
    found = calibrate(*table_of(scale_id, Crowd(sheets, 1)), fewest_a_category=2)
    assert found.converged
    assert found.steepness < 1e-4
    check_recovered(found, invented(pack(scale_id), "total"))


def test_control_a_table_of_others_does_not_have_these_parameters():
    found = calibrate(*table_of("phq-9", Crowd(1_000, 1, careless=0.3)), fewest_a_category=2)
    with pytest.raises(AssertionError):
        check_recovered(found, invented(pack("phq-9"), "total"))


def test_missing_answers_are_left_out_not_counted_as_the_lowest():
    answers, names, categories = table_of("phq-9", Crowd(1_000, 2))
    gaps = np.random.default_rng(4).random(answers.shape) < 0.1
    truth = invented(pack("phq-9"), "total")
    check_recovered(calibrate(np.where(gaps, -1, answers), names, categories, fewest_a_category=2), truth)
    with pytest.raises(AssertionError):
        check_recovered(calibrate(np.where(gaps, 0, answers), names, categories, fewest_a_category=2), truth)


def test_a_category_that_hardly_anybody_chose_is_refused_by_name():
    answers, names, categories = table_of("phq-9", Crowd(500, 1))
    answers[answers[:, 3] == 3, 3] = 2
    with pytest.raises(CannotCalibrate) as told:
        calibrate(answers, names, categories, fewest_a_category=5)
    assert (told.value.code, told.value.item, told.value.detail) == ("rare_category", "4", "3:0")


def test_an_item_that_another_repeats_is_refused():
    answers, names, categories = table_of("phq-9", Crowd(500, 1))
    answers[:, 5] = answers[:, 4]
    with pytest.raises(CannotCalibrate) as told:
        calibrate(answers, names, categories, fewest_a_category=1)
    assert (told.value.code, told.value.item) == ("runaway", "5")


def test_one_trait_without_twins_fits():
    answers, names, categories = table_of("ces-dc", Crowd(2_000, 1))
    found = fit_of(calibrate(answers, names, categories, fewest_a_category=2), answers)
    assert max(each.distance for each in found.items) < 0.05
    assert found.first_to_second > NOT_ONE_TRAIT
    assert abs(found.pairs[0].excess) < TWINS
    assert len(found.pairs) == 190
    assert 0.8 < found.reliability < 0.95


@pytest.mark.slow
def test_twins_second_traits_and_crooked_items_are_seen():
    mixed, names, categories = table_of("ces-dc", Crowd(2_000, 1, second_factor=0.7))
    answers, *_ = table_of("ces-dc", Crowd(2_000, 1))
    twins = answers.copy()
    twins[:, 5] = np.where(np.arange(len(answers)) % 3, answers[:, 4], answers[:, 5])
    crooked = answers.copy()
    crooked[:, 7] = np.where(answers.sum(axis=1) > np.median(answers.sum(axis=1)), 3 - answers[:, 7], answers[:, 7])
    assert fit_of(calibrate(mixed, names, categories, fewest_a_category=2), mixed).first_to_second < NOT_ONE_TRAIT
    pair = fit_of(calibrate(twins, names, categories, fewest_a_category=2), twins).pairs[0]
    assert (pair.first, pair.second) == ("5", "6")
    assert pair.excess > TWINS
    fit = fit_of(calibrate(crooked, names, categories, fewest_a_category=2), crooked)
    assert max(fit.items, key=lambda each: each.distance).item == "8"


def test_residual_correlations_equal_a_slow_reading():
    answers, names, categories = table_of("phq-9", Crowd(300, 3))
    answers[::7, 2] = -1
    calibration = calibrate(answers, names, categories, fewest_a_category=1)
    eap = [float(sum(w * t for w, t in zip(row, calibration.grid, strict=True))) for row in calibration.posterior]
    assert np.std(eap) > 0.5
    residuals = np.full(answers.shape, np.nan)
    for s, a in np.argwhere(answers >= 0):
        one = calibration.items[a]
        reached = [1 / (1 + np.exp(-one.slope * (calibration.grid - at))) for at in one.thresholds]
        residuals[s, a] = answers[s, a] - float(sum(reached) @ calibration.posterior[s])
    slow = np.ma.corrcoef(np.ma.masked_invalid(residuals), rowvar=False, allow_masked=True)
    found = fit_of(calibration, answers)
    values = {(pair.first, pair.second): pair.excess for pair in found.pairs}
    mean = np.mean([slow[a, b] for a in range(9) for b in range(a + 1, 9)])
    for a in range(9):
        for b in range(a + 1, 9):
            assert values[names[a], names[b]] == pytest.approx(slow[a, b] - mean, abs=0.01)
