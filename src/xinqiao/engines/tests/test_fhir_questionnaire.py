"""Scales as FHIR R4 Questionnaires: nothing is lost on the way out and back, and what is no FHIR is refused."""

import copy
import json

import pytest
from hypothesis import given, settings

from xinqiao.engines.fhir import NotFhir, extensions, passed_on, questionnaire_of, read_questionnaire, writing
from xinqiao.engines.fhir.extensions import BASE
from xinqiao.engines.fhir.structure import TYPES
from xinqiao.engines.scoring import check_scale, scale_from_mapping
from xinqiao.engines.scoring.writing import fingerprint, scale_to_mapping
from xinqiao.engines.tests.scoring_samples import PACK_IDS, pack, words
from xinqiao.engines.tests.test_scoring_agreement import scales


def carried(resource):
    """As it arrives after a journey as JSON."""
    return json.loads(json.dumps(resource, ensure_ascii=False))


def come_back(scale):
    """The scale after out and in; nothing may be wrong with it."""
    read = read_questionnaire(carried(questionnaire_of(scale)))
    assert read.faults == ()
    return read.scale


def assert_nothing_lost(scale):
    back = come_back(scale)
    assert back == scale
    assert fingerprint(back) == fingerprint(scale)
    assert scale_to_mapping(back) == scale_to_mapping(scale)


@pytest.mark.parametrize("scale_id", PACK_IDS)
def test_canonical_form_says_all_that_the_file_says(scale_id):
    assert scale_from_mapping(scale_to_mapping(pack(scale_id))) == pack(scale_id)
    assert check_scale(scale_from_mapping(scale_to_mapping(pack(scale_id)))) == []


@pytest.mark.parametrize("scale_id", PACK_IDS)
def test_round_trip_of_a_shipped_scale_loses_nothing(scale_id):
    assert_nothing_lost(pack(scale_id))


@settings(max_examples=150, deadline=None)
@given(data=scales())
def test_any_scale_survives_the_round_trip(data):
    blank = {"name": "n", "arithmetic": "a", "answers": [None] * data["items"]["count"], "expect": {"error": "e"}}
    scale = scale_from_mapping({**data, "examples": [blank]})
    back = read_questionnaire(carried(questionnaire_of(scale)))
    assert not [fault for fault in back.faults if fault.code == "fingerprint_differs"]
    assert back.scale == scale


LOSSES = {
    "subscales": "mht", "validity": "mht", "critical": "phq-9", "flags": "scl-90", "offered": "sdq",
    "licence": "who-5", "missing": "gad-7", "sources": "phq-9", "examples": "phq-9", "suicide_items": "asq",
    "period": "phq-9", "requires_duty": "asq", "informants": "sdq", "rendering": "phq-9", "wording": "phq-9",
    "items_source": "phq-9", "audience": "sds",
}  # fmt: skip


@pytest.mark.parametrize(("key", "scale_id"), LOSSES.items())
def test_control_an_extension_that_is_not_written_is_missed(key, scale_id, monkeypatch):
    monkeypatch.delitem(extensions.SHAPE, key)
    with pytest.raises(AssertionError):
        assert_nothing_lost(pack(scale_id))


@pytest.mark.parametrize("key", sorted(set(extensions.SHAPE) - {"wording_licence", "fingerprint"}))
def test_each_extension_has_its_control(key):
    assert key in LOSSES


def test_control_reversal_that_is_not_marked_is_missed(monkeypatch):
    monkeypatch.setattr(writing, "REVERSED", "urn:somebody:else")
    with pytest.raises(AssertionError):
        assert_nothing_lost(pack("ces-dc"))


def test_control_order_of_questions_that_is_lost_is_missed():
    resource = questionnaire_of(pack("phq-9"))
    resource["item"].reverse()
    codes = {fault.code for fault in read_questionnaire(carried(resource)).faults}
    assert "not_in_order" in codes


