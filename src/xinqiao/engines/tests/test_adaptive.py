"""Asking fewer questions: the next one, when it is enough, what is then known. Each is held against a slow reading."""

import itertools
from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest

from xinqiao.engines.adaptive import (
    CannotAdapt,
    Crowd,
    ItemParameters,
    NotAsAsked,
    Rule,
    answers_of,
    ask_all,
    asking,
    decision_of,
    design_of,
    estimate,
    next_step,
    replay,
    savings_of,
    table_of,
    walk_of,
)
from xinqiao.engines.scoring import compile_scale, score_one
from xinqiao.engines.tests.adaptive_samples import RULE, design, invented, path_of
from xinqiao.engines.tests.scoring_samples import bands, pack, small, words

FLAGGED = [{"id": "high", "title": words("high"), "source": "s", "any_of": [{"subscale": "total", "at_least": 8}]}]
TOTAL = {
    "title": words("total"), "of": ["first", "second"], "composite": True, "source": "s",
    "bands": bands(("low", 4), ("some", 7), ("high", 8)),
}  # fmt: skip
NEVER = Rule(missed_at_most=None, false_at_most=None, precision=None, lead=1, fewest=1)


def small_design(rule=NEVER):
    subscales = {
        "first": {"title": words("first"), "items": [1, 2], "source": "s"},
        "second": {"title": words("second"), "items": ["3-4"], "source": "s"},
        "total": TOTAL,
    }
    scale = small(flags=FLAGGED, subscales=subscales)
    return design_of(scale, invented(scale, "total"), rule, decision_of(scale))


def slow_posterior(made, parameters, answers):
    """Chances point by point from the definition: no arrays, no shared step."""
    weights = []
    for theta in np.linspace(-5, 5, 41):
        weight = exp(-(theta**2) / 2)
        for number, code in answers.items():
            weight *= slow_chance(made.scale.items[number - 1], parameters[number], theta, code)
        weights.append(weight)
    return [weight / sum(weights) for weight in weights]


def slow_chance(item, one, theta, code):
    value = item.codes[0] + item.codes[-1] - code if item.reversed else code
    category = sorted(item.codes).index(value)
    reached = [1.0, *(1 / (1 + exp(-one.slope * (theta - at))) for at in one.thresholds), 0.0]
    return reached[category] - reached[category + 1]


def slow_sums(made, parameters, answers):
    """The chance of each total, by going through every way in which the sheet could end."""
    weights = slow_posterior(made, parameters, answers)
    open_items = [item for item in made.scale.items if item.number not in answers]
    found = {}
    for codes in itertools.product(*(item.codes for item in open_items)):
        sheet = answers | {item.number: code for item, code in zip(open_items, codes, strict=True)}
        total = score_one(compile_scale(made.scale), [sheet[i.number] for i in made.scale.items]).scores["total"]
        chance = 0.0
        for theta, weight in zip(np.linspace(-5, 5, 41), weights, strict=True):
            for item, code in zip(open_items, codes, strict=True):
                weight *= slow_chance(item, parameters[item.number], theta, code)
            chance += weight
        found[total] = found.get(total, 0.0) + chance
    return found


@pytest.mark.parametrize("answers", [{}, {1: 3}, {2: 1, 4: 2}, {4: 3, 2: 3, 1: 1}])
def test_what_is_known_equals_the_slow_reading(answers):
    made = small_design()
    parameters = {each.number: each for each in invented(made.scale, "total")}
    found, sums = estimate(made, answers), slow_sums(made, parameters, answers)
    weights, grid = slow_posterior(made, parameters, answers), np.linspace(-5, 5, 41)
    theta = sum(w * t for w, t in zip(weights, grid, strict=True))
    assert found.theta == pytest.approx(theta, abs=1e-7)  # chances are kept in hundred-millionths
    assert found.sd == pytest.approx(sqrt(sum(w * (t - theta) ** 2 for w, t in zip(weights, grid, strict=True))))
    assert found.score == pytest.approx(sum(total * chance for total, chance in sums.items()), abs=1e-6)
    yes = sum(chance for total, chance in sums.items() if total >= 8)
    assert (found.reaches, found.chance) == (yes >= 0.5, pytest.approx(max(yes, 1 - yes), abs=1e-6))
    banded = [sum(c for total, c in sums.items() if low <= total < high) for low, high in ((4, 7), (7, 8), (8, 13))]
    assert [each.chance for each in found.bands] == pytest.approx(banded, abs=1e-6)


