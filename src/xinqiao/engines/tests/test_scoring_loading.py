"""Reading scale files: each refusal names the place and the reason; what can be read is then judged."""

from copy import deepcopy

import pytest

from xinqiao.engines.scoring import (
    Fault,
    ScaleFault,
    check_scale,
    compile_scale,
    reading,
    scale_from_mapping,
    wording_gaps,
)
from xinqiao.engines.scoring.model import Span
from xinqiao.engines.tests.scoring_samples import bands, pack_data, small, small_data, words

FIRST, SECOND = ["subscales", "first"], ["subscales", "second"]
BANDS = [*FIRST, "bands"]
STEP = [*BANDS, 0, "steps", 1]


def bent(path, value):
    """The small scale with one value replaced; "-" in place of the value takes the key away."""
    data = small_data()
    *parents, last = path
    block = data
    for key in parents:
        block = block[key]
    if value == "-":
        del block[last]
    else:
        block[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "place", "code"),
    [
        (["id"], "Small Scale", "id", "bad_id"),
        (["id"], "-", "id", "missing_key"),
        (["version"], 1, "version", "not_a_string"),
        (["version"], " ", "version", "not_a_string"),
        (["title"], "small", "title", "not_a_mapping"),
        (["title", "zh-Hans"], "-", "title.zh-Hans", "missing_key"),
        (["tittle"], 1, "tittle", "unknown_key"),
        (["audience"], "dogs", "audience", "not_allowed"),
        (["informants"], ["self", "neighbour"], "informants[1]", "not_allowed"),
        (["informants"], "self", "informants", "not_a_list"),
        (["requires_duty"], "yes", "requires_duty", "not_a_boolean"),
        (["licence", "status"], "free", "licence.status", "not_allowed"),
        (["licence", "sauce"], "s", "licence.sauce", "unknown_key"),
        (["items", "count"], 0, "items.count", "out_of_range"),
        (["items", "count"], "four", "items.count", "not_an_integer"),
        (["items", "count"], True, "items.count", "not_an_integer"),
        (["items", "count"], "9" * 5000, "items.count", "not_an_integer"),
        (["items", "codes"], [1], "items.codes", "bad_codes"),
        (["items", "codes"], [3, 2, 1], "items.codes", "bad_codes"),
        (["items", "codes"], [0, 254], "items.codes", "bad_codes"),
        (["items", "codes"], [1, "x"], "items.codes[1]", "not_an_integer"),
        (["items", "codes_of"], {9: [0, 1]}, "items.codes_of.9", "no_such_item"),
        (["items", "codes_of"], {3: [1]}, "items.codes_of.3", "bad_codes"),
        (["items", "reversed"], [5], "items.reversed", "no_such_item"),
        (["items", "texts"], {2: {"en": "x"}}, "items.texts.2.zh-Hans", "missing_key"),
        (["items", "texts"], {2: {"zh-Hans": "x", "fr": "y"}}, "items.texts.2.fr", "unknown_key"),
        (["items", "asked_if"], {4: {"items": [1]}}, "items.asked_if.4.at_least", "missing_key"),
        (["items", "source"], "-", "items.source", "missing_key"),
        (["subscales"], {}, "subscales", "missing_key"),
        (["subscales"], [], "subscales", "not_a_mapping"),
        (["subscales", "error"], {}, "subscales.error", "bad_id"),
        (["subscales", "x_band"], {}, "subscales.x_band", "bad_id"),
        ([*FIRST, "items"], [1, "2-x"], "subscales.first.items[1]", "not_an_integer"),
        ([*FIRST, "items"], [1, None], "subscales.first.items[1]", "not_an_integer"),
        ([*FIRST, "items"], ["4-2"], "subscales.first.items[0]", "empty_span"),
        ([*FIRST, "items"], "-", "subscales.first.items", "missing_key"),
        ([*FIRST, "method"], "median", "subscales.first.method", "not_allowed"),
        ([*FIRST, "method"], "steps", "subscales.first.steps", "missing_key"),
        ([*FIRST, "multiply"], 0, "subscales.first.multiply", "bad_factor"),
        ([*FIRST, "multiply"], 1 / 3, "subscales.first.multiply", "bad_factor"),
        ([*FIRST, "multiply"], "2", "subscales.first.multiply", "not_a_number"),
        ([*FIRST, "source"], "-", "subscales.first.source", "missing_key"),
        (["subscales", "total", "of"], ["third"], "subscales.total.of[0]", "no_such_subscale"),
        (["subscales", "total", "of"], [["first"]], "subscales.total.of[0]", "no_such_subscale"),
        (BANDS, [{"source": "s"}], "subscales.first.bands[0].steps", "missing_key"),
        ([*STEP, "from"], "-", "subscales.first.bands[0].steps[1]", "one_of"),
        ([*STEP, "above"], 2, "subscales.first.bands[0].steps[1]", "one_of"),
        ([*STEP, "from"], float("nan"), "subscales.first.bands[0].steps[1].from", "not_a_number"),
        ([*BANDS, 0, "when"], {"age": 3}, "subscales.first.bands[0].when.age", "unknown_key"),
        ([*BANDS, 0, "when"], {"ages": {}}, "subscales.first.bands[0].when.ages", "empty_span"),
        ([*BANDS, 0, "when"], {"ages": {"from": 9, "to": 8}}, "subscales.first.bands[0].when.ages", "empty_span"),
        (["missing"], {"rule": "prorate", "source": "s"}, "missing.up_to", "missing_key"),
        (["missing"], {"rule": "guess", "source": "s"}, "missing.rule", "not_allowed"),
        (["validity"], [{"id": "v", "title": words("v"), "subscale": "first", "source": "s"}], "validity[0]", "one_of"),
        (["flags"], [{"id": "f", "title": words("f"), "source": "s", "any_of": []}], "flags[0].any_of", "missing_key"),
        (["critical", 0, "item"], "-", "critical[0].item", "missing_key"),
        (["sources", 0, "kind"], "rumour", "sources[0].kind", "not_allowed"),
        (["examples", 0, "answers"], [1, 1], "examples[0].answers", "wrong_length"),
        (["examples", 0, "answers"], {"fill": 1, "set": {9: 1}}, "examples[0].answers.set.9", "no_such_item"),
        (["examples", 0, "answers"], {"set": {1: 1}}, "examples[0].answers.fill", "missing_key"),
        (["examples", 0, "expect", "score"], {}, "examples[0].expect.score", "unknown_key"),
    ],
)  # fmt: skip
def test_a_refusal_names_its_place(path, value, place, code):
    with pytest.raises(ScaleFault) as fault:
        scale_from_mapping(bent(path, value))
    assert (fault.value.place, fault.value.code) == (place, code)
    assert place in str(fault.value)
    assert fault.value.detail or code != "missing_key"


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_a_file_that_is_no_mapping_is_refused(data):
    with pytest.raises(ScaleFault) as fault:
        scale_from_mapping(data)
    assert (fault.value.place, fault.value.code) == ("file", "not_a_mapping")


