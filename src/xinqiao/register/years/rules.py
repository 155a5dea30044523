"""What a new school year makes of a school. Pure: the school, the plan and the year are arguments.

A class is a cohort, so nothing is written for those who go on: the name follows from the year. What a turn writes is
what the year alone does not say: who graduates, who is kept back, which classes open, and who leads each class.

Keys are texts, so that a plan can be kept: a grade is `parent:stage:entry_year` (`parent` is the id of the school or
campus), a class `parent:stage:entry_year:number`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

GO_ON, GRADUATE = "go_on", "graduate"
NOBODY = "nobody"
FIRST_MONTH, LAST_MONTH = 7, 12  # graduates leave in July, the latest schools turn in the autumn
MOST_CLASSES = 40
_YEARS = {"kindergarten": 3, "senior": 3, "vocational": 3}  # the stages of the school law; a university's vary


def years_of_stage(stage: str, primary_years: int) -> int | None:
    """Return how many years a stage has, None where it depends on the course."""
    if stage == "primary":
        return primary_years
    return 9 - primary_years if stage == "junior" else _YEARS.get(stage)


def refusal_of_day(month: int) -> str:
    """Return why a new school year cannot begin in this month, or an empty code."""
    return "" if FIRST_MONTH <= month <= LAST_MONTH else "bad_day"


def grade_key(parent: str, stage: str, entry_year: int) -> str:
    """Return the key of a grade."""
    return f"{parent}:{stage}:{entry_year}"


def class_key(grade: str, number: int) -> str:
    """Return the key of a class of a grade."""
    return f"{grade}:{number}"


def grade_of(key: str) -> str:
    """Return the grade of a class's key."""
    return key.rpartition(":")[0]


def number_of(key: str) -> int:
    """Return the number in a class's key."""
    return int(key.rpartition(":")[2])


def next_cohort(grade: str) -> str:
    """Return the grade one year behind: where a pupil who is kept back goes."""
    head, _, year = grade.rpartition(":")
    return f"{head}:{int(year) + 1}"


@dataclass(frozen=True, slots=True)
class ClassFact:
    """A class as it stands: its pupils at school, those whose stay began after the day, and who leads it."""

    key: str
    primary_years: int = 6
    pupils: frozenset[str] = frozenset()
    too_new: frozenset[str] = frozenset()
    teachers: tuple[str, ...] = ()

    @property
    def grade(self) -> str:
        """The key of its grade."""
        return grade_of(self.key)