def test_the_next_item_is_the_most_telling_where_theta_is_thought_to_be():
    made, grid = small_design(), np.linspace(-5, 5, 41)
    parameters = {each.number: each for each in invented(made.scale, "total")}
    told = {}
    for item in made.scale.items:
        told[item.number] = 0.0
        for theta, weight in zip(grid, slow_posterior(made, parameters, {}), strict=True):
            for code in item.codes:
                near = [slow_chance(item, parameters[item.number], theta + step, code) for step in (-1e-4, 1e-4)]
                now = slow_chance(item, parameters[item.number], theta, code)
                told[item.number] += weight * ((near[1] - near[0]) / 2e-4) ** 2 / now
    del told[4]  # critical: has its own place
    assert next_step(made, {}).item == max(told, key=told.__getitem__)


def test_equally_telling_items_go_by_their_number():
    scale = pack("gad-7")
    alike = [ItemParameters(number, 1.5, (-0.5, 0.5, 1.5)) for number in range(1, 8)]
    made = design_of(scale, alike, RULE, decision_of(scale))
    assert [next_step(made, dict.fromkeys(range(1, n), 1)).item for n in range(1, 4)] == [1, 2, 3]


@pytest.mark.parametrize(("scale_id", "score"), [("phq-9", None), ("ces-dc", None), ("mht", None), ("scared-41", None),
                                                 ("mssmhs", None), ("dass-21", "depression")])  # fmt: skip
def test_a_sitting_that_ends_for_certain_decides_as_the_full_scale(scale_id, score):
    """With nothing that could end it early but certainty, decision and score are the scale's own."""
    made = design(scale_id, NEVER, score)
    plan = compile_scale(made.scale)
    for sheet in answers_of(made.scale, invented(made.scale, made.decision.subscale), Crowd(20, 5)):
        found = ask_all(made, sheet)
        score = score_one(plan, [sheet[item.number] for item in made.scale.items]).scores[made.decision.subscale]
        assert found.stopped_by in {"certain", "all"}
        assert found.estimate.reaches == made.decision.holds(score)
        if found.estimate.is_exact:
            assert (found.estimate.score, found.estimate.low, found.estimate.high) == pytest.approx((score,) * 3)


def test_a_decision_downwards_is_found_too():
    """WHO-5 is low where things are bad: the comparison holds below the cut, and the score is stretched."""
    made = design("who-5", NEVER)
    assert made.low_side
    plan = compile_scale(made.scale)
    for sheet in answers_of(made.scale, invented(made.scale, "total"), Crowd(60, 5)):
        score = score_one(plan, [sheet[item.number] for item in made.scale.items]).scores["total"]
        assert ask_all(made, sheet).estimate.reaches == made.decision.holds(score)


def check_everybody_is_asked(made, sheets, always=None):
    for sheet in sheets:
        asked = ask_all(made, sheet).asked
        assert set(always or made.always) <= set(asked)
        first = next(number for number in asked if number in made.always)
        assert asked.index(first) == made.rule.lead


@pytest.mark.parametrize("scale_id", ["phq-9", "mht", "mssmhs"])
def test_nobody_is_spared_a_critical_question_and_nobody_begins_with_one(scale_id):
    made = design(scale_id)
    sheets = answers_of(made.scale, invented(made.scale, made.decision.subscale), Crowd(200, 8))
    check_everybody_is_asked(made, sheets)
    assert set(made.scale.suicide_items) <= set(made.always)


def test_control_an_item_that_is_not_always_asked_is_missed_by_some():
    made = design("mht")
    sheets = answers_of(made.scale, invented(made.scale, "total"), Crowd(50, 8))
    with pytest.raises(AssertionError):
        check_everybody_is_asked(replace(made, always=made.always[:1]), sheets, always=made.always)


def check_savings(found, saved=0.4):
    assert found.saved >= saved
    assert found.agreement >= 0.95
    assert found.missed <= 0.05
    assert found.all_asked == 1.0