def test_without_the_guard_a_misspelt_key_would_be_a_silent_default(monkeypatch):
    monkeypatch.setattr(reading.Block, "close", lambda _: None)
    assert scale_from_mapping(bent([*FIRST, "trunkate"], True)).subscale("first").truncate is False


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ([*FIRST, "items"], [1], Fault("subscales", "item_in_no_part", "2")),
        ([*SECOND, "items"], ["2-4"], Fault("subscales", "item_in_two_parts", "2")),
        ([*SECOND, "items"], [3, 3, 4], Fault("subscales.second.items", "item_twice", "3")),
        ([*SECOND, "items"], [3, 4, 5], Fault("subscales.second.items", "no_such_item", "5")),
        ([*FIRST, "method"], "count", Fault("subscales.first", "reversed_item_counted", "2")),
        (BANDS, bands(("a", 1.5)), Fault("subscales.first.bands[0].steps[0]", "band_gap", "1")),
        (BANDS, bands(("a", 1), ("b", 1)), Fault("subscales.first.bands[0].steps[1]", "bands_not_ascending", "1")),
        (BANDS, bands(("a", 1), ("b", 3.5)), Fault("subscales.first.bands[0].steps[1]", "unreachable", "3.5")),
        (BANDS, bands(("a", 0), ("b", 1)), Fault("subscales.first.bands[0].steps[0]", "unreachable", "0")),
        (BANDS, bands(("a", 1)) + bands(("b", 1)), Fault("subscales.first.bands[1]", "never_used")),
        (BANDS, bands(("a", 1), ("a", 2)), Fault("subscales.first.bands[0]", "duplicate", "a")),
        (
            ["missing"],
            {"rule": "prorate", "up_to": 2, "source": "s"},
            Fault("subscales.first.missing_up_to", "out_of_range", "2"),
        ),
        (["items", "asked_if"], {1: {"items": [2], "at_least": 2}}, Fault("items.asked_if.1", "gate_not_before", "2")),
        (["items", "asked_if"], {4: {"items": [2], "at_least": 9}}, Fault("items.asked_if.4", "not_a_code", "9")),
        (["critical", 0, "item"], 7, Fault("critical[0].item", "no_such_item", "7")),
        (["critical", 0, "at_least"], 4, Fault("critical[0].at_least", "not_a_code", "4")),
        (["critical", 0, "at_least"], 1, Fault("critical[0].at_least", "not_a_code", "1")),
        (
            ["critical"],
            [{"item": 4, "at_least": n, "source": "s"} for n in (2, 3)],
            Fault("critical", "item_twice", "4"),
        ),
        (["suicide_items"], [3], Fault("suicide_items", "not_critical", "3")),
        (["sources", 0, "id"], "t", Fault("items", "no_such_source", "s")),
        (
            ["offered"],
            [{"ages": {"from": 8}, "informant": "parent", "source": "s"}],
            Fault("offered", "informant_not_offered", "self"),
        ),
        (["offered"], [{"source": "s"}], Fault("offered[0]", "missing_key", "ages, grades")),
        (["offered", 0, "grades"], {"from": 1}, Fault("offered[0].grades.from", "self_report_too_early", "1")),
        (["licence", "status"], "full", Fault("wording", "missing_key", "wording")),
        (
            ["examples", 0, "expect"],
            {"scores": {"first": 2.5}},
            Fault("examples[0].expect.scores.first", "example_differs", "2.5 ≠ 2"),
        ),
        (["examples", 0, "expect"], {}, Fault("examples[0].expect", "missing_key", "scores")),
        (["examples", 0, "informant"], "parent", Fault("examples[0].informant", "not_allowed", "parent")),
        (
            ["examples", 2, "expect", "critical"],
            [],
            Fault("examples[2].expect.critical", "example_differs", "() ≠ (4,)"),
        ),
    ],
)  # fmt: skip
def test_an_unsound_scale_is_found_out(path, value, fault):
    assert fault in check_scale(scale_from_mapping(bent(path, value)))


