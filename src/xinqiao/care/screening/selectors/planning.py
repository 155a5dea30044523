"""What is known before a launch: whom a campaign would reach, what it would bring, and what is missing."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from xinqiao.care.alerts.states import Gate
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import launchable, scale_of, versions_at
from xinqiao.care.screening.models import OF_EVERYONE, Campaign
from xinqiao.care.screening.rules import (
    GradeFact,
    Plan,
    ScaleFact,
    WhyNot,
    guarded_days,
    hours_of,
    refusals_of_duty,
    refusals_of_guard,
    refusals_of_scales,
    refusals_of_second_paper,
    refusals_to_launch,
    school_days_between,
    usual_ages,
)
from xinqiao.care.screening.selectors.adapting import adapting_refusals
from xinqiao.care.screening.selectors.campaigns import Cohort, classes_of, cohorts_of, gate_scales_of, scales_of
from xinqiao.care.screening.selectors.class_days import Window, class_windows
from xinqiao.care.screening.selectors.informants import form_facts, forms_of
from xinqiao.care.screening.selectors.ordered import order_refusals
from xinqiao.care.screening.selectors.population import within_population
from xinqiao.care.screening.states import CampaignState
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.places import places_above
from xinqiao.register.duty.models import DutyRole
from xinqiao.register.duty.selectors import able_shifts_between, staff_with_role
from xinqiao.register.orgs.models import Term, Unit
from xinqiao.register.orgs.naming import grade_name, national_grade
from xinqiao.register.orgs.selectors import name_on, units_below, units_by_id
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import ConsentForm, Student
from xinqiao.register.people.rules import CONSENTED
from xinqiao.register.people.selectors import consent_rules, consent_state
from xinqiao.register.people.states import Purpose, StudentStatus
from xinqiao.register.policy.calendar import calendar_for, zone
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

_REASON = "the population of a campaign whose school the actor was checked for"


@dataclass(frozen=True)
class GradeRow:
    """One cohort before a launch, in pupils. `without_number` cannot be found at the door."""

    stage: str
    entry_year: int
    name: str
    grade: int | None
    classes: int
    pupils: int
    without_number: int
    consent: dict[str, int]

    @property
    def may_answer(self) -> int:
        """How many have a consent that stands."""
        return sum(self.consent.get(state, 0) for state in CONSENTED)

    @property
    def declined(self) -> int:
        """How many said no, or took their yes back."""
        return self.consent.get("refused", 0) + self.consent.get("withdrawn", 0)


@dataclass(frozen=True)
class Preparation:
    """The page before a launch: the population, and every reason against it.

    `pupils_by_class` counts those who may come to answer: everyone but those who said no.
    """

    grades: tuple[GradeRow, ...]
    form: ConsentForm | None
    refusals: tuple[WhyNot, ...]
    needs_duty: bool
    counsellors: int
    unpublished_years: tuple[int, ...]
    pupils_by_class: dict[UUID, int]

    @property
    def pupils(self) -> int:
        """All pupils of the population."""
        return sum(row.pupils for row in self.grades)

    @property
    def may_answer(self) -> int:
        """All pupils with a consent that stands."""
        return sum(row.may_answer for row in self.grades)

    @property
    def without_number(self) -> int:
        """All pupils who have no student number yet."""
        return sum(row.without_number for row in self.grades)


@dataclass(frozen=True)
class GradeChoice:
    """One cohort of a school that may be chosen; `is_due` if the policy in force screens it."""

    cohort: Cohort
    name: str
    grade: int | None
    is_due: bool

    @property
    def value(self) -> str:
        """The choice as a form holds it."""
        return f"{self.cohort[0]}:{self.cohort[1]}"


@dataclass(frozen=True)
class ScaleChoice:
    """One scale that a school may see; `faults` say why it cannot be used."""

    id: UUID
    code: str
    title: str
    items: int
    needs_duty: bool
    faults: tuple[str, ...]


def grade_choices(school: Unit, on: dt.date) -> list[GradeChoice]:
    """Return the cohorts of a school with at least one open class, and which of them the policy screens."""
    parameters = parameters_for(school.path, on)
    seen: dict[Cohort, Unit] = {}
    for unit in units_below(school.path, UnitKind.CLASS):
        seen.setdefault((unit.stage, unit.entry_year or 0), unit)
    return [_grade_choice(cohort, school, parameters, on) for cohort in seen]


def _grade_choice(cohort: Cohort, school: Unit, parameters: Parameters, on: dt.date) -> GradeChoice:
    grade = national_grade(*cohort, on, school.primary_years)
    return GradeChoice(
        cohort=cohort, name=grade_name(*cohort, on, school.primary_years), grade=grade,
        is_due=grade is not None and parameters.is_screened(cohort[0], grade),
    )  # fmt: skip


def scale_choices(school: Unit, language: str) -> list[ScaleChoice]:
    """Return the scales a school may see, of each the nearest wording, usable ones first."""
    nearest: dict[str, ScaleVersion] = {}
    for version in versions_at([school.path]):
        known = nearest.get(version.code)
        if known is None or len(version.place) > len(known.place):
            nearest[version.code] = version
    rows = [_scale_choice(version, school, language) for version in nearest.values()]
    return sorted(rows, key=lambda row: (bool(row.faults), row.code))


def _scale_choice(version: ScaleVersion, school: Unit, language: str) -> ScaleChoice:
    scale = scale_of(version)
    return ScaleChoice(
        id=version.id, code=version.code, title=scale.title.in_language(language), items=len(scale.items),
        needs_duty=scale.needs_duty, faults=tuple(launchable(version, school.path)),
    )  # fmt: skip


def form_choices(school: Unit) -> list[ConsentForm]:
    """Return the consent forms for screening that stand at a school or above it, the newest of each place first."""
    forms = ConsentForm.objects.for_system(reason="wording that the school's families were shown")
    return list(
        forms.filter(purpose=Purpose.SCREENING, place__in=places_above(school.path)).order_by("-place", "-version")
    )


def preparation_of(campaign: Campaign, now: dt.datetime) -> Preparation:
    """Return the page before a launch."""
    school = units_by_id([campaign.school_id])[campaign.school_id]
    on = timezone.localtime(now).date()
    form = _form_of(campaign)
    people = _people(campaign, school, form, on)
    grades = _grade_rows(campaign, school, people, on)
    plan = plan_of(campaign, school, grades, scales_of(campaign), now)
    years = range(plan.first_day.year, plan.last_day.year + 1)
    return Preparation(
        grades=tuple(grades), form=form, refusals=tuple(_all_refusals(campaign, school, grades, now)),
        needs_duty=plan.needs_duty, counsellors=plan.psychology_teachers,
        unpublished_years=calendar_for(school.path, years).unpublished_years,
        pupils_by_class={unit.id: people.may_come(unit) for unit in people.classes},
    )  # fmt: skip


def launch_refusals(campaign: Campaign, now: dt.datetime) -> list[WhyNot]:
    """Return why a campaign cannot be launched now, without asking each pupil's consent."""
    school = units_by_id([campaign.school_id])[campaign.school_id]
    on = timezone.localtime(now).date()
    grades = _grade_rows(campaign, school, _people(campaign, school, None, on), on)
    return _all_refusals(campaign, school, grades, now)