@pytest.mark.parametrize("scale_id", ["ces-dc", "mht"])
def test_four_items_in_ten_are_saved_and_the_decision_is_the_same(scale_id):
    made = design(scale_id)
    check_savings(savings_of(made, answers_of(made.scale, invented(made.scale, "total"), Crowd(400, 9))))


def test_control_a_rule_that_stops_at_once_disagrees(monkeypatch):
    made = design("ces-dc", replace(RULE, lead=0, fewest=1))
    sheets = answers_of(made.scale, invented(made.scale, "total"), Crowd(400, 9))
    monkeypatch.setattr(asking, "_why_enough", lambda *_: "decided")
    found = savings_of(made, sheets)
    assert found.saved >= 0.4
    with pytest.raises(AssertionError):
        check_savings(found)


ALONE = Rule(missed_at_most=None, false_at_most=None, precision=0.4, lead=2, fewest=4)
PRECISE = replace(RULE, precision=0.4)


def check_both_are_reached(made, sheets):
    """Whoever ends by precision has both, and one question sooner lacked one of them; the others were asked all."""
    ends = []
    for sheet in sheets:
        found = ask_all(made, sheet)
        ends.append(found.stopped_by)
        assert has_both(made, found)
        if found.stopped_by == "all":
            assert len(found.asked) == len(made.items)
            continue
        before = estimate(made, {number: sheet[number] for number in found.asked[:-1]})
        assert (
            not (is_known(made, before) and before.sd <= 0.4) or len(found.asked) <= len(made.always) + made.rule.lead
        )
    assert set(ends) == {"precise", "all"}


def is_known(made, told):
    return 1 - told.chance <= (made.rule.false_at_most if told.reaches else made.rule.missed_at_most)


@pytest.mark.parametrize("scale_id", ["ces-dc", "mht"])
def test_with_a_precision_it_ends_once_decision_and_precision_are_both_reached(scale_id):
    made = design(scale_id, PRECISE)
    check_both_are_reached(made, answers_of(made.scale, invented(made.scale, "total"), Crowd(60, 4)))


@pytest.mark.parametrize("rule", [RULE, ALONE], ids=["decision", "precision"])
def test_control_either_of_them_alone_would_end_sooner(rule):
    made, whole = design("ces-dc", rule), design("ces-dc", PRECISE)
    sheets = answers_of(made.scale, invented(made.scale, "total"), Crowd(60, 4))
    assert any(not has_both(whole, ask_all(made, sheet)) for sheet in sheets)
    assert all(has_both(whole, ask_all(whole, sheet)) for sheet in sheets)


def has_both(made, found):
    return found.stopped_by == "all" or (is_known(made, found.estimate) and found.estimate.sd <= 0.4)


def test_with_a_precision_nobody_is_asked_less_and_nobody_more_is_missed():
    sooner, later = design("ces-dc"), design("ces-dc", PRECISE)
    sheets = answers_of(sooner.scale, invented(sooner.scale, "total"), Crowd(300, 12))
    for sheet in sheets:
        first, second = ask_all(sooner, sheet).asked, ask_all(later, sheet).asked
        assert second[: len(first)] == first
    before, after = savings_of(sooner, sheets), savings_of(later, sheets)
    assert after.missed <= before.missed
    assert after.agreement >= before.agreement
    assert after.score_error < before.score_error
    assert after.all_asked == 1.0


def test_control_by_precision_alone_many_more_are_missed():
    alone, both = design("ces-dc", ALONE), design("ces-dc", PRECISE)
    sheets = answers_of(alone.scale, invented(alone.scale, "total"), Crowd(300, 12))
    assert savings_of(alone, sheets).missed > savings_of(both, sheets).missed + 0.1


def test_by_precision_alone_a_certain_decision_ends_nothing():
    made = design("phq-9", replace(ALONE, precision=0.2))
    found = ask_all(made, dict.fromkeys(range(1, 9), 3) | {9: 0})
    assert (found.stopped_by, len(found.asked)) == ("all", 9)


