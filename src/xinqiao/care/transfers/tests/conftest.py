"""The small world under a frozen clock: two schools, pupils who leave one and are at the other."""

import datetime as dt

import pytest
from django.conf import settings as project

from xinqiao.care.archives.services.plans import FamilyWords, PlanWords, write_family, write_plans
from xinqiao.care.crisis.tests.conftest import Care
from xinqiao.care.transfers.rows import every_arrival, every_handover
from xinqiao.care.transfers.services.handing import send_files
from xinqiao.care.transfers.services.taking import take_in
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world
from xinqiao.register.orgs.selectors import units_below
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.people.services.consents import publish_form, record_consents, shipped_text
from xinqiao.register.people.services.students import end_enrolment
from xinqiao.register.people.states import Purpose

AIM, UPBRINGING = "每周主动举手一次", "跟着外婆长大，去年转学来"
NUMBERS = ("G110101201401010011", "G110101201401010022", "G110101201401010033")
DAY = dt.timedelta(days=1)


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    built = build_world()
    add_staff(built, "helper", "方思齐", Role.MENTOR, built.school)
    add_staff(built, "other_psych2", "江映雪", Role.PSYCH_TEACHER, built.other_school, mail="psych@other.example")
    add_staff(built, "other_head", "沈复", Role.PRINCIPAL, built.other_school)
    built.students = register_students(
        built.school, [StudentDraft(f"学生{n}", built.class_b, f"202701{n:02}", number, birth_on=dt.date(2013, 5, n))
                       for n, number in enumerate(NUMBERS, 1)], clock.today() - 30 * DAY,
    )  # fmt: skip
    return built


class House:
    """What people do with files in tests."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.care = Care(world)

    @property
    def psych(self):
        return self.world.actor("psych")

    @property
    def other(self):
        return self.world.actor("other_psych")

    def write(self, student) -> None:
        """A growth plan, and what is told of the family."""
        look_on = clock.today() + 60 * DAY
        plan = PlanWords("爱画画", AIM, "班主任周五聊五分钟", look_on)
        write_plans(self.world.class_b, actor=self.world.actor("teacher"), student_ids=[student.id], said=plan)
        write_family(student, actor=self.psych, said=FamilyWords("pupil", "父母在外务工", UPBRINGING, "搬过三次家"))

    def agree(self, *students, decision="given") -> None:
        """Ask about handing files over, and note what guardians decided."""
        form = publish_form(
            self.world.school, actor=self.psych, purpose=Purpose.TRANSFER, text=shipped_text(Purpose.TRANSFER, 14)
        )
        record_consents(self.world.class_b, actor=self.psych, form=form, student_ids=[each.id for each in students],
                        decision=decision, given_by="guardian")  # fmt: skip

    def leave(self, student):
        """Let a pupil leave; return what the school owes."""
        end_enrolment(fresh(student), actor=self.psych, on=clock.today())
        return every_handover().get(student=student)

    def enrol(self, student):
        """Let the other school enrol the same child, with the number it brings."""
        number = NUMBERS[[each.id for each in self.world.students].index(student.id)]
        classes = units_below(self.world.other_school.path, "class")
        draft = StudentDraft("同一名学生", classes[0], f"9{number[-4:]}", number)
        (made,) = register_students(self.world.other_school, [draft], clock.today())
        return made

    def send(self, *handovers) -> int:
        targets = {each.id: self.world.other_school for each in handovers}
        return send_files(self.world.school, actor=self.psych, targets=targets)

    def sent(self, student):
        """Let a pupil leave and send the file; return the arrival."""
        handover = self.leave(student)
        self.send(handover)
        return every_arrival().get(handover=handover, state="waiting")

    def take(self, arrival, student) -> int:
        return take_in(self.world.other_school, actor=self.other, pupils={arrival.id: student.id})


def fresh(student) -> Student:
    """Return the pupil as the database has it now."""
    return Student.objects.for_system(reason="a test looks").get(pk=student.pk)


@pytest.fixture
def house(world) -> House:
    return House(world)


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.logout()
        client.cookies[project.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=project.AUTHENTICATION_BACKENDS[0])
        return client

    return as_
