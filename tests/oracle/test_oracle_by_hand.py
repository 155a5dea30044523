"""Hand-computed cases for the scoring oracle, and checks of the random sheets that the comparisons use."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import scoring_oracle as oracle
from random_sheets import illegal_texts, random_sheets, write_sheets
from scoring_oracle import SCALES, score_row


def sheet(count: int, base: int | str, changes: dict[int, int | str] | None = None) -> list[str]:
    """`count` answers that all say `base`, but for the changed items."""
    answers = [str(base)] * count
    for item, answer in (changes or {}).items():
        answers[item - 1] = str(answer)
    return answers


def yes(count: int, *items: int) -> list[str]:
    """A yes/no sheet with yes at the given items only."""
    return sheet(count, 0, dict.fromkeys(items, 1))


def pick(row: dict[str, str], *columns: str) -> list[str]:
    """Some columns of an output row."""
    return [row[column] for column in columns]


# ------------------------------------------------------------------------------------------------------------ PHQ-9


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ("0 0 0 0 0 0 0 0 0", "0", "0"),
        ("1 1 1 1 0 0 0 0 0", "4", "0"),
        ("1 1 1 1 1 0 0 0 0", "5", "5"),
        ("3 3 3 0 0 0 0 0 0", "9", "5"),
        ("3 3 3 1 0 0 0 0 0", "10", "10"),
        ("3 3 3 3 2 0 0 0 0", "14", "10"),
        ("3 3 3 3 3 0 0 0 0", "15", "15"),
        ("3 3 3 3 3 3 1 0 0", "19", "15"),
        ("3 3 3 3 3 3 2 0 0", "20", "20"),
    ],
)
def test_phq_9_bands(answers: str, total: str, band: str) -> None:
    row = score_row("phq-9", answers.split())
    assert row == {
        "total": total,
        "total_band": band,
        "valid": "True",
        "critical": "",
        "error": "",
    }


def test_phq_9_item_9_is_critical_from_one_on() -> None:
    row = score_row("phq-9", sheet(9, 0, {9: 1}))
    assert pick(row, "total", "total_band", "valid", "critical") == ["1", "0", "True", "9"]


def test_phq_9_maximum() -> None:
    assert pick(score_row("phq-9", sheet(9, 3)), "total", "total_band", "critical") == ["27", "20", "9"]


# --------------------------------------------------------------------------------------- missing and illegal answers


def test_a_missing_answer_refuses_the_scores_but_keeps_the_critical_item() -> None:
    row = score_row("phq-9", sheet(9, 1, {3: "", 7: "  ", 9: 2}))
    assert row == {"total": "", "total_band": "", "valid": "False", "critical": "9", "error": "missing 3;7"}


def test_a_missing_critical_item_is_not_reported() -> None:
    assert pick(score_row("phq-9", sheet(9, 3, {9: ""})), "total", "critical", "error") == ["", "", "missing 9"]


@pytest.mark.parametrize(
    "bad", ["4", "-1", "1.0", "1,0", "\uff11", "\u0661", "\u00b9", "a", "\u662f", "+1", "01", "0_1"]
)
def test_illegal_answers_refuse_the_scores(bad: str) -> None:
    row = score_row("phq-9", sheet(9, 1, {2: bad}))
    assert row == {"total": "", "total_band": "", "valid": "False", "critical": "9", "error": "illegal 2"}


def test_an_illegal_critical_item_is_not_reported_as_critical() -> None:
    assert pick(score_row("phq-9", sheet(9, 0, {9: "4"})), "critical", "error") == ["", "illegal 9"]


def test_missing_and_illegal_together() -> None:
    assert score_row("phq-9", sheet(9, 0, {1: "x", 2: ""}))["error"] == "missing 2, illegal 1"


def test_blanks_around_a_legal_answer_are_stripped() -> None:
    assert pick(score_row("gad-7", sheet(7, " 2 ")), "total", "total_band", "error") == ["14", "10", ""]


def test_zero_is_illegal_where_codes_start_at_one() -> None:
    assert score_row("sds", sheet(20, 1, {4: 0}))["error"] == "illegal 4"


def test_wrong_number_of_answers_and_unknown_scale() -> None:
    with pytest.raises(ValueError, match="takes 9 answers"):
        score_row("phq-9", sheet(8, 0))
    with pytest.raises(ValueError, match="unknown scale"):
        score_row("phq9", sheet(9, 0))


# ---------------------------------------------------------------------------------------------------- GAD-7, CES-DC


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ("1 1 1 1 0 0 0", "4", "0"),
        ("2 2 1 0 0 0 0", "5", "5"),
        ("3 3 3 0 0 0 0", "9", "5"),
        ("3 3 3 1 0 0 0", "10", "10"),
        ("3 3 3 3 2 0 0", "14", "10"),
        ("3 3 3 3 3 0 0", "15", "15"),
        ("3 3 3 3 3 3 3", "21", "15"),
    ],
)
def test_gad_7_bands(answers: str, total: str, band: str) -> None:
    assert pick(score_row("gad-7", answers.split()), "total", "total_band", "critical") == [total, band, ""]


def test_ces_dc_all_zero_scores_the_four_reversed_items() -> None:
    # 16 items give 0, four reversed items give 3 each: 12
    assert pick(score_row("ces-dc", sheet(20, 0)), "total", "total_band") == ["12", "0"]


def test_ces_dc_all_three() -> None:
    # 16 items give 3 each = 48, the reversed ones 0
    assert pick(score_row("ces-dc", sheet(20, 3)), "total", "total_band") == ["48", "15"]


def test_ces_dc_edge() -> None:
    # 12 from the reversed items, then 2 or 3 from item 1; item 8 raw 1 gives 2 instead of 3
    assert pick(score_row("ces-dc", sheet(20, 0, {1: 2})), "total", "total_band") == ["14", "0"]
    assert pick(score_row("ces-dc", sheet(20, 0, {1: 3})), "total", "total_band") == ["15", "15"]
    assert pick(score_row("ces-dc", sheet(20, 0, {1: 3, 8: 1})), "total", "total_band") == ["14", "0"]
    worst = dict.fromkeys((4, 8, 12, 16), 0)
    assert score_row("ces-dc", sheet(20, 3, worst))["total"] == "60"


# -------------------------------------------------------------------------------------------------------------- MHT

MHT_NAMES = ["learning", "people", "loneliness", "self_blame", "sensitivity", "somatic", "fear", "impulsive", "lie"]


def test_mht_all_no() -> None:
    row = score_row("mht", sheet(100, 0))
    assert pick(row, *MHT_NAMES, "total") == ["0"] * 10
    assert pick(row, "total_band", "lie_band", "valid", "critical") == ["0", "0", "True", ""]


def test_mht_all_yes_is_void_but_scored_and_critical() -> None:
    row = score_row("mht", sheet(100, 1))
    assert pick(row, *MHT_NAMES) == ["15", "10", "10", "10", "10", "15", "10", "10", "10"]
    assert pick(row, "total", "total_band", "lie_band") == ["90", "65", "7"]
    assert pick(row, "valid", "critical", "error") == ["False", "85;97", ""]


def test_mht_lie_six_is_valid_and_outside_the_total() -> None:
    row = score_row("mht", yes(100, 82, 84, 86, 88, 90, 92))
    assert pick(row, "lie", "lie_band", "valid", "total", "impulsive") == ["6", "0", "True", "0", "0"]


def test_mht_lie_seven_voids_and_keeps_the_critical_item() -> None:
    row = score_row("mht", yes(100, 82, 84, 86, 88, 90, 98, 100, 97))
    assert pick(row, "lie", "lie_band", "valid") == ["7", "7", "False"]
    assert pick(row, "total", "impulsive", "critical", "error") == ["1", "1", "97", ""]


def test_mht_content_scale_edge() -> None:
    seven = score_row("mht", yes(100, *range(1, 8)))
    eight = score_row("mht", yes(100, *range(1, 9)))
    assert pick(seven, "learning", "learning_band", "total") == ["7", "0", "7"]
    assert pick(eight, "learning", "learning_band", "total") == ["8", "8", "8"]


def test_mht_partition_borders() -> None:
    # first and last item of every content scale: 2 points each
    row = score_row("mht", yes(100, 1, 15, 16, 25, 26, 35, 36, 45, 46, 55, 56, 70, 71, 80, 81, 99))
    assert pick(row, *MHT_NAMES, "total") == ["2"] * 8 + ["0", "16"]


@pytest.mark.parametrize(("count", "band"), [(55, "0"), (56, "56"), (64, "56"), (65, "65"), (80, "65")])
def test_mht_total_edges(count: int, band: str) -> None:
    row = score_row("mht", yes(100, *range(1, count + 1)))
    assert pick(row, "total", "total_band", "valid") == [str(count), band, "True"]


def test_mht_with_a_missing_answer_keeps_the_critical_items() -> None:
    row = score_row("mht", sheet(100, 1, {100: ""}))
    assert pick(row, "valid", "critical", "error", "lie", "total") == ["False", "85;97", "missing 100", "", ""]


# -------------------------------------------------------------------------------------------------------------- ASQ


def test_asq_negative_needs_no_item_5() -> None:
    row = score_row("asq", ["0", "0", "0", "0", ""])
    assert pick(row, "total", "total_band", "acuity", "acuity_band") == ["0", "0", "", ""]
    assert pick(row, "valid", "critical", "error") == ["True", "", ""]


def test_asq_non_acute_positive() -> None:
    row = score_row("asq", ["0", "1", "0", "1", "0"])
    assert pick(row, "total", "total_band", "acuity", "acuity_band", "critical") == ["2", "1", "0", "0", "2;4"]


def test_asq_acute_positive() -> None:
    row = score_row("asq", ["1", "0", "0", "0", "1"])
    assert pick(row, "total", "total_band", "acuity", "acuity_band", "critical") == ["1", "1", "1", "1", "1;5"]


def test_asq_positive_without_item_5_is_refused_and_stays_critical() -> None:
    row = score_row("asq", ["1", "0", "0", "0", ""])
    assert pick(row, "total", "valid", "critical", "error") == ["", "False", "1", "missing 5"]


# ------------------------------------------------------------------------------------------------------------ WHO-5


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ("0 0 0 0 0", "0", "0"),
        ("1 1 1 2 2", "28", "0"),
        ("1 1 2 2 2", "32", "29"),
        ("2 2 2 3 3", "48", "29"),
        ("2 2 3 3 3", "52", "51"),
        ("5 5 5 5 5", "100", "51"),
    ],
)
def test_who_5_bands(answers: str, total: str, band: str) -> None:
    assert pick(score_row("who-5", answers.split()), "total", "total_band") == [total, band]


# ---------------------------------------------------------------------------------------------------------- DASS-21


def test_dass_21_subscales_are_doubled_and_there_is_no_total() -> None:
    # depression: items 3 and 21 with 3 and 2 -> 5 x 2 = 10
    # anxiety: items 2 and 20 with 2 and 1 -> 3 x 2 = 6; stress: items 1 and 18 with 3 and 3 -> 6 x 2 = 12
    row = score_row("dass-21", sheet(21, 0, {3: 3, 21: 2, 2: 2, 20: 1, 1: 3, 18: 3}))
    assert pick(row, "depression", "depression_band") == ["10", "10"]
    assert pick(row, "anxiety", "anxiety_band") == ["6", "0"]
    assert pick(row, "stress", "stress_band") == ["12", "0"]
    assert pick(row, "total", "total_band") == ["", ""]


def test_dass_21_maximum() -> None:
    row = score_row("dass-21", sheet(21, 3))
    assert pick(row, "depression", "anxiety", "stress") == ["42", "42", "42"]
    assert pick(row, "depression_band", "anxiety_band", "stress_band") == ["28", "20", "34"]


def test_dass_21_odd_thresholds() -> None:
    # 7 x 2 = 14 is below the stress threshold 15 and below the anxiety threshold 15
    row = score_row("dass-21", sheet(21, 1))
    assert pick(row, "depression", "anxiety", "stress") == ["14", "14", "14"]
    assert pick(row, "depression_band", "anxiety_band", "stress_band") == ["14", "10", "0"]


# ----------------------------------------------------------------------------------------------------------- SCARED


def test_scared_all_one() -> None:
    row = score_row("scared-41", sheet(41, 1))
    assert pick(row, "panic_somatic", "generalised", "separation", "social", "school") == ["13", "9", "8", "7", "4"]
    bands = ("panic_somatic_band", "generalised_band", "separation_band", "social_band", "school_band")
    assert pick(row, *bands) == ["7", "9", "5", "0", "3"]
    assert pick(row, "total", "total_band") == ["41", "25"]


def test_scared_edges() -> None:
    # school 2 11 17: 1 + 1 = 2 is below 3; social 3 10 26 32 with 2 each = 8; panic 1 6 9 twice = 6 below 7
    row = score_row("scared-41", sheet(41, 0, {2: 1, 11: 1, 3: 2, 10: 2, 26: 2, 32: 2, 1: 2, 6: 2, 9: 2}))
    assert pick(row, "school", "school_band", "social", "social_band") == ["2", "0", "8", "8"]
    assert pick(row, "panic_somatic", "panic_somatic_band", "total", "total_band") == ["6", "0", "16", "0"]
    twenty_four = sheet(41, 0, dict.fromkeys(range(1, 13), 2))
    assert pick(score_row("scared-41", twenty_four), "total", "total_band") == ["24", "0"]
    twenty_five = sheet(41, 0, {**dict.fromkeys(range(1, 13), 2), 13: 1})
    assert pick(score_row("scared-41", twenty_five), "total", "total_band") == ["25", "25"]


# ----------------------------------------------------------------------------------------------------------- MSSMHS


def test_mssmhs_all_one_and_all_five() -> None:
    low, high = score_row("mssmhs", sheet(60, 1)), score_row("mssmhs", sheet(60, 5))
    assert pick(low, "depression", "depression_band", "total", "total_band", "critical") == ["1", "0", "1", "0", ""]
    assert pick(high, "depression", "depression_band", "total", "total_band") == ["5", "5", "5", "5"]
    assert high["critical"] == "52;57"


def test_mssmhs_fractional_means_leave_no_gap() -> None:
    # depression 5 13 14 16 44 57: 2 2 2 2 2 1 = 11/6 = 1.8333 -> below 2; hostility: 3 3 3 3 3 2 = 17/6 = 2.8333 -> 2
    depression = dict.fromkeys((5, 13, 14, 16, 44), 2)
    hostility = {**dict.fromkeys((19, 21, 25, 50, 58), 3), 52: 2}
    row = score_row("mssmhs", sheet(60, 1, {**depression, **hostility}))
    assert pick(row, "depression", "depression_band") == ["1.8333", "0"]
    assert pick(row, "hostility", "hostility_band", "critical") == ["2.8333", "2", "52"]
    # total: 60 + 5 x 1 + 5 x 2 + 1 = 76; 76 / 60 = 1.26666...
    assert pick(row, "total", "total_band") == ["1.2667", "0"]


def test_mssmhs_total_just_below_and_at_two() -> None:
    assert pick(score_row("mssmhs", sheet(60, 2, {1: 1})), "total", "total_band") == ["1.9833", "0"]
    assert pick(score_row("mssmhs", sheet(60, 2)), "total", "total_band", "critical") == ["2", "2", "52;57"]


# ----------------------------------------------------------------------------------------------------------- SCL-90


def test_scl_90_all_one() -> None:
    row = score_row("scl-90", sheet(90, 1))
    assert pick(row, "som", "som_band", "other", "positive_items", "positive_items_band") == ["1", "0", "1", "0", "0"]
    assert pick(row, "total", "total_band", "critical") == ["90", "0", ""]


def test_scl_90_total_161_and_item_15() -> None:
    # 90 + 70 = 160, then one more
    seventy = dict.fromkeys(range(1, 71), 2)
    row = score_row("scl-90", sheet(90, 1, seventy))
    assert pick(row, "total", "total_band", "positive_items", "critical") == ["160", "0", "70", "15"]
    row = score_row("scl-90", sheet(90, 1, {**seventy, 71: 2, 15: 1, 1: 3}))
    assert pick(row, "total", "total_band", "critical") == ["161", "161", ""]


def test_scl_90_positive_items_43_and_44() -> None:
    columns = ("positive_items", "positive_items_band")
    assert pick(score_row("scl-90", sheet(90, 1, dict.fromkeys(range(1, 44), 2))), *columns) == ["43", "0"]
    assert pick(score_row("scl-90", sheet(90, 1, dict.fromkeys(range(1, 45), 5))), *columns) == ["44", "44"]


def test_scl_90_factor_mean() -> None:
    # phob has seven items: 5 + 4 + five times 1 = 14, 14 / 7 = 2; one less is 13 / 7 = 1.857142...
    at, below = {13: 5, 25: 4}, {13: 4, 25: 4}
    assert pick(score_row("scl-90", sheet(90, 1, at)), "phob", "phob_band") == ["2", "2"]
    assert pick(score_row("scl-90", sheet(90, 1, below)), "phob", "phob_band") == ["1.8571", "0"]


# --------------------------------------------------------------------------------------------------------- SDS, SAS


def test_sds_reversal_counts_from_one() -> None:
    # all 1: ten items give 1, ten reversed give 4: 50 x 1.25 = 62.5 -> 62
    assert pick(score_row("sds", sheet(20, 1)), "total", "total_band") == ["62", "53"]
    best = sheet(20, 1, dict.fromkeys((2, 5, 6, 11, 12, 14, 16, 17, 18, 20), 4))
    assert pick(score_row("sds", best), "total", "total_band") == ["25", "0"]


def test_sds_edge_53() -> None:
    # raw 42 x 1.25 = 52.5 -> 52 (not reached); raw 43 x 1.25 = 53.75 -> 53
    reversed_low = dict.fromkeys((2, 5, 6, 11, 12, 14, 16, 17, 18, 20), 3)  # ten times 2 = 20
    twenty_two = {**reversed_low, 1: 4, 3: 4, 4: 4, 7: 4}  # ten other items: 10 + 12 = 22
    assert pick(score_row("sds", sheet(20, 1, twenty_two)), "total", "total_band") == ["52", "0"]
    assert pick(score_row("sds", sheet(20, 1, {**twenty_two, 8: 2})), "total", "total_band") == ["53", "53"]


def test_sas_edge_50() -> None:
    # all 1: 15 + 5 x 4 = 35 -> 43.75 -> 43; raw 39 -> 48.75 -> 48; raw 40 -> 50
    assert pick(score_row("sas", sheet(20, 1)), "total", "total_band") == ["43", "0"]
    assert pick(score_row("sas", sheet(20, 1, {1: 4, 2: 2})), "total", "total_band") == ["48", "0"]
    assert pick(score_row("sas", sheet(20, 1, {1: 4, 2: 3})), "total", "total_band") == ["50", "50"]


# -------------------------------------------------------------------------------------------------------------- SDQ


def test_sdq_all_zero_scores_the_five_reversed_items() -> None:
    row = score_row("sdq", sheet(25, 0))
    assert pick(row, "emotional", "conduct", "hyperactivity", "peer", "prosocial") == ["0", "2", "4", "4", "0"]
    assert pick(row, "total", "total_band", "emotional_band") == ["10", "0", ""]


def test_sdq_prosocial_stays_outside_the_total() -> None:
    row = score_row("sdq", sheet(25, 0, dict.fromkeys((1, 4, 9, 17, 20), 2)))
    assert pick(row, "prosocial", "total") == ["10", "10"]


@pytest.mark.parametrize(
    ("extra", "total", "own", "parent", "teacher"),
    [
        ({3: 1}, "11", "0", "0", "0"),
        ({3: 2}, "12", "0", "0", "12"),
        ({3: 2, 8: 1}, "13", "0", "0", "12"),
        ({3: 2, 8: 2}, "14", "0", "14", "12"),
        ({3: 2, 8: 2, 13: 1}, "15", "15", "14", "12"),
        ({3: 2, 8: 2, 13: 2}, "16", "15", "14", "16"),
        ({3: 2, 8: 2, 13: 2, 16: 1}, "17", "15", "17", "16"),
        ({3: 2, 8: 2, 13: 2, 16: 2}, "18", "18", "17", "16"),
        ({3: 2, 8: 2, 13: 2, 16: 2, 24: 1}, "19", "18", "17", "19"),
        ({3: 2, 8: 2, 13: 2, 16: 2, 24: 2}, "20", "20", "20", "19"),
    ],
)
def test_sdq_bands_by_informant(extra: dict[int, int], total: str, own: str, parent: str, teacher: str) -> None:
    answers = sheet(25, 0, dict(extra))
    assert pick(score_row("sdq", answers), "total", "total_band") == [total, own]
    bands = [score_row(f"sdq-{who}", answers)["total_band"] for who in ("self", "parent", "teacher")]
    assert bands == [own, parent, teacher]


# ------------------------------------------------------------------------------------------------------ whole tables


@pytest.mark.parametrize("name", list(SCALES))
def test_subscales_cover_each_item_once(name: str) -> None:
    scale = SCALES[name]
    everything = list(range(1, scale.item_count + 1))
    parts = [item for part in scale.subscales if part.name != "positive_items" for item in part.items]
    if name == "asq":
        assert scale.total is not None
        parts += scale.total.items
    assert sorted(parts or (scale.total.items if scale.total else ())) == everything


def test_command_line(tmp_path: Path) -> None:
    answers, scores = tmp_path / "answers.csv", tmp_path / "scores.csv"
    lines = [
        "id,sex,grade,age,1,2,3,4,5,6,7",
        "a,f,7,13,1,1,1,1,1,0,0",
        "b,m,8,14,3,3,3,,3,3,3",
        "c,m,8,14,3,3,3",
        "d,m,8,14,0,0,0,0,0,0,0,0",
    ]
    answers.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    assert oracle.main(["gad-7", "--input", str(answers), "--output", str(scores)]) == 0
    assert scores.read_text(encoding="utf-8").splitlines() == [
        "id,total,total_band,valid,critical,error",
        "a,5,5,True,,",
        "b,,,False,,missing 4",
        "c,,,False,,missing 4;5;6;7",
        "d,,,False,,surplus cells",
    ]


def test_command_line_refuses_a_file_without_an_item(tmp_path: Path) -> None:
    answers, scores = tmp_path / "answers.csv", tmp_path / "scores.csv"
    answers.write_text("id,1,2,3,4,5,6\na,0,0,0,0,0,0\n", encoding="utf-8")
    assert oracle.main(["gad-7", "--input", str(answers), "--output", str(scores)]) == 2
    assert not scores.exists()


# ----------------------------------------------------------------------------------------------------- random sheets


@pytest.mark.parametrize("name", list(SCALES))
def test_random_sheets_reach_every_band_and_break_a_few(name: str) -> None:
    scale = SCALES[name]
    sheets = random_sheets(name, 600, seed=7)
    rows = [score_row(name, [one[str(item)] for item in range(1, scale.item_count + 1)]) for one in sheets]
    assert sheets == random_sheets(name, 600, seed=7)
    assert sheets != random_sheets(name, 600, seed=8)
    assert len({one["id"] for one in sheets}) == 600
    for part in [*scale.subscales, *([scale.total] if scale.total else [])]:
        bands = {row[f"{part.name}_band"] for row in rows if not row["error"]}
        assert {str(bound) for bound in part.thresholds or ()} <= bands
    share_missing = sum("missing" in row["error"] for row in rows) / 600
    share_illegal = sum("illegal" in row["error"] for row in rows) / 600
    assert 0.02 <= share_missing <= 0.09
    assert 0.01 <= share_illegal <= 0.06
    if scale.critical:
        assert any(row["critical"] and row["error"] for row in rows)


@pytest.mark.parametrize("name", list(SCALES))
def test_illegal_texts_are_all_illegal(name: str) -> None:
    scale = SCALES[name]
    for text in illegal_texts(scale):
        answers = sheet(scale.item_count, scale.highest, {1: text})
        assert score_row(name, answers)["error"] == "illegal 1", text


def test_written_sheets_can_be_scored(tmp_path: Path) -> None:
    answers, scores = tmp_path / "answers.csv", tmp_path / "scores.csv"
    write_sheets("mht", random_sheets("mht", 200, seed=3), str(answers))
    assert oracle.main(["mht", "--input", str(answers), "--output", str(scores)]) == 0
    with open(scores, encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert len(rows) == 200
    assert any(row["valid"] == "False" and row["error"] == "" and row["critical"] for row in rows)