def _all_refusals(campaign: Campaign, school: Unit, grades: Sequence[GradeRow], now: dt.datetime) -> list[WhyNot]:
    """Return every reason against a launch, those of a bureau's order and of the second paper with them."""
    plan = plan_of(campaign, school, grades, scales_of(campaign), now)
    own = [_of_register(why) if campaign.is_of_register else why for why in refusals_to_launch(plan, now)]
    found = [
        *own, *adapting_refusals(campaign, now), *order_refusals(campaign),
        *_refusals_of_forms(campaign, school, plan, now),
    ]  # fmt: skip
    if campaign.gate != Gate.PAPER:
        return found
    scales = tuple(_scale_fact(version, school, grades) for version in gate_scales_of(campaign))
    guarded = [why for why in refusals_of_duty(replace(plan, scales=scales)) if why not in found]
    return [*found, *refusals_of_second_paper(scales), *guarded]


def _of_register(why: WhyNot) -> WhyNot:
    return WhyNot("nobody_on_register") if why.code == "no_pupils" else why


def _refusals_of_forms(campaign: Campaign, school: Unit, plan: Plan, now: dt.datetime) -> list[WhyNot]:
    """What stands against the forms for guardians and class teachers, beyond what stands against the pupils' paper."""
    facts = form_facts(campaign, school, timezone.localtime(now).date())
    if not facts or plan.state != CampaignState.DRAFT:
        return []
    known = refusals_of_duty(plan)
    return [*refusals_of_scales(facts), *(w for w in refusals_of_duty(replace(plan, scales=facts)) if w not in known)]


