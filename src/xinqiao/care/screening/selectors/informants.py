"""Who else is asked about a campaign's pupils: what is planned, how far it is, whom a class teacher still has to do."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import launchable, scale_of, versions_at
from xinqiao.care.screening.models import Campaign, InformantForm
from xinqiao.care.screening.rules import ScaleFact, usual_ages
from xinqiao.care.screening.selectors.campaigns import cohorts_of, scale_words, scales_of
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import Excuse, Informant, SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import covers, within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import grade_name, national_grade
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

UNFINISHED = (SittingState.WAITING, SittingState.STARTED)
_REASON = "forms about pupils of a campaign, for classes the actor was checked for"


@dataclass(frozen=True)
class FormCounts:
    """How far one form is in one class (or in all), in pupils; everyone asked about stands in exactly one column.

    `refused`: the guardian did not want to; `left_out`: nobody was asked (no consent, or the pupil left); `unanswered`:
    it was not handed in before the end.
    """

    class_id: UUID
    name: str
    handed_in: int = 0
    open: int = 0
    refused: int = 0
    unanswered: int = 0
    left_out: int = 0

    @property
    def asked(self) -> int:
        """Those about whom somebody may answer or has."""
        return self.handed_in + self.open + self.unanswered


@dataclass(frozen=True)
class FormProgress:
    """One form of a campaign: who answers, and how far it is by class."""

    form_id: UUID
    informant: str
    label: str
    rows: tuple[FormCounts, ...]
    total: FormCounts
    knows_refusals: bool = False


@dataclass(frozen=True)
class FormPupil:
    """One pupil and the form about them: `standing` is open, handed_in, refused, unanswered or left_out."""

    sitting_id: UUID
    student_id: UUID
    name: str
    number: str
    standing: str
    can_open: bool


@dataclass(frozen=True)
class ClassForm:
    """One form of a class by name."""

    campaign_id: UUID
    campaign_name: str
    class_id: UUID
    class_name: str
    informant: str
    label: str
    scales: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    is_running: bool
    pupils: tuple[FormPupil, ...]

    @property
    def handed_in(self) -> int:
        """How many forms are handed in."""
        return sum(row.standing == "handed_in" for row in self.pupils)

    @property
    def asked(self) -> int:
        """How many were asked for."""
        return sum(row.standing in ("handed_in", "open", "unanswered") for row in self.pupils)


@dataclass(frozen=True)
class GuardianSlip:
    """What a guardian gets: the child's name, a code, and until when."""

    name: str
    number: str
    code: str
    until: dt.datetime


@dataclass(frozen=True)
class FormPlan:
    """What one informant is asked, as the page before a launch shows it."""

    informant: str
    label: str
    scales: str
    grades: str


def forms_of(campaign: Campaign) -> list[InformantForm]:
    """Return the forms of a campaign: guardians', then class teachers'.

    A campaign of the register has none: whoever were asked would learn who is on it.
    """
    if campaign.is_of_register:
        return []
    return list(InformantForm.objects.for_system(reason=_REASON).filter(campaign=campaign).order_by("informant"))


def class_asked_about(
    actor: Actor, campaign_id: UUID, class_id: UUID, permission: Permission
) -> tuple[Campaign, Unit] | None:
    """Return a launched campaign and a class about which others are asked in it, if the actor holds the permission
    over the class; the class may be of a grade too young to answer itself."""
    unit = Unit.objects.filter(pk=class_id, kind=UnitKind.CLASS, is_closed=False).first()
    if unit is None or not actor.can(permission, unit.path):
        return None
    forms = InformantForm.objects.for_system(reason=_REASON).filter(campaign_id=campaign_id, paper_id__isnull=False)
    for form in forms.select_related("campaign"):
        if covers(form.place, unit.path) and (unit.stage, unit.entry_year) in cohorts_of(form):
            return form.campaign, unit
    return None


def class_forms_of(actor: Actor, campaign: Campaign, unit: Unit, at: dt.datetime, on: dt.date) -> list[ClassForm]:
    """Return every form of a campaign about a class, by name; leaves events."""
    own = [form for form in forms_of(campaign) if (unit.stage, unit.entry_year) in cohorts_of(form)]
    return [class_form(actor, form, unit, at, on) for form in own]


