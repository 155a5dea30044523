"""Coverage: how many of those who should be screened were, against the requirements that ask for it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from xinqiao.care.screening.disclosure import Cell, answered_cell, beside_cells, percent, share_over
from xinqiao.care.screening.models import OF_EVERYONE, Campaign, ClassReach
from xinqiao.care.screening.selectors.campaigns import classes_reached, day_of, reach_of
from xinqiao.care.screening.selectors.paper import told_excuse
from xinqiao.care.screening.selectors.population import within_population
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import Excuse, SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import places_above, within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import grade_name, national_grade, school_year_of
from xinqiao.register.orgs.selectors import name_on, units_for
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Consent, ConsentForm, Student
from xinqiao.register.people.selectors import consent_state
from xinqiao.register.people.states import Decision, StudentStatus
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import pack_in_force, parameters_by_place

_REASON = "counts below the places where the actor may see coverage"
# The evaluation's own line for the same demand (S0, annex 3), which no parameter of a pack quotes.
EVALUATION_LINE = "S0-E-A5-B15-1"
COLUMNS = ("eligible", "sat", "refused", "unanswered", "excused", "missing", "unseated")


@dataclass(frozen=True)
class CoverageRow:
    """A class, a grade or a stage, in pupils: every eligible pupil stands in exactly one of the other columns.

    Of `refused` home said no, `unanswered` were asked and have not said; `missing` did not come, `unseated` have no
    sitting.
    """

    label: str
    eligible: int = 0
    sat: int = 0
    refused: int = 0
    unanswered: int = 0
    excused: int = 0
    missing: int = 0
    unseated: int = 0

    @property
    def share(self) -> int | None:
        """Those who sat of those eligible, in percent."""
        return percent(self.sat, self.eligible)


@dataclass(frozen=True)
class CampaignCoverage:
    """One campaign, by class, grade and stage."""

    by_class: tuple[CoverageRow, ...]
    by_grade: tuple[CoverageRow, ...]
    by_stage: tuple[CoverageRow, ...]
    total: CoverageRow


@dataclass(frozen=True)
class SchoolCoverage:
    """One school in a school year: pupils of the grades that the policy screens, and those who handed in a sheet."""

    school_id: UUID
    name: str
    eligible: int
    answered: Cell
    share: int | None
    campaigns: int
    refused: Cell
    absent: Cell


@dataclass(frozen=True)
class Requirement:
    """What is asked, by whom: ids of the catalogue, the stages and grades, how often, and how far it is met."""

    ids: tuple[str, ...]
    stages: tuple[tuple[str, tuple[int, ...]], ...]
    times: int
    eligible: int
    share: int | None


def campaign_coverage(campaign: Campaign, on: dt.date, classes: Sequence[Unit] | None = None) -> CampaignCoverage:
    """Return a campaign's coverage; the reader's right over the school was checked by whoever calls.

    Of an ended one as it was kept on its last day, whoever left and whichever class closed since.
    """
    classes = classes_reached(campaign) if classes is None else classes
    facts, on = _kept_facts(campaign) or reach_facts(campaign, classes, on), day_of(campaign, on)
    rows = {unit: CoverageRow(name_on(unit, on), **facts[unit.id]) for unit in classes}
    return CampaignCoverage(
        by_class=tuple(rows.values()),
        by_grade=_summed(rows.items(), lambda u: grade_name(u.stage, u.entry_year or 0, on, u.primary_years)),
        by_stage=_summed(rows.items(), lambda u: u.get_stage_display()),
        total=_sum("", rows.values()),
    )


def _kept_facts(campaign: Campaign) -> dict[UUID, Counter[str]]:
    kept = {
        class_id: Counter({column: getattr(row, column) for column in COLUMNS})
        for class_id, row in reach_of(campaign).items()
    }
    return defaultdict(Counter, kept) if kept else {}


def reach_facts(campaign: Campaign, classes: Sequence[Unit], on: dt.date) -> dict[UUID, Counter[str]]:
    """Count each pupil at school once by class, under what became of them; the best of several sittings counts."""
    places = {unit.path: unit.id for unit in classes}
    here = Student.objects.for_system(reason=_REASON).filter(place__in=places, status=StudentStatus.ACTIVE)
    students = within_population(campaign, here)
    refused = _who_refused(campaign, students, on)
    standing: dict[UUID, str] = {}
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    for student_id, state, excuse in sittings.order_by("round").values_list("student_id", "state", "excuse"):
        if standing.get(student_id) != "sat":
            standing[student_id] = _standing(state, excuse, has_refused=student_id in refused)
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for student_id, place in students.values_list("pk", "place"):
        found[places[place]]["eligible"] += 1
        found[places[place]][standing.get(student_id, "unseated")] += 1
    return found


def _standing(state: str, excuse: str, *, has_refused: bool) -> str:
    if state == SittingState.SUBMITTED:
        return "sat"
    if state != SittingState.EXCUSED:
        return "missing"
    if excuse == Excuse.NO_CONSENT:
        return "refused" if has_refused else "unanswered"
    # As the page of a class tells it: beside the names there, a count of its own would say who did not want to.
    return "missing" if told_excuse(excuse, knows_refusals=False) == Excuse.ABSENT else "excused"


def _who_refused(campaign: Campaign, students: "QuerySet[Student]", on: dt.date) -> set[UUID]:
    """Return which of those without a consent said no, by the rule of consent as of the last day of the campaign."""
    sittings = Sitting.objects.for_system(reason=_REASON).filter(
        origin_id=campaign.id, student_id=OuterRef("pk"), state=SittingState.EXCUSED, excuse=Excuse.NO_CONSENT
    )
    form = ConsentForm.objects.for_system(reason=_REASON).filter(pk=campaign.form_id).first()
    if form is None:
        return set()
    last = min(on, timezone.localtime(campaign.closed_at).date()) if campaign.closed_at else on
    states = consent_state(list(students.filter(Exists(sittings))), form, last)
    return {student_id for student_id, state in states.items() if state in ("refused", "withdrawn")}


def _summed(rows: Iterable[tuple[Unit, CoverageRow]], label_of: Callable[[Unit], str]) -> tuple[CoverageRow, ...]:
    groups: dict[str, list[CoverageRow]] = {}
    for unit, row in rows:
        groups.setdefault(label_of(unit), []).append(row)
    return tuple(_sum(label, group) for label, group in groups.items())


def _sum(label: str, rows: Iterable[CoverageRow]) -> CoverageRow:
    found = list(rows)
    return CoverageRow(label, **{column: sum(getattr(row, column) for row in found) for column in COLUMNS})


def coverage_of_schools(actor: Actor, on: dt.date) -> tuple[list[SchoolCoverage], Requirement | None]:
    """Return this school year's coverage of every school the actor may see, and what it is held against.

    The number of queries does not depend on the number of schools.
    """
    units = units_for(actor, Permission.COVERAGE_VIEW, UnitKind.SCHOOL, UnitKind.CLASS)
    places = actor.places(Permission.COVERAGE_VIEW)
    schools, rules, due = _due(units, on)
    year, campaigns, (refused, absent) = _year_of(due, places, on), _campaigns(places, on), _not_sat(places, on)
    rows = []
    for school in sorted(schools, key=lambda unit: unit.name):
        own, (sat, pupils) = due[school.path], year[school.path]
        no, away = (sum(found[p] for p in own) for found in (refused, absent))
        rows.append(
            SchoolCoverage(school.id, school.name, pupils, answered_cell(sat, pupils), percent(sat, pupils),
                           campaigns[school.path], *beside_cells(sat, no, away, pupils))
        )  # fmt: skip
    share = share_over([(row.answered, row.eligible) for row in rows])
    return rows, _requirement(schools, rules, sum(row.eligible for row in rows), share, on)


def year_of_schools(places: Sequence[str], on: dt.date) -> dict[str, tuple[Cell, int]]:
    """Return for the schools at or below some places, by place, what the page of coverage tells of this school year:
    how many handed in, of how many to be screened. For those who show other counts beside that page.
    """
    kinds = (UnitKind.SCHOOL, UnitKind.CLASS)
    units = list(Unit.objects.filter(within(places, "path"), kind__in=kinds, is_closed=False))
    found = _year_of(_due(units, on)[2], places, on)
    return {school: (answered_cell(*counts), counts[1]) for school, counts in found.items()}


def pupils_on_last_day(campaigns: Collection[Campaign]) -> Counter[UUID]:
    """Count the pupils of screenings that have ended, as kept on their last day, by campaign; one query."""
    kept = ClassReach.objects.for_system(reason=_REASON).filter(campaign_id__in=[each.pk for each in campaigns])
    return Counter(dict(kept.values_list("campaign_id").annotate(Sum("eligible")).order_by()))


def _due(units: Sequence[Unit], on: dt.date) -> tuple[list[Unit], dict[str, Parameters], dict[str, list[str]]]:
    """The schools among some units, their rules, and the classes that these screen."""
    schools = [unit for unit in units if unit.kind == UnitKind.SCHOOL]
    rules = parameters_by_place([school.path for school in schools], on)
    return schools, rules, _due_classes(schools, [unit for unit in units if unit.kind == UnitKind.CLASS], rules, on)


def _year_of(due: dict[str, list[str]], places: Sequence[str], on: dt.date) -> dict[str, tuple[int, int]]:
    eligible, answered = _pupils(due, places), _answered(due, places, on)
    return {
        school: (sum(answered[place] for place in own), sum(eligible[place] for place in own))
        for school, own in due.items()
    }


def _due_classes(
    schools: Sequence[Unit], classes: Sequence[Unit], rules: dict[str, Parameters], on: dt.date
) -> dict[str, list[str]]:
    due: dict[str, list[str]] = {school.path: [] for school in schools}
    for unit in classes:
        school = next((path for path in places_above(unit.path) if path in due), None)
        grade = national_grade(unit.stage, unit.entry_year or 0, on, unit.primary_years)
        if school is not None and grade is not None and rules[school].is_screened(unit.stage, grade):
            due[school].append(unit.path)
    return due


def _pupils(due: dict[str, list[str]], places: Sequence[str]) -> Counter[str]:
    students = Student.objects.for_system(reason=_REASON).filter(within(places), status=StudentStatus.ACTIVE)
    wanted = {place for places in due.values() for place in places}
    counts = students.values_list("place").annotate(Count("pk")).order_by()
    return Counter({place: pupils for place, pupils in counts if place in wanted})


def _answered(due: dict[str, list[str]], places: Sequence[str], on: dt.date) -> Counter[str]:
    sittings = Sitting.objects.for_system(reason=_REASON).filter(
        origin_id__in=_year(places, on).values("pk"), state=SittingState.SUBMITTED,
        student__status=StudentStatus.ACTIVE,
    )  # fmt: skip
    wanted = {place for places in due.values() for place in places}
    counts = sittings.values_list("student__place").annotate(Count("student_id", distinct=True)).order_by()
    return Counter({place: pupils for place, pupils in counts if place in wanted})


def _not_sat(places: Sequence[str], on: dt.date) -> tuple[Counter[str], Counter[str]]:
    """Count by class who refused and who was absent this school year; of several reasons a refusal stands.

    A refusal is a no or a withdrawal on the form of the campaign; a pupil who did not want to is in neither, as on the
    page of the class. Who handed in once is counted there alone.
    """
    sittings = Sitting.objects.for_system(reason=_REASON)
    running = _year(places, on)
    has_sat = sittings.filter(
        student_id=OuterRef("student_id"), origin_id__in=running.values("pk"), state=SittingState.SUBMITTED
    )
    form = running.filter(pk=OuterRef(OuterRef("origin_id"))).values("form_id")
    said_no = Consent.objects.for_system(reason=_REASON).filter(
        student_id=OuterRef("student_id"), form_id__in=form, decision__in=(Decision.REFUSED, Decision.WITHDRAWN)
    )
    rows = sittings.filter(
        ~Exists(has_sat), origin_id__in=running.values("pk"), state=SittingState.EXCUSED,
        excuse__in=(Excuse.NO_CONSENT, Excuse.ABSENT), student__status=StudentStatus.ACTIVE,
    ).annotate(has_said_no=Exists(said_no))  # fmt: skip
    why: dict[tuple[str, UUID], str] = {}
    for place, student_id, excuse, has_said_no in rows.values_list(
        "student__place", "student_id", "excuse", "has_said_no"
    ):
        if excuse == Excuse.NO_CONSENT and has_said_no:
            why[place, student_id] = "refused"
        elif excuse == Excuse.ABSENT:
            why.setdefault((place, student_id), "absent")
    counted = {kind: Counter(place for (place, _id), said in why.items() if said == kind) for kind in set(why.values())}
    return counted.get("refused", Counter()), counted.get("absent", Counter())


def _campaigns(places: Sequence[str], on: dt.date) -> Counter[str]:
    counts = _year(places, on).values_list("place").annotate(Count("pk")).order_by()
    return Counter(dict(counts))


def _year(places: Sequence[str], on: dt.date) -> "QuerySet[Campaign]":
    campaigns = Campaign.objects.for_system(reason=_REASON).exclude(state=CampaignState.DRAFT)
    # Counted with those of the register, a number here would say how many are on it.
    campaigns = campaigns.filter(register=OF_EVERYONE)
    rows: QuerySet[Campaign] = campaigns.filter(within(places), school_year=school_year_of(on))
    return rows


def _requirement(
    schools: Sequence[Unit], rules: dict[str, Parameters], eligible: int, share: int | None, on: dt.date
) -> Requirement | None:
    """Return what the policy asks; None where the schools stand under different ones, which no one line can say."""
    revisions = {rule.revision for rule in rules.values()}
    if len(revisions) != 1:
        return None
    pack = pack_in_force(schools[0].path, on).pack.screening
    ids = dict.fromkeys([*pack.populations.source, *pack.times_per_school_year.source, EVALUATION_LINE])
    return Requirement(
        ids=tuple(i for i in ids if i != "ours"),
        stages=tuple((row.stage, tuple(row.grades)) for row in pack.populations.value),
        times=pack.times_per_school_year.value, eligible=eligible, share=share,
    )  # fmt: skip
