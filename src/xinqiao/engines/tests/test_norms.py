"""Norms worked by hand: lines, standings, groups and how they are joined; and what must hold of any sheets."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao.engines.norms import Band, Line, NormRules, NormSheet, Table, build, standing_of, table_of, wilson

FEW = [3, 3, 5, 8, 8, 8, 13]
PRIMARY, JUNIOR, SENIOR = Band("primary", (4, 5, 6)), Band("junior", (7, 8, 9)), Band("senior", (10, 11, 12))
SCORES = st.lists(st.integers(0, 27), min_size=1, max_size=80)


def rules(**changes):
    told = {"bands": (PRIMARY, JUNIOR, SENIOR), "group_sheets": 10, "line_sheets": 3, "schools": 3}
    return NormRules(**{**told, "left_out_signs": (), **changes})


def sheets(stage, grade, **by_sex):
    """So many sheets of each sex, with scores 0, 1, 2, … over again."""
    return [
        NormSheet(pupil=f"{stage}{grade}{sex}{n}", school=stage, turn=(0, 1), sex=sex, stage=stage, grade=grade,
                  scores={"total": float(n % 7)})
        for sex, count in by_sex.items()
        for n in range(count)
    ]  # fmt: skip


def words(built):
    return [(cell.sex, "+".join(band.stage for band in cell.bands), cell.n) for cell in built.cells]


def test_a_table_worked_by_hand():
    table = table_of(FEW)
    assert table.lines == (Line(3, 3, 2), Line(5, 5, 1), Line(8, 8, 3), Line(13, 13, 1))
    assert table.mean == pytest.approx(48 / 7)
    assert table.sd == pytest.approx((sum((x - 48 / 7) ** 2 for x in FEW) / 6) ** 0.5)
    eight = standing_of(table, 8)
    assert eight.percentile == pytest.approx(100 * (3 + 1.5) / 7)
    assert eight.se == pytest.approx(100 * ((3 / 7 + 3 / 7 / 4 - (4.5 / 7) ** 2) / 7) ** 0.5)
    assert eight.t_linear == pytest.approx(50 + 10 * (8 - table.mean) / table.sd)
    assert standing_of(table, 6).percentile == pytest.approx(100 * 3 / 7)  # between two lines: three are below


def test_the_ends_are_open_and_tell_no_extreme():
    table = table_of(FEW, fewest=3)
    assert table.lines == (Line(3, 5, 3), Line(8, 13, 4))
    for score in (-4, 3, 4, 5):
        assert standing_of(table, score).percentile == pytest.approx(100 * 1.5 / 7)
    for score in (8, 9, 13, 27):
        assert standing_of(table, score).percentile == pytest.approx(100 * 5 / 7)


def test_wilson_worked_by_hand():
    # 8 of 10: (0.8 + 0.19207) / 1.38415 ± 1.95996 * sqrt(0.016 + 0.0096036) / 1.38415
    assert wilson(0.8, 10) == pytest.approx((0.490162, 0.943318), abs=1e-6)


def test_all_alike_and_none_at_all():
    alike = standing_of(table_of([4, 4, 4]), 4)
    assert (alike.percentile, alike.t_linear, alike.t_normal) == (50, None, 50)
    with pytest.raises(ValueError, match="no scores"):
        table_of([])
    assert standing_of(Table(2, 1.0, 1.0, (Line(0, 0, 1), Line(2, 2, 1))), 1).percentile == 50


@settings(max_examples=80, deadline=None)
@given(SCORES, st.integers(1, 9))
def test_lines_hold_everybody_once_and_nobody_alone(scores, fewest):
    table = table_of(scores, fewest)
    assert sum(line.count for line in table.lines) == len(scores)
    assert all(one.high < other.low for one, other in zip(table.lines, table.lines[1:], strict=False))
    for line in table.lines:
        assert line.count == sum(line.low <= score <= line.high for score in scores)
        assert line.count >= fewest or len(table.lines) == 1


@settings(max_examples=80, deadline=None)
@given(SCORES, st.integers(1, 9))
def test_a_higher_score_never_stands_lower(scores, fewest):
    table = table_of(scores, fewest)
    ranks = [standing_of(table, score / 2).percentile for score in range(-2, 60)]
    assert ranks == sorted(ranks)
    assert all(0 < rank < 100 for rank in ranks)
    for score in range(28):
        found = standing_of(table, score)
        assert found.low <= found.percentile <= found.high


@pytest.mark.parametrize(
    ("primary", "junior", "senior", "told"),
    [
        ((10, 10), (10, 10), (10, 10), [("female", "primary", 10), ("male", "primary", 10), ("female", "junior", 10),
                                        ("male", "junior", 10), ("female", "senior", 10), ("male", "senior", 10)]),
        ((9, 10), (10, 10), (0, 0), [("", "primary", 19), ("female", "junior", 10), ("male", "junior", 10)]),
        ((4, 5), (10, 10), (10, 10), [("female", "primary+junior", 14), ("male", "primary+junior", 15),
                                      ("female", "senior", 10), ("male", "senior", 10)]),
        ((10, 10), (12, 0), (4, 5), [("female", "primary", 10), ("male", "primary", 10), ("", "junior+senior", 21)]),
        ((3, 2), (1, 2), (1, 1), [("", "primary+junior+senior", 10)]),
        ((0, 0), (4, 5), (0, 0), []),
    ],
)  # fmt: skip
def test_sexes_are_joined_before_stages(primary, junior, senior, told):
    every = [
        sheet
        for band, (girls, boys) in ((PRIMARY, primary), (JUNIOR, junior), (SENIOR, senior))
        for sheet in sheets(band.stage, band.grades[0], female=girls, male=boys)
    ]
    built = build(every, rules(), is_one_school=True)
    assert words(built) == told
    assert built.n + built.left_out.get("too_few", 0) == len(every)


def test_what_does_not_count_is_counted():
    every = sheets("junior", 8, female=12, male=12, unknown=2)
    twice = NormSheet("junior8male0", "junior", (1, 1), "male", "junior", 8, {"total": 6.0})
    earlier = NormSheet("junior8male1", "junior", (-1, 1), "male", "junior", 8, {"total": 6.0})
    void = NormSheet("other", "junior", (0, 1), "male", "junior", 8, {"total": 6.0}, "void")
    away = NormSheet("third", "junior", (0, 1), "male", "primary", 2, {"total": 6.0})
    built = build([*every, twice, earlier, void, away], rules(), is_one_school=True)
    assert words(built) == [("female", "junior", 12), ("male", "junior", 12)]
    assert built.left_out == {"another_sheet": 2, "void": 1, "no_band": 1, "no_sex": 2}
    boys = Counter({line.low: line.count for line in table_of([n % 7 for n in range(12)]).lines})
    found = (
        build([*every, twice, earlier, void, away], rules(line_sheets=1), is_one_school=True).cells[1].tables["total"]
    )
    assert {line.low: line.count for line in found.lines} == boys - Counter([1]) + Counter(
        [6]
    )  # the earlier one counts
    assert build(every, rules(group_sheets=26), is_one_school=True).cells[0].n == 26  # together nobody's sex is asked


def test_above_a_school_no_group_is_of_one_school():
    every = [
        replace(sheet, school=school, pupil=(school, sheet.pupil))
        for school, stages in (("a", "primary"), ("b", "junior"), ("c", "junior"), ("d", "junior"), ("e", "senior"))
        for sheet in sheets(stages, {"primary": 5, "junior": 8, "senior": 11}[stages], female=12, male=12)
    ]
    assert words(build(every, rules())) == [
        ("female", "primary+junior+senior", 60),
        ("male", "primary+junior+senior", 60),
    ]
    assert words(build(every, rules(schools=1)))[0] == ("female", "primary", 12)  # control: one school's own figures
    assert build(every[:48], rules()).left_out == {"too_few": 48}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_no_pupil_is_in_two_groups_and_no_group_is_small(seed):
    dice = random.Random(seed)
    every = [
        NormSheet(n, dice.randrange(4), (dice.randrange(2), 1), dice.choice(["female", "male", "unknown"]),
                  *dice.choice([("primary", 5), ("junior", 7), ("senior", 11), ("university", None)]),
                  {"total": float(dice.randrange(20))})
        for n in range(dice.randrange(120))
    ]  # fmt: skip
    built = build(every, rules())
    assert built.n + sum(built.left_out.values()) == len(every)
    assert (built.schools >= 3) == bool(built.cells)
    for cell in built.cells:
        assert cell.n >= 10
        assert all(line.count >= 3 for line in cell.tables["total"].lines)