def test_a_tampered_threshold_is_told_by_the_fingerprint():
    resource = carried(questionnaire_of(pack("who-5")))
    text = json.dumps(resource).replace('"url": "at_most", "valueInteger": 50', '"url": "at_most", "valueInteger": 51')
    read = read_questionnaire(json.loads(text))
    assert [fault.code for fault in read.faults] == ["fingerprint_differs"]
    # The control: without the fingerprint the change is taken for meant.
    bare = json.loads(text)
    bare["extension"] = [each for each in bare["extension"] if each["url"] != BASE + "fingerprint"]
    assert read_questionnaire(bare).faults == ()


# ---- what other programs read


def test_standard_elements_say_what_they_can():
    resource = questionnaire_of(pack("phq-9"))
    assert resource["url"] == "urn:xinqiao:scale:phq-9"
    assert (resource["version"], resource["status"], resource["language"]) == ("1.0", "active", "zh-Hans")
    intro, *items = resource["item"]
    assert intro["type"] == "display"
    assert [item["linkId"] for item in items] == [str(n) for n in range(1, 10)]
    assert items[0]["_text"]["extension"][0]["extension"][0] == {"url": "lang", "valueCode": "en"}
    assert [o["valueCoding"]["code"] for o in items[0]["answerOption"]] == ["0", "1", "2", "3"]


def test_a_reversed_item_is_worth_what_it_adds_to_the_score():
    items = [item for item in questionnaire_of(pack("ces-dc"))["item"] if item["type"] == "choice"]
    worth = {n: [o["extension"][0]["valueDecimal"] for o in items[n - 1]["answerOption"]] for n in (3, 4)}
    assert worth == {3: [0, 1, 2, 3], 4: [3, 2, 1, 0]}


def test_a_question_asked_only_after_a_yes_says_so_in_the_standards_words():
    last = questionnaire_of(pack("asq"))["item"][-1]
    assert last["enableBehavior"] == "any"
    assert [when["question"] for when in last["enableWhen"]] == ["1", "2", "3", "4"]
    assert {when["operator"] for when in last["enableWhen"]} == {"="}


# ---- whose wording it is


def licensed():
    data = scale_to_mapping(pack("who-5"))
    data["items"] |= {
        "texts": {str(n): {"zh-Hans": f"虚构问题{n}"} for n in range(1, 6)},
        "labels": {str(code): {"zh-Hans": f"虚构答案{code}"} for code in range(6)},
    }
    data |= {
        "wording": "full",
        "rendering": "licensed",
        "wording_licence": "某出版社：本校",
        "instruction": words("虚构"),
    }
    scale = scale_from_mapping(data)
    assert check_scale(scale) == []
    return scale


def test_wording_under_a_schools_licence_stays_behind():
    text = json.dumps(questionnaire_of(licensed()), ensure_ascii=False)
    assert "虚构" not in text
    assert "某出版社" not in text
    assert come_back(licensed()) == passed_on(licensed()) == pack("who-5")


def test_control_without_the_rule_the_wording_would_leave(monkeypatch):
    monkeypatch.setattr(writing, "may_pass_wording_on", lambda scale: True)
    with pytest.raises(AssertionError):
        test_wording_under_a_schools_licence_stays_behind()


def test_wording_that_anyone_may_have_goes_along():
    assert "没有胃口" in json.dumps(questionnaire_of(pack("phq-9")), ensure_ascii=False)


# ---- what others wrote

