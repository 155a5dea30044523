"""Item parameters: calibrated by command, loaded for a unit, shown on the page, never changed."""

import csv
import importlib
import json

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override

from xinqiao.care.scales import parameter_report, views
from xinqiao.care.scales.models import ItemParameterSet
from xinqiao.care.scales.parameter_file import ParameterFile, parameters_of_text, read_parameters
from xinqiao.care.scales.selectors import parameters_in_force
from xinqiao.care.scales.services.parameters import CannotLoadParameters, load_parameters
from xinqiao.care.scales.tests.test_pages import asked, text_of
from xinqiao.engines.adaptive import Crowd, answers_of, decision_of, design_of
from xinqiao.engines.tests.adaptive_samples import RULE, invented
from xinqiao.engines.tests.scoring_samples import pack
from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged

triggers = importlib.import_module("xinqiao.care.scales.migrations.0005_item_parameters")
language = importlib.import_module("xinqiao.care.scales.migrations.0007_parameter_language")
precise = importlib.import_module("xinqiao.care.scales.migrations.0008_expected_precise")


@pytest.fixture(autouse=True)
def few_simulated(monkeypatch):
    """What is simulated is the engine's own affair and tested there; here it is not to take long."""
    monkeypatch.setattr(parameter_report, "SIMULATED", 100)


def sheets_of(scale_id, pupils=600, seed=1, second_factor=0.0):
    scale = pack(scale_id)
    return answers_of(scale, invented(scale, "total"), Crowd(pupils, seed, second_factor))


@pytest.fixture
def table(tmp_path):
    """Write a table of full sheets; `extra` rows come after the others."""

    def write(scale_id, sheets, *extra):
        numbers = [item.number for item in pack(scale_id).items]
        path = tmp_path / "answers.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["id", *numbers])
            writer.writerows([f"s{at}", *(sheet[n] for n in numbers)] for at, sheet in enumerate(sheets, start=1))
            writer.writerows(extra)
        return path

    return write


@pytest.fixture
def scale(capsys, db):
    def run(*words, language="en"):
        capsys.readouterr()
        code = 0
        with override(language):
            try:
                call_command("scale", *map(str, words))
            except SystemExit as end:
                code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def made_file(scale_id="phq-9", sheets=600, **changes):
    told = {
        "format": "xinqiao.item-parameters/1", "scale": scale_id, "subscale": "total", "model": "graded-response",
        "sheets": sheets, "source": "Invented for tests",
        "items": [{"item": one.number, "slope": one.slope, "thresholds": list(one.thresholds)}
                  for one in invented(pack(scale_id), "total")],
    }  # fmt: skip
    return parameters_of_text(json.dumps(told | changes))


def test_a_table_becomes_a_file_of_parameters(scale, table, tmp_path):
    target = tmp_path / "parameters.json"
    path = table("ces-dc", sheets_of("ces-dc"))
    code, out, err = scale("calibrate", path, "--scale", "ces-dc", "--json", "--output", target, "--source", "School A")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert read_parameters(target) == parameters_of_text(json.dumps(told["parameters"]))
    assert (told["parameters"]["sheets"], told["parameters"]["source"]) == (600, "School A")
    assert told["parameters"]["fit"]["converged"] is True
    assert told["doubts"] == []
    assert told["expected"]["saved"] > 0.4
    assert all("19" in told["methods"][name] for name in ("parameters", "twins"))


def test_reversed_items_are_turned_before_they_are_calibrated(scale, table):
    """CES-DC 4, 8, 12, 16 speak of joy: without turning them their slopes would be below zero."""
    code, out, _err = scale("calibrate", table("ces-dc", sheets_of("ces-dc")), "--scale", "ces-dc", "--json")
    found = {each["item"]: each for each in json.loads(out)["parameters"]["items"]}
    truth = {each.number: each for each in invented(pack("ces-dc"), "total")}
    assert code == 0
    for number in (4, 8, 12, 16):
        assert found[number]["slope"] == pytest.approx(truth[number].slope, abs=4 * found[number]["slope_se"])


def test_the_words_are_chinese_and_say_what_to_expect(scale, table):
    code, out, _err = scale("calibrate", table("phq-9", sheets_of("phq-9")), "--scale", "phq-9", language="zh-hans")
    assert code == 0
    for words in ("9 道题，600 份答卷", "区分度", "模拟 100 名学生"):
        assert words in out


def test_a_second_trait_is_said(scale, table):
    path = table("phq-9", sheets_of("phq-9", 1_000, second_factor=0.9))
    _code, out, _err = scale("calibrate", path, "--scale", "phq-9", "--json")
    assert "not_one_trait" in [doubt["code"] for doubt in json.loads(out)["doubts"]]