def test_what_was_asked_can_be_asked_again():
    made = design("phq-9")
    for sheet in answers_of(made.scale, invented(made.scale, "total"), Crowd(100, 6)):
        found = ask_all(made, sheet)
        given = {number: sheet[number] for number in found.asked}
        assert replay(made, dict(sorted(given.items()))) == found


def test_other_answers_than_those_asked_for_are_refused():
    made = design("ces-dc")
    sheet = answers_of(made.scale, invented(made.scale, "total"), Crowd(1, 6))[0]
    asked = ask_all(made, sheet).asked
    given = {number: sheet[number] for number in asked}
    spared = next(number for number in made.items if number not in asked)
    refused = [({**given, spared: 0}, spared), ({n: c for n, c in given.items() if n != asked[0]}, asked[0]),
               ({**given, asked[-1]: 9}, asked[-1]), ({}, asked[0])]  # fmt: skip
    for answers, item in refused:
        with pytest.raises(NotAsAsked) as told:
            replay(made, answers)
        assert told.value.item == item


def test_a_question_that_is_passed_over_is_not_asked_again_and_says_nothing():
    made = design("phq-9")
    for sheet in answers_of(made.scale, invented(made.scale, "total"), Crowd(60, 6)):
        first = ask_all(made, sheet).asked[0]
        path = path_of(made, sheet, passed_over={first})
        walk = walk_of(made, {number: code for number, code in path.items() if code is not None})
        assert (walk.path, walk.passed_over) == (path, (first,))
        assert set(made.always) <= set(path)
        told = estimate(made, walk.answers)
        assert not told.is_exact
        assert told.high - told.low >= 1


def test_an_answer_that_was_not_due_is_refused_also_where_others_were_passed_over():
    made = design("phq-9")
    sheet = dict.fromkeys(range(1, 10), 0)
    path = path_of(made, sheet, passed_over={ask_all(made, sheet).asked[0]})
    spared = next(number for number in made.items if number not in path)
    given = {number: code for number, code in path.items() if code is not None}
    with pytest.raises(NotAsAsked) as told:
        walk_of(made, {**given, spared: 0})
    assert told.value.item == spared


def test_no_page_ends_by_precision_alone():
    with pytest.raises(CannotAdapt) as told:
        table_of(design("ces-dc", ALONE))
    assert told.value.code == "rule"
    assert table_of(design("ces-dc", PRECISE))["precision"] == 0.4
    assert "precision" not in table_of(design("ces-dc"))


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda given: given[1:], "no_parameters"),
        (lambda given: [*given, given[0]], "same_item"),
        (lambda given: [*given, ItemParameters(99, 1.0, (0.0,))], "unknown_item"),
        (lambda given: [replace(given[0], slope=-1.0), *given[1:]], "slope"),
        (lambda given: [replace(given[0], slope=float("nan")), *given[1:]], "slope"),
        (lambda given: [replace(given[0], thresholds=(0.0,)), *given[1:]], "threshold_count"),
        (lambda given: [replace(given[0], thresholds=(1.0, 0.0, 2.0)), *given[1:]], "not_ascending"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_by_name(bend, code):
    scale = pack("phq-9")
    with pytest.raises(CannotAdapt) as told:
        design_of(scale, bend(invented(scale, "total")), RULE, decision_of(scale))
    assert told.value.code == code


def test_scales_that_cannot_be_shortened_are_refused():
    for scale_id, score in (("asq", None), ("dass-21", None), ("scl-90", "positive_items"), ("phq-9", "nothing")):
        with pytest.raises(CannotAdapt) as told:
            decision_of(pack(scale_id), score)
        assert told.value.code == "no_cut"


def test_the_line_is_that_of_whoever_answers():
    assert [decision_of(pack("sdq"), informant=name).threshold for name in ("self", "parent")] == [18, 17]


BAD_RULES = ({"missed_at_most": 0.5}, {"false_at_most": -0.1}, {"precision": 0.0}, {"fewest": 0}, {"most": 1})


@pytest.mark.parametrize("rule", [replace(RULE, **bent) for bent in BAD_RULES])
def test_rules_that_would_end_before_anything_is_known_are_refused(rule):
    with pytest.raises(CannotAdapt) as told:
        design("phq-9", rule)
    assert told.value.code == "rule"
