"""Carelessness: what is measured, when a sheet is to be given again, and that nobody is discarded for being ill."""

import random

import pytest

from xinqiao.engines.carelessness import Indices, Limits, indices, irv_floor, measure, suggest
from xinqiao.engines.scoring import scale_from_mapping, score_one
from xinqiao.engines.tests.scoring_samples import PACK_IDS, pack, plan_of, small_data


def test_time_is_taken_per_answered_item():
    assert measure(plan_of("phq-9"), [0] * 9, seconds=27).seconds_per_item == 3
    assert measure(plan_of("phq-9"), [0] * 8 + [None], seconds=24).seconds_per_item == 3
    assert measure(plan_of("phq-9"), [0] * 9).seconds_per_item is None
    assert measure(plan_of("phq-9"), [None] * 9, seconds=24).seconds_per_item is None


@pytest.mark.parametrize(
    ("answers", "longest"),
    [
        ([0] * 20, 20),
        ([0, 1] * 10, 1),
        ([1] * 5 + [2] * 7 + [3] * 8, 8),
        ([1] * 9 + [None] + [1] * 10, 10),
        ([None] * 20, 0),
    ],
)
def test_longstring_is_the_longest_run_of_one_answer(answers, longest):
    assert measure(plan_of("ces-dc"), answers).longstring == longest


def test_halves_that_are_all_alike_correlate_with_nothing():
    """Odd halves of five items, each 0.4 on average: a binary number's deviation from their mean is no zero."""
    halves = [0.4, 0.4, 0.4]
    assert indices.is_flat(halves)
    assert sum((half - sum(halves) / 3) ** 2 for half in halves) > 0


def test_longstring_is_measured_only_where_items_are_reversed():
    measured = {
        s
        for s in PACK_IDS
        if measure(plan_of(s), [pack(s).items[0].codes[0]] * len(pack(s).items)).longstring is not None
    }
    assert measured == {"ces-dc", "sdq", "sds", "sas"}


def test_even_odd_consistency_by_hand():
    # Parts of DASS-21, odd and even halves of 7 items: D 2 2, A 1 1, S 0 0: perfect agreement.
    answers = [0] * 21
    for item in (3, 5, 10, 13, 16, 17, 21):
        answers[item - 1] = 2
    for item in (2, 4, 7, 9, 15, 19, 20):
        answers[item - 1] = 1
    assert measure(plan_of("dass-21"), answers).even_odd == pytest.approx(1)
    # Halves (odd, even): D 1 0, A 0 1, S 0.5 0.5: r = -1, and Spearman-Brown is not let fall below -1.
    contrary = [0] * 21
    for item in (3, 10, 16, 21, 4, 9, 19):
        contrary[item - 1] = 1
    for item in (1, 8, 12, 18):
        contrary[item - 1] = 0
    for item in (1, 8, 6, 11):
        contrary[item - 1] = 1
    halves = [indices._halves(score, contrary) for score in plan_of("dass-21").scores]
    assert halves == [(1.0, 0.0), (0.0, 1.0), (0.5, pytest.approx(2 / 3))]
    assert measure(plan_of("dass-21"), contrary).even_odd == -1


def test_even_odd_turns_reversed_items_and_steps_up_to_full_length():
    # SDQ halves (odd positions, even positions): emotional (2, 2), conduct, hyperactivity, peer as counted below.
    answers = [0] * 25
    for item in (3, 8, 13, 16, 24):
        answers[item - 1] = 2
    pairs = [(2, 2), (0, 1), (4 / 3 - 2 / 3, 1), (2 / 3, 1), (0, 0)]
    assert [indices._halves(score, answers) for score in plan_of("sdq").scores][:5] == [
        (pytest.approx(odd), pytest.approx(even)) for odd, even in pairs
    ]
    odd, even = [p[0] for p in pairs], [p[1] for p in pairs]
    mean_odd, mean_even = sum(odd) / 5, sum(even) / 5
    covariance = sum((a - mean_odd) * (b - mean_even) for a, b in pairs)
    r = covariance / (sum((a - mean_odd) ** 2 for a in odd) * sum((b - mean_even) ** 2 for b in even)) ** 0.5
    assert measure(plan_of("sdq"), answers).even_odd == pytest.approx(2 * r / (1 + r))


def test_even_odd_says_nothing_without_three_parts_or_without_variation():
    assert measure(plan_of("phq-9"), [0, 1, 2, 3, 0, 1, 2, 3, 0]).even_odd is None
    assert measure(plan_of("mht"), [0] * 100).even_odd is None
    assert measure(plan_of("mht"), [1] * 100).even_odd is None


def test_variability_is_the_standard_deviation_of_the_raw_answers():
    assert measure(plan_of("gad-7"), [0] * 7).irv == 0
    assert measure(plan_of("gad-7"), [0, 1, 2, 3, None, None, None]).irv == pytest.approx((5 / 3) ** 0.5)
    assert measure(plan_of("gad-7"), [3, *[None] * 6]).irv is None