def test_rows_that_cannot_be_read_are_named_and_left_out(scale, table):
    path = table("phq-9", sheets_of("phq-9"), ["odd", *[1.5] * 9], ["far", *[9] * 9], ["gap", "", *[1] * 8])
    code, out, err = scale("calibrate", path, "--scale", "phq-9", "--json")
    assert code == 2
    assert json.loads(out)["parameters"]["sheets"] == 601  # a missing answer is no fault
    assert "odd" in err
    assert "Row 603" in err


@pytest.mark.parametrize(
    ("scale_id", "pupils", "change", "words"),
    [
        ("phq-9", 499, None, "499 sheets are too few; 500"),
        ("phq-9", 600, lambda s: s | {3: min(s[3], 2)}, "Item 3: the answer in place 4 was chosen 0 times, 5"),
        ("phq-9", 600, lambda s: s | {3: s[2]}, "together with another"),
    ],
)
def test_what_cannot_be_calibrated_is_refused_with_the_mend(scale, table, scale_id, pupils, change, words):
    sheets = [change(sheet) if change else sheet for sheet in sheets_of(scale_id, pupils)]
    code, out, err = scale("calibrate", table(scale_id, sheets), "--scale", scale_id)
    assert (code, out) == (1, "")
    assert words in err


@pytest.mark.parametrize(("scale_id", "words"), [("asq", "no decision to shorten"), ("nothing", "neither a scale")])
def test_a_scale_that_cannot_be_shortened_is_refused(scale, table, scale_id, words):
    code, _out, err = scale("calibrate", table("phq-9", []), "--scale", scale_id)
    assert code == 1
    assert words in err


def test_a_file_is_loaded_for_a_unit_and_recorded(scale, house, tmp_path):
    path = tmp_path / "parameters.json"
    path.write_text(made_file().text(), "utf-8")
    code, out, _err = scale("parameters", "phq-9", path, "--unit", "first")
    kept = ItemParameterSet.objects.get()
    assert code == 0
    assert "600 sheets" in out
    assert "100 simulated pupils" in out
    assert (kept.place, kept.version.code, kept.sheets) == (house.school.path, "phq-9", 600)
    event = AuditEvent.objects.get(event="scales.parameters.loaded")
    assert (event.place, json.loads(event.facts)["sheets"]) == (house.school.path, 600)
    design_of(pack("phq-9"), parameters_of_text(kept.definition).parameters(), RULE, decision_of(pack("phq-9")))


def test_the_same_parameters_change_nothing_and_others_replace_them(house):
    first = load_parameters(house.school, actor=house.psych, file=made_file())
    assert load_parameters(house.school, actor=house.psych, file=made_file()) == Unchanged("same_parameters")
    second = load_parameters(house.school, actor=house.psych, file=made_file(sheets=900))
    first.refresh_from_db()
    assert first.retired_at is not None
    assert parameters_in_force(second.version, house.school.path) == second
    assert parameters_in_force(second.version, house.other.path) is None


def test_the_nearest_units_parameters_hold(house):
    county = load_parameters(house.county, actor=system_actor("test"), file=made_file())
    school = load_parameters(house.school, actor=house.psych, file=made_file(sheets=900))
    assert parameters_in_force(county.version, house.other.path) == county
    assert parameters_in_force(county.version, house.school.path) == school


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"sheets": 499}, "too_few_sheets"), ({"scale": "bdi"}, "not_published")],
)
def test_parameters_that_may_not_be_used_are_refused(house, changes, code):
    with pytest.raises(CannotLoadParameters) as told:
        load_parameters(house.school, actor=house.psych, file=made_file(**changes))
    assert told.value.code == code
    assert not ItemParameterSet.objects.exists()


def test_nobody_loads_parameters_elsewhere(house):
    for actor in (house.stranger, house.teacher):
        with pytest.raises(Forbidden):
            load_parameters(house.school, actor=actor, file=made_file())


@pytest.mark.parametrize(
    ("bend", "words"),
    [
        (lambda told: told | {"items": told["items"][1:]}, "Item 1 has no parameters"),
        (lambda told: told | {"extra": 1}, "not one of item parameters"),
        (lambda told: told | {"source": " "}, "source"),
        (lambda told: told | {"scale": "gad-7"}, "gad-7"),
        (lambda told: told | {"sheets": "many"}, "sheets"),
    ],
)
def test_a_bad_file_is_refused_by_what_is_wrong(scale, house, tmp_path, bend, words):
    path = tmp_path / "parameters.json"
    path.write_text(json.dumps(bend(json.loads(made_file().text()))), "utf-8")
    code, _out, err = scale("parameters", "phq-9", path, "--unit", "first")
    assert code == 1
    assert words in err
    assert not ItemParameterSet.objects.exists()


