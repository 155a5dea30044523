"""The shipped scale files: sound, sourced, and in agreement with the table of facts they were written from."""

import json

import pytest

from xinqiao.engines.scoring import check_scale, plan, scale_from_mapping, wording_gaps
from xinqiao.engines.tests.scoring_samples import PACK_IDS, PACKS, pack, pack_data

FULL = {"phq-9", "gad-7", "ces-dc", "asq", "xq-teacher", "xq-guardian"}


def test_exactly_the_agreed_scales_are_shipped():
    assert {path.stem for path in PACKS.glob("*.yaml")} == set(PACK_IDS)


@pytest.mark.parametrize("scale_id", PACK_IDS)
def test_pack_is_sound_and_its_worked_examples_pass(scale_id):
    assert pack(scale_id).id == scale_id
    assert check_scale(pack(scale_id)) == []


@pytest.mark.parametrize("scale_id", PACK_IDS)
def test_pack_survives_being_stored_as_json(scale_id):
    assert scale_from_mapping(json.loads(json.dumps(pack_data(scale_id)))) == pack(scale_id)


@pytest.mark.parametrize("scale_id", PACK_IDS)
def test_examples_show_a_missing_an_illegal_and_a_critical_answer(scale_id):
    expected = [example.expect for example in pack(scale_id).examples]
    assert len(expected) >= 5
    assert any(e.error.startswith("missing_answer") for e in expected)
    assert any(e.error.startswith("illegal_answer") for e in expected)
    if pack(scale_id).critical:
        assert any(e.critical and e.error for e in expected), "a critical answer on a sheet that cannot be scored"
        assert any(e.critical and not e.error for e in expected)
    assert all(any(char.isdigit() for char in e.arithmetic) or e.expect.error for e in pack(scale_id).examples)


@pytest.mark.parametrize("scale_id", PACK_IDS)
def test_wording_is_shipped_only_where_the_owner_lets_anyone_reproduce_it(scale_id):
    scale, data = pack(scale_id), pack_data(scale_id)
    if scale_id in FULL:
        assert scale.licence.status == "full"
        assert scale.rendering == "own"
        assert scale.period is not None
        assert wording_gaps(scale, "en") == wording_gaps(scale, "zh-Hans") == []
    else:
        assert scale.licence.status == "key"
        assert not scale.has_wording
        assert {"texts", "labels"} & data["items"].keys() == set()
        assert len(wording_gaps(scale, "zh-Hans")) > len(scale.items)


# Bands as (subscale or informant, thresholds); "above" is written as a threshold that is itself excluded.
FACTS = {
    "phq-9": {"total": [0, 5, 10, 15, 20]},
    "gad-7": {"total": [0, 5, 10, 15]},
    "ces-dc": {"total": [0, 15]},
    "asq": {"total": [0, 1, 2]},
    "who-5": {"total": [0, ">28", ">50"]},
    "dass-21": {"depression": [0, 10, 14, 21, 28], "anxiety": [0, 8, 10, 15, 20], "stress": [0, 15, 19, 26, 34]},
    "scared-41": {
        "total": [0, 25], "panic_somatic": [0, 7], "generalised": [0, 9],
        "separation": [0, 5], "social": [0, 8], "school": [0, 3],
    },
    "sdq": {"self": [0, 15, 18, 20], "parent": [0, 14, 17, 20], "teacher": [0, 12, 16, 19]},
    "mht": {"learning": [0, 8], "impulsive": [0, 8], "lie": [0, 7], "total": [0, 56, 65]},
    "mssmhs": {"obsessive": [1, 2, 3, 4, 5], "psychological_imbalance": [1, 2, 3, 4, 5], "total": [1, 2, 3, 4, 5]},
    "scl-90": {"total": [90, ">160"], "positive_items": [0, ">43"], "somatization": [1, 2], "other": [1, 2]},
    "sds": {"total": [25, 53]},
    "sas": {"total": [25, 50]},
    "xq-teacher": {},
    "xq-guardian": {},
}  # fmt: skip


@pytest.mark.parametrize("scale_id", PACK_IDS)
def test_thresholds_are_those_of_the_facts(scale_id):
    for name, wanted in FACTS[scale_id].items():
        scale = pack(scale_id)
        if name in scale.informants:
            found = [s for s in scale.subscale("total").band_sets if s.when.informant == name]
        else:
            found = scale.subscale(name).band_sets
        assert len(found) == 1
        assert [f">{b.threshold:g}" if b.strict else b.threshold for b in found[0].bands] == wanted


def test_reversed_items_are_those_of_the_facts():
    turned = {scale_id: [i.number for i in pack(scale_id).items if i.reversed] for scale_id in PACK_IDS}
    assert {scale_id: items for scale_id, items in turned.items() if items} == {
        "ces-dc": [4, 8, 12, 16],
        "sdq": [7, 11, 14, 21, 25],
        "sds": [2, 5, 6, 11, 12, 14, 16, 17, 18, 20],
        "sas": [5, 9, 13, 17, 19],
    }


def test_critical_items_are_those_of_the_facts_and_our_assumptions_say_so():
    found = {s: [(r.item, r.at_least, r.assumption) for r in pack(s).critical] for s in PACK_IDS if pack(s).critical}
    assert found == {
        "phq-9": [(9, 1, False)],
        "asq": [(n, 1, False) for n in range(1, 6)],
        "mht": [(85, 1, False), (97, 1, False)],
        "mssmhs": [(52, 2, True), (57, 2, True)],
        "scl-90": [(15, 2, True)],
        "xq-teacher": [(10, 1, True)],
        "xq-guardian": [(10, 1, True)],
    }
    assert {s for s in PACK_IDS if pack(s).needs_duty} == {
        "phq-9", "asq", "mht", "mssmhs", "scl-90", "xq-teacher", "xq-guardian",
    }  # fmt: skip
    assert [s for s in PACK_IDS if pack(s).requires_duty] == ["asq"]


