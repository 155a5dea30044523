"""A school that can screen: two classes of grade 7, one of grade 8, consent, duty, a calendar, published scales."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.utils import timezone

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import read_pack, scale_folder
from xinqiao.care.scales.services.publishing import publish_pack
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.services.campaigns import CampaignDraft, create_campaign, launch_campaign
from xinqiao.foundation.access.actors import Actor, system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world
from xinqiao.register.orgs.models import SchoolYear, Term, Unit
from xinqiao.register.orgs.services.units import ensure_class
from xinqiao.register.people.models import Consent, ConsentForm, Student
from xinqiao.register.people.registering import StudentDraft, register_students

CLOSES = MONDAY_10 + dt.timedelta(days=4, hours=7)


@dataclass
class School:
    """The school of the tests; `students` are those of grade 7 in order, `elders` those of grade 8."""

    world: World
    unit: Unit
    class_a: Unit
    class_b: Unit
    class_8: Unit
    form: ConsentForm
    students: list[Student]
    elders: list[Student]
    versions: dict[str, ScaleVersion] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        """Return who a login is today."""
        return self.world.actor(login)

    def draft(self, **changes) -> CampaignDraft:
        """Return the plan of a campaign of grade 7 with PHQ-9 and GAD-7, with some changes."""
        plan = {
            "name": "秋季测评", "cohorts": (("junior", 2026),), "opens_at": MONDAY_10, "closes_at": CLOSES,
            "scale_ids": (self.versions["phq-9"].id, self.versions["gad-7"].id), "form_id": self.form.id,
        }  # fmt: skip
        return CampaignDraft(**{**plan, **changes})

    def consent(self, students: list[Student], decision: str = "given") -> None:
        """Record a guardian's decision for some pupils."""
        Consent.objects.for_system(reason="test").bulk_create(
            Consent(county_id=s.county_id, place=s.place, student=s, form=self.form, decision=decision,
                    given_by="guardian", decided_at=clock.now(), key_id=s.key_id)
            for s in students
        )  # fmt: skip

    def launched(self, *, actor: Actor | None = None, **changes) -> Campaign:
        """Return a running campaign with its sittings made."""
        actor = actor or self.actor("psych")
        campaign = create_campaign(self.unit, actor=actor, draft=self.draft(**changes))
        campaign = launch_campaign(campaign, actor=actor)
        fill_campaign(campaign, clock.now())
        return campaign


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def school(db, frozen) -> School:
    return build_school()


def build_school() -> School:
    """Build it; the clock should be frozen at MONDAY_10."""
    world = build_world()
    class_8, _is_new = ensure_class(world.school, "junior", 2025, 2)
    more = [
        StudentDraft(f"学生{n}", world.class_a, f"2026010{n}", birth_on=dt.date(2014, 1, 10 + n)) for n in range(2, 6)
    ]
    elders = [StudentDraft(f"学长{n}", class_8, f"2025020{n}", birth_on=dt.date(2012, 3, n)) for n in range(1, 4)]
    add_staff(world, "lead", "严书言", Role.LEADING_GROUP, world.school)
    add_staff(world, "grade", "沈知远", Role.GRADE_HEAD, world.class_a.parent, unit=world.school)
    found = School(
        world, world.school, world.class_a, world.class_b, class_8, form=_form(world.school),
        students=[*world.students, *register_students(world.school, more, clock.today())],
        elders=register_students(world.school, elders, clock.today()),
    )  # fmt: skip
    _publish("phq-9", "gad-7", "mht")
    found.versions = {version.code: version for version in ScaleVersion.objects.all()}
    found.consent(found.students)
    _guard(found)
    _calendar(world.school.parent)
    return found


def _publish(*codes: str) -> None:
    with recording(system_actor("test")):
        for code in codes:
            publish_pack(read_pack(scale_folder() / f"{code}.yaml"))


def _form(unit: Unit) -> ConsentForm:
    return ConsentForm.objects.create(
        county_id=unit.shard_id, place=unit.path, purpose="screening", version=1, title_zh="心理测评知情同意书",
        title_en="Consent to screening", text_zh="我们想了解孩子近况。", text_en="We would like to know.",
        published_at=MONDAY_10,
    )  # fmt: skip


def _guard(found: School) -> None:
    """Put the psychology teacher on duty on every day of the week."""
    for ahead in range(7):
        start = timezone.localtime(MONDAY_10).replace(hour=7) + dt.timedelta(days=ahead)
        DutyShift(
            county_id=found.unit.shard_id, place=found.unit.path, staff_id=found.world.id_of("psych"),
            role="psychology", start_at=start, end_at=start + dt.timedelta(hours=12),
        ).save(force_insert=True)  # fmt: skip


def _calendar(unit: Unit) -> None:
    year = SchoolYear.objects.create(
        unit=unit, starts_in=2026, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 7, 5)
    )
    Term.objects.create(year=year, number=1, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 1, 24))
