"""The rules of a turn: whatever school and plan, every pupil ends up in exactly one place."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao.register.years import rules
from xinqiao.register.years.rules import (
    GO_ON,
    GRADUATE,
    NOBODY,
    ClassFact,
    Layout,
    Plan,
    class_key,
    fingerprint,
    grade_key,
    grade_of,
    lay_out,
    next_cohort,
    steps_of,
    targets_of,
    usual_way,
)

YEAR = 2027
SCHOOL = "s"


@st.composite
def schools(draw) -> tuple[ClassFact, ...]:
    """Classes of some stages with pupils p0, p1, …, some of whom came after the day."""
    facts, count, primary_years = [], 0, draw(st.sampled_from([5, 6]))
    for stage in draw(st.sets(st.sampled_from(["primary", "junior", "senior", "university"]), min_size=1, max_size=2)):
        for entry_year in draw(st.sets(st.integers(YEAR - 7, YEAR), min_size=1, max_size=4)):
            for number in draw(st.sets(st.integers(1, 4), min_size=1, max_size=3)):
                size = draw(st.integers(0, 4))
                pupils = frozenset(f"p{count + i}" for i in range(size))
                count += size
                too_new = frozenset(draw(st.sets(st.sampled_from(sorted(pupils))))) if pupils else frozenset()
                key = class_key(grade_key(SCHOOL, stage, entry_year), number)
                facts.append(ClassFact(key, primary_years, pupils, too_new, tuple(draw(st.sets(
                    st.sampled_from("ab"))))))  # fmt: skip
    return tuple(facts)


def _not_entering(cohorts: dict[str, str]) -> dict[str, str]:
    """Whoever has just come is not asked whether to graduate: the page offers only the grades that were there."""
    return {grade: way for grade, way in cohorts.items() if not grade.endswith(f":{YEAR}")}


@st.composite
def plans(draw, facts: tuple[ClassFact, ...]) -> Plan:
    """Plans that may ask for the impossible."""
    grades = sorted({one.grade for one in facts})
    keys = [one.key for one in facts] + [class_key(next_cohort(grade), 1) for grade in grades]
    pupils = [*sorted(pupil for one in facts for pupil in one.pupils), "stranger"]
    return Plan(
        cohorts=draw(st.dictionaries(st.sampled_from(grades), st.sampled_from([GO_ON, GRADUATE])).map(_not_entering)),
        entry=draw(st.dictionaries(st.sampled_from([grade_key(SCHOOL, "junior", YEAR)]), st.integers(0, 5))),
        kept_back=draw(st.dictionaries(st.sampled_from(pupils), st.sampled_from(keys), max_size=4)),
        teachers=draw(st.dictionaries(st.sampled_from(keys), st.sampled_from(["a", "c", NOBODY]), max_size=4)),
    )  # fmt: skip


quick = settings(max_examples=60, deadline=None)
worlds = schools().flatmap(lambda facts: st.tuples(st.just(facts), plans(facts)))


def everybody_once(facts: tuple[ClassFact, ...], layout: Layout) -> None:
    """Each pupil stays, leaves or is kept back, and nobody is invented."""
    placed = [p for one in layout.classes for p in (*one.staying, *one.leaving, *one.kept_back)]
    assert sorted(placed) == sorted(p for one in facts for p in one.pupils)


@quick
@given(worlds)
def test_every_pupil_ends_in_exactly_one_place(world):
    everybody_once(world[0], lay_out(*world, YEAR))


def test_control_a_pupil_who_graduates_and_is_kept_back_is_seen(monkeypatch):
    key = class_key(grade_key(SCHOOL, "junior", YEAR - 3), 1)
    below = class_key(grade_key(SCHOOL, "junior", YEAR - 2), 1)
    facts = (ClassFact(key, 6, frozenset({"p"})), ClassFact(below))
    plan = Plan(kept_back={"p": below})
    everybody_once(facts, lay_out(facts, plan, YEAR))
    careless = rules._outcome
    monkeypatch.setattr(
        rules, "_outcome",
        lambda one, *args, **kwargs: dataclasses.replace(
            careless(one, *args, **kwargs), leaving=one.pupils if kwargs.get("graduates") else frozenset()
        ),
    )  # fmt: skip
    with pytest.raises(AssertionError):
        everybody_once(facts, lay_out(facts, plan, YEAR))


@quick
@given(worlds)
def test_whoever_is_kept_back_comes_into_a_class_of_the_cohort_behind_that_will_be_open(world):
    facts, plan = world
    layout = lay_out(facts, plan, YEAR)
    open_then = {one.key for one in layout.classes if not one.graduates}
    for one in layout.classes:
        for pupil, target in one.kept_back.items():
            assert target in open_then
            assert grade_of(target) == next_cohort(grade_of(one.key))
            assert pupil in next(other.coming for other in layout.classes if other.key == target)
    wishes = {fault.pupil for fault in layout.faults if fault.code != "too_new"}
    met = {pupil for one in layout.classes for pupil in one.kept_back}
    assert wishes | met == set(plan.kept_back)
    assert not wishes & met


@quick
@given(worlds)
def test_what_can_be_chosen_can_be_written(world):
    facts, plan = world
    for one in facts:
        for pupil in one.pupils:
            targets = targets_of(one.grade, facts, plan, YEAR)
            for target in targets:
                layout = lay_out(facts, dataclasses.replace(plan, cohorts={}, kept_back={pupil: target}), YEAR)
                codes = {fault.code for fault in layout.faults if fault.pupil == pupil}
                assert codes <= {"too_new", "no_target"}
                is_closing = usual_way(grade_of(target), facts[0].primary_years, YEAR) == GRADUATE
                assert ("no_target" in codes) <= is_closing


@quick
@given(worlds)
def test_steps_come_in_an_order_in_which_each_finds_what_it_needs(world):
    layout = lay_out(*world, YEAR)
    steps = [(step.kind, step.key) for step in steps_of(layout)]
    order = {step: place for place, step in enumerate(steps)}
    assert len(order) == len(steps)
    for one in layout.classes:
        for target in one.kept_back.values():
            if target in layout.opened:
                assert order["open", grade_of(target)] < order["keep_back", one.key]
        if one.graduates:
            assert order["graduate", one.key] < order["close", grade_of(one.key)]
            if one.kept_back:
                assert order["keep_back", one.key] < order["graduate", one.key]
    assert {key for kind, key in steps if kind == "graduate"} == {one.key for one in layout.classes if one.graduates}


@quick
@given(worlds)
def test_a_written_school_is_left_alone_by_the_same_plan(world):
    """Laying out the school that came of it, nobody leaves, nothing opens and no teacher changes."""
    facts, plan = world
    layout = lay_out(facts, plan, YEAR)
    after = tuple(
        ClassFact(one.key, facts[0].primary_years, one.staying | one.coming, frozenset(), one.teachers)
        for one in layout.classes
        if not one.graduates
    )
    again = lay_out(after, dataclasses.replace(plan, kept_back={}, cohorts={one.grade: GO_ON for one in after}), YEAR)
    assert not again.leaving
    assert not [step for step in steps_of(again) if step.kind != "open"]
    assert set(again.opened) <= set(_missing_below_the_highest(after))


def _missing_below_the_highest(facts) -> list[str]:
    """A school whose entering classes are 1 and 3 has said by that that there is a class 2."""
    grades = {one.grade for one in facts}
    return [class_key(grade, number) for grade in grades for number in range(1, 41)]


@quick
@given(worlds)
def test_a_yes_is_bound_to_what_was_shown(world):
    facts, plan = world
    shown = fingerprint(lay_out(facts, plan, YEAR), "2027-09-01")
    assert shown == fingerprint(lay_out(tuple(reversed(facts)), plan, YEAR), "2027-09-01")
    assert shown != fingerprint(lay_out(facts, plan, YEAR), "2027-09-02")
    more = (*facts[1:], dataclasses.replace(facts[0], pupils=facts[0].pupils | {"newcomer"}))
    assert shown != fingerprint(lay_out(more, plan, YEAR), "2027-09-01")


@pytest.mark.parametrize(
    ("stage", "primary_years", "entered", "way"),
    [
        ("primary", 6, YEAR - 6, GRADUATE), ("primary", 6, YEAR - 5, GO_ON), ("primary", 5, YEAR - 5, GRADUATE),
        ("junior", 6, YEAR - 3, GRADUATE), ("junior", 5, YEAR - 3, GO_ON), ("junior", 5, YEAR - 4, GRADUATE),
        ("senior", 6, YEAR - 3, GRADUATE), ("senior", 6, YEAR - 2, GO_ON), ("vocational", 6, YEAR - 3, GRADUATE),
        ("kindergarten", 6, YEAR - 3, GRADUATE), ("university", 6, YEAR - 4, GO_ON),
    ],
)  # fmt: skip
def test_a_cohort_graduates_when_its_stage_is_over(stage, primary_years, entered, way):
    assert usual_way(grade_key(SCHOOL, stage, entered), primary_years, YEAR) == way


def test_as_many_classes_enter_as_before():
    facts = [ClassFact(class_key(grade_key(SCHOOL, "junior", YEAR - 1), n)) for n in (1, 2, 3)]
    assert [key[-6:] for key in lay_out(facts, Plan(), YEAR).opened] == ["2027:1", "2027:2", "2027:3"]
    grade = grade_key(SCHOOL, "junior", YEAR)
    assert lay_out(facts, Plan(entry={grade: 1}), YEAR).opened == (class_key(grade, 1),)
    assert lay_out([*facts, ClassFact(class_key(grade, 1))], Plan(entry={grade: 2}), YEAR).opened == (
        class_key(grade, 2),
    )


def test_a_class_that_nobody_leads_is_named_as_a_fault_of_the_school():
    key = class_key(grade_key(SCHOOL, "junior", YEAR - 1), 1)
    plan = Plan(entry={grade_key(SCHOOL, "junior", YEAR): 0})
    assert [one.key for one in lay_out([ClassFact(key)], plan, YEAR).leaderless] == [key]
    assert not lay_out([ClassFact(key, teachers=("a",))], plan, YEAR).leaderless
    without = dataclasses.replace(plan, teachers={key: NOBODY})
    assert lay_out([ClassFact(key, teachers=("a",))], without, YEAR).leaderless


def test_a_plan_is_kept_and_read_back():
    plan = Plan({"g": GRADUATE}, {"h": 3}, {"p": "k"}, {"k": NOBODY})
    assert Plan.of(plan.as_dict()) == plan
    assert Plan.of({}) == Plan()
