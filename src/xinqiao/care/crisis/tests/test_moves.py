"""A pupil changes class or leaves, staff leave: what is open goes along, history stays, nothing is lost."""

import pytest

from xinqiao.care.alerts import following as alerts_following
from xinqiao.care.alerts.models import Notice
from xinqiao.care.alerts.rows import every_attention, every_signal
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.care.crisis import following
from xinqiao.care.crisis.leave.rules import Step
from xinqiao.care.crisis.leave_rows import every_leave, every_leave_step
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.rows import every_case, every_plan
from xinqiao.care.crisis.services.leaves import open_leave, take_step
from xinqiao.care.crisis.services.referrals import withdraw_referral
from xinqiao.care.crisis.services.watches import end_watch
from xinqiao.care.crisis.tests.referring import build_referring
from xinqiao.care.crisis.tests.watching import Watching
from xinqiao.care.crisis.watch_rows import every_watch
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.hooks import Left, staff_left
from xinqiao.register.accounts.services.staff import end_staff
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.people.models import Staff
from xinqiao.register.people.services.students import end_enrolment, move_student

GUARD = pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])


@pytest.fixture
def busy(world, care):
    """One pupil with everything open: a watch, a taken signal, a referral, a leave; another with a case and a plan."""
    student, psych = world.students[0], world.actor("psych")
    watching = Watching(world)
    watching.begin(student)
    acknowledge_signal(watching.signal(student, source="counsellor"), actor=psych)
    build_referring(world).sent()
    leave = open_leave(student, actor=psych, step=step("found"))
    take_step(leave, actor=psych, step=step("assessed"))
    care.plan(care.judged(student=world.students[1]), helper=world.id_of("psych"))
    assert faults() == set()
    return student


def step(target):
    return Step(target, clock.today(), "班主任、心理教师", "三周没有到校")


def faults():
    return {fault.code for fault in prove(clock.now()).faults}


def events(name):
    return AuditEvent.objects.filter(event=name).count()


def open_rows(student):
    return [
        every_signal().filter(student=student).exclude(state="closed").get(),
        every_attention().filter(student=student, ended_at__isnull=True).get(),
        every_watch().get(student=student), every_referral().get(student=student),
        every_leave().get(student=student),
    ]  # fmt: skip


def checked(is_guarded, check):
    if is_guarded:
        check()
    else:
        with pytest.raises(AssertionError):
            check()


@GUARD
@pytest.mark.parametrize("model", ["signal", "watch", "referral", "leave"])
def test_what_is_open_goes_with_a_pupil_into_another_class_and_what_is_settled_stays(
    world, busy, monkeypatch, is_guarded, model
):
    if not is_guarded:
        module = alerts_following if model == "signal" else following
        name = {"signal": "every_signal", "watch": "every_running_watch"}.get(model, f"every_{model}")
        monkeypatch.setattr(module, name, getattr(module, name)().none)
    before = busy.place
    other = world.class_b if before == world.class_a.path else world.class_a
    move_student(busy, actor=world.actor("psych"), class_unit=other, on=clock.today())

    def check():
        assert {row.place for row in open_rows(busy)} == {other.path}
        assert faults() == set()

    checked(is_guarded, check)
    assert every_signal().get(student=busy, state="closed").place == before
    assert {row.place for row in every_leave_step().filter(leave__student=busy)} == {before}


@GUARD
def test_of_a_pupil_who_leaves_a_leave_ends_and_the_rest_waits_for_people(world, busy, monkeypatch, is_guarded):
    if not is_guarded:
        monkeypatch.setattr(following, "end_leaves_of", lambda _ids: None)
    psych = world.actor("psych")
    end_enrolment(busy, actor=psych, on=clock.today())

    def check():
        leave = every_leave().get(student=busy)
        assert (leave.state, open_clocks().filter(subject_id=leave.id).count()) == ("left", 0)
        assert faults() == set()

    checked(is_guarded, check)
    if not is_guarded:
        return
    assert events("crisis.leave.left") == 1
    signal, _level, watch, referral, _leave = open_rows(busy)
    assert {signal.state, watch.state, referral.state} == {"acknowledged", "signalled", "sent"}
    withdraw_referral(referral, actor=psych, reason="not_needed")
    Watching(world).talk(every_signal().select_related("student").get(pk=signal.pk), "nothing", "")
    end_watch(
        every_watch().select_related("student").get(pk=watch.pk),
        actor=psych,
        reason="left",
        words="已转交新学校的心理教师",
    )
    assert not open_clocks().filter(subject_id__in=[signal.id, watch.id, referral.id]).exists()
    assert faults() == set()


def leaves(world, heir=""):
    staff = Staff.objects.for_system(reason="test")
    end_staff(
        staff.get(pk=world.id_of("psych")), actor=world.actor("head"),
        heir=staff.get(pk=world.id_of(heir)) if heir else None,
    )  # fmt: skip


@GUARD
def test_whoever_leaves_hands_everything_to_the_heir(world, busy, monkeypatch, is_guarded):
    if not is_guarded:
        monkeypatch.setattr(following, "pass_watch_on", lambda _watch, _to: True)
    leaves(world, "psych2")
    heir = world.id_of("psych2")

    def check():
        assert every_watch().get(student=busy).owner == heir
        assert every_case().get().owner == heir
        assert every_plan().get(is_current=True).helper == heir
        assert every_signal().exclude(state="closed").get(student=busy).acknowledged_by == heir
        assert faults() == set()

    checked(is_guarded, check)
    if is_guarded:
        for name in ("crisis.watch.handed_over", "crisis.case.handed_over", "crisis.plan.helper_changed",
                     "alerts.signal.handed_over"):  # fmt: skip
            assert events(name) == 1, name


def without_an_heir(world):
    """Leave as an import of staff does, which may know no heir."""
    psych = world.id_of("psych")
    with recording(world.actor("head")):
        Staff.objects.for_system(reason="test").filter(pk=psych).update(left_on=clock.today())
        world.users["psych"].memberships.all().delete()
        staff_left.send([Left(psych, None, None, None, world.school.path, clock.today())])


@GUARD
def test_without_an_heir_a_taken_signal_calls_again_and_whoever_takes_it_has_it(world, busy, monkeypatch, is_guarded):
    if not is_guarded:
        monkeypatch.setattr(alerts_following, "call_again", lambda _signal, at: None)
    signal = every_signal().exclude(state="closed").get(student=busy)
    without_an_heir(world)

    def check():
        calling = Notice.objects.for_system(reason="test").filter(signal=signal, ended_at__isnull=True)
        assert world.id_of("psych") not in set(calling.values_list("staff_id", flat=True)) or calling.count() > 1
        assert "signal_taken_by_nobody" not in faults()

    checked(is_guarded, check)
    assert {"watch_led_by_nobody", "case_led_by_nobody", "helper_has_left"} <= faults()
    if is_guarded:
        signal = every_signal().select_related("student").get(pk=signal.pk)
        acknowledge_signal(signal, actor=world.actor("psych2"))
        assert every_signal().get(pk=signal.pk).acknowledged_by == world.id_of("psych2")
