"""What waits in a hotline or a joint activation is proved to be seen; each planted breakage is found by its name."""

import datetime as dt
from collections.abc import Callable

import pytest

from xinqiao.care.crisis.joining import partners_in_force
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.crisis.models import Partner
from xinqiao.care.crisis.tests.test_limbo import rows, unconstrained
from xinqiao.care.incidents.models import Hotline, HotlineCall, Incident, JointActivation, JointPart
from xinqiao.care.incidents.services.joining import ask_part, note_situation, settle_part
from xinqiao.care.incidents.services.opening import open_incident
from xinqiao.care.incidents.services.phoning import settle_back
from xinqiao.care.incidents.tests.conftest import People, draft
from xinqiao.care.incidents.tests.modes import Modes
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline

pytestmark = pytest.mark.django_db
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def a_partner(world, **more) -> Partner:
    fields = {
        "name": "县心理健康辅导站", "kind": "station", "contact": "值班室", "written_by": ids.new_id(),
        "written_at": clock.now(), "agreed_from": clock.today() - DAY, "agreed_until": clock.today() + DAY,
    }  # fmt: skip
    row = Partner(county_id=world.county.id, place=world.county.path, **{**fields, **more})
    row.save(force_insert=True)
    return row


class Lived:
    """An incident with a hotline (one call about a pupil, one called back, one that waits and climbed) and a joint
    activation (one partner that comes, one that is there, one that has not answered)."""

    def __init__(self, world) -> None:
        made = open_incident(world.school, actor=world.actor("head"), draft=draft(world))
        self.modes = Modes(People(world, made))
        hotline = self.hotline = self.modes.open()
        self.about = self.modes.call(hotline, student=world.students[0])
        settle_back(self.modes.call(hotline, is_back=True), actor=world.actor("psych"), words="已答复")
        self.waits = self.modes.call(hotline, is_back=True, is_urgent=True)
        self.modes.received()
        self.joint = self.modes.begin(partner=a_partner(world).id)
        officer = world.actor("officer")
        self.comes = self.modes.part(self.joint)
        there = ask_part(self.joint, actor=officer, once=ids.new_id(), whom="县医院", words="请派医生")
        self.asked = ask_part(self.joint, actor=officer, once=ids.new_id(), whom="公安", words="请维持秩序")
        self.modes.promise(self.comes, arrives_at=made.opened_at + DAY)
        self.modes.promise(there)
        settle_part(there, actor=officer, target="came", words="")
        note_situation(self.joint, actor=officer, once=ids.new_id(), at=clock.now(), words="开始访谈")
        self.now = made.opened_at
        for minute in (5, 10, 15, 20, 25, 30):
            self.now = made.opened_at + minute * MINUTE
            with clock.frozen(self.now):
                climb_due(self.now)

    def codes(self):
        return {fault.code for fault in prove(self.now).faults}


@pytest.fixture
def lived(world):
    return Lived(world)


def clocks(row, kind=""):
    found = rows(Deadline).filter(subject_id=row.id, met_at=None, cancelled_at=None)
    return found.filter(kind=kind) if kind else found


def test_what_was_lived_as_it_should_be_has_no_fault(lived):
    proof = prove(lived.now)
    assert proof.faults == ()
    assert proof.looked_at["joint_activations"] == 1
    assert clocks(lived.waits).get().rung == 1


PLANTED: dict[str, Callable[[Lived], object]] = {
    "call_back_without_clock": lambda it: clocks(it.waits).delete(),
    "part_without_clock": lambda it: clocks(it.comes, "joint_arrival").delete(),
    "activation_without_clock": lambda it: clocks(it.joint).delete(),
    "call_without_signal": lambda it: rows(HotlineCall).filter(pk=it.about.pk).update(signal_id=ids.new_id()),
    "waits_in_an_ended_mode": lambda it: unconstrained(
        lambda: rows(Hotline).filter(pk=it.hotline.pk).update(state="ended")
    ),
    "mode_in_a_closed_incident": lambda _it: unconstrained(lambda: rows(Incident).update(state="closed")),
    "clock_after_the_end": lambda it: unconstrained(
        lambda: rows(JointPart).filter(pk=it.asked.pk).update(state="declined")
    ),
    "clock_without_subject": lambda it: clocks(it.joint).update(subject_id=ids.new_id()),
    "due_at_the_wrong_minute": lambda it: clocks(it.asked).update(original_due_at=it.now + DAY, due_at=it.now + DAY),
    "never_climbed": lambda it: clocks(it.asked).update(due_at=it.now - 5 * MINUTE),
    "rung_without_climb": lambda it: clocks(it.waits).update(rung=2),
}


@pytest.mark.parametrize("code", PLANTED)
def test_each_planted_breakage_is_found_by_its_name(lived, code):
    assert code not in lived.codes()
    PLANTED[code](lived)
    assert code in lived.codes()


def test_a_part_of_an_ended_activation_is_found(lived):
    unconstrained(lambda: rows(JointActivation).update(state="ended"))
    assert "waits_in_an_ended_mode" in lived.codes()


def test_only_an_agreement_in_force_can_be_asked_together(world):
    kept = a_partner(world)
    a_partner(world, name="协议已到期", agreed_from=clock.today() - 9 * DAY, agreed_until=clock.today() - DAY)
    a_partner(world, name="已退出", left_on=clock.today(), left_by=ids.new_id())
    assert [each.id for each in partners_in_force(world.school.path, clock.today())] == [kept.id]
