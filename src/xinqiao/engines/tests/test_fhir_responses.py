"""Answer sheets as FHIR R4 QuestionnaireResponses: out and back alike, and only under a pseudonym."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao.engines.fhir import NotFhir, Sheet, bundle_of, read_responses, response_of, responses, sheet_faults
from xinqiao.engines.tests.scoring_samples import PACK_IDS, pack


def carried(resource):
    return json.loads(json.dumps(resource))


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_any_sheets_come_back_as_they_left(data):
    scale = pack(data.draw(st.sampled_from(PACK_IDS)))
    answers = st.tuples(*(st.sampled_from([None, *item.codes]) for item in scale.items))
    sheets = [Sheet(f"p-{n}", data.draw(answers)) for n in range(data.draw(st.integers(0, 3)))]
    assert read_responses(carried(bundle_of(scale, sheets)), scale) == sheets
    for sheet in sheets:
        assert read_responses(carried(response_of(scale, sheet)), scale) == [sheet]


def test_control_an_answer_left_out_is_missed(monkeypatch):
    sheet = Sheet("p-1", (1, 2, 3, 0, 0, 1, 2, 3, 0))
    monkeypatch.setattr(responses, "code_system", lambda scale: "urn:x")
    sent = response_of(pack("phq-9"), sheet)
    sent["item"].pop()
    assert read_responses(sent, pack("phq-9")) != [sheet]


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ((0, 0, 0, 0, None), "completed"),
        ((1, 0, 0, 0, None), "in-progress"),
        ((1, 0, 0, 0, 0), "completed"),
        ((0, 0, None, 0, None), "in-progress"),
    ],
)
def test_a_sheet_is_complete_when_whatever_was_asked_is_answered(answers, status):
    assert response_of(pack("asq"), Sheet("p-1", answers))["status"] == status


def test_a_response_holds_codes_and_a_pseudonym_and_nothing_else():
    sent = response_of(pack("phq-9"), Sheet("p-1", (1,) * 9))
    assert set(sent) == {"resourceType", "identifier", "questionnaire", "status", "item"}
    assert sent["questionnaire"] == "urn:xinqiao:scale:phq-9|1.0"
    assert set(sent["item"][0]["answer"][0]["valueCoding"]) == {"system", "code"}


@pytest.mark.parametrize(
    "name", ["", "张三", "Zhang San", "110101201001011234", "11010120100101123X", "13800138000", "x" * 65]
)
def test_what_may_name_a_person_does_not_leave(name):
    assert [f.code for f in sheet_faults(pack("who-5"), Sheet(name, (0,) * 5), "row 2")] == ["no_pseudonym"]


@pytest.mark.parametrize("name", ["p-1", "A0093", "7f3c2a1e-0001", "2024010101"])
def test_control_a_pseudonym_may_leave(name):
    assert list(sheet_faults(pack("who-5"), Sheet(name, (0,) * 5), "row 2")) == []


def test_an_answer_that_does_not_exist_does_not_leave():
    (fault,) = sheet_faults(pack("who-5"), Sheet("p-1", (0, 6, 0, 0, 0)), "row 2")
    assert (fault.place, fault.code, fault.detail) == ("row 2, 2", "illegal_code", "6")


GOOD = response_of(pack("phq-9"), Sheet("p-1", (1, 2, 3, 0, 0, 1, 2, 3, 0)))
BENT = {
    "another scale": (("questionnaire",), "urn:xinqiao:scale:gad-7|1.1", "questionnaire", "wrong_scale"),
    "another version": (("questionnaire",), "urn:xinqiao:scale:phq-9|0.9", "questionnaire", "wrong_scale"),
    "withdrawn": (("status",), "entered-in-error", "status", "withdrawn"),
    "unknown state": (("status",), "done", "status", "not_allowed"),
    "no such item": (("item", 0, "linkId"), "10", "item[0].linkId", "no_such_item"),
    "item by another name": (("item", 0, "linkId"), "first", "item[0].linkId", "no_such_item"),
    "item twice": (("item", 0, "linkId"), "2", "item[1].linkId", "duplicate"),
    "illegal code": (("item", 0, "answer", 0, "valueCoding", "code"), "4", "item[0].answer[0]", "illegal_code"),
    "another system": (("item", 0, "answer", 0, "valueCoding", "system"), "http://loinc.org",
                       "item[0].answer[0].valueCoding.system", "wrong_scale"),
    "words": (("item", 0, "answer"), [{"valueString": "often"}], "item[0].answer[0]", "illegal_code"),
    "two answers": (("item", 0, "answer"), [{"valueInteger": 1}, {"valueInteger": 2}], "item[0].answer", "two_answers"),
    "answer of two kinds": (("item", 0, "answer"), [{"valueInteger": 1, "valueString": "1"}], "item[0].answer[0]",
                            "one_of"),
    "no identifier": (("identifier",), {"system": "urn:x"}, "identifier.value", "missing_key"),
    "a patient": (("resourceType",), "Patient", "resourceType", "wrong_resource"),
    "unknown element": (("colour",), "red", "colour", "unknown_key"),
}  # fmt: skip


@pytest.mark.parametrize("name", BENT)
def test_what_is_wrong_is_refused_at_its_place(name):
    path, value, place, code = BENT[name]
    data = copy.deepcopy(carried(GOOD))
    spot = data
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    with pytest.raises(NotFhir) as refused:
        read_responses(data, pack("phq-9"))
    assert (place, code) in [(fault.place, fault.code) for fault in refused.value.faults]


def test_control_the_sheet_that_was_bent_is_sound():
    assert len(read_responses(carried(GOOD), pack("phq-9"))) == 1


def test_a_bundle_names_the_entry():
    data = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": GOOD}, {"resource": GOOD}]}
    with pytest.raises(NotFhir) as refused:
        read_responses(data, pack("phq-9"))
    assert [(f.place, f.code) for f in refused.value.faults] == [("entry[1].resource.identifier.value", "duplicate")]


def test_answers_inside_groups_are_found():
    data = carried(GOOD)
    data["item"] = [{"linkId": "page-1", "item": data["item"]}]
    assert read_responses(data, pack("phq-9"))[0].answers == (1, 2, 3, 0, 0, 1, 2, 3, 0)