def test_sources_nobody_cites_and_double_sources_are_found_out():
    extra = [
        *small_data()["sources"],
        {"id": "x", "kind": "own", "citation": "x"},
        {"id": "x", "kind": "own", "citation": "x"},
    ]
    assert check_scale(small(sources=extra)) == [
        Fault("sources.x", "duplicate", "x"),
        Fault("sources.x", "unused_source"),
    ]


@pytest.mark.parametrize("key", ["validity", "flags", "informants"])
def test_names_that_stand_there_twice_are_found_out(key):
    comparison = {"subscale": "first", "at_least": 3}
    rule = {"id": "r", "title": words("r"), "source": "s"}
    doubled = {"validity": {**rule, **comparison}, "flags": {**rule, "any_of": [comparison]}, "informants": "self"}[key]
    name = "self" if key == "informants" else "r"
    assert Fault(key, "duplicate", name) in check_scale(small(**{key: [doubled, doubled]}))


@pytest.mark.parametrize("key", ["validity", "flags"])
def test_a_rule_in_another_unit_than_its_score_is_found_out(key):
    comparison = {"subscale": "first", "at_least": 6}  # a sum's threshold on a mean of 1 to 3
    rule = {"id": "r", "title": words("r"), "source": "s"}
    rules = [{**rule, **comparison}] if key == "validity" else [{**rule, "any_of": [comparison]}]
    assert [f.code for f in check_scale(small(**{key: rules}))] == ["unreachable"]


def test_a_rule_about_no_subscale_stops_the_compiling():
    scale = small(validity=[{"id": "v", "title": words("v"), "subscale": "third", "at_least": 1, "source": "s"}])
    with pytest.raises(ScaleFault, match="no_such_subscale"):
        compile_scale(scale)
    assert "no_such_subscale" in {fault.code for fault in check_scale(scale)}


def test_an_item_that_may_go_unasked_is_kept_out_of_sums():
    data = small_data()
    data["items"]["asked_if"] = {4: {"items": [3], "at_least": 2}}
    with pytest.raises(ScaleFault) as fault:
        compile_scale(scale_from_mapping(data))
    assert (fault.value.place, fault.value.code) == ("subscales.second.items[1]", "branched_item_summed")


def test_numbers_may_be_written_as_runs_and_factors_exactly():
    scale = scale_from_mapping(bent([*SECOND, "multiply"], 1.25))
    assert scale.subscale("second").items == (3, 4)
    assert scale.subscale("second").multiply == (5, 4)
    assert scale.subscale("total").items == (1, 2, 3, 4)
    assert scale.offered[0].ages == Span(8, None)


def test_a_school_may_add_the_wording_it_is_licensed_for():
    data = pack_data("sas")
    data["wording"] = "full"
    data["rendering"] = "licensed"
    data["instruction"] = words("instruction")
    data["items"]["texts"] = {str(n): words(f"item {n}") for n in range(1, 21)}
    data["items"]["labels"] = {str(n): {"zh-Hans": f"答案{n}"} for n in range(1, 5)}
    without_licence = check_scale(scale_from_mapping(deepcopy(data)))
    assert [(f.place, f.code) for f in without_licence] == [("wording_licence", "wording_not_licensed")]
    data["wording_licence"] = "contract no. 5"
    scale = scale_from_mapping(data)
    assert check_scale(scale) == []
    assert scale.items[0].options[0].label.in_language("en") == "答案1"
    assert wording_gaps(scale, "en")[:2] == ["items.labels.1 (item 1)", "items.labels.2 (item 1)"]
    del data["items"]["texts"]["7"], data["items"]["labels"]["2"]
    scale = scale_from_mapping(data)
    assert "items.texts.7" in wording_gaps(scale, "zh-Hans")
    assert [f.place for f in check_scale(scale)][:2] == ["items.labels.2 (item 1)", "items.labels.2 (item 2)"]


def test_items_may_have_labels_of_their_own():
    data = small_data()
    data["items"].update(labels={n: words(f"{n}") for n in (1, 2, 3)}, labels_of={4: {1: words("never")}})
    items = scale_from_mapping(data).items
    assert [option.label and option.label.en for option in items[0].options] == ["1", "2", "3"]
    assert [option.label and option.label.en for option in items[3].options] == ["never", None, None]