def test_a_file_that_is_not_there_is_said(scale, house, tmp_path):
    code, _out, err = scale("parameters", "phq-9", tmp_path / "none.json", "--unit", "first")
    assert code == 1
    assert "cannot be opened" in err


def test_the_page_shows_them_with_source_and_doubts(house, shipped):
    load_parameters(house.school, actor=house.psych, file=made_file())
    version = shipped["phq-9"]
    with override("zh-hans"):
        own = text_of(asked(house, views.read, actor=house.psych, version_id=version.id))
        others = text_of(asked(house, views.read, actor=house.stranger, version_id=version.id))
    for words in (
        "题目参数",
        "Invented for tests",
        "600 份完整答卷",
        "溪口县第一中学及所属单位",
        "预计效果",
        "外部文件",
    ):
        assert words in own
        assert words not in others


CHANGES = [
    "UPDATE scales_itemparameterset SET definition = 'x'",
    "UPDATE scales_itemparameterset SET sheets = 1",
    "UPDATE scales_itemparameterset SET source = 'x'",
    "UPDATE scales_itemparameterset SET place = 'abcdefgh/'",
    "DELETE FROM scales_itemparameterset",
]


class Editor:
    """As much of a schema editor as the migration uses."""

    connection = connection

    @staticmethod
    def execute(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def change(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.fixture
def guarded(house):
    load_parameters(house.school, actor=house.psych, file=made_file())
    for drop in (triggers.drop_triggers, language.drop_trigger, precise.drop_trigger):
        try:
            with transaction.atomic():
                drop(apps, Editor)
        except DatabaseError:
            pass  # there were none
    triggers.add_triggers(apps, Editor)


@pytest.mark.parametrize("statement", CHANGES)
def test_stored_parameters_never_change(guarded, statement):
    with pytest.raises(DatabaseError, match="never change"):
        change(statement)


def test_they_are_retired_once(guarded):
    retire = "UPDATE scales_itemparameterset SET retired_at = loaded_at"
    assert change(retire) == 1
    with pytest.raises(DatabaseError, match="never change"):
        change(retire)


@pytest.mark.parametrize("statement", CHANGES)
def test_control_without_the_triggers_they_would_change(guarded, statement):
    triggers.drop_triggers(apps, Editor)
    assert change(statement) == 1


def test_the_language_of_stored_parameters_never_changes_and_the_other_guards_are_there_too(guarded):
    told_otherwise = "UPDATE scales_itemparameterset SET language = 'en'"
    if connection.vendor == "sqlite":
        triggers.drop_triggers(apps, Editor)  # SQLite makes the table anew where a column is added
    language.add_trigger(apps, Editor)
    for statement in (told_otherwise, *CHANGES):
        with pytest.raises(DatabaseError, match="never change"):
            change(statement)
    language.drop_trigger(apps, Editor)
    assert change(told_otherwise) == 1


def test_what_a_precision_was_said_to_cost_never_changes_and_the_other_guards_are_there_too(guarded):
    told_otherwise = "UPDATE scales_itemparameterset SET expected_precise = '{}'"
    if connection.vendor == "sqlite":
        triggers.drop_triggers(apps, Editor)  # SQLite makes the table anew where a column is added
    else:
        language.add_trigger(apps, Editor)
    precise.add_trigger(apps, Editor)
    for statement in (told_otherwise, "UPDATE scales_itemparameterset SET language = 'en'", *CHANGES):
        with pytest.raises(DatabaseError, match="never change"):
            change(statement)
    precise.drop_trigger(apps, Editor)
    assert change(told_otherwise) == 1


def test_what_a_precision_costs_is_simulated_kept_and_shown(house, shipped):
    kept = load_parameters(house.school, actor=house.psych, file=made_file())
    usual, told = json.loads(kept.expected), json.loads(kept.expected_precise)
    assert told.pop("precision") == 0.4
    assert told.keys() == usual.keys()
    assert told["items_mean"] > usual["items_mean"]
    assert told["missed"] <= usual["missed"]
    with override("zh-hans"):
        page = text_of(asked(house, views.read, actor=house.psych, version_id=shipped["phq-9"].id))
    assert "另要求标准误不超过 0.4" in page
    assert f"{told['items_mean']:.1f}" in page


def test_a_file_holds_no_answers_and_no_names(scale, table, tmp_path):
    target = tmp_path / "parameters.json"
    scale("calibrate", table("phq-9", sheets_of("phq-9")), "--scale", "phq-9", "--output", target)
    assert set(ParameterFile.__struct_fields__) >= set(json.loads(target.read_text("utf-8")))
    assert "s17" not in target.read_text("utf-8")
