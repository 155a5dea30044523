"""The why-not rules, the forecast, the faces and the blurred counts, as pure functions."""

import datetime as dt
import itertools
from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec
import pytest

from xinqiao.care.scales.packs import shipped_packs
from xinqiao.care.screening.disclosure import (
    Cell,
    answered_cell,
    beside_year,
    coarse_share,
    ends_of,
    nested_cells,
    percent,
    share_over,
)
from xinqiao.care.screening.faces import Need, class_teacher_face, need_of, pupil_words
from xinqiao.care.screening.forecast import Accuracy, accuracies, accuracy_of, false_alarms_in_100, read_accuracies
from xinqiao.care.screening.rules import (
    GradeFact,
    Plan,
    ScaleFact,
    guarded_days,
    hours_of,
    refusals_of_days,
    refusals_to_extend,
    refusals_to_launch,
    refusals_to_repeat,
    school_days_between,
    usual_ages,
)
from xinqiao.care.screening.states import EXPORT_MOVES, MOVES, diagram
from xinqiao.engines.capacity import flag_share

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 23, 8, tzinfo=ZONE)
DAYS = tuple(dt.date(2026, 11, 23) + dt.timedelta(days=n) for n in range(3))
GOOD = Plan(
    state="draft", opens_at=NOW, closes_at=NOW + dt.timedelta(days=2, hours=8), first_day=DAYS[0], last_day=DAYS[2],
    scales=(ScaleFact("phq-9", needs_duty=True),), grades=(GradeFact("junior", 2026, 7, 100),), earliest_grade=4,
    has_form=True, psychology_teachers=1, principals=1, days=DAYS, guarded_days=frozenset(DAYS),
    is_guarded_at_opening=True,
    terms=((dt.date(2026, 9, 1), dt.date(2027, 1, 24)),),
)  # fmt: skip


def codes(plan: Plan) -> set[str]:
    return {reason.code for reason in refusals_to_launch(plan, NOW)}


def test_a_complete_plan_is_not_refused():
    assert codes(GOOD) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "open"}, "not_draft"),
        ({"scales": ()}, "no_scales"),
        ({"scales": (ScaleFact("mht", ("no_wording",)),)}, "scale_no_wording"),
        ({"scales": (ScaleFact("scl-90", unfit_grades=("七年级",)),)}, "unfit_grades"),
        ({"grades": ()}, "no_grades"),
        ({"grades": (GradeFact("primary", 2024, 3, 40), *GOOD.grades)}, "below_self_report"),
        ({"grades": (GradeFact("kindergarten", 2026, None, 40),)}, "below_self_report"),
        ({"grades": (GradeFact("junior", 2026, 7, 0),)}, "no_pupils"),
        ({"closes_at": NOW - dt.timedelta(days=1), "opens_at": NOW - dt.timedelta(days=2)}, "window_over"),
        ({"terms": ((dt.date(2026, 9, 1), DAYS[2]),)}, "outside_term"),
        ({"has_form": False}, "no_form"),
        ({"is_form_allowed": False}, "form_takes_silence"),
        ({"psychology_teachers": 0}, "no_psychology_teacher"),
        ({"principals": 0}, "no_principal"),
        ({"guarded_days": frozenset(DAYS[:2])}, "nobody_on_duty"),
        ({"is_guarded_at_opening": False}, "nobody_at_opening"),
        ({"days": ()}, "no_school_day"),
        ({"rivals": ("春季测评",)}, "screened_twice"),
    ],
)
def test_each_lack_is_named(changes, code):
    assert code in codes(replace(GOOD, **changes))


def test_grade_4_is_the_first_that_answers_for_itself():
    assert codes(replace(GOOD, grades=(GradeFact("primary", 2023, 4, 40),))) == set()


def test_without_a_calendar_the_term_is_no_obstacle():
    assert codes(replace(GOOD, terms=())) == set()


def test_no_duty_is_asked_for_where_no_scale_asks_about_suicide():
    bare = replace(GOOD, scales=(ScaleFact("gad-7"),), guarded_days=frozenset(), is_guarded_at_opening=False)
    assert codes(bare) == set()


def test_school_days_follow_holidays_and_make_up_days():
    friday = dt.date(2026, 9, 25)
    days = school_days_between(
        friday, friday + dt.timedelta(days=3), {friday: False, dt.date(2026, 9, 27): True}, range(5)
    )
    assert days == (dt.date(2026, 9, 27), dt.date(2026, 9, 28))


