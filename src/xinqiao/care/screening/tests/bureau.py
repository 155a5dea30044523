"""Further schools of the county for tests of orders: each with a class, two pupils, two people and a consent form."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from xinqiao.care.screening.jobs.ordering import make_plans
from xinqiao.care.screening.models import Campaign, OrderedSchool, ScreeningOrder
from xinqiao.care.screening.services.orders import OrderDraft, issue_order
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.tests.world import MONDAY_10, add_staff
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.models import ConsentForm
from xinqiao.register.people.registering import StudentDraft, register_students

FIRST, LAST, ANSWER_BY = dt.date(2026, 11, 24), dt.date(2026, 12, 11), dt.date(2026, 11, 27)


@dataclass
class Bureau:
    """The county's officer, and the schools by number from 1; the school of the other tests is not among them."""

    school: object
    units: list[Unit]

    @property
    def officer(self):
        """Who orders."""
        return self.school.actor("officer")

    def psych(self, number: int):
        """Who answers for a school."""
        return self.school.actor(f"psych.{number}")

    def draft(self, **changes) -> OrderDraft:
        """Return what the officer asks of every further school, with some changes."""
        asked = {
            "name": "全县秋季测评", "school_ids": tuple(unit.id for unit in self.units), "stages": ("junior",),
            "scale_codes": ("phq-9",), "earliest_on": FIRST, "latest_on": LAST, "answer_by": ANSWER_BY,
        }  # fmt: skip
        return OrderDraft(**{**asked, **changes})

    def issued(self, **changes) -> ScreeningOrder:
        """Return an order whose plans are made."""
        order = issue_order(self.school.world.county, actor=self.officer, draft=self.draft(**changes))
        make_plans(order, clock.now())
        return order

    def row(self, order: ScreeningOrder, number: int) -> OrderedSchool:
        """Return a school's row of an order as it stands."""
        rows = OrderedSchool.objects.for_system(reason="a test looks")
        return rows.select_related("campaign", "order").get(order=order, school_id=self.units[number - 1].id)

    def plan(self, order: ScreeningOrder, number: int) -> Campaign:
        """Return a school's plan."""
        found = self.row(order, number).campaign
        assert found is not None
        return found

    def guard(self, number: int, days: int = 12) -> None:
        """Put a school's psychology teacher on duty for some days from today."""
        unit = self.units[number - 1]
        for ahead in range(days):
            start = timezone.localtime(MONDAY_10).replace(hour=7) + dt.timedelta(days=ahead)
            DutyShift(
                county_id=unit.shard_id, place=unit.path, staff_id=self.school.world.id_of(f"psych.{number}"),
                role="psychology", start_at=start, end_at=start + dt.timedelta(hours=12),
            ).save(force_insert=True)  # fmt: skip


def build_bureau(school, count: int) -> Bureau:
    """Add schools to the county."""
    bureau = Bureau(school, [])
    add_schools(bureau, count)
    return bureau


def add_schools(bureau: Bureau, count: int) -> None:
    """Add some more."""
    world = bureau.school.world
    for number in range(len(bureau.units) + 1, len(bureau.units) + count + 1):
        unit = build_unit(world.county, "school", f"b{number}", f"乡镇中学{number:02d}", stages="junior")
        unit.save(force_insert=True)
        class_unit, _is_new = ensure_class(unit, "junior", 2026, 1)
        drafts = [StudentDraft(f"乡童{number}号{n}", class_unit, f"8{number:03d}{n}") for n in range(2)]
        register_students(unit, drafts, clock.today())
        add_staff(world, f"psych.{number}", f"心理{number}", Role.PSYCH_TEACHER, unit, mail=f"p{number}@b.example")
        add_staff(world, f"head.{number}", f"校长{number}", Role.PRINCIPAL, unit)
        ConsentForm.objects.create(
            county_id=unit.shard_id, place=unit.path, purpose="screening", version=1, title_zh="同意书",
            title_en="Consent", text_zh="请阅读。", text_en="Please read.", published_at=MONDAY_10,
        )  # fmt: skip
        bureau.units.append(unit)
