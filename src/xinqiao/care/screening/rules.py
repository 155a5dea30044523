"""Why a campaign cannot be launched, extended, repeated or closed: predicates over plain facts. Pure: the moment is an
argument, reasons are codes.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Ours: a window longer than this is a standing questionnaire, not a screening.
LONGEST_WINDOW_DAYS = 60
# Ours: an export of more named pupils than this needs a second person (security paper).
NAMED_PUPILS_ALONE = 50
# Ours: the hours in which a school sits its pupils, local time; on each school day someone must be on duty in them.
SCHOOL_DAY_FROM, SCHOOL_DAY_UNTIL = dt.time(8), dt.time(17)


@dataclass(frozen=True, slots=True)
class WhyNot:
    """One reason: a code, what it is about (a scale's code, a stage, a day as ISO text), and further details."""

    code: str
    about: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScaleFact:
    """A scale of the battery: why it may not be used here, whether it asks about suicide, whom it does not fit."""

    code: str
    faults: tuple[str, ...] = ()
    needs_duty: bool = False
    unfit_grades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GradeFact:
    """A cohort of the population. `grade` is 1–12, None outside of them; `pupils` counts those at school."""

    stage: str
    entry_year: int
    grade: int | None
    pupils: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides about a launch. `terms` are [first day, day after the last]; none means: no calendar is kept.

    `is_form_allowed` is false for an opt-out form where the policy asks for a yes.
    `days` are the school days of the window (with a pace: those on which a class sits), `guarded_days` those with a
    psychology teacher on duty in school hours, `is_guarded_at_opening` whether one is when pupils can first answer.
    `class_faults` are (code, class) of classes that cannot sit as the pace says.
    """

    state: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    first_day: dt.date
    last_day: dt.date
    scales: tuple[ScaleFact, ...]
    grades: tuple[GradeFact, ...]
    earliest_grade: int
    has_form: bool
    psychology_teachers: int
    principals: int  # to whom an unanswered notice climbs
    is_form_allowed: bool = True
    days: tuple[dt.date, ...] = ()
    guarded_days: frozenset[dt.date] = frozenset()
    is_guarded_at_opening: bool = False
    terms: tuple[tuple[dt.date, dt.date], ...] = ()
    rivals: tuple[str, ...] = ()
    class_faults: tuple[tuple[str, str], ...] = ()
    asks_others: bool = False  # guardians or class teachers; then the pupils themselves need not be asked

    @property
    def needs_duty(self) -> bool:
        """Does any scale ask about suicide?"""
        return any(scale.needs_duty for scale in self.scales)


def refusals_to_launch(plan: Plan, now: dt.datetime) -> list[WhyNot]:
    """Return every reason against a launch, the most basic first; an empty list means that it may begin."""
    if plan.state != "draft":
        return [WhyNot("not_draft")]
    return [
        *_refusals_of_battery(plan),
        *_refusals_of_population(plan),
        *refusals_of_window(plan.opens_at, plan.closes_at, now),
        *_refusals_of_term(plan),
        *_refusals_of_pace(plan),
        *_refusals_of_form(plan),
        *refusals_of_duty(plan),
        *(WhyNot("screened_twice", name) for name in plan.rivals),
    ]


def _refusals_of_battery(plan: Plan) -> list[WhyNot]:
    if not plan.scales and plan.asks_others:
        return []
    return refusals_of_scales(plan.scales) if plan.scales else [WhyNot("no_scales")]


def refusals_of_second_paper(scales: Sequence[ScaleFact]) -> list[WhyNot]:
    """Return why the second gate cannot have this paper."""
    return refusals_of_scales(scales) if scales else [WhyNot("no_gate_scales")]


def refusals_of_scales(scales: Sequence[ScaleFact]) -> list[WhyNot]:
    """Return why some scales cannot be given here."""
    found = [WhyNot(f"scale_{fault}", scale.code) for scale in scales for fault in scale.faults]
    return found + [WhyNot("unfit_grades", s.code, s.unfit_grades) for s in scales if s.unfit_grades]


def _refusals_of_population(plan: Plan) -> list[WhyNot]:
    if not plan.grades:
        return [WhyNot("no_grades")]
    asked = plan.grades if plan.scales or not plan.asks_others else ()
    early = [str(g.grade) for g in asked if g.grade is not None and g.grade < plan.earliest_grade]
    early += [grade.stage for grade in asked if grade.stage == "kindergarten"]
    found = [WhyNot("below_self_report", str(plan.earliest_grade), tuple(early))] if early else []
    return found if any(grade.pupils for grade in plan.grades) else [*found, WhyNot("no_pupils")]


def refusals_of_window(opens_at: dt.datetime, closes_at: dt.datetime, now: dt.datetime) -> list[WhyNot]:
    """Return what is wrong with a window: turned round, over, or too long."""
    if closes_at <= opens_at:
        return [WhyNot("window_turned")]
    if closes_at <= now:
        return [WhyNot("window_over")]
    if closes_at - opens_at > dt.timedelta(days=LONGEST_WINDOW_DAYS):
        return [WhyNot("window_long", str(LONGEST_WINDOW_DAYS))]
    return []


def _refusals_of_term(plan: Plan) -> list[WhyNot]:
    if not plan.terms:
        return []
    is_inside = any(first <= plan.first_day and plan.last_day < after for first, after in plan.terms)
    return [] if is_inside else [WhyNot("outside_term")]


def _refusals_of_pace(plan: Plan) -> list[WhyNot]:
    codes = dict.fromkeys(code for code, _class in plan.class_faults)
    return [WhyNot(code, "", tuple(name for each, name in plan.class_faults if each == code)) for code in codes]


def _refusals_of_form(plan: Plan) -> list[WhyNot]:
    if not plan.has_form:
        return [WhyNot("no_form")]
    return [] if plan.is_form_allowed else [WhyNot("form_takes_silence")]


def refusals_of_duty(plan: Plan) -> list[WhyNot]:
    """Return who is missing to watch over a plan: somebody who reads its results, and for questions about suicide a
    principal and somebody on duty on each day."""
    found = [] if plan.psychology_teachers else [WhyNot("no_psychology_teacher")]
    if not plan.needs_duty:
        return found
    if not plan.principals:
        found.append(WhyNot("no_principal"))
    bare = refusals_of_guard(plan.days, plan.guarded_days)
    if not bare and not plan.is_guarded_at_opening:
        return [*found, WhyNot("nobody_at_opening")]
    return found + bare


def refusals_of_guard(days: Sequence[dt.date], guarded: frozenset[dt.date]) -> list[WhyNot]:
    """Return why a paper that asks about suicide may not be sat on these school days."""
    if not days:
        return [WhyNot("no_school_day")]
    bare = tuple(day.isoformat() for day in days if day not in guarded)
    return [WhyNot("nobody_on_duty", "", bare)] if bare else []


def refusals_of_days(
    days: Iterable[dt.date], able: frozenset[dt.date], guarded: frozenset[dt.date] | None
) -> list[WhyNot]:
    """Return why classes may not sit on some days: no school day inside the term, or (`guarded`) nobody on duty.

    `able` are the school days on which a class could sit; `guarded` is None where no scale asks about suicide.
    """
    chosen = sorted(set(days))
    off = tuple(day.isoformat() for day in chosen if day not in able)
    if off:
        return [WhyNot("day_not_able", "", off)]
    return refusals_of_guard(chosen, guarded) if guarded is not None and chosen else []


def refusals_to_extend(state: str, closes_at: dt.datetime, until: dt.datetime, opens_at: dt.datetime,
                       now: dt.datetime) -> list[WhyNot]:  # fmt: skip
    """Return why a running campaign cannot end later than it does."""
    if state != "open":
        return [WhyNot("not_open")]
    if until <= closes_at:
        return [WhyNot("not_later")]
    return refusals_of_window(opens_at, until, now)


def refusals_to_repeat(state: str, opens_at: dt.datetime, closes_at: dt.datetime, now: dt.datetime,
                       pupils: int) -> list[WhyNot]:  # fmt: skip
    """Return why a make-up round cannot be held."""
    if state != "open":
        return [WhyNot("not_open")]
    found = refusals_of_window(opens_at, closes_at, now)
    return found if pupils else [*found, WhyNot("nobody_to_repeat")]


def refusals_to_draw(state: str, pupils: int) -> list[WhyNot]:
    """Return why nobody can be drawn by lot: before the end the lot would not be of all."""
    if state != "closed":
        return [WhyNot("not_ended")]
    return [] if pupils else [WhyNot("nobody_to_draw")]


def refusals_to_close(state: str, sheets_waiting: int = 0) -> list[WhyNot]:
    """Return why a campaign cannot be closed; `sheets_waiting` are printed sheets typed and not checked."""
    if state != "open":
        return [WhyNot("not_open")]
    return [WhyNot("paper_waiting", str(sheets_waiting))] if sheets_waiting else []


def usual_ages(grade: int) -> tuple[int, int]:
    """Return the ages (completed years) pupils of a grade have in the course of it.

    SOURCE: compulsory education begins with the school year after the sixth birthday (Compulsory Education Law of the
    PRC, article 11); a pupil of grade 1 is therefore 6 or 7.
    """
    return grade + 5, grade + 6


def school_days_between(first: dt.date, last: dt.date, exceptions: Mapping[dt.date, bool],
                        weekdays: Iterable[int]) -> tuple[dt.date, ...]:  # fmt: skip
    """Return the school days from `first` to `last`, both included."""
    worked = frozenset(weekdays)
    days = (first + dt.timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return tuple(day for day in days if exceptions.get(day, day.weekday() in worked))


def hours_of(day: dt.date, opens_at: dt.datetime, closes_at: dt.datetime,
             zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime] | None:  # fmt: skip
    """Return the part of a school day in which the window is open, None where there is none."""
    start = max(dt.datetime.combine(day, SCHOOL_DAY_FROM, zone), opens_at)
    end = min(dt.datetime.combine(day, SCHOOL_DAY_UNTIL, zone), closes_at)
    return (start, end) if start < end else None


def guarded_days(days: Sequence[dt.date], shifts: Sequence[tuple[dt.datetime, dt.datetime]], opens_at: dt.datetime,
                 closes_at: dt.datetime, zone: dt.tzinfo) -> frozenset[dt.date]:  # fmt: skip
    """Return the days on which a shift meets the hours of the window; a day without such hours needs none."""
    kept = set()
    for day in days:
        hours = hours_of(day, opens_at, closes_at, zone)
        if hours is None or any(start < hours[1] and end > hours[0] for start, end in shifts):
            kept.add(day)
    return frozenset(kept)


def refusals_of_observation(state: str, marks: Sequence[str], words: str, names: Sequence[str]) -> list[WhyNot]:
    """Return why what was written of a class cannot be kept: nothing was said, or a pupil is named in it."""
    if state == "draft":
        return [WhyNot("not_launched")]
    if not marks and not words.strip():
        return [WhyNot("nothing_observed")]
    return refusals_of_names(words, names)


def refusals_of_names(words: str, names: Sequence[str]) -> list[WhyNot]:
    """Return whom a text names that is to name nobody; a name of one character is in too many words to be told."""
    named = tuple(dict.fromkeys(name for name in names if len(name) > 1 and name in words))
    return [WhyNot("pupil_named", "", named)] if named else []


def refusals_to_plan_education(state: str, starts_on: dt.date, due_on: dt.date, classes: int) -> list[WhyNot]:
    """Return why a plan by category cannot be kept. A plan of a screening can be discarded; nothing hangs on it yet."""
    if state == "draft":
        return [WhyNot("not_launched")]
    found = [] if classes else [WhyNot("no_classes")]
    return [*found, WhyNot("due_before_start")] if due_on < starts_on else found
