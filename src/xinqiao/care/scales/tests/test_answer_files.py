"""Files of answers as they come: encodings, quotation marks, blank lines, and an output that is whole or not there."""

import csv
import io

import pytest
import yaml

from xinqiao.care.scales import answer_files
from xinqiao.care.scales.answer_files import Tally, UnreadableTable, answer_rows, score_file
from xinqiao.care.scales.packs import read_pack, scale_folder
from xinqiao.engines.scoring import scale_from_mapping

HEAD = ["id", *map(str, range(1, 10))]
CALM = ["0"] * 9


def phq9():
    return read_pack(scale_folder() / "phq-9.yaml").scale


def as_csv(*rows, delimiter=",", head=HEAD):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return out.getvalue()


@pytest.fixture
def scored(tmp_path):
    """Score the text or bytes of a file; return the tally and the rows by id."""

    def run(content, encoding="utf-8", scale=None):
        source, target = tmp_path / "answers.csv", tmp_path / "scores.csv"
        source.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        tally = score_file(scale or phq9(), source, target)
        rows = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8"), newline="")))
        return tally, {row["id"]: row for row in rows}

    return run


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_are_read_as_schools_save_them(scored, encoding, delimiter):
    tally, rows = scored(as_csv(["七(3)班-01", *CALM], delimiter=delimiter), encoding)
    assert tally == Tally(sheets=1)
    assert rows["七(3)班-01"]["total"] == "0"


def test_the_output_is_plain_utf_8_with_the_columns_of_the_scale(scored, tmp_path):
    scored(as_csv(["甲", *CALM]), "gbk")
    assert (tmp_path / "scores.csv").read_bytes() == (
        "id,total,total_band,valid,critical,error\n甲,0,minimal,true,,\n".encode()
    )


def test_the_tally_counts_errors_critical_answers_and_void_sheets(scored):
    scale = read_pack(scale_folder() / "mht.yaml").scale
    head = ["id", *map(str, range(1, 101))]
    rows = [["void", *["1"] * 100], ["bad", "x", *["0"] * 99], ["calm", *["0"] * 100]]
    tally, found = scored(as_csv(*rows, head=head), scale=scale)
    assert tally == Tally(sheets=3, with_error=1, with_critical=1, void=1)
    assert (found["void"]["valid"], found["void"]["total"], found["void"]["critical"]) == ("false", "90", "85;97")


def test_a_mark_that_is_never_closed_costs_its_own_row_only(scored):
    text = as_csv(["a", *CALM]) + 'b,"0,0,0,0,0,0,0,0,2\r\n' + as_csv(["c", *CALM], ["d", *CALM]).split("\r\n", 1)[1]
    tally, rows = scored(text)
    assert (tally.sheets, tally.with_error) == (4, 1)
    assert rows["b"]["error"].startswith("illegal_answer:1")
    assert rows["b"]["critical"] == "9"
    assert rows["c"]["total"] == rows["d"]["total"] == "0"


def test_control_a_plain_reader_loses_the_rows_after_such_a_mark(scored, monkeypatch):
    monkeypatch.setattr(answer_files, "answer_rows", csv.reader)
    text = as_csv(["a", *CALM]) + 'b,"0,0,0,0,0,0,0,0,2\r\n' + as_csv(["c", *CALM]).split("\r\n", 1)[1]
    assert scored(text)[0].sheets == 2


def test_a_cell_may_hold_a_line_break_inside_its_marks(scored):
    text = as_csv(["two\nlines", *CALM], ["b", *CALM])
    tally, rows = scored(text)
    assert tally == Tally(sheets=2)
    assert set(rows) == {"two\nlines", "b"}


@pytest.mark.parametrize("cell", ['""1', '"1"0', '1"'])
def test_crooked_marks_are_not_guessed_at(scored, cell):
    _tally, rows = scored(as_csv() + ",".join(["a", cell, *CALM[1:]]) + "\n")
    assert rows["a"]["error"] == "illegal_answer:1"