def versions_for(school: Unit, informant: str) -> list[ScaleVersion]:
    """Return the versions that this informant can be given at a school; several wordings of a scale may be there."""
    return [version for version in versions_at([school.path]) if not launchable(version, school.path, informant)]


def form_plans(campaign: Campaign, school: Unit, on: dt.date) -> list[FormPlan]:
    """Return what others are asked, in words."""
    return [
        FormPlan(
            form.informant, str(Informant(form.informant).label), scale_words(scales_of(form)),
            "、".join(grade_name(*cohort, on, school.primary_years) for cohort in cohorts_of(form)),
        )
        for form in forms_of(campaign)
    ]  # fmt: skip


def form_facts(campaign: Campaign, school: Unit, on: dt.date) -> tuple[ScaleFact, ...]:
    """Return what decides whether the forms' scales can be given, for the rules of a launch."""
    return tuple(_fact(version, form, school, on) for form in forms_of(campaign) for version in scales_of(form))


def _fact(version: ScaleVersion, form: InformantForm, school: Unit, on: dt.date) -> ScaleFact:
    scale, unfit = scale_of(version), []
    for cohort in cohorts_of(form):
        grade = national_grade(*cohort, on, school.primary_years)
        ages = usual_ages(grade) if grade is not None else ()
        if not all(scale.is_offered_to(form.informant, grade=grade, age=age) for age in ages):
            unfit.append(grade_name(*cohort, on, school.primary_years))
    faults = tuple(launchable(version, school.path, form.informant))
    return ScaleFact(version.code, faults, scale.needs_duty, () if faults else tuple(unfit))


def form_progress(actor: Actor, campaign: Campaign, classes: Sequence[Unit], on: dt.date) -> list[FormProgress]:
    """Return how far each form is in some classes; the reader's right over them was checked by whoever calls.

    A guardian's refusal is counted apart only for whoever hands the slips out, as on the list by name: else both
    together would name the guardian.
    """
    found = []
    for form in forms_of(campaign):
        cohorts = set(cohorts_of(form))
        own = [unit for unit in classes if (unit.stage, unit.entry_year) in cohorts]
        counts = _counts(form, own)
        for unit in own:
            if not actor.can(Permission.SEAT_LIST, unit.path):
                counts[unit.id]["left_out"] += counts[unit.id].pop("refused", 0)
        rows = tuple(FormCounts(unit.id, name_on(unit, on), **counts[unit.id]) for unit in own)
        knows = form.informant == Informant.PARENT and any(actor.can(Permission.SEAT_LIST, u.path) for u in own)
        label = str(Informant(form.informant).label)
        found.append(FormProgress(form.id, form.informant, label, rows, _total(rows), knows))
    return found


def _counts(form: InformantForm, classes: Sequence[Unit]) -> dict[UUID, dict[str, int]]:
    rows = Sitting.objects.for_system(reason=_REASON).filter(
        origin_id=form.id, class_id__in=[unit.id for unit in classes]
    )
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows.values("class_id", "state", "excuse").annotate(pupils=Count("id")).order_by():
        counts[row["class_id"]][standing_of_form(row["state"], row["excuse"])] += row["pupils"]
    return counts


def _total(rows: Sequence[FormCounts]) -> FormCounts:
    columns = ("handed_in", "open", "refused", "unanswered", "left_out")
    return FormCounts(UUID(int=0), "", **{column: sum(getattr(row, column) for row in rows) for column in columns})


def standing_of_form(state: str, excuse: str) -> str:
    """Return in which column a form stands."""
    if state == SittingState.SUBMITTED:
        return "handed_in"
    if state in UNFINISHED:
        return "open"
    return {Excuse.REFUSED: "refused", Excuse.ABSENT: "unanswered"}.get(Excuse(excuse), "left_out")


def own_class_forms(actor: Actor, at: dt.datetime, on: dt.date) -> list[ClassForm]:
    """Return the class teachers' forms of running campaigns for the actor's own classes, by name; leaves an event."""
    places = actor.places(Permission.OBSERVATION_WRITE)
    classes = Unit.objects.filter(within(places, "path"), kind=UnitKind.CLASS, is_closed=False)
    sittings = Sitting.objects.for_system(reason=_REASON).filter(
        class_id__in=[unit.id for unit in classes], informant=Informant.TEACHER
    )
    forms = InformantForm.objects.for_system(reason=_REASON).filter(
        pk__in=sittings.values("origin_id"), campaign__state=CampaignState.OPEN
    )
    return [
        class_form(actor, form, unit, at, on)
        for form in forms.select_related("campaign").order_by("-campaign__opens_at", "id")
        for unit in sorted(classes, key=lambda unit: unit.path)
        if (unit.stage, unit.entry_year) in set(cohorts_of(form))
    ]