@dataclass(frozen=True)
class Plan:
    """What was decided. Everything that is not in it takes its usual way.

    `cohorts`: grade → go_on or graduate. `entry`: new grade → how many classes. `kept_back`: pupil → class.
    `teachers`: class → staff id, or nobody; a class that is not named keeps whoever leads it.
    """

    cohorts: Mapping[str, str] = field(default_factory=dict)
    entry: Mapping[str, int] = field(default_factory=dict)
    kept_back: Mapping[str, str] = field(default_factory=dict)
    teachers: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"cohorts": dict(self.cohorts), "entry": dict(self.entry), "kept_back": dict(self.kept_back),
                "teachers": dict(self.teachers)}  # fmt: skip

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Plan":
        """Return the plan that was kept."""
        return cls(**{name: dict(kept.get(name, {})) for name in ("cohorts", "entry", "kept_back", "teachers")})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a plan cannot be accepted: no_target, wrong_target, not_here, too_new; `pupil` or `key` says where."""

    code: str
    key: str = ""
    pupil: str = ""


@dataclass(frozen=True, slots=True)
class ClassOutcome:
    """What becomes of one class. `coming` are pupils kept back into it."""

    key: str
    is_new: bool
    graduates: bool
    staying: frozenset[str]
    leaving: frozenset[str]
    kept_back: Mapping[str, str]
    coming: frozenset[str]
    teachers: tuple[str, ...]
    has_other_teacher: bool


@dataclass(frozen=True)
class Layout:
    """What a plan makes of a school: every class that is there or will be, and what stands in the way."""

    classes: tuple[ClassOutcome, ...]
    opened: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def leaving(self) -> frozenset[str]:
        """Every pupil who graduates."""
        return frozenset().union(*(one.leaving for one in self.classes))

    @property
    def leaderless(self) -> tuple[ClassOutcome, ...]:
        """Classes of the new year that nobody leads."""
        return tuple(one for one in self.classes if not one.graduates and not one.teachers)


@dataclass(frozen=True, slots=True)
class Step:
    """One short transaction: see StepKind. `key` is a grade's for open and close, else a class's."""

    kind: str
    key: str


def usual_way(grade: str, primary_years: int, starts_in: int) -> str:
    """Return what a cohort does if nobody decides otherwise: it graduates once its stage is over."""
    _, stage, entry_year = grade.split(":")
    years = years_of_stage(stage, primary_years)
    return GRADUATE if years is not None and starts_in - int(entry_year) >= years else GO_ON


def entry_grades(classes: Iterable[ClassFact], starts_in: int) -> dict[str, int]:
    """Return the grades that enter this year, with as many classes as the grade before or as are there already."""
    found: dict[str, set[int]] = {}
    here: dict[str, set[int]] = {}
    for one in classes:
        parent, stage, entry_year = one.grade.split(":")
        if int(entry_year) == starts_in - 1:
            found.setdefault(grade_key(parent, stage, starts_in), set()).add(number_of(one.key))
        elif int(entry_year) == starts_in:
            here.setdefault(one.grade, set()).add(number_of(one.key))
    return {grade: max(here.get(grade) or found[grade]) for grade in sorted(found | here)}


def targets_of(grade: str, classes: Iterable[ClassFact], plan: Plan, starts_in: int) -> list[str]:
    """Return the classes into which a pupil of this grade can be kept back, there or about to open."""
    behind, some = next_cohort(grade), list(classes)
    keys = {one.key for one in some if one.grade == behind} | {k for k in _opening(some, plan, starts_in)
                                                              if grade_of(k) == behind}  # fmt: skip
    return sorted(keys, key=number_of)


def _opening(classes: Iterable[ClassFact], plan: Plan, starts_in: int) -> list[str]:
    """Keys of classes that are to be opened: of the entry grades, those that are not there."""
    some = list(classes)
    here = {one.key for one in some}
    wanted = {**entry_grades(some, starts_in), **plan.entry}
    keys = [class_key(grade, n) for grade in sorted(wanted) for n in range(1, min(wanted[grade], MOST_CLASSES) + 1)]
    return [key for key in keys if key not in here]


def lay_out(classes: Iterable[ClassFact], plan: Plan, starts_in: int) -> Layout:
    """Return what the plan makes of these classes in the school year that begins in `starts_in`."""
    some = sorted(classes, key=_order)
    opened = _opening(some, plan, starts_in)
    graduating = {
        one.key for one in some
        if plan.cohorts.get(one.grade, usual_way(one.grade, one.primary_years, starts_in)) == GRADUATE
    }  # fmt: skip
    there = ({one.key for one in some} - graduating) | set(opened)
    kept, faults = _kept_back(some, plan, there)
    coming: dict[str, set[str]] = {}
    for moves in kept.values():
        for pupil, target in moves.items():
            coming.setdefault(target, set()).add(pupil)
    outcomes = [_outcome(one, plan, kept.get(one.key, {}), coming, graduates=one.key in graduating) for one in some]
    outcomes += [_outcome(ClassFact(key), plan, {}, coming, is_new=True) for key in opened]
    faults += [
        Fault("too_new", one.key, pupil) for one in some for pupil in sorted(one.too_new & _going(one, outcomes))
    ]
    return Layout(tuple(sorted(outcomes, key=_order)), tuple(opened), tuple(faults))


def _order(one: ClassFact | ClassOutcome) -> tuple[str, str, int, int]:
    parent, stage, entry_year, number = one.key.split(":")
    return parent, stage, -int(entry_year), int(number)


def _kept_back(classes: list[ClassFact], plan: Plan, there: set[str]) -> tuple[dict[str, dict[str, str]], list[Fault]]:
    """The moves by class, and the wishes that cannot be met."""
    where = {pupil: one for one in classes for pupil in one.pupils}
    kept: dict[str, dict[str, str]] = {}
    faults = []
    for pupil, target in sorted(plan.kept_back.items()):
        one = where.get(pupil)
        if one is None:
            faults.append(Fault("not_here", target, pupil))
        elif grade_of(target) != next_cohort(one.grade):
            faults.append(Fault("wrong_target", target, pupil))
        elif target not in there:
            faults.append(Fault("no_target", target, pupil))
        else:
            kept.setdefault(one.key, {})[pupil] = target
    return kept, faults


def _outcome(
    one: ClassFact,
    plan: Plan,
    kept: Mapping[str, str],
    coming: Mapping[str, set[str]],
    *,
    graduates: bool = False,
    is_new: bool = False,
) -> ClassOutcome:
    rest = one.pupils - set(kept)
    chosen = plan.teachers.get(one.key, "")
    teachers = one.teachers if not chosen else () if chosen == NOBODY else (chosen,)
    return ClassOutcome(
        key=one.key, is_new=is_new, graduates=graduates, staying=frozenset() if graduates else rest,
        leaving=rest if graduates else frozenset(), kept_back=dict(kept),
        coming=frozenset(coming.get(one.key, ())), teachers=() if graduates else teachers,
        has_other_teacher=not graduates and set(teachers) != set(one.teachers),
    )  # fmt: skip


def _going(one: ClassFact, outcomes: Iterable[ClassOutcome]) -> frozenset[str]:
    return frozenset().union(*(o.leaving | set(o.kept_back) for o in outcomes if o.key == one.key))


def steps_of(layout: Layout) -> list[Step]:
    """Return what is to be written, in order: classes open before anybody is kept back into them, whoever is kept back
    has gone before the class graduates, and a grade closes after its last class."""
    graduating = [one for one in layout.classes if one.graduates]
    return [
        *(Step("open", grade) for grade in sorted({grade_of(key) for key in layout.opened})),
        *(Step("keep_back", one.key) for one in layout.classes if one.kept_back),
        *(Step("graduate", one.key) for one in graduating),
        *(Step("teacher", one.key) for one in layout.classes if one.has_other_teacher),
        *(Step("close", grade) for grade in sorted({grade_of(one.key) for one in graduating})),
    ]


def fingerprint(layout: Layout, on: str) -> str:
    """Return what a yes is bound to: it changes with anything that the dry run counts or names."""
    parts: list[Any] = [on, layout.opened, [[f.code, f.key, f.pupil] for f in layout.faults]]
    parts += [
        [one.key, one.graduates, sorted(one.staying), sorted(one.leaving), dict(one.kept_back), one.teachers]
        for one in layout.classes
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
