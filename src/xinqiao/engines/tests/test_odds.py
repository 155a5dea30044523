"""Likelihood ratios: by hand, one a construct, and never from too few talks."""

import math
from dataclasses import replace

import pytest

from xinqiao.engines.accuracy import Stratum
from xinqiao.engines.triage import OWN, PUBLISHED, Ratio, own_ratio, positive_ratio, quiet_ratio, weigh


def ratio(scale: str, construct: str, value: float) -> Ratio:
    return Ratio(scale, "over", construct, value, value, value, 0.5, PUBLISHED, "invented")


RATIOS = {
    (each.scale, each.flag): each
    for each in (ratio("one", "low mood", 4.0), ratio("two", "low mood", 3.0), ratio("three", "worry", 2.0))
}


def test_the_published_ratio_of_phq_9_by_hand():
    # Richardson 2010: .895 / (1 - .775) = 3.9778; at 5 %: odds 1/19 x 3.9778 = .20936, a share of .17312
    value = positive_ratio(0.895, 0.775)
    assert math.isclose(value, 3.977777777777778, rel_tol=1e-12)
    found = weigh([("phq-9", "over")], {("phq-9", "over"): ratio("phq-9", "low mood", value)}, 0.05)
    assert found is not None
    assert math.isclose(found.share, 0.17311411992263057, rel_tol=1e-12)


def test_two_scales_of_one_construct_count_once_and_the_stronger_one_counts():
    both = weigh([("one", "over"), ("two", "over")], RATIOS, 0.05)
    alone = weigh([("one", "over")], RATIOS, 0.05)
    assert both == alone
    assert both is not None
    assert [each.scale for each in both.ratios] == ["one"]


def test_control_the_same_two_scales_would_count_twice_as_two_constructs():
    apart = {**RATIOS, ("two", "over"): replace(RATIOS["two", "over"], construct="something else")}
    both, alone = weigh([("one", "over"), ("two", "over")], apart, 0.05), weigh([("one", "over")], apart, 0.05)
    assert both is not None
    assert alone is not None
    assert both.share > alone.share


def test_a_quiet_construct_lowers_and_a_quiet_scale_of_a_flagged_one_does_not():
    alone = weigh([("one", "over")], RATIOS, 0.1)
    beside = weigh([("one", "over")], RATIOS, 0.1, asked=list(RATIOS))
    assert alone is not None
    assert beside is not None
    assert math.isclose(beside.share, (4 * 0.5 / 9) / (1 + 4 * 0.5 / 9), rel_tol=1e-12)  # "three" alone was quiet
    assert [each.scale for each in beside.quiet] == ["three"]
    assert weigh([("one", "over")], RATIOS, 0.1, asked=[("one", "over"), ("two", "over")]) == alone


def test_of_quiet_scales_of_one_construct_the_least_reassuring_counts():
    worried = {**RATIOS, ("four", "over"): replace(ratio("four", "worry", 5.0), quiet=0.9)}
    found = weigh([("one", "over")], worried, 0.1, asked=list(worried))
    assert found is not None
    assert [each.scale for each in found.quiet] == ["four"]


def test_silence_is_bounded_and_never_a_reason_to_worry():
    assert math.isclose(quiet_ratio(0.895, 0.775), 0.105 / 0.775, rel_tol=1e-12)
    assert quiet_ratio(1.0, 0.9) == 0.01
    assert quiet_ratio(0.2, 0.3) == 1.0


def test_two_constructs_multiply_and_the_stronger_stands_first():
    found = weigh([("three", "over"), ("one", "over")], RATIOS, 0.1)
    assert found is not None
    assert math.isclose(found.share, (8 / 9) / (1 + 8 / 9), rel_tol=1e-12)
    assert [each.scale for each in found.ratios] == ["one", "three"]


def test_what_has_no_ratio_adds_nothing_and_alone_says_nothing():
    assert weigh([("unknown", "over")], RATIOS, 0.05) is None
    assert weigh([], RATIOS, 0.05) is None
    assert weigh([("unknown", "over"), ("one", "over")], RATIOS, 0.05) == weigh([("one", "over")], RATIOS, 0.05)


@pytest.mark.parametrize("prevalence", [0.0, 1.0, -0.1, 1.5, math.nan])
def test_no_share_is_refused(prevalence: float):
    with pytest.raises(ValueError, match="no share"):
        weigh([("one", "over")], RATIOS, prevalence)


@pytest.mark.parametrize(("of_need", "of_no_need"), [(1.1, 0.5), (0.5, -0.1), (math.nan, 0.5)])
def test_no_accuracy_is_refused(of_need: float, of_no_need: float):
    with pytest.raises(ValueError, match="no sensitivity"):
        positive_ratio(of_need, of_no_need)


def test_a_flag_that_was_never_wrong_is_bounded():
    assert positive_ratio(0.9, 1.0) == 100.0
    assert positive_ratio(0.9, 0.999999) == 100.0


STRATA = (Stratum(True, 100, 80, 24), Stratum(False, 900, 50, 1))


def test_a_schools_own_ratio_by_hand():
    # need: 100 x .3 = 30 flagged, 900 x .02 = 18 not; no need: 70 flagged, 882 not. (30/48) / (70/952) = 8.5
    found = own_ratio(STRATA, scale="one", flag="over", construct="low mood", source="here", at_least=50)
    assert found is not None
    assert found.origin == OWN
    assert math.isclose(found.value, 8.5, rel_tol=1e-12)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("at_least", [51, 81])
def test_too_few_talks_on_either_side_give_no_ratio(at_least: int):
    assert own_ratio(STRATA, scale="one", flag="over", construct="c", source="here", at_least=at_least) is None


def test_control_one_talk_less_demanded_gives_it():
    assert own_ratio(STRATA, scale="one", flag="over", construct="c", source="here", at_least=50) is not None


def test_talks_without_any_need_give_no_ratio():
    strata = (Stratum(True, 100, 80, 0), Stratum(False, 900, 60, 0))
    assert own_ratio(strata, scale="one", flag="over", construct="c", source="here", at_least=50) is None