def class_form(actor: Actor, form: InformantForm, unit: Unit, at: dt.datetime, on: dt.date) -> ClassForm:
    """Return one form of one class, pupil by pupil, for who may list the class; leaves an event."""
    campaign = form.campaign
    students = list(
        Student.objects.visible_to(actor, Permission.STUDENT_LIST).filter(place=unit.path, status=StudentStatus.ACTIVE)
    )
    by_student = {
        sitting.student_id: sitting
        for sitting in Sitting.objects.for_system(reason=_REASON).filter(origin_id=form.id, student__in=students)
    }
    knows_refusals = form.informant == Informant.PARENT and actor.can(Permission.SEAT_LIST, unit.path)
    rows = [
        _form_pupil(student, words, by_student[student.id], at, knows_refusals=knows_refusals)
        for student, words in zip(students, open_sealed(students, "name", "number"), strict=True)
        if student.id in by_student
    ]
    note_reading(
        actor, "screening.forms.read", subject_kind="campaign", subject_id=campaign.id, place=unit.path,
        county_id=campaign.county_id, facts={"pupils": len(rows)},
    )  # fmt: skip
    return ClassForm(
        campaign_id=campaign.id, campaign_name=campaign.name, class_id=unit.id, class_name=name_on(unit, on),
        informant=form.informant, label=str(Informant(form.informant).label), scales=scale_words(scales_of(form)),
        opens_at=campaign.opens_at, closes_at=campaign.closes_at,
        is_running=campaign.state == CampaignState.OPEN and at < campaign.closes_at,
        pupils=tuple(sorted(rows, key=lambda row: (row.number == "", row.number, row.name))),
    )  # fmt: skip


def _form_pupil(
    student: Student, words: dict[str, str | None], sitting: Sitting, at: dt.datetime, *, knows_refusals: bool
) -> FormPupil:
    standing = standing_of_form(sitting.state, sitting.excuse)
    if standing == "refused" and not knows_refusals:
        standing = "left_out"
    return FormPupil(
        sitting_id=sitting.id, student_id=student.id, name=words["name"] or "", number=words["number"] or "",
        standing=standing, can_open=standing == "open" and sitting.opens_at <= at < sitting.closes_at,
    )  # fmt: skip


def campaign_of_form(form_id: UUID) -> UUID:
    """Return the campaign that a form belongs to."""
    found: InformantForm = InformantForm.objects.for_system(reason=_REASON).get(pk=form_id)
    return found.campaign_id


def form_sitting(actor: Actor, sitting_id: UUID, permission: Permission, informant: str) -> Sitting | None:
    """Return the sitting behind a form if the actor holds the permission where the pupil is today, else None."""
    rows = Sitting.objects.visible_to(actor, permission).filter(pk=sitting_id, informant=informant)
    found: Sitting | None = rows.first()
    return found


def guardian_slips(actor: Actor, campaign: Campaign, unit: Unit, at: dt.datetime) -> list[GuardianSlip]:
    """Return the slips of a class for guardians who can still answer; leaves an event."""
    rows = list(
        Sitting.objects.visible_to(actor, Permission.SEAT_LIST)
        .filter(
            origin_id__in=[form.id for form in forms_of(campaign) if form.informant == Informant.PARENT],
            class_id=unit.id, state__in=UNFINISHED, closes_at__gt=at,
        )
        .select_related("student")
    )  # fmt: skip
    codes = open_sealed(rows, "code")
    people = open_sealed([row.student for row in rows], "name", "number")
    note_reading(
        actor, "screening.form_slips.read", subject_kind="campaign", subject_id=campaign.id, place=unit.path,
        county_id=campaign.county_id, facts={"pupils": len(rows)},
    )  # fmt: skip
    slips = [
        GuardianSlip(person["name"] or "", person["number"] or "", code["code"] or "", row.closes_at)
        for row, code, person in zip(rows, codes, people, strict=True)
    ]
    return sorted(slips, key=lambda slip: (slip.number == "", slip.number, slip.name))
