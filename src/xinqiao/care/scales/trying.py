"""Answering a scale for oneself: what a sheet would say. Nothing is stored and nobody is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xinqiao.care.scales.messages import answer_message, spans_of
from xinqiao.care.scales.presenting import band_title, phrase
from xinqiao.engines.scoring import Result, Scale, compile_scale, number_text, score_one
from xinqiao.engines.scoring.checks import score_range


@dataclass(frozen=True)
class TriedScore:
    """One score of the trial."""

    title: str
    score: str
    reach: str
    band: str


@dataclass(frozen=True)
class Trial:
    """What the answers give; `faults` instead of scores where there are none."""

    scores: tuple[TriedScore, ...]
    is_valid: bool
    voided_by: tuple[str, ...]
    critical: str
    flags: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class TrialPerson:
    """Who is imagined to answer; None where it was left open."""

    informant: str
    sex: str | None = None
    grade: int | None = None
    age: int | None = None


def asked_about(scale: Scale) -> frozenset[str]:
    """Return which facts of a person the norms and flags ask for: sex, grade, age."""
    conditions = [bands.when for subscale in scale.subscales for bands in subscale.band_sets]
    conditions += [flag.when for flag in scale.flags]
    asked = {
        "sex": any(when and when.sex for when in conditions),
        "grade": any(when and when.grades for when in conditions),
        "age": any(when and when.ages for when in conditions),
    }
    return frozenset(name for name, is_asked in asked.items() if is_asked)


def try_scale(scale: Scale, answers: Mapping[int, int | None], person: TrialPerson) -> Trial:
    """Score one sheet of answers by item number."""
    plan = compile_scale(scale, informant=person.informant)
    given = [answers.get(item.number) for item in scale.items]
    result = score_one(plan, given, sex=person.sex, grade=person.grade, age=person.age)
    titles = {rule.id: phrase(rule.title) for rule in scale.validity} | {f.id: phrase(f.title) for f in scale.flags}
    return Trial(
        scores=tuple(_scores(scale, result)), is_valid=result.valid,
        voided_by=tuple(titles[each] for each in result.voided_by), critical=spans_of(result.critical),
        flags=tuple(titles[each] for each in result.flags), faults=tuple(_faults(result)),
    )  # fmt: skip


def _scores(scale: Scale, result: Result) -> Iterator[TriedScore]:
    for name, value in result.scores.items():
        subscale = scale.subscale(name)
        low, high = score_range(scale, subscale)
        reach = _("{low} to {high}").format(low=number_text(low), high=number_text(high))
        yield TriedScore(phrase(subscale.title), number_text(value), reach, band_title(subscale, result.bands[name]))


def _faults(result: Result) -> Iterator[str]:
    for code in dict.fromkeys(fault.code for fault in result.faults):
        yield answer_message(code, spans_of([fault.item for fault in result.faults if fault.code == code]))
