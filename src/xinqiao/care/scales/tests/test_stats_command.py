"""`xinqiao stats items`: its JSON, its words, its exit codes."""

import json
import random

import pytest
from django.core.management import CommandError, call_command

TABLE = "id,1,2,3,4\n"


def rows(count=60, items=4, top=3, seed=5):
    dice = random.Random(seed)
    lines = []
    for n in range(count):
        leaning = dice.random()
        answers = [min(top, max(0, round(top * leaning + dice.uniform(-1, 1)))) for _ in range(items)]
        lines.append(f"p{n}," + ",".join(map(str, answers)))
    return "\n".join(lines) + "\n"


@pytest.fixture
def run(tmp_path, capsys):
    def call(text, *arguments, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        code = 0
        try:
            call_command("stats", "items", str(path), *arguments)
        except SystemExit as stop:
            code = stop.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_json_holds_every_figure_with_its_method(run):
    code, out, err = run(TABLE + rows(), "--json", "--codes", "0-3", "--part", "a=1,2", "--reverse", "4")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["n"], told["n_items"], told["rejected"], told["constant_items"]) == (60, 4, [], [])
    assert told["alpha_ci"][0] < told["alpha"] < told["alpha_ci"][1]
    assert told["items"][3]["is_reversed"] is True
    assert told["sheets"][0]["id"] == "p0"
    assert {"alpha", "omega", "sem", "rci", "mahalanobis", "longstring"} <= set(told["methods"])
    assert all("19" in told["methods"][key] for key in ("alpha", "omega", "rci"))


def test_bad_rows_are_named_and_the_rest_is_computed(run):
    code, out, _err = run(TABLE + rows() + "x,1,2,7,1\ny,1,zwei,1,1\n", "--json", "--codes", "0-3")
    told = json.loads(out)
    assert code == 2
    assert told["n"] == 60
    assert [(fault["row"], fault["column"], fault["code"]) for fault in told["rejected"]] == [
        (62, "3", "out_of_codes"),
        (63, "2", "not_a_number"),
    ]
    assert "zwei" in told["rejected"][1]["message"]


def test_the_words_are_chinese_and_complete(run):
    code, out, err = run(TABLE + rows() + "p0,1,1,1,1\n")
    assert code == 2
    assert "Cronbach α 系数 0." in out
    assert "删后 α" in out
    assert "第 62 行" in err


def test_a_scale_gives_items_codes_reversal_and_parts(run):
    header = "id," + ",".join(map(str, range(1, 21))) + "\n"
    code, out, _ = run(header + rows(items=20), "--json", "--scale", "ces-dc")
    turned = [item["item"] for item in json.loads(out)["items"] if item["is_reversed"]]
    assert (code, turned) == (0, ["4", "8", "12", "16"])


def test_the_second_wave_gives_change(run, tmp_path):
    later = tmp_path / "later.csv"
    later.write_text(TABLE + rows(seed=6), "utf-8")
    code, out, _ = run(TABLE + rows(), "--json", "--later", str(later))
    change = json.loads(out)["change"]
    assert (code, len(change)) == (0, 60)
    assert {row["direction"] for row in change} <= {"higher", "lower", "within_error"}


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "没有"), ("name,1,2\nx,1,2\n", "id"), ("id,1\nx,1\n", "2 到 1000"), ("id,1,2\n", "没有一行")],
)
def test_what_cannot_be_read_is_refused_with_the_mend(run, text, words):
    code, out, err = run(text, "--json")
    assert (code, out) == (1, "")
    assert words in err


def test_a_table_in_gb18030_with_semicolons_is_read(run):
    text = (TABLE + rows()).replace(",", ";").replace("p0", "张三")
    code, out, _ = run(text, "--json", encoding="gb18030")
    assert (code, json.loads(out)["sheets"][0]["id"]) == (0, "张三")


@pytest.mark.parametrize("arguments", [("--codes", "3-0"), ("--codes", "x"), ("--part", "a"), ("--scale", "bdi")])
def test_a_wrong_option_is_explained(run, arguments):
    with pytest.raises(CommandError):
        run(TABLE + rows(), *arguments)
