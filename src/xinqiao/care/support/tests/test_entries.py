"""Who comes onto the register and off it: proposals, decisions, looks, ends, and what a move does to it."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, connection, transaction

from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.support import following
from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.rules import KEPT_ALREADY, NO_REASON, NO_SUCH_CATEGORY, NOT_KEPT, NOT_PROPOSED
from xinqiao.care.support.selectors.members import members_at, members_by_school
from xinqiao.care.support.selectors.pages import count_to_look_at, entries_of, own_proposals, register_for
from xinqiao.care.support.services.entries import (
    CannotRegister,
    EntryDraft,
    accept_entry,
    decline_entry,
    end_entry,
    propose_entry,
    review_entry,
)
from xinqiao.care.support.states import EndReason, EntryState
from xinqiao.care.support.tests.conftest import WHY
from xinqiao.care.support.turning import pupils_on_the_register
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.events import event_kind
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.hooks import students_moved
from xinqiao.register.people.services.students import end_enrolment, move_student
from xinqiao.register.policy.selectors import parameters_for
from xinqiao.register.years.doubts import Question

FAMILY = EntryDraft("family", "one-parent", WHY)


def every_entry():
    return RegisterEntry.objects.for_system(reason="a test looks at all rows")


def refused(act) -> str:
    with pytest.raises(CannotRegister) as error:
        act()
    return error.value.code


def test_a_class_teacher_proposes_and_the_psychology_teacher_decides(world):
    teacher, psych, pupil = world.actor("teacher"), world.actor("psych"), world.students[0]
    entry = propose_entry(pupil, actor=teacher, draft=FAMILY)
    assert isinstance(propose_entry(pupil, actor=teacher, draft=FAMILY), Unchanged)
    assert count_to_look_at(psych, clock.today()) == 1
    (row,) = register_for(psych, clock.today()).proposed
    assert (row.proposed_by, row.reason, row.category_name) == ("周海宁", WHY, "特殊家庭")
    assert members_by_school([world.school.path])[world.school.path] == frozenset(), "a proposal is no entry"
    accept_entry(entry, actor=psych)
    assert members_by_school([world.school.path])[world.school.path] == {pupil.id}
    assert entry.review_on == clock.today() + dt.timedelta(days=90)
    assert refused(lambda: accept_entry(entry, actor=psych)) == NOT_PROPOSED
    events = list(AuditEvent.objects.filter(event__startswith="support.entry.").order_by("id"))
    assert [event.event for event in events] == ["support.entry.proposed", "support.entry.accepted"]
    assert all(WHY not in event.facts for event in events)
    assert "category" in event_kind("support.entry.accepted").care_facts, "the auditor is not told which"


def test_the_proposer_is_told_neither_what_became_of_it_nor_what_was_there_before(world, enter):
    teacher, pupil = world.actor("teacher"), world.students[0]
    enter(pupil)
    first = propose_entry(pupil, actor=teacher, draft=FAMILY)
    assert isinstance(first, RegisterEntry), "that the pupil is kept already is not told by a refusal"
    assert refused(lambda: accept_entry(first, actor=world.actor("psych"))) == KEPT_ALREADY
    decline_entry(first, actor=world.actor("psych"))
    shown = own_proposals(teacher, pupil, clock.today())
    assert [row.proposed_on for row in shown] == [clock.today()], "and not the entry of the psychology teacher"


@pytest.mark.parametrize("login", ["teacher_a", "other_psych", "head", "officer"])
def test_nobody_else_may_propose_or_enter(world, login):
    for act in (propose_entry, lambda s, actor, draft: accept_entry(propose(world), actor=actor)):
        with pytest.raises(Forbidden):
            act(world.students[0], actor=world.actor(login), draft=FAMILY)


def propose(world):
    return propose_entry(world.students[0], actor=world.actor("teacher"), draft=FAMILY)


def test_a_faulty_entry_is_refused_with_its_reason(world, enter):
    assert refused(lambda: enter(category="weird")) == NO_SUCH_CATEGORY
    assert refused(lambda: enter(kind="long-illness")) == NO_SUCH_CATEGORY, "of another category"
    assert refused(lambda: enter(reason="  ")) == NO_REASON
    enter()
    assert refused(enter) == KEPT_ALREADY
    enter(category="physique", kind="")


def test_the_database_itself_keeps_a_pupil_once_under_a_category_and_nothing_ends_without_a_reason(world, enter):
    entry = enter()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterEntry(
            county_id=entry.county_id, place=entry.place, student=entry.student, key_id=entry.key_id,
            category="family", reason="x", state="kept", since=clock.today(), review_on=clock.today(),
        ).save(force_insert=True)  # fmt: skip
    for wrong in ({"state": "ended"}, {"review_on": None}, {"state": "proposed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            every_entry().update(**wrong)


def test_reason_and_kind_lie_sealed_under_the_pupils_key(world, enter):
    entry = enter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, reason FROM support_registerentry")
        (stored,) = cursor.fetchall()
    assert WHY.encode() not in bytes(stored[1])
    assert b"parents-away" not in bytes(stored[0])
    assert open_sealed([every_entry().get(pk=entry.pk)], "reason")[0]["reason"] == WHY, "the control: it is in there"


def test_an_entry_is_looked_at_again_and_ends_with_a_reason(world, enter):
    psych, entry = world.actor("psych"), enter()
    due = clock.now() + dt.timedelta(days=90)
    assert count_to_look_at(psych, clock.today()) == 0
    with clock.frozen(due):
        assert register_for(psych, clock.today()).due == 1
        review_entry(entry, actor=psych, reason="奶奶身体好转")
        assert register_for(psych, clock.today()).due == 0
        assert entry.reviewed_on == clock.today()
        end_entry(entry, actor=psych, why=EndReason.NOT_NEEDED)
        (row,) = entries_of(psych, world.students[0], clock.today())
    assert (row.state, row.end_reason, row.reason) == ("ended", "不再需要", "奶奶身体好转")
    assert refused(lambda: review_entry(entry, actor=psych, reason="x")) == NOT_KEPT
    assert refused(lambda: end_entry(entry, actor=psych, why=EndReason.OTHER)) == NOT_KEPT


def test_an_entry_follows_into_another_class_and_ends_with_the_stay_at_the_school(world, enter):
    psych, pupil, entry = world.actor("psych"), world.students[0], enter()
    waiting = propose_entry(pupil, actor=world.actor("teacher"), draft=FAMILY)
    move_student(pupil, actor=psych, class_unit=world.class_a, on=clock.today())
    entry.refresh_from_db()
    assert (entry.state, entry.place) == (EntryState.KEPT, world.class_a.path)
    end_enrolment(pupil, actor=psych, on=clock.today())
    entry.refresh_from_db()
    waiting.refresh_from_db()
    assert (entry.state, entry.end_reason) == (EntryState.ENDED, EndReason.LEFT)
    assert waiting.state == EntryState.DECLINED
    assert AuditEvent.objects.filter(event__in=("support.entry.left", "support.entry.lapsed")).count() == 2
    move_student(pupil, actor=psych, class_unit=world.class_a, on=clock.today())
    assert members_by_school([world.school.path])[world.school.path] == frozenset(), "nothing comes back by itself"


def test_control_a_register_that_does_not_listen_keeps_the_child_who_left(world, enter, monkeypatch):
    receivers = [each for each in students_moved._receivers if each is not following.follow_pupils]
    monkeypatch.setattr(students_moved, "_receivers", receivers)
    entry = enter()
    end_enrolment(world.students[0], actor=world.actor("psych"), on=clock.today())
    entry.refresh_from_db()
    assert entry.state == EntryState.KEPT


def test_key_pupils_are_those_with_a_level_that_the_policy_names(world, enter):
    psych, rules = world.actor("psych"), parameters_for(world.school.path, clock.today())
    enter(world.students[1])
    review_on = clock.today() + dt.timedelta(days=14)
    for pupil, level in zip(world.students, ("orange", "green", "yellow"), strict=True):
        set_attention(pupil, actor=psych, level=level, advice="多留意", basis=Basis("review"), review_on=review_on)
    assert members_at(world.school.path, ["key"], rules) == {world.students[0].id}
    assert members_at(world.school.path, ["key", "family"], rules) == {s.id for s in world.students[:2]}
    assert members_at(world.school.path, ["physique"], rules) == frozenset()
    assert members_at(world.other_school.path, ["key", "family"], rules) == frozenset()


def test_the_turn_of_a_year_names_who_would_graduate_to_the_keeper_alone(world, enter):
    enter()
    leaving = frozenset(student.id for student in world.students)
    asked = lambda login: Question(world.school, world.actor(login), leaving, clock.today())  # noqa: E731
    (doubt,) = pupils_on_the_register(asked("psych"))
    assert [named.student_id for named in doubt.pupils] == [world.students[0].id]
    for login in ("head", "teacher", "other_psych"):
        assert pupils_on_the_register(asked(login)) == ()


def test_reading_the_register_is_an_event_with_the_ids_it_showed(world, enter):
    enter()
    register_for(world.actor("psych"), clock.today())
    event = AuditEvent.objects.get(event="support.register.read")
    assert json.loads(event.facts) == {"count": 1, "ids": [str(world.students[0].id)]}