def plan_of(
    campaign: Campaign, school: Unit, grades: Sequence[GradeRow], versions: Sequence[ScaleVersion], now: dt.datetime
) -> Plan:
    """Gather the facts that decide about a launch."""
    windows = class_windows(campaign)
    opens_at = max(min((w.opens_at for w in windows.values()), default=campaign.opens_at), now)
    first, last = (timezone.localtime(at).date() for at in (max(campaign.opens_at, now), campaign.closes_at))
    guard = guard_between(school, opens_at, max([campaign.closes_at, *(w.closes_at for w in windows.values())]))
    form = _form_of(campaign)
    return Plan(
        state=campaign.state, opens_at=campaign.opens_at, closes_at=campaign.closes_at, first_day=first, last_day=last,
        scales=tuple(_scale_fact(version, school, grades) for version in versions),
        grades=tuple(GradeFact(row.stage, row.entry_year, row.grade, row.pupils) for row in grades),
        earliest_grade=parameters_for(school.path, first).earliest_grade, has_form=form is not None,
        is_form_allowed=form is None or not form.is_opt_out or _takes_silence(school, first),
        psychology_teachers=len(staff_with_role(Role.PSYCH_TEACHER, school.path, first)),
        principals=len(staff_with_role(Role.PRINCIPAL, school.path, first)),
        days=_sitting_days(windows) if windows else guard.days,
        guarded_days=guard.guarded_days, is_guarded_at_opening=guard.is_guarded_at_opening,
        terms=terms_between(school, first, last), rivals=_rivals(campaign), class_faults=_class_faults(campaign, now),
        asks_others=bool(forms_of(campaign)),
    )  # fmt: skip


def _sitting_days(windows: Mapping[UUID, Window]) -> tuple[dt.date, ...]:
    return tuple(sorted({timezone.localtime(window.opens_at).date() for window in windows.values()}))


def _class_faults(campaign: Campaign, now: dt.datetime) -> tuple[tuple[str, str], ...]:
    """Return (code, class) of every class that cannot sit as the pace says; nothing where there is no pace."""
    windows, on = class_windows(campaign), timezone.localtime(now).date()
    return tuple(
        (fault, name_on(unit, on))
        for unit in (classes_of(campaign) if windows else [])
        if (fault := _class_fault(campaign, windows.get(unit.id), now))
    )


def _class_fault(campaign: Campaign, window: Window | None, now: dt.datetime) -> str:
    if window is None:
        return "class_without_day"
    if window.closes_at <= now:
        return "class_day_over"
    is_inside = campaign.opens_at <= window.opens_at and window.closes_at <= campaign.closes_at
    return "" if is_inside else "class_day_outside"


def _takes_silence(school: Unit, on: dt.date) -> bool:
    return consent_rules([school.path], on)[school.path].silence_from_age is not None


def unguarded_days(campaign: Campaign, opens_at: dt.datetime, closes_at: dt.datetime, now: dt.datetime) -> list[WhyNot]:
    """Return why a launched campaign may not be sat in a further window: a suicide item while nobody is on duty."""
    if not any(scale_of(version).needs_duty for version in scales_of(campaign)) or closes_at <= max(opens_at, now):
        return []
    school = units_by_id([campaign.school_id])[campaign.school_id]
    guard = guard_between(school, max(opens_at, now), closes_at)
    return refusals_of_guard(guard.days, guard.guarded_days)


@dataclass(frozen=True)
class Guard:
    """Who watches over a window: its school days, those with somebody on duty, and whether its beginning is watched."""

    days: tuple[dt.date, ...]
    guarded_days: frozenset[dt.date]
    is_guarded_at_opening: bool


def guard_between(school: Unit, opens_at: dt.datetime, closes_at: dt.datetime) -> Guard:
    """Return who watches over a window of a school."""
    first, last = (timezone.localtime(at).date() for at in (opens_at, closes_at))
    calendar = calendar_for(school.path, range(first.year, last.year + 1)).calendar
    days = school_days_between(first, last, calendar.exceptions, calendar.weekdays)
    standing = able_shifts_between(school.path, opens_at, closes_at, DutyRole.PSYCHOLOGY)
    shifts = [(shift.start_at, shift.end_at) for shift in standing]
    open_hours = [hours for day in days if (hours := hours_of(day, opens_at, closes_at, zone()))]
    first_moment = open_hours[0][0] if open_hours else opens_at
    return Guard(
        days=days, guarded_days=guarded_days(days, shifts, opens_at, closes_at, zone()),
        is_guarded_at_opening=any(start <= first_moment < end for start, end in shifts),
    )  # fmt: skip


