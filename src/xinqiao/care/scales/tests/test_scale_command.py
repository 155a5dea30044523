"""`xinqiao scale …`: what it prints, what it writes, and its exit codes."""

import csv
import json
import os
import subprocess
import sys

import pytest
import yaml

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import scale_folder, shipped_files
from xinqiao.care.scales.tests.workbooks import ITEMS, filled, workbook

IDS = {
    "asq",
    "ces-dc",
    "dass-21",
    "gad-7",
    "mht",
    "mssmhs",
    "phq-9",
    "sas",
    "scared-41",
    "scl-90",
    "sdq",
    "sds",
    "who-5",
    "xq-guardian",
    "xq-teacher",
}


@pytest.fixture
def faulty(tmp_path):
    """A scale file with one number changed."""

    text = (scale_folder() / "phq-9.yaml").read_text("utf-8")

    def write(change):
        data = yaml.safe_load(text)
        change(data)
        path = tmp_path / "changed.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        return path

    return write


def answers(path, *rows, count=9):
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["id", *range(1, count + 1)], *rows])
    return path


def first_row(path):
    with path.open(encoding="utf-8", newline="") as rows:
        return next(csv.DictReader(rows))


# ---- check


def test_every_scale_that_ships_is_sound(scale):
    code, out, err = scale("check", "--json")
    found = json.loads(out)["scales"]
    assert (code, err, {row["id"] for row in found}) == (0, "", IDS)
    assert all(row["faults"] == [] and row["examples"] >= 3 for row in found)


def test_one_scale_is_checked_by_its_id(scale):
    assert scale("check", "phq-9") == (0, "phq-9.yaml: sound, 8 examples pass\n", "")


def test_faults_are_told_with_their_place(scale, faulty):
    def change(data):
        data["subscales"]["total"]["bands"][0]["steps"][4]["from"] = 90
        data["subscales"]["total"]["source"] = "nobody"

    path = faulty(change)
    code, out, _err = scale("check", path)
    assert code == 1
    assert "changed.yaml: subscales.total: There is no source “nobody”. Every number names one." in out
    assert "subscales.total.bands[0].steps[4]: No score reaches 90" in out
    code, out, _err = scale("check", path, "--json")
    rows = json.loads(out)["scales"][0]["faults"]
    assert code == 1
    assert {"place": "subscales.total", "code": "no_such_source", "detail": "nobody"}.items() <= rows[0].items()


@pytest.mark.parametrize(("text", "code"), [("id: [", "unreadable"), ("- 1", "unreadable"), ("id: x", "missing_key")])
def test_what_is_no_scale_is_a_fault_too(scale, tmp_path, text, code):
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    exit_code, out, _err = scale("check", path, "--json")
    assert (exit_code, json.loads(out)["scales"][0]["faults"][0]["code"]) == (1, code)


def test_an_entry_that_stands_there_twice_is_a_fault_with_its_place(scale, tmp_path):
    text = (scale_folder() / "gad-7.yaml").read_text("utf-8")
    path = tmp_path / "broken.yaml"
    path.write_text(text.replace("  count: 7\n", "  count: 7\n  codes: [1, 2, 3, 4]\n"), "utf-8")
    assert scale("check", path) == (1, "broken.yaml: items.codes: This stands here twice: codes.\n", "")
    path.write_text(text.replace("    4: {en", "    3: {en", 1), "utf-8")
    assert scale("check", path) == (1, "broken.yaml: items.texts.3: This stands here twice: 3.\n", "")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("id: x\nmissing: {rule: refuse\nitems: 1\n", "line 3"),
        ("id: x\nversion: *nobody\n", "line 2"),
        ("version: 2026-02-30", "file"),
        (f"version: {'9' * 5000}", "file"),
        ("? [a, b]\n: c\n? [a, b]\n: d\n", "line 1"),
        ("", "file"),
        (f"\nid: {'[' * 400_000}", "line 2"),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line(scale, tmp_path, text, place):
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    code, out, err = scale("check", path)
    assert (code, err) == (1, "")
    assert out.startswith(f"broken.yaml: {place}: The file cannot be read as a scale (")


def test_an_unknown_scale_is_named_with_those_there_are(scale):
    code, _out, err = scale("check", "no-such")
    assert code == 1
    assert "“no-such” is neither a scale nor a file" in err
    assert "phq-9" in err


