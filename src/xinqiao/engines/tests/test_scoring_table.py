"""Tables of text in and out."""

import pytest

from xinqiao.engines.scoring import TableFault, number_text, scale_from_mapping, score_table, table
from xinqiao.engines.tests.scoring_samples import bands, pack, small_data

HEADER = ["id", *map(str, range(1, 10))]


def scored(scale, *rows, **options):
    header, *lines = score_table(scale, rows, **options)
    return [dict(zip(header, line, strict=True)) for line in lines]


def phq(*answers):
    return scored(pack("phq-9"), HEADER, ["s1", *answers])[0]


def test_columns_are_id_scores_and_bands_validity_critical_items_and_error():
    header = next(score_table(pack("mht"), [["id", *map(str, range(1, 101))]]))
    scales = ["learning", "people", "loneliness", "self_blame", "sensitivity", "somatic", "fear", "impulsive"]
    names = [*scales, "lie", "total"]
    assert header == ["id", *(c for n in names for c in (n, f"{n}_band")), "valid", "critical", "error"]
    assert next(score_table(pack("phq-9"), [HEADER])) == ["id", "total", "total_band", "valid", "critical", "error"]


def test_a_sound_row():
    row = phq("3", "3", "2", "2", "0", "0", "0", "0", "1")
    assert row == {"id": "s1", "total": "11", "total_band": "moderate", "valid": "true", "critical": "9", "error": ""}


@pytest.mark.parametrize(
    "cell", ["1.0", "01", "+1", "-1", "４", "１", "²", "4", "999", "yes", "1 1", "1;", "=1", "#N/A", "null"]
)
def test_whatever_is_not_plainly_a_code_is_illegal(cell):
    row = phq("0", cell, *["0"] * 7)
    assert (row["error"], row["total"], row["total_band"], row["valid"]) == ("illegal_answer:2", "", "", "false")


@pytest.mark.parametrize("cell", ["1", " 1", "1 ", "\t1\t", "\u3000 1"])
def test_blanks_around_a_code_are_nothing(cell):
    assert phq("0", cell, *["0"] * 7)["total"] == "1"


@pytest.mark.parametrize("cell", ["", " ", "\u3000"])
def test_an_empty_cell_is_a_missing_answer(cell):
    assert phq("0", cell, *["0"] * 7)["error"] == "missing_answer:2"


def test_a_bad_row_keeps_its_critical_answers_and_spoils_no_other_row():
    rows = scored(pack("phq-9"), HEADER, ["a", "", "x", *["0"] * 6, "2"], ["b", *["1"] * 9])
    assert rows[0]["error"] == "illegal_answer:2;missing_answer:1"
    assert rows[0]["critical"] == "9"
    assert (rows[1]["total"], rows[1]["error"]) == ("9", "")


@pytest.mark.parametrize("blank", ["", " ", "\u3000"])
def test_a_sheet_of_nobody_is_an_error_and_keeps_its_critical_answers(blank):
    row = scored(pack("phq-9"), HEADER, [blank, *["0"] * 8, "1"])[0]
    assert row == {"id": "", "total": "", "total_band": "", "valid": "false", "critical": "9", "error": "missing_id"}


def test_a_void_sheet_is_printed_with_its_scores():
    row = scored(pack("mht"), ["id", *map(str, range(1, 101))], ["a", *["1"] * 100])[0]
    assert (row["total"], row["lie"], row["lie_band"], row["valid"], row["critical"], row["error"]) == (
        "90", "10", "void", "false", "85;97", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "error", "critical"),
    [
        (["a", *["0"] * 8], "wrong_length;missing_answer:9", ""),
        (["a", *["0"] * 8, "1", "0"], "wrong_length", "9"),
        (["a", *["0"] * 8, "1", ""], "", "9"),
    ],
)
def test_rows_of_another_length_are_refused_and_trailing_blanks_are_not(row, error, critical):
    found = scored(pack("phq-9"), HEADER, row)[0]
    assert (found["error"], found["critical"]) == (error, critical)
    assert bool(found["total"]) is not bool(error)


def test_columns_are_found_by_name_in_any_order():
    rows = scored(
        pack("phq-9"),
        ["\ufeff9", "Age", *map(str, range(1, 9)), " ID ", "remark"],
        ["1", "14", *["0"] * 8, "s9", "anything"],
    )
    assert rows == [{"id": "s9", "total": "1", "total_band": "minimal", "valid": "true", "critical": "9", "error": ""}]