def test_an_unconfirmed_band_says_so():
    unconfirmed = [
        (scale_id, band.code)
        for scale_id in PACK_IDS
        for subscale in pack(scale_id).subscales
        for band_set in subscale.band_sets
        for band in band_set.bands
        if not band.confirmed
    ]
    assert unconfirmed == [("mht", "some_anxiety")]


@pytest.mark.parametrize(
    ("scale_id", "grade", "age", "fits"),
    [
        ("mht", 4, 9, True), ("mht", 3, 9, False), ("mht", 12, 18, True),
        ("phq-9", 6, 11, False), ("phq-9", 6, 12, True), ("phq-9", 7, None, True),
        ("ces-dc", 3, 8, False), ("ces-dc", 4, 9, True), ("asq", 2, 8, False),
        ("mssmhs", 6, 12, False), ("mssmhs", 7, 12, True), ("scl-90", 9, 15, False),
    ],
)  # fmt: skip
def test_scales_are_offered_by_age_and_grade_and_self_report_from_grade_4(scale_id, grade, age, fits):
    assert pack(scale_id).is_offered_to("self", grade=grade, age=age) is fits


def test_a_parent_answers_about_a_child_too_young_for_self_report():
    assert pack("sdq").is_offered_to("parent", grade=1, age=6)
    assert not pack("sdq").is_offered_to("self", grade=1, age=6)
    assert not pack("mht").is_offered_to("parent", grade=5, age=11)


def judgements_of(scale) -> list[str]:
    """Where a scale holds a number against a limit, other than its critical items."""
    return [s.id for s in scale.subscales if s.band_sets] + [f.id for f in scale.flags]


@pytest.mark.parametrize(("scale_id", "informant"), [("xq-teacher", "teacher"), ("xq-guardian", "parent")])
def test_our_own_forms_are_for_others_and_hold_no_number_against_a_limit(scale_id, informant):
    assert pack(scale_id).informants == (informant,)
    assert judgements_of(pack(scale_id)) == []
    assert {source.kind for source in pack(scale_id).sources} == {"own"}
    assert judgements_of(pack("gad-7")), "the control: an instrument with bands is found out"


def test_ids_are_unique_within_each_scale():
    for scale_id in PACK_IDS:
        ids = [subscale.id for subscale in pack(scale_id).subscales]
        assert len(ids) == len(set(ids))


# Controls: each bends one thing in a shipped pack and expects the check above to go red.
def _bent(scale_id, bend):
    data = pack_data(scale_id)
    bend(data)
    return {(fault.place.partition("[")[0], fault.code) for fault in check_scale(scale_from_mapping(data))}


@pytest.mark.parametrize(
    ("scale_id", "bend", "fault"),
    [
        ("phq-9", lambda d: d["critical"][0].update(at_least=2), ("examples", "example_differs")),
        ("mht", lambda d: d["subscales"]["learning"].update(items=["1-14"]), ("subscales", "item_in_no_part")),
        ("mht", lambda d: d["subscales"]["lie"].update(items=["81-90"]), ("subscales", "item_in_two_parts")),
        ("mht", lambda d: d["validity"][0].update(at_least=11), ("validity", "unreachable")),
        ("mht", lambda d: d["critical"].pop(), ("suicide_items", "not_critical")),
        ("ces-dc", lambda d: d["items"].update(reversed=[]), ("examples", "example_differs")),
        ("ces-dc", lambda d: d["items"]["texts"].pop(7), ("items.texts.7", "missing_key")),
        ("ces-dc", lambda d: d["items"]["labels"][2].pop("en"), ("items.labels.2 (item 1)", "missing_key")),
        ("gad-7", lambda d: d["subscales"]["total"].update(source="hearsay"), ("subscales.total", "no_such_source")),
        ("mht", lambda d: d["offered"][0]["grades"].update({"from": 3}), ("offered", "self_report_too_early")),
        ("mssmhs", lambda d: d["subscales"]["total"].update(method="sum"), ("subscales.total.bands", "unreachable")),
        ("who-5", lambda d: d.update(examples=d["examples"][:2]), ("examples", "too_few_examples")),
        ("dass-21", lambda d: d["subscales"]["stress"].update(multiply=1), ("subscales.stress.bands", "unreachable")),
        ("sds", lambda d: d["subscales"]["total"].update(truncate=False), ("examples", "example_differs")),
    ],
)
def test_a_bent_pack_is_found_out(scale_id, bend, fault):
    assert fault in _bent(scale_id, bend)


def test_shipping_wording_of_a_key_only_scale_is_found_out():
    data = pack_data("sas")
    data["items"]["texts"] = {1: {"en": "words", "zh-Hans": "文字"}}
    assert ("wording", "wording_not_licensed") in {(f.place, f.code) for f in check_scale(scale_from_mapping(data))}


@pytest.mark.parametrize("scale_id", ["sds", "sas"])
def test_reversal_as_highest_minus_raw_would_fail_the_worked_examples(monkeypatch, scale_id):
    monkeypatch.setattr(plan, "mirror_total", lambda item: item.codes[-1])
    assert any(fault.code == "example_differs" for fault in check_scale(pack(scale_id)))