# ---- score


def test_sound_rows_give_exit_code_0(scale, tmp_path):
    source, target = answers(tmp_path / "a.csv", ["s1", *[1] * 9], ["s2", *[0] * 9]), tmp_path / "s.csv"
    code, out, err = scale("score", "phq-9", "--input", source, "--output", target)
    assert (code, out) == (0, "")
    assert "2 sheets: 0 with an error, 1 with a critical answer, 0 void." in err
    assert target.read_text("utf-8").splitlines()[1:] == ["s1,9,mild,true,9,", "s2,0,minimal,true,,"]


def test_a_bad_row_is_an_error_in_its_row_and_exit_code_2(scale, tmp_path):
    source, target = answers(tmp_path / "a.csv", ["s1", 7, *[0] * 7, 3], ["s2", *[0] * 9]), tmp_path / "s.csv"
    code, _out, _err = scale("score", "phq-9", "--input", source, "--output", target)
    assert code == 2
    assert target.read_text("utf-8").splitlines()[1:] == ["s1,,,false,9,illegal_answer:1", "s2,0,minimal,true,,"]


def test_a_void_sheet_is_no_error(scale, tmp_path):
    source, target = answers(tmp_path / "a.csv", ["s1", *[1] * 100], count=100), tmp_path / "s.csv"
    code, _out, err = scale("score", "mht", "--input", source, "--output", target)
    row = first_row(target)
    assert (code, row["valid"], row["total"], row["lie"], row["critical"]) == (0, "false", "90", "10", "85;97")
    assert "1 void" in err


def test_a_form_is_scored_with_its_own_bands(scale, tmp_path):
    row = ["s1", *(2 if n in (3, 8) else 0 for n in range(1, 26))]
    source, bands = answers(tmp_path / "a.csv", row, count=25), {}
    for informant in ("self", "parent"):
        target = tmp_path / f"{informant}.csv"
        assert scale("score", "sdq", "--input", source, "--output", target, "--informant", informant)[0] == 0
        bands[informant] = first_row(target)["total_band"]
    assert bands == {"self": "average", "parent": "slightly_raised"}