def test_empty_lines_are_passed_over():
    assert [row["id"] for row in scored(pack("phq-9"), HEADER, [], ["a", *["0"] * 9], [])] == ["a"]


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        ([], "no_header", ""),
        (["", " "], "no_header", ""),
        (HEADER[1:], "missing_column", "id"),
        (HEADER[:-1], "missing_column", "9"),
        ([*HEADER, "10"], "unknown_item", "10"),
        ([*HEADER, "3"], "duplicate_column", "3"),
        ([*HEADER, "sex", "Sex"], "duplicate_column", "sex"),
    ],
)
def test_a_header_of_another_scale_is_refused(header, code, column):
    with pytest.raises(TableFault) as fault:
        list(score_table(pack("phq-9"), [header, ["a", *["0"] * 9]]))
    assert (fault.value.code, fault.value.column) == (code, column)


def test_a_form_is_scored_with_its_own_bands():
    header, row = ["id", *map(str, range(1, 26))], ["a", *["2" if n in (3, 8) else "0" for n in range(1, 26)]]
    assert scored(pack("sdq"), header, row)[0]["total_band"] == "average"
    assert scored(pack("sdq"), header, row, informant="parent")[0]["total_band"] == "slightly_raised"


def by_norms():
    data = small_data()
    data["subscales"]["second"]["bands"] = [
        {**bands(("boy", 2))[0], "when": {"sex": "male", "ages": {"to": 12}}},
        {**bands(("girl", 2))[0], "when": {"sex": "female", "grades": {"from": 4}}},
    ]
    return scale_from_mapping(data)


@pytest.mark.parametrize(
    ("facts", "band", "error"),
    [
        (["男", "", "12"], "boy", ""),
        (["M", "", "11"], "boy", ""),
        (["female", "5", ""], "girl", ""),
        (["", "5", "12"], "", ""),
        (["boy", "5", "12"], "", "illegal_sex"),
        (["1", "x", "12.5"], "", "illegal_sex;illegal_grade;illegal_age"),
        (["男", "", "１２"], "", "illegal_age"),
        (["男", "", "9" * 5000], "", "illegal_age"),
    ],
)
def test_facts_choose_the_norm_and_an_unreadable_one_is_an_error(facts, band, error):
    row = scored(by_norms(), ["id", "1", "2", "3", "4", "sex", "grade", "age"], ["a", "1", "1", "1", "3", *facts])[0]
    assert (row["second_band"], row["error"], row["critical"]) == (band, error, "4")
    assert (row["second"] == "4") is not bool(error)


def test_facts_no_norm_asks_for_are_left_aside():
    assert scored(pack("phq-9"), [*HEADER, "sex"], ["a", *["0"] * 9, "unknown"])[0]["error"] == ""
    assert scored(pack("phq-9"), [*HEADER, "age"], ["a", *["0"] * 9, "9" * 5000])[0]["error"] == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (11.0, "11"),
        (100.0, "100"),
        (11 / 6, "1.8333"),
        (2.5, "2.5"),
        (1.99999, "2"),
        (-0.00001, "0"),
        (1234567.0, "1234567"),
    ],
)
def test_numbers_carry_no_superfluous_zeros(value, text):
    assert number_text(value) == text


def test_the_band_comes_from_the_score_and_not_from_its_printed_form():
    # 119 / 60 prints as 1.9833 and is below 2; so would 1.99999, which prints as 2.
    row = scored(pack("mssmhs"), ["id", *map(str, range(1, 61))], ["a", *["2"] * 59, "1"])[0]
    assert (row["total"], row["total_band"]) == ("1.9833", "none")


def test_reading_cells_with_int_would_be_noticed(monkeypatch):
    """Control: a reader that takes whatever int() takes guesses at full-width digits and signs."""

    class Guessing(dict):
        def get(self, cell, default=None):
            try:
                return int(cell) if cell else 255
            except ValueError:
                return default

    honest = table._scored_row
    monkeypatch.setattr(
        table, "_scored_row", lambda plan, layout, codes, row: honest(plan, layout, [Guessing(c) for c in codes], row)
    )
    for cell in ("１", "01", "+1"):
        with pytest.raises(AssertionError):
            test_whatever_is_not_plainly_a_code_is_illegal(cell)
