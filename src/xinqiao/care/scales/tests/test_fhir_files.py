"""FHIR files: strict decoding with places, the acts of the command line, the download, and whose wording leaves."""

import json

import pytest
from django.urls import reverse

from xinqiao.care.scales import fhir_files, views
from xinqiao.care.scales.fhir_files import decoded_json, questionnaire_from, questionnaire_text
from xinqiao.care.scales.packs import definition_text, digest_of, read_pack, shipped_packs
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.scales.tests.test_pages import HIDDEN, asked, import_mht, text_of
from xinqiao.engines import fhir
from xinqiao.engines.fhir import NotFhir
from xinqiao.engines.scoring import check_scale
from xinqiao.engines.scoring.writing import fingerprint, scale_to_mapping


def refusal(body):
    with pytest.raises(NotFhir) as refused:
        decoded_json(body)
    (fault,) = refused.value.faults
    return fault.place, fault.code, fault.detail


# ---- decoding


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        (b'{"a": 1,\n "b": }', "line 2, column 7", "unreadable_json"),
        (b"", "line 1, column 1", "unreadable_json"),
        (b'{"a": "\xff"}', "line 1", "unreadable_json"),
        ('{"a": "表"}'.encode("gb18030"), "line 1", "unreadable_json"),
        (b'{"a": NaN}', "file", "unreadable_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", "file", "unreadable_json"),
        (b'{"a": [{"b": 1, "b": 2}]}', "a[0].b", "duplicate"),
        (b"[" * 200 + b"]" * 200, "line 1", "too_deep"),
        (b'{"a": "' + b"x" * 1_100_000 + b'"}', "file", "unreadable_json"),
        (b'{"a": "tab\tinside"}', "line 1, column 11", "unreadable_json"),
    ],
)
def test_what_is_no_clean_json_is_refused_with_its_place(body, place, code):
    assert refusal(body)[:2] == (place, code)


def test_brackets_in_texts_are_no_nesting():
    text = "[{" * 100 + '\\"' + "[" * 100
    assert decoded_json(f'{{"a": "{text}"}}'.encode())["a"].startswith("[{")


def test_a_byte_order_mark_is_borne():
    assert decoded_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


# ---- every scale, through a file


def test_every_shipped_scale_comes_back_from_its_file_with_the_same_digest():
    count = 0
    for pack in shipped_packs():
        read = questionnaire_from(questionnaire_text(pack.scale).encode())
        assert read.faults == ()
        assert read.scale == pack.scale
        written = definition_text(scale_to_mapping(read.scale))
        assert digest_of(written) == fingerprint(pack.scale) == digest_of(definition_text(scale_to_mapping(pack.scale)))
        count += 1
    assert count == 15


# ---- the command line


def test_export_and_import_on_the_command_line(scale, tmp_path):
    target, back = tmp_path / "phq-9.json", tmp_path / "phq-9.yaml"
    assert scale("fhir-export", "phq-9", "--output", target)[0] == 0
    code, out, _err = scale("fhir-import", target, "--output", back)
    assert (code, out.strip()) == (0, "phq-9.json: sound, 8 examples pass")
    pack = next(pack for pack in shipped_packs() if pack.scale.id == "phq-9")
    assert read_pack(back).scale == pack.scale
    assert check_scale(read_pack(back).scale) == []
    code, out, _err = scale("fhir-export", "phq-9")
    assert json.loads(out)["id"] == "phq-9"


def test_import_lists_the_gaps_of_a_foreign_questionnaire(scale, tmp_path):
    path, draft = tmp_path / "foreign.json", tmp_path / "draft.yaml"
    item = {"linkId": "x", "type": "string", "text": "Why?"}
    path.write_text(json.dumps({"resourceType": "Questionnaire", "status": "draft", "title": "T", "item": [item]}))
    code, out, _err = scale("fhir-import", path, "--output", draft)
    assert code == 1
    assert "item[0]: Questions of the type string cannot be scored" in out
    assert "subscales: This entry is missing" in out
    assert draft.exists()
    code, out, _err = scale("fhir-import", path, "--json")
    told = json.loads(out)
    assert (code, told["is_sound"], told["is_ours"]) == (1, False, False)
    assert {"place", "in_file", "code", "detail", "message"} == set(told["faults"][0])


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "line 1, column 2"), ('{"resourceType": "Patient"}', "resourceType: Another kind"), (None, "file: ")],
)
def test_what_is_no_questionnaire_is_refused(scale, tmp_path, text, told):
    path = tmp_path / "x.json"
    if text is not None:
        path.write_text(text)
    code, out, _err = scale("fhir-import", path)
    assert code == 1
    assert f"x.json: {told}" in out