FOREIGN = {
    "resourceType": "Questionnaire", "status": "active", "name": "SleepForm", "version": "2", "title": "Sleep",
    "language": "en", "copyright": "Free to use.", "item": [
        {"linkId": "intro", "type": "display", "text": "Think of last week."},
        {"linkId": "g", "type": "group", "text": "Nights", "item": [
            {"linkId": "a", "type": "choice", "text": "I slept badly.", "answerOption": [
                {"valueCoding": {"code": "LA1", "display": "Never",
                                 "extension": [{"url": writing.ORDINAL, "valueDecimal": 0}]}},
                {"valueCoding": {"code": "LA2", "display": "Often",
                                 "extension": [{"url": writing.ORDINAL, "valueDecimal": 1}]}}]},
            {"linkId": "b", "type": "choice", "text": "I slept well.", "answerOption": [
                {"extension": [{"url": writing.ORDINAL, "valueDecimal": 1}],
                 "valueCoding": {"code": "0", "display": "Never"}},
                {"extension": [{"url": writing.ORDINAL, "valueDecimal": 0}],
                 "valueCoding": {"code": "1", "display": "Often"}}]},
            {"linkId": "c", "type": "boolean", "text": "I nap."},
            {"linkId": "d", "type": "text", "text": "Anything else?"},
        ]},
    ],
}  # fmt: skip


def test_a_foreign_questionnaire_becomes_a_draft_with_its_gaps():
    read = read_questionnaire(carried(FOREIGN))
    assert not read.is_ours
    assert (read.mapping["id"], read.mapping["version"], read.mapping["title"]) == ("sleepform", "2", {"en": "Sleep"})
    items = read.mapping["items"]
    assert (items["count"], items["codes"], items["reversed"]) == (4, [0, 1], [2])
    assert items["texts"]["1"] == {"en": "I slept badly."}
    assert read.mapping["instruction"] == {"en": "Think of last week."}
    found = {(fault.place, fault.code) for fault in read.faults}
    assert ("item[1].item[3]", "no_coded_answers") in found
    assert {("licence", "missing_key"), ("subscales", "missing_key"), ("examples", "missing_key")} <= found


def test_a_foreign_gap_names_the_spot_in_its_file():
    read = read_questionnaire(carried(FOREIGN))
    assert read.place_in_file("items.texts.2") == "item[1].item[1]"
    assert read.place_in_file("title.zh-Hans") == "title"
    assert read.place_in_file("licence") == ""


def test_a_contained_value_set_gives_the_answers():
    data = copy.deepcopy(FOREIGN)
    data["contained"] = [{"resourceType": "ValueSet", "id": "yn", "compose": {"include": [
        {"concept": [{"code": "0", "display": "No"}, {"code": "1", "display": "Yes"}]}]}}]  # fmt: skip
    data["item"][1]["item"] = [{"linkId": "a", "type": "choice", "text": "?", "answerValueSet": "#yn"}]
    assert read_questionnaire(data).mapping["items"]["codes"] == [0, 1]


def test_a_condition_beyond_ours_is_named():
    data = copy.deepcopy(FOREIGN)
    data["item"][1]["item"][1]["enableWhen"] = [{"question": "a", "operator": "exists", "answerBoolean": True}]
    faults = {(fault.place, fault.code) for fault in read_questionnaire(data).faults}
    assert ("item[1].item[1].enableWhen[0]", "condition_too_rich") in faults


# ---- what is no FHIR


def test_every_fault_of_the_structure_is_told_at_once():
    data = copy.deepcopy(FOREIGN)
    data["status"] = "ready"
    data["itme"] = []
    data["item"][1]["item"][0]["required"] = "yes"
    with pytest.raises(NotFhir) as refused:
        read_questionnaire(data)
    assert {(fault.place, fault.code) for fault in refused.value.faults} == {
        ("status", "not_allowed"), ("itme", "unknown_key"), ("item[1].item[0].required", "not_a_boolean")
    }  # fmt: skip


def test_types_that_elements_name_exist():
    plain = {"object", "id", "uri", "code", "string", "boolean", "integer", "decimal"}
    words_known = {"status", "responseStatus", "requestStatus", "taskStatus", "itemType", "operator", "behavior"}
    for kind, fields in TYPES.items():
        for entry in fields.split():
            assert entry.split(":")[1].rstrip("*") in plain | words_known | set(TYPES), (kind, entry)
