"""More than two hundred malformed scale files, each refused with the place named and the way to mend it."""

import re
from collections import Counter

import pytest
from django.utils.translation import override

from xinqiao.care.scales import fhir_files, packs
from xinqiao.care.scales.fhir_files import questionnaire_from
from xinqiao.care.scales.messages import SCALE_MESSAGES, scale_fault_message
from xinqiao.care.scales.tests.malformed import PHQ, Broken, every_broken_file, fhir_json, plain_yaml
from xinqiao.engines.fhir import NotFhir, structure
from xinqiao.engines.scoring import Fault, ScaleFault, check_scale, drafts, loading, reading

LEAST = 200


@pytest.fixture(scope="module")
def broken() -> list[Broken]:
    return every_broken_file()


def faults_of(kind: str, body: bytes, folder) -> list[Fault]:
    """All that is told of a file; an empty list means that it was taken."""
    if kind == "fhir":
        try:
            return list(questionnaire_from(body).faults)
        except NotFhir as refused:
            return list(refused.faults)
    path = folder / "scale.yaml"
    path.write_bytes(body)
    try:
        return check_scale(packs.read_pack(path).scale)
    except ScaleFault as fault:
        return [Fault(fault.place, fault.code, fault.detail)]


def is_told(each: Broken, faults: list[Fault]) -> bool:
    """The fault that was put in is among those told, at its place; inside our extensions any of them will do."""
    told = [fault.place for fault in faults if fault.code == each.code]
    return each.place in told if each.place else any(place.startswith("extension[") for place in told)


def untold(broken: list[Broken], folder) -> list[str]:
    return [each.name for each in broken if not is_told(each, faults_of(each.kind, each.body, folder))]


def test_each_is_refused_with_its_place(broken, tmp_path):
    assert untold(broken, tmp_path) == []
    assert len(broken) >= LEAST


def test_each_refusal_is_a_sentence_that_names_the_mend(broken, tmp_path):
    for each in broken:
        for fault in faults_of(each.kind, each.body, tmp_path):
            assert fault.place, each.name
            for language in ("en", "zh-hans"):
                with override(language):
                    told = scale_fault_message(fault.code, fault.detail)
                assert "{" not in told.replace(fault.detail, ""), each.name
                assert len(told) < 400, each.name
                # What is wrong, and in a second clause what to do.
                assert len(re.findall(r"[.。,，:：?？;；]", told)) >= 1, (each.name, told)


# ---- the list itself


def test_no_two_are_the_same_and_none_is_sound(broken):
    assert [name for name, times in Counter(each.name for each in broken).items() if times > 1] == []
    bodies = Counter((each.kind, each.body) for each in broken)
    assert [each.name for each in broken if bodies[each.kind, each.body] > 1] == []
    assert [each.name for each in broken if each.body == each.base] == []


def test_every_code_that_can_be_told_is_brought_about(broken):
    assert {each.code for each in broken} == set(SCALE_MESSAGES)


@pytest.mark.parametrize("scale_id", [path.stem for path in packs.shipped_files()])
def test_control_the_sound_files_pass(scale_id, tmp_path):
    assert faults_of("yaml", plain_yaml(scale_id), tmp_path) == []
    assert faults_of("fhir", fhir_json(scale_id), tmp_path) == []


def nothing(*_args, **_kwargs):
    return []


GUARDS = {
    "entries twice": (packs, "_entry_again", lambda root: "", "text: id twice"),
    "bombs": (packs, "_refuse_vast", nothing, "text: alias bomb"),
    "depth": (packs, "_refuse_deep", nothing, "text: nested too deep"),
    "size": (packs, "MAX_FILE_BYTES", 10**9, "text: larger than a scale can be"),
    "control characters": (reading, "is_control", lambda character: False, "phq-9 title.en: 'a\\x07b'"),
    "length of names": (loading, "MOST_NAME_CHARS", 99, f"phq-9 id: '{'a' * 25}'"),
    "judging": (drafts, "check_scale", nothing, "fhir phq-9 critical answer left out"),
    "entries twice in JSON": (fhir_files, "_pairs", dict, "fhir text: entry twice inside"),
    "depth in JSON": (fhir_files, "_refuse_deep", nothing, "fhir text: nested without end"),
    "constants in JSON": (fhir_files, "_refuse_constant", float, "fhir text: NaN"),
    "invariants of FHIR": (structure, "_questionnaire_rules", nothing, "fhir phq-9 item[1].linkId: '2'"),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_control_without_its_guard_the_file_is_not_refused_there(broken, tmp_path, monkeypatch, guard):
    module, name, bent, told = GUARDS[guard]
    (each,) = [each for each in broken if each.name == told]
    assert untold([each], tmp_path) == []
    monkeypatch.setattr(module, name, bent)
    with pytest.raises(AssertionError):
        assert untold([each], tmp_path) == []


def test_a_sound_file_is_the_control_of_the_measure(tmp_path):
    """`untold` tells of whatever is taken."""
    sound = Broken("sound", "yaml", b"", plain_yaml(PHQ), "id", "bad_id")
    assert untold([sound], tmp_path) == ["sound"]