def test_lines_with_nothing_in_them_are_no_sheets(scored):
    tally, _rows = scored("\r\n" + as_csv(["a", *CALM]) + "\r\n,,,,,,,,,\r\n   \r\n")
    assert tally == Tally(sheets=1)


def test_a_line_without_answers_but_with_an_id_is_a_sheet(scored):
    _tally, rows = scored(as_csv(["a", *[""] * 9]))
    assert rows["a"]["error"].count("missing_answer") == 9


@pytest.mark.parametrize(
    ("content", "code", "detail"),
    [
        (b"", "no_header", ""),
        (b"\n\n", "no_header", ""),
        (b"PK\x03\x04rest", "is_spreadsheet", "answers.csv"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "encoding", "answers.csv"),
        (b"id,1,2\na,0,0\n", "missing_column", "3"),
        (as_csv(head=[*HEAD, "10"]).encode(), "unknown_item", "10"),
        (as_csv(head=[*HEAD, "4"]).encode(), "duplicate_column", "4"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_leaves_nothing(scored, tmp_path, content, code, detail):
    with pytest.raises(UnreadableTable) as refused:
        scored(content)
    assert (refused.value.code, refused.value.detail) == (code, detail)
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for source in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UnreadableTable, match="missing"):
            score_file(phq9(), source, tmp_path / "scores.csv")


@pytest.mark.parametrize(("source", "target"), [("a.csv", "a.csv"), ("a.csv.part", "a.csv")])
def test_the_answers_are_never_written_over(tmp_path, source, target):
    source = tmp_path / source
    source.write_text(as_csv(["a", *CALM]))
    with pytest.raises(UnreadableTable, match="same_file"):
        score_file(phq9(), source, tmp_path / target)
    assert source.read_text().startswith("id,1")


def test_scores_of_an_interrupted_run_do_not_replace_the_former(tmp_path, monkeypatch):
    source, target = tmp_path / "answers.csv", tmp_path / "scores.csv"
    monkeypatch.setattr(answer_files, "MAX_LINE_CHARS", 40)
    source.write_text(as_csv(["a", *CALM]) + "b," + "0" * 60 + "\n")
    target.write_text("former")
    with pytest.raises(UnreadableTable) as refused:
        score_file(phq9(), source, target)
    assert (refused.value.code, refused.value.detail) == ("line_too_long", "3")
    assert target.read_text() == "former"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "scores.csv"]


@pytest.mark.parametrize("folder", ["no-such-folder", "answers.csv"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path, folder):
    source = tmp_path / "answers.csv"
    source.write_text(as_csv(["a", *CALM]))
    with pytest.raises(UnreadableTable, match="not_written"):
        score_file(phq9(), source, tmp_path / folder / "scores.csv")


def test_rows_are_read_one_after_the_other(tmp_path):
    taken = []

    class Watched(io.StringIO):
        def readline(self, size=-1, /):
            line = super().readline(size)
            taken.append(line)
            return line

    rows = answer_rows(Watched(as_csv(*[[str(n), *CALM] for n in range(1000)])))
    next(rows), next(rows)
    assert len(taken) <= 3


def test_norms_by_sex_and_grade_are_read_from_their_columns(scored):
    data = yaml.safe_load((scale_folder() / "phq-9.yaml").read_text("utf-8"))
    steps = data["subscales"]["total"]["bands"][0]["steps"]
    girls = {"when": {"sex": "female"}, "source": "kroenke-2001", "steps": [{**steps[0], "code": "girl"}]}
    data["subscales"]["total"]["bands"].insert(0, girls)
    scale = scale_from_mapping(data)
    text = as_csv(["a", *CALM, "女"], ["b", *CALM, "男"], ["c", *CALM, "?"], head=[*HEAD, "sex"])
    tally, rows = scored(text, scale=scale)
    assert [rows[name]["total_band"] for name in "abc"] == ["girl", "minimal", ""]
    assert (rows["c"]["error"], tally.with_error) == ("illegal_sex", 1)
