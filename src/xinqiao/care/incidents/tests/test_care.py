"""Who was exposed is looked after in time; a worry becomes a signal; a class teacher sees the own tasks alone."""

import pytest

from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.incidents import rules
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.models import Exposure
from xinqiao.care.incidents.rows import every_exposure
from xinqiao.care.incidents.services import caring
from xinqiao.care.incidents.services.caring import expose_pupils, look_after, waive_care
from xinqiao.care.incidents.tests.conftest import SAID
from xinqiao.care.incidents.tests.test_plan import clocks, running
from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged, recording
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.models import Membership
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.people.hooks import Moved, students_moved


def visible(world, login):
    rows = Exposure.objects.visible_to(world.actor(login), Permission.INCIDENT_AFTERCARE)
    return {row.student_id for row in rows}


def test_each_exposed_pupil_has_a_task_with_an_owner_and_a_clock(people):
    a, b, c = people.world.students
    (friend,) = people.expose(c, how="friend")
    made = people.expose(a, b)
    assert {row.by for row in made} == {"class_teacher"}
    assert friend.by == "psychology_teachers"
    assert friend.due_at < made[0].due_at
    assert all(running(row.id) for row in (friend, *made))
    assert AuditEvent.objects.filter(event="incidents.exposure.added").count() == 2


def test_who_is_on_the_map_already_stays_as_noted(people):
    a, b, _c = people.world.students
    people.expose(a, how="witness")
    assert [row.student_id for row in people.expose(a, b)] == [b.id]
    again = expose_pupils(people.incident, actor=people.actor(), students=[a, b], how="classmate")
    assert isinstance(again, Unchanged)
    assert every_exposure().get(student=a).how == "witness"


def test_a_class_without_a_class_teacher_falls_to_the_psychology_teacher(people):
    Membership.objects.filter(user=people.world.users["teacher_a"]).delete()
    (row,) = people.expose(people.world.students[2])
    assert row.by == "psychology_teachers"


def test_pupils_of_elsewhere_and_nobody_are_refused(people):
    for students, code in (([people.world.other_student], rules.NOT_AT_SCHOOL), ([], rules.NOBODY)):
        with pytest.raises(CannotDo, match=code):
            expose_pupils(people.incident, actor=people.actor(), students=students, how="classmate")
    with pytest.raises(Forbidden):
        expose_pupils(people.incident, actor=people.actor("teacher"), students=people.world.students, how="hurt")


def class_teachers_see_their_own_alone(people):
    """The check: of the own class, and only what falls to class teachers."""
    a, b, c = people.world.students
    people.expose(a, how="hurt")
    people.expose(b, c)
    assert visible(people.world, "teacher") == {b.id}
    assert visible(people.world, "teacher_a") == {c.id}
    assert visible(people.world, "psych") == {a.id, b.id, c.id}
    assert visible(people.world, "other_psych") == set()
    assert visible(people.world, "head") == set()


def test_a_class_teacher_reaches_the_own_tasks_and_no_other(people):
    class_teachers_see_their_own_alone(people)
    hurt = every_exposure().get(student=people.world.students[0])
    with pytest.raises(CannotDo):
        people.care(hurt)
    with pytest.raises(Forbidden):
        people.care(hurt, login="teacher_a")


def test_control_with_the_wide_scope_a_class_teacher_would_see_the_hurt_pupil(people, monkeypatch):
    from xinqiao.foundation.access.scoped import ScopedModel

    monkeypatch.setattr(Exposure, "scope", classmethod(ScopedModel.scope.__func__))
    with pytest.raises(AssertionError):
        class_teachers_see_their_own_alone(people)


def test_nothing_noticed_needs_no_words_and_ends_the_clock(people):
    (row,) = people.expose(people.world.students[0])
    people.care(row)
    kept = every_exposure().get(pk=row.pk)
    assert (kept.state, kept.settled_by) == ("fine", people.world.id_of("teacher"))
    assert not running(row.id)
    assert not every_signal().exists()
    assert isinstance(people.care(row), Unchanged)
    with pytest.raises(CannotDo, match=rules.SETTLED):
        people.care(row, login="psych", finding="worry", words=SAID)


def a_worry_becomes_a_signal(people):
    """The check: in the same step, once, from the exposure, with the urgency of what was seen."""
    (row,) = people.expose(people.world.students[0])
    for _click in range(2):
        people.care(row, finding="worry", words=SAID, seen=["withdrawn"])
    signal = every_signal().get()
    assert (signal.student_id, signal.source, signal.origin_id) == (row.student_id, "exposure", row.id)
    assert every_exposure().get(pk=row.pk).signal_id == signal.id
    assert signal.told_at is not None


def test_a_worry_becomes_a_signal_once(people):
    a_worry_becomes_a_signal(people)


def test_control_without_the_signal_the_worry_would_be_lost(people, monkeypatch):
    monkeypatch.setattr(caring, "_raise", lambda exposure, found, urgency: exposure.id)
    with pytest.raises((AssertionError, Exception)) as lost:
        a_worry_becomes_a_signal(people)
    assert not isinstance(lost.value, CannotDo)


def test_a_worry_says_something_that_the_policy_knows(people):
    (row,) = people.expose(people.world.students[0])
    for more, code in (
        ({"words": " "}, rules.NO_WORDS), ({"words": SAID, "seen": ["horoscope"]}, rules.NO_SUCH_WORD),
    ):  # fmt: skip
        with pytest.raises(CannotDo, match=code):
            people.care(row, finding="worry", **more)
    assert every_exposure().get(pk=row.pk).state == "waiting"


def test_a_whole_class_that_is_late_is_one_message_a_person(people):
    rows = people.expose(*people.world.students[:2])
    OutboxMessage.objects.for_system(reason="test").delete()
    due = max(row.due_at for row in rows)
    with clock.frozen(due):
        climb_due(due)
    climbed = clocks(subject_id__in=[row.id for row in rows]).values_list("rung", flat=True)
    assert list(climbed) == [1, 1]
    sent = OutboxMessage.objects.for_system(reason="test").filter(about_id=people.incident.id)
    assert len({row.key_id for row in sent}) == sent.count() >= 2
    events = AuditEvent.objects.filter(event="incidents.overdue.told", facts__contains="aftercare")
    assert events.count() == 2


def test_looking_after_follows_into_another_class(people):
    (row,) = people.expose(people.world.students[0])
    student, to = people.world.students[0], people.world.class_a
    with recording(system_actor("test")):
        type(student).objects.for_system(reason="a test moves a pupil").filter(pk=student.pk).update(place=to.path)
        students_moved.send([Moved(student.id, student.county_id, student.place, to.path, True, clock.today())])
    assert visible(people.world, "teacher_a") == {student.id}
    assert visible(people.world, "teacher") == set()
    look_after(every_exposure().get(pk=row.pk), actor=people.actor("teacher_a"), found=people.found())


def test_a_reason_ends_a_task_too(people):
    (row,) = people.expose(people.world.students[0])
    with pytest.raises(CannotDo, match=rules.NO_WORDS):
        waive_care(row, actor=people.actor(), words="")
    waive_care(row, actor=people.actor(), words="住院，由医院关怀")
    assert not running(row.id)
    assert isinstance(waive_care(row, actor=people.actor(), words="再来"), Unchanged)