def test_a_day_is_guarded_by_a_shift_that_meets_its_open_hours():
    opens, closes = NOW + dt.timedelta(hours=4), NOW + dt.timedelta(days=1, hours=2)  # Monday 12:00 to Tuesday 10:00
    evening = (NOW + dt.timedelta(hours=12), NOW + dt.timedelta(hours=14))
    afternoon = (NOW + dt.timedelta(hours=5), NOW + dt.timedelta(hours=6))
    assert guarded_days(DAYS[:2], [evening], opens, closes, ZONE) == frozenset()
    assert guarded_days(DAYS[:2], [afternoon], opens, closes, ZONE) == {DAYS[0]}
    assert hours_of(DAYS[1], opens, closes, ZONE) == (NOW + dt.timedelta(days=1), closes)


def test_extending_and_repeating_have_their_reasons():
    later = NOW + dt.timedelta(days=3)
    assert [r.code for r in refusals_to_extend("closed", NOW, later, NOW, NOW)] == ["not_open"]
    assert [r.code for r in refusals_to_extend("open", later, later, NOW, NOW)] == ["not_later"]
    assert refusals_to_extend("open", NOW, later, NOW - dt.timedelta(days=1), NOW) == []
    assert [r.code for r in refusals_to_repeat("open", NOW, later, NOW, 0)] == ["nobody_to_repeat"]


def test_usual_ages_of_a_grade():
    assert usual_ages(1) == (6, 7)
    assert usual_ages(7) == (12, 13)


def test_the_published_accuracy_gives_the_published_arithmetic():
    """5 %, sensitivity .895, specificity .775: of 2,000 pupils 517 flags, of which 17 % are right."""
    accuracy = accuracy_of("phq-9")
    assert accuracy is not None
    assert round(2000 * flag_share(accuracy.sensitivity, accuracy.specificity, 0.05)) == 517
    assert false_alarms_in_100(accuracy, 0.05) == false_alarms_in_100(accuracy) == 83
    assert accuracy_of("phq-9", "adolescent_positive") == accuracy
    assert accuracy_of("phq-9", "another") is accuracy_of("gad-7") is None


def test_control_another_prevalence_gives_another_share():
    accuracy = accuracy_of("phq-9")
    assert accuracy is not None
    assert false_alarms_in_100(accuracy, 0.2) == 50


def test_every_accuracy_names_a_flag_of_its_scale_and_a_source():
    assert unnamed_flags(accuracies()) == []
    assert all(len(accuracy.citation) > len(accuracy.source) for accuracy in accuracies())


def test_control_a_flag_that_no_scale_has_is_found():
    good = accuracies()[0]
    invented = Accuracy(
        scale=good.scale, flag="invented", sensitivity=0.9, specificity=0.9, source="x", citation="nobody"
    )
    assert unnamed_flags([good, invented]) == ["phq-9 invented"]


def unnamed_flags(found) -> list[str]:
    scales = {pack.scale.id: {flag.id for flag in pack.scale.flags} for pack in shipped_packs()}
    return [f"{a.scale} {a.flag}" for a in found if a.flag not in scales.get(a.scale, ())]


@pytest.mark.parametrize(
    "change", ["sensitivity: 1.2", "specificity: 0", 'source: ""', "sensitivty: 0.9", "scale: [phq-9]"]
)
def test_a_file_with_an_impossible_figure_is_refused_at_its_place(tmp_path, change):
    lines = ["scale: phq-9", "flag: f", "sensitivity: 0.9", "specificity: 0.9", "source: s", "citation: c"]
    kept = [line for line in lines if line.split(":")[0] != change.split(":")[0]]
    file = tmp_path / f"{abs(hash(change))}.yaml"
    file.write_text("accuracies:\n  - " + "\n    ".join([*kept, change]) + "\n", "utf-8")
    with pytest.raises(msgspec.ValidationError, match=r"accuracies\[0\]|accuracies\[...\]"):
        read_accuracies(file)


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ((), []),
        ((("class_without_day", "七(1)"), ("class_without_day", "七(2)")), [("class_without_day", ("七(1)", "七(2)"))]),
        ((("class_day_over", "七(1)"), ("class_day_outside", "七(2)")),
         [("class_day_over", ("七(1)",)), ("class_day_outside", ("七(2)",))]),
    ],
)  # fmt: skip
def test_classes_that_cannot_sit_as_the_pace_says_are_named(faults, expected):
    found = refusals_to_launch(replace(GOOD, class_faults=faults), NOW)
    assert [(reason.code, reason.details) for reason in found] == expected