def _scale_fact(version: ScaleVersion, school: Unit, grades: Sequence[GradeRow]) -> ScaleFact:
    scale = scale_of(version)
    unfit = tuple(
        row.name
        for row in grades
        if row.grade is not None
        and not all(scale.is_offered_to("self", grade=row.grade, age=age) for age in usual_ages(row.grade))
    )
    faults = tuple(launchable(version, school.path))
    return ScaleFact(version.code, faults, scale.needs_duty, () if faults else unfit)


def terms_between(school: Unit, first: dt.date, last: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    """Return the terms, as [first day, day after the last), that touch some days."""
    terms = Term.objects.filter(
        year__unit__path__in=places_above(school.path), year__start_on__lte=last, year__end_on__gte=first
    )
    return tuple((term.start_on, term.end_on) for term in terms)


def _rivals(campaign: Campaign) -> tuple[str, ...]:
    """Return the names of running campaigns that screen a cohort of this one in an overlapping window.

    One of the register stands beside one of everyone: its sittings have codes of their own, and that it runs must not
    be seen from what the other one may do.
    """
    running = Campaign.objects.for_system(reason=_REASON).filter(
        place=campaign.place, state=CampaignState.OPEN, opens_at__lt=campaign.closes_at, closes_at__gt=campaign.opens_at
    )
    everyones = Q(register=OF_EVERYONE)
    running = running.filter(~everyones if campaign.is_of_register else everyones)
    own = set(cohorts_of(campaign))
    return tuple(row.name for row in running.exclude(pk=campaign.pk) if own & set(cohorts_of(row)))


def _form_of(campaign: Campaign) -> ConsentForm | None:
    forms = ConsentForm.objects.for_system(reason="the form this campaign names")
    found: ConsentForm | None = forms.filter(pk=campaign.form_id, purpose=Purpose.SCREENING).first()
    return found


@dataclass(frozen=True)
class _People:
    """Who is in a campaign's classes: pupils with those among them who have no number, and consent, by place."""

    classes: tuple[Unit, ...]
    counts: dict[str, tuple[int, int]]
    consent: dict[str, Counter[str]]

    def may_come(self, unit: Unit) -> int:
        """How many of a class have a number and have not said no."""
        pupils, bare = self.counts.get(unit.path, (0, 0))
        consent = self.consent.get(unit.path, Counter())
        return max(0, pupils - bare - consent["refused"] - consent["withdrawn"])


def _people(campaign: Campaign, school: Unit, form: ConsentForm | None, on: dt.date) -> _People:
    cohorts = set(cohorts_of(campaign))
    classes = [u for u in units_below(school.path, UnitKind.CLASS) if (u.stage, u.entry_year or 0) in cohorts]
    places = [unit.path for unit in classes]
    active = Student.objects.for_system(reason=_REASON).filter(place__in=places, status=StudentStatus.ACTIVE)
    students = within_population(campaign, active)
    return _People(tuple(classes), _pupils_by_place(students), _consent_by_place(students, form, on) if form else {})


def _grade_rows(campaign: Campaign, school: Unit, people: _People, on: dt.date) -> list[GradeRow]:
    return [_grade_row(cohort, people, school, on) for cohort in cohorts_of(campaign)]


def _grade_row(cohort: Cohort, people: _People, school: Unit, on: dt.date) -> GradeRow:
    classes = [u for u in people.classes if (u.stage, u.entry_year) == cohort]
    found = [people.counts.get(unit.path, (0, 0)) for unit in classes]
    total: Counter[str] = sum((people.consent.get(unit.path, Counter()) for unit in classes), Counter())
    return GradeRow(
        stage=cohort[0], entry_year=cohort[1], name=grade_name(*cohort, on, school.primary_years),
        grade=national_grade(*cohort, on, school.primary_years), classes=len(classes),
        pupils=sum(pupils for pupils, _ in found), without_number=sum(bare for _, bare in found), consent=dict(total),
    )  # fmt: skip


def _pupils_by_place(students: "QuerySet[Student]") -> dict[str, tuple[int, int]]:
    rows = students.values("place").annotate(pupils=Count("id"), numbered=Count("number_index")).order_by()
    return {row["place"]: (row["pupils"], row["pupils"] - row["numbered"]) for row in rows}


def _consent_by_place(rows: "QuerySet[Student]", form: ConsentForm, on: dt.date) -> dict[str, Counter[str]]:
    students = list(rows)
    states = consent_state(students, form, on)
    found: dict[str, Counter[str]] = {}
    for student in students:
        found.setdefault(student.place, Counter())[states[student.id]] += 1
    return found