# ---- the download


def test_the_page_offers_the_file_and_it_comes_back(client_of, shipped):
    client = client_of("psych.")
    url = reverse("scales:questionnaire", args=[shipped["phq-9"].id])
    assert url in text_of(client.get(reverse("scales:read", args=[shipped["phq-9"].id])))
    response = client.get(url)
    assert response["Content-Type"] == "application/fhir+json"
    assert response["Content-Disposition"] == 'attachment; filename="phq-9-1.0.fhir.json"'
    assert questionnaire_from(response.content).scale == scale_of(shipped["phq-9"])


def test_licensed_wording_stays_in_the_house(house, shipped):
    version = import_mht(house, shipped)
    answer = asked(house, views.questionnaire_file, actor=house.psych, version_id=version.id)
    assert HIDDEN not in text_of(answer)
    assert questionnaire_from(answer.content).scale.items == scale_of(shipped["mht"]).items
    page = text_of(asked(house, views.read, actor=house.psych, version_id=version.id))
    assert HIDDEN in page
    assert "获授权的题目文字不随文件带出" in page


def test_control_without_the_rule_licensed_wording_would_leave(house, shipped, monkeypatch):
    monkeypatch.setattr(fhir.writing, "may_pass_wording_on", lambda scale: True)
    with pytest.raises(AssertionError):
        test_licensed_wording_stays_in_the_house(house, shipped)


def test_control_a_decoder_that_takes_the_last_entry_would_not_refuse(monkeypatch):
    monkeypatch.setattr(fhir_files, "_pairs", dict)
    with pytest.raises(pytest.fail.Exception):
        refusal(b'{"a": [{"b": 1, "b": 2}]}')


# ---- answer sheets


def test_sheets_travel_from_table_to_table(scale, tmp_path):
    table, bundle, back = tmp_path / "a.csv", tmp_path / "a.json", tmp_path / "b.csv"
    rows = ["id,1,2,3,4,5", "p-1,0,1,2,3,4", "p-2,5,5,,5,5"]
    table.write_text("\n".join(rows) + "\n")
    code, _out, err = scale("fhir-export-responses", "who-5", "--input", table, "--output", bundle)
    assert (code, err.strip()) == (0, "2 sheets written.")
    assert [e["resource"]["status"] for e in json.loads(bundle.read_text())["entry"]] == ["completed", "in-progress"]
    assert scale("fhir-import-responses", "who-5", bundle, "--output", back)[0] == 0
    assert back.read_text() == table.read_text()


def test_a_name_in_the_table_does_not_leave(scale, tmp_path):
    table, bundle = tmp_path / "a.csv", tmp_path / "a.json"
    table.write_text("id,1,2,3,4,5,name\n张三,0,1,2,3,4,x\np-2,0,1,2,9,4,张四\n")
    code, _out, err = scale("fhir-export-responses", "who-5", "--input", table, "--output", bundle)
    assert code == 1
    assert "row 2: A sheet leaves under a pseudonym" in err
    assert "row 3, 4: “9” is no answer" in err
    assert not bundle.exists()


def test_other_columns_stay_behind(scale, tmp_path):
    table, bundle = tmp_path / "a.csv", tmp_path / "a.json"
    table.write_text("id,1,2,3,4,5,name,phone\np-1,0,1,2,3,4,张三,13800138000\n")
    assert scale("fhir-export-responses", "who-5", "--input", table, "--output", bundle)[0] == 0
    assert "张三" not in bundle.read_text()
    assert "13800138000" not in bundle.read_text()


@pytest.mark.parametrize(
    ("text", "told"),
    [("id,1,2\n", "there is no column “3”"), ("", "There is none"), ("id,1,2,3,4,5,6\n", "this scale has no item 6")],
)
def test_a_table_that_cannot_be_used_is_refused(scale, tmp_path, text, told):
    table = tmp_path / "a.csv"
    table.write_text(text)
    code, _out, err = scale("fhir-export-responses", "who-5", "--input", table, "--output", tmp_path / "a.json")
    assert code == 1
    assert told in err


def test_sheets_of_another_scale_are_refused(scale, tmp_path):
    table, bundle = tmp_path / "a.csv", tmp_path / "a.json"
    table.write_text("id,1,2,3,4,5\np-1,0,1,2,3,4\n")
    scale("fhir-export-responses", "who-5", "--input", table, "--output", bundle)
    code, _out, err = scale("fhir-import-responses", "asq", bundle, "--output", tmp_path / "b.csv")
    assert code == 1
    assert "entry[0].resource.questionnaire: These answers belong to another scale" in err
