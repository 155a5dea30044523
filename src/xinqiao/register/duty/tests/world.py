"""A small world for tests of duty and of what stands on it: two schools in two counties, a few people in each."""

import datetime as dt
from dataclasses import dataclass, field

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.models import Staff, Student
from xinqiao.register.people.registering import StudentDraft, register_staff, register_students

MONDAY_10 = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # Monday 10:00 in Shanghai


@dataclass
class World:
    """What was built, by name."""

    county: Unit
    school: Unit
    other_school: Unit
    class_a: Unit
    class_b: Unit
    staff: dict[str, Staff] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    students: list[Student] = field(default_factory=list)
    other_student: Student | None = None

    def actor(self, login: str) -> Actor:
        """Return who a login is today."""
        return actor_for(self.users[login], today())

    def id_of(self, login: str):
        """Return the staff id of a login."""
        return self.staff[login].id


def build_world() -> World:
    """Build it; the clock should be frozen."""
    city = _unit(None, "city", "c1", "城市")
    counties = [_unit(city, "county", f"k{n}", f"县{n}") for n in (1, 2)]
    schools = [_unit(county, "school", f"s{n}", f"学校{n}", stages="junior") for n, county in enumerate(counties, 1)]
    class_a, class_b = (ensure_class(schools[0], "junior", 2026, n)[0] for n in (1, 3))
    world = World(counties[0], *schools, class_a=class_a, class_b=class_b)
    psych, head = Role.PSYCH_TEACHER, Role.PRINCIPAL
    add_staff(world, "psych", "林若溪", psych, world.school, mail="psych@school.example")
    add_staff(world, "psych2", "苏晚晴", psych, world.school)
    add_staff(world, "head", "贺长风", head, world.school, mail="head@school.example")
    add_staff(world, "teacher", "周海宁", Role.CLASS_TEACHER, class_b, unit=world.school)
    add_staff(world, "teacher_a", "陆清和", Role.CLASS_TEACHER, class_a, unit=world.school)
    add_staff(world, "other_psych", "范小满", psych, world.other_school)
    add_staff(world, "officer", "崔明远", Role.COUNTY_OFFICER, world.county, mail="officer@county.example")
    drafts = [StudentDraft("欧阳思源", class_b, "20260301"), StudentDraft("㛃䶮", class_b, "20260302"),
              StudentDraft("张伟", class_a, "20260101")]  # fmt: skip
    world.students = register_students(world.school, drafts, today())
    other_class, _is_new = ensure_class(world.other_school, "junior", 2026, 1)
    (world.other_student,) = register_students(world.other_school, [StudentDraft("别校生", other_class, "1")], today())
    return world


def _unit(parent: Unit | None, kind: str, code: str, name: str, **fields) -> Unit:
    unit = build_unit(parent, kind, code, name, **fields)
    unit.save(force_insert=True)
    return unit


def add_staff(world: World, login: str, name: str, role: Role, at: Unit, *, unit: Unit | None = None, mail="") -> Staff:
    """Add someone with a login and a role over a unit."""
    staff = register_staff(unit or at, name, mail=mail)
    user = User.objects.create_user(login, "only-in-tests-7Q", staff_id=staff.id)
    Membership.objects.create(user=user, role=role, place=at.path, start_on=dt.date(2026, 9, 1))
    world.staff[login], world.users[login] = staff, user
    return staff