def test_illegal_answers_are_measured_as_missing():
    assert measure(plan_of("gad-7"), [9, 0, 0, 0, 0, 0, 0], seconds=12).answered == 6


def test_a_sheet_of_another_length_is_refused():
    with pytest.raises(ValueError, match="8 answers"):
        measure(plan_of("gad-7"), [0] * 8)


@pytest.mark.parametrize(("seconds", "again"), [(199.0, True), (200.0, False), (None, False)])
def test_too_fast_suffices_alone(seconds, again):
    found = suggest(measure(plan_of("mht"), [0] * 100, seconds=seconds))
    assert (found.readminister, found.because) == (again, ("too_fast",) if again else ())


def test_saying_the_same_throughout_is_noted_but_not_followed_alone():
    found = suggest(measure(plan_of("ces-dc"), [3] * 20, seconds=200))
    assert (found.readminister, found.because) == (False, ("longstring",))


@pytest.mark.parametrize(
    ("items", "run", "limits", "because"),
    [
        (4, 2, Limits(), ()),
        (8, 5, Limits(), ()),
        (8, 6, Limits(), ("longstring",)),
        (20, 9, Limits(), ()),
        (20, 10, Limits(), ("longstring",)),
        (4, 2, Limits(longstring_least=1), ("longstring",)),  # the control: half of a short form is soon reached
    ],
)
def test_a_run_that_chance_explains_is_no_sign(items, run, limits, because):
    measured = Indices(answered=items, items=items, seconds_per_item=5.0, longstring=run, even_odd=None, irv=None)
    assert suggest(measured, limits).because == because


def test_two_signs_in_the_answers_are_followed():
    found = suggest(measure(plan_of("ces-dc"), [3] * 20, seconds=200), Limits(irv=0.2))
    assert (found.readminister, found.because) == (True, ("longstring", "low_variability"))


@pytest.mark.parametrize("signs_needed", [2, 1], ids=["two signs needed", "guard taken away"])
def test_the_sickest_are_not_sent_back_for_answering_alike(signs_needed):
    """A very low child answers "very much" to every complaint and "no" to every joy, slowly. Longest run: 4 of 20."""
    sickest = [0 if item.reversed else 3 for item in pack("ces-dc").items]
    alike = [3] * 20
    limits = Limits(signs_needed=signs_needed)
    assert not suggest(measure(plan_of("ces-dc"), sickest, seconds=120), limits).readminister
    assert suggest(measure(plan_of("ces-dc"), alike, seconds=120), limits).readminister is (signs_needed == 1)


@pytest.mark.parametrize("scale_id", ["phq-9", "gad-7", "mht", "scl-90", "mssmhs", "dass-21", "scared-41"])
def test_the_highest_answer_throughout_is_no_sign_where_nothing_is_reversed(scale_id):
    items = pack(scale_id).items
    found = suggest(measure(plan_of(scale_id), [item.codes[-1] for item in items], seconds=5 * len(items)))
    assert (found.readminister, found.because) == (False, ())


def test_random_ticking_shows_as_inconsistency_more_often_than_honest_answers():
    rng = random.Random(4)

    def honest():
        load = {s.id: rng.random() for s in pack("mht").subscales if not s.composite}
        where = {n: s.id for s in pack("mht").subscales if not s.composite for n in s.items}
        return [int(rng.random() < load[where[n]]) for n in range(1, 101)]

    def flagged(make):
        return sum("even_odd" in suggest(measure(plan_of("mht"), make(), seconds=500)).because for _ in range(200))

    assert flagged(lambda: [rng.randint(0, 1) for _ in range(100)]) > 5 * flagged(honest)


def test_a_suggestion_leaves_scores_validity_and_critical_answers_alone():
    answers = [0, 0, 0, 0, 0, 0, 0, 0, 2]
    before = score_one(plan_of("phq-9"), answers)
    assert suggest(measure(plan_of("phq-9"), answers, seconds=1)).readminister
    after = score_one(plan_of("phq-9"), answers)
    assert before == after
    assert after.valid
    assert after.critical == (9,)


def test_the_groups_floor_leaves_its_lowest_tenth_below():
    values = [n / 10 for n in range(20)]
    floor = irv_floor([*values, None, None])
    assert sum(value < floor for value in values) == 2
    assert irv_floor(values[:9]) is None


def test_parts_with_an_empty_half_are_left_out():
    compiled_answers = [1, None, 2, 3]
    scale = scale_from_mapping(small_data())
    assert scale.id == "small"
    assert measure(plan_of("gad-7"), [0, None] * 3 + [0]).even_odd is None
    assert indices.longest_run(compiled_answers) == 1