def test_a_scale_may_be_given_as_a_file(scale, tmp_path, faulty):
    source, target = answers(tmp_path / "a.csv", ["s1", *[0] * 9]), tmp_path / "s.csv"
    path = faulty(lambda data: data.update(version="2.0"))
    assert scale("score", path, "--input", source, "--output", target)[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no-such", "--input", "a.csv"], "neither a scale nor a file"),
        (["phq-9", "--input", "none.csv"], "none.csv: The file of answers cannot be opened"),
        (["mht", "--input", "a.csv"], "a.csv: First line: there is no column “10”"),
        (["gad-7", "--input", "a.csv"], "a.csv: First line: this scale has no item 8"),
        (["phq-9", "--input", "a.csv", "--informant", "parent"], "phq-9 is not answered by “parent”. Possible: self."),
    ],
)
def test_what_cannot_be_read_gives_exit_code_1_and_the_mend(scale, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    answers(tmp_path / "a.csv", ["s1", *[0] * 9])
    code, _out, err = scale("score", *words, "--output", tmp_path / "s.csv")
    assert code == 1
    assert told in err
    assert not (tmp_path / "s.csv").exists()


def test_a_scale_with_faults_scores_nothing(scale, tmp_path, faulty):
    source, target = answers(tmp_path / "a.csv", ["s1", *[0] * 9]), tmp_path / "s.csv"
    path = faulty(lambda data: data["subscales"]["total"].update(multiply=2))
    code, _out, err = scale("score", path, "--input", source, "--output", target)
    assert (code, target.exists()) == (1, False)
    assert "examples[1].expect.scores.total" in err


def test_scoring_needs_neither_a_database_nor_keys(tmp_path):
    source, home = answers(tmp_path / "a.csv", ["s1", 9, *[0] * 8]), tmp_path / "home"
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    environment = {**kept, "XINQIAO_HOME": str(home), "XINQIAO_DATABASE": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "-m", "xinqiao.config.command_line", "scale", "score", "phq-9",
         "--input", str(source), "--output", str(tmp_path / "s.csv")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert (tmp_path / "s.csv").read_text("utf-8").splitlines()[1] == "s1,,,false,,illegal_answer:1"
    assert not home.exists()


# ---- publish, list, form, import


@pytest.mark.django_db
def test_publishing_again_changes_nothing(scale):
    assert scale("publish")[:2] == (0, "15 published, 0 unchanged\n")
    code, out, _err = scale("publish", "--json")
    assert (code, json.loads(out)["published"], set(json.loads(out)["unchanged"])) == (0, [], IDS)
    assert ScaleVersion.objects.count() == len(shipped_files())


@pytest.mark.django_db
def test_a_file_changed_under_its_old_version_is_refused(scale, faulty, settings, tmp_path):
    folder = tmp_path / "packs" / "scales"
    folder.mkdir(parents=True)
    settings.XINQIAO_PACKS = str(tmp_path / "packs")
    path = faulty(lambda data: None)
    (folder / "phq-9.yaml").write_text(path.read_text("utf-8"), "utf-8")
    assert scale("publish")[0] == 0
    path = faulty(lambda data: data["title"].update(en="Another title"))
    (folder / "phq-9.yaml").write_text(path.read_text("utf-8"), "utf-8")
    code, _out, err = scale("publish")
    assert code == 1
    assert "phq-9: The file was changed without a new version number" in err
    path = faulty(lambda data: (data["title"].update(en="Another title"), data.update(version="1.1")))
    (folder / "phq-9.yaml").write_text(path.read_text("utf-8"), "utf-8")
    assert scale("publish")[0] == 0
    assert list(ScaleVersion.objects.filter(retired_at=None).values_list("version", flat=True)) == ["1.1"]


def test_the_list_says_what_keeps_a_scale_back(scale, house):
    code, out, _err = scale("list", "--json", "--unit", "first")
    rows = {row["id"]: row for row in json.loads(out)["scales"]}
    assert (code, set(rows)) == (0, IDS)
    assert (rows["phq-9"]["reasons"], rows["mht"]["reasons"]) == ([], ["no_wording"])
    assert rows["sds"]["reasons"] == ["no_wording", "not_for_pupils"]
    code, out, _err = scale("list")
    assert "gad-7        1.1            7  GAD-7, anxiety over two weeks  [ready]" in out
    assert scale("list", "--unit", "nowhere")[0] == 1


def test_a_form_that_cannot_be_written_is_not_called_scores(scale, tmp_path):
    code, out, err = scale("form", "mht", "--output", tmp_path / "none" / "form.xlsx")
    assert (code, out) == (1, "")
    assert err.startswith(f"Nothing can be written to {tmp_path}")


def test_wording_goes_through_the_form_into_the_unit(scale, house, shipped, tmp_path):
    form = tmp_path / "mht.xlsx"
    assert scale("form", "mht", "--output", form)[0] == 0
    words = ["--scale", "mht", "--unit", "first", "--licence-holder", "某出版社", "--licence-text", "本校"]
    code, _out, err = scale("import", form, *words)
    assert code == 1
    assert "Items B2 The Chinese text is missing" in err
    form.write_bytes(workbook(filled(_scale(shipped, "mht"))))
    assert scale("import", form, *words)[:2] == (0, "Published: mht 1.0+w1 for 溪口县第一中学\n")
    assert scale("import", form, *words)[1].startswith("This wording is published already")
    rows = json.loads(scale("list", "--json", "--unit", "first")[1])["scales"]
    assert [row["reasons"] for row in rows if row["id"] == "mht" and row["place"]] == [[]]


def test_faults_of_a_workbook_are_told_with_sheet_row_and_column(scale, house, shipped, tmp_path):
    sheets = filled(_scale(shipped, "mht"))
    sheets[ITEMS][7][1] = "=1+1"
    sheets[ITEMS].pop()
    form = tmp_path / "mht.xlsx"
    form.write_bytes(workbook(sheets))
    words = ["--scale", "mht", "--unit", "first", "--licence-holder", "某出版社", "--licence-text", "本校"]
    code, _out, err = scale("import", form, *words)
    assert (code, err.splitlines()) == (
        1,
        [
            f"{ITEMS} B8 The cell holds a formula. Copy it and paste it as a value.",
            f"{ITEMS} These items have no row: 100. The scale has 100 items; add them.",
        ],
    )
    assert not ScaleVersion.objects.exclude(place="").exists()


def _scale(shipped, code):
    from xinqiao.care.scales.selectors import scale_of

    return scale_of(shipped[code])