def test_classes_sit_on_school_days_with_somebody_on_duty_only():
    able, guarded = frozenset(DAYS), frozenset(DAYS[:2])
    assert refusals_of_days([], able, guarded) == []
    assert refusals_of_days(DAYS[:2], able, guarded) == []
    assert [(r.code, r.details) for r in refusals_of_days(DAYS, able, guarded)] == [
        ("nobody_on_duty", (DAYS[2].isoformat(),))
    ]
    assert refusals_of_days(DAYS, able, None) == [], "nobody needs to be on duty where no scale asks about suicide"
    sunday = dt.date(2026, 11, 29)
    assert [(r.code, r.details) for r in refusals_of_days([sunday], able, None)] == [
        ("day_not_able", (sunday.isoformat(),))
    ]


def test_no_face_says_that_all_is_well():
    assert need_of(None) is Need.LITTLE
    assert need_of("red") is Need.AT_ONCE
    every = {code for urgency in (None, "yellow", "orange", "red") for code in pupil_words(urgency)}
    assert "door_open" in pupil_words(None)
    assert not {"safe", "fine", "all_well"} & every


def test_a_flagged_pupil_looks_like_any_other_to_the_class_teacher_until_a_person_sets_a_level():
    assert class_teacher_face(has_handed_in=True, level="", advice="").code == "handed_in"
    face = class_teacher_face(has_handed_in=True, level="yellow", advice="多留意")
    assert (face.code, face.level, face.advice) == ("level_set", "yellow", "多留意")


@pytest.mark.parametrize(
    ("answered", "eligible", "cell"),
    [
        (0, 100, Cell("exact", 0)),
        (3, 100, Cell("fewer")),
        (50, 100, Cell("exact", 50)),
        (97, 100, Cell("all_but_fewer")),
        (100, 100, Cell("exact", 100)),
        (2, 4, Cell("hidden")),
        (5, 6, Cell("part")),
        (1, 9, Cell("part")),
        (9, 9, Cell("exact", 9)),
    ],
)
def test_small_counts_are_blurred_for_officers(answered, eligible, cell):
    assert answered_cell(answered, eligible) == cell


def test_a_percentage_is_whole_and_never_rounds_up():
    assert percent(2999, 3000) == 99
    assert percent(0, 0) is None


def test_no_state_is_left_twice_by_the_same_move():
    for moves in (MOVES, EXPORT_MOVES):
        assert len({(move.source, move.target) for move in moves}) == len(moves)


def test_the_diagram_in_the_docs_is_drawn_from_the_moves():
    from xinqiao.config.environment import SOURCE_ROOT

    text = (SOURCE_ROOT / "docs" / "states" / "campaign.md").read_text("utf-8")
    assert f"```mermaid\n{diagram()}\n```" in text
    assert f"```mermaid\n{diagram(EXPORT_MOVES, 'waiting')}\n```" in text


EXACT, FEWER, HIDDEN, ALL_BUT, PART = Cell("exact", 123), *map(Cell, ("fewer", "hidden", "all_but_fewer", "part"))


@pytest.mark.parametrize(
    ("schools", "share"),
    [
        ([(EXACT, 400), (EXACT, 600)], 24), ([(EXACT, 900), (FEWER, 100)], 10), ([(FEWER, 10)], None),
        ([(PART, 9)], None),
        ([(ALL_BUT, 200)], 95), ([(ALL_BUT, 36)], None),
        ([(ALL_BUT, 2000), (HIDDEN, 2)], 95), ([(HIDDEN, 2)], None), ([], None),
        ([(Cell("exact", 298), 400), (FEWER, 100)], None), ([(Cell("exact", 300), 400), (FEWER, 100)], 60),
    ],
)  # fmt: skip
def test_the_share_over_schools_is_said_where_what_is_told_of_each_tells_it(schools, share):
    assert share_over(schools) == share


def schools_of_one_display():
    """A school of 100 whose count is exact beside one whose count is blurred: all that one cell may stand for."""
    for seen, eligible in itertools.product(range(101), (20, 21, 40, 100)):
        for answered in (range(1, 5), range(eligible - 4, eligible)):
            cells = [(Cell("exact", seen), 100), (answered_cell(answered[0], eligible), eligible)]
            yield cells, [(seen + count, 100 + eligible) for count in answered]


