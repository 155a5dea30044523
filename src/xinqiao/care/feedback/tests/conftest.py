"""The small world under a frozen clock, with signals that talks settle as the psychology teacher does."""

import datetime as dt

import pytest
from django.conf import settings

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.guardians import Telling, record_guardian_told
from xinqiao.care.alerts.services.interviewing import Talk, record_interview
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.feedback.models import Decision, Feedback, GuardianTry, Meeting, TeacherWord
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world

ADVICE = "不要当众点名批评，课间多打招呼"
NOTE = "说了很久，愿意再来，家里有变故"
SAID = "电话里和母亲谈了，她愿意配合，周五来校"


def rows(model):
    return model.objects.for_system(reason="a test looks at all rows")


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    built = build_world()
    add_staff(built, "subject", "方思齐", Role.SUBJECT_TEACHER, built.school)
    return built


@pytest.fixture
def house(world):
    return House(world)


class House:
    """What tests do, as people do it."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def psych(self):
        return self.world.actor("psych")

    def signal(self, student=None, urgency="orange") -> Signal:
        child, origin = student or self.world.students[0], ids.new_id()
        row = prepare_signal(
            student_id=child.id, county_id=child.county_id, place=child.place, key_id=child.key_id,
            source="screening", urgency=urgency, evidence=50, basis=[], origin_kind="sitting", origin_id=origin,
            once=f"screening:{origin}", at=clock.now(),
        )  # fmt: skip
        row.save(force_insert=True)
        return rows(Signal).select_related("student").get(pk=row.pk)

    def settle(self, signal=None, outcome="watch", level="yellow") -> Signal:
        found = signal or self.signal()
        talk = Talk(
            held_at=clock.now(), is_face_to_face=True, asked_about_suicide="yes", risk_found="some", note=NOTE,
            outcome=outcome, level=level, advice=ADVICE if level else "",
            review_on=clock.today() + dt.timedelta(days=14) if level else None,
        )  # fmt: skip
        record_interview(found, actor=self.psych, talk=talk)
        return found

    def tell(self, signal, way="phone", words=SAID):
        telling = Telling(told_at=clock.now(), way=way, words=words)
        return record_guardian_told(signal, actor=self.psych, telling=telling)

    def owed(self, to="guardian", student=None) -> Feedback:
        child = student or self.world.students[0]
        found = rows(Feedback).filter(student=child, to=to).select_related("student", "signal__student")
        return found.order_by("flagged_at").last()

    def word(self, login="teacher") -> TeacherWord:
        return rows(TeacherWord).select_related("feedback__student").get(staff_id=self.world.id_of(login))

    def clock(self, row, kind="feedback") -> Deadline:
        return rows(Deadline).filter(kind=kind, subject_id=row.id).order_by("began_at").last()


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.logout()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


__all__ = ["ADVICE", "NOTE", "SAID", "Decision", "GuardianTry", "Meeting", "rows"]