def test_no_share_over_schools_tells_a_blurred_count():
    assert {share_over(cells) for cells, _counts in schools_of_one_display()} > {None, 5, 90}
    for cells, counts in schools_of_one_display():
        steps = {answered * 100 // eligible // 5 * 5 for answered, eligible in counts}
        assert share_over(cells) in (steps if len(steps) == 1 else {None})


def test_control_a_share_in_steps_of_the_counts_themselves_tells_them():
    """As it was once: where a step turns between two counts that a cell may stand for, it says which."""
    turned = [counts for _cells, counts in schools_of_one_display()
              if len({answered * 100 // eligible // 5 * 5 for answered, eligible in counts}) > 1]  # fmt: skip
    assert any(counts[0][0] * 100 // counts[0][1] // 5 != counts[1][0] * 100 // counts[1][1] // 5 for counts in turned)


@pytest.mark.parametrize(("answered", "eligible", "share"), [(199, 200, 95), (198, 199, None), (0, 0, None)])
def test_a_share_of_pupils_who_are_counted_nowhere_is_coarse(answered, eligible, share):
    assert coarse_share(answered, eligible) == share


@pytest.mark.parametrize("cell", [Cell("exact", 7), FEWER, ALL_BUT])
def test_the_ends_of_a_cell_are_the_counts_that_it_stands_for(cell):
    fitting = [count for count in range(31) if answered_cell(count, 30) == cell]
    assert ends_of(cell, 30) == (fitting[0], fitting[-1])
    assert [answered_cell(count, 4) for count in range(5)] == [HIDDEN] * 5
    assert ends_of(HIDDEN, 4) == (0, 4)


@pytest.mark.parametrize("eligible", range(1, 40))
def test_no_cell_leaves_one_count_to_a_reader_who_knows_the_rule(eligible):
    seen: dict[Cell, set[int]] = {}
    for answered in range(eligible + 1):
        seen.setdefault(answered_cell(answered, eligible), set()).add(answered)
    assert all(len(counts) > 1 for cell, counts in seen.items() if cell.code != "exact")


def chains(whole: int):
    """Every way in which counts can be parts of each other."""
    for first in range(whole + 1):
        for second in range(first + 1):
            for third in range(second + 1):
                yield first, second, third


def told_apart(shown_of, whole: int) -> list[tuple]:
    """The displays in which a difference of a handful is one number, whichever counts fit."""
    seen: dict[tuple, list[tuple[int, ...]]] = {}
    for counts in chains(whole):
        seen.setdefault(shown_of(whole, counts), []).append((whole, *counts))
    pairs = list(itertools.combinations(range(4), 2))
    return [
        (shown, fitting[0]) for shown, fitting in seen.items() for a, b in pairs
        if len(found := {counts[a] - counts[b] for counts in fitting}) == 1 and 0 < min(found) < 5
    ]  # fmt: skip


@pytest.mark.parametrize("whole", [5, 9, 16, 23])
def test_no_handful_lies_between_counts_of_which_each_is_part_of_the_one_before(whole):
    assert told_apart(lambda of, counts: nested_cells([of], counts), whole) == []


def test_control_counts_that_only_look_at_the_one_before_tell_a_handful():
    def as_it_was_once(_whole, counts):
        return tuple(answered_cell(count, of) for of, count in zip((counts[0], *counts), counts, strict=False))

    assert told_apart(as_it_was_once, 16)


@pytest.mark.parametrize(
    ("answered", "eligible", "year", "of_year", "is_told"),
    [
        (30, 40, 30, 40, False), (30, 40, 33, 40, True), (30, 40, 35, 60, False), (30, 40, 47, 60, True),
        (30, 40, 30, 42, True), (30, 40, 20, 30, False), (30, 40, 30, 60, False), (44, 50, 47, 50, False),
        (48, 48, 57, 60, False), (57, 57, 59, 62, False), (59, 59, 60, 62, True),
    ],
)  # fmt: skip
def test_a_screening_is_held_against_the_year_of_its_school(answered, eligible, year, of_year, is_told):
    assert (beside_year(answered, eligible, answered_cell(year, of_year), of_year) == HIDDEN) is is_told


def of_school_and_year(cell_of) -> list[tuple]:
    """The displays of a screening beside the year of its school that leave one handful, whichever counts fit."""
    seen: dict[tuple, set[tuple[int, int]]] = {}
    for of_year, eligible in itertools.product((12, 20, 26), (5, 9, 12, 16, 20)):
        for year, answered in itertools.product(range(of_year + 1), range(min(eligible, of_year) + 1)):
            if not 0 <= year - answered <= of_year or eligible > of_year:
                continue
            whole = answered_cell(year, of_year)
            cell = cell_of(answered, eligible, whole, of_year)
            cell = HIDDEN if cell == PART else cell  # a dash both
            seen.setdefault((of_year, eligible, whole, cell), set()).add((year, answered))
    return [
        shown for shown, fitting in seen.items()
        for part in ({year - answered for year, answered in fitting}, {shown[0] - year for year, _a in fitting})
        if len(part) == 1 and 0 < min(part) < 5
    ]  # fmt: skip


def test_no_handful_lies_between_a_screening_and_the_year_of_its_school():
    assert of_school_and_year(beside_year) == []
    assert of_school_and_year(lambda answered, eligible, *_year: answered_cell(answered, eligible))  # the control
