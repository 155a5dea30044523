"""A class is gone through pupil by pupil: what was noticed, what is passed on when, and the signature."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.rounds import rules
from xinqiao.care.rounds.models import RoundCall, RoundLine
from xinqiao.care.rounds.reasons import Told
from xinqiao.care.rounds.services import lists
from xinqiao.care.rounds.services.lists import CannotNote, note_nothing, note_worry, sign_list, take_back_worry
from xinqiao.care.rounds.states import Finding, ListState
from xinqiao.care.rounds.tests.conftest import every_line, every_list
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.register.deadlines.kinds import ROUND
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.people.services.students import end_enrolment, move_student

WORDS = "说奶奶住院了，这几天总趴在桌上"
MILD = Told(factors=("family-change",), seen=("withdrawn",), words=WORDS)
GRAVE = Told(seen=("says-wants-to-die",))


def signals():
    return Signal.objects.for_system(reason="a test looks at all rows")


def refused(act) -> str:
    with pytest.raises(CannotNote) as error:
        act()
    return error.value.code


def test_a_list_is_signed_when_every_pupil_was_looked_at_and_a_nil_return_is_signed_too(world, own_list):
    teacher, (first, second, _other) = world.actor("teacher"), world.students
    assert note_nothing(own_list, actor=teacher, student_ids=[first.id]) == 1
    assert refused(lambda: sign_list(own_list, actor=teacher)) == rules.NOT_ALL_LOOKED_AT
    assert note_nothing(own_list, actor=teacher, student_ids=[first.id, second.id]) == 1, "only who was left"
    assert isinstance(note_nothing(own_list, actor=teacher, student_ids=[first.id]), Unchanged)
    signed = sign_list(own_list, actor=teacher)
    assert (signed.pupils, signed.worries) == (2, 0)
    own_list.refresh_from_db()
    assert (own_list.state, own_list.signed_by, own_list.worries) == (ListState.SIGNED, world.id_of("teacher"), 0)
    assert not open_clocks().filter(kind=ROUND, subject_id=own_list.id).exists()
    assert not signals().exists()
    assert refused(lambda: sign_list(own_list, actor=teacher)) == rules.NOT_WAITING


def test_a_worry_enters_triage_with_the_signature_and_not_before(world, own_list):
    teacher, (first, second, _other) = world.actor("teacher"), world.students
    note_worry(own_list, actor=teacher, student=first, told=MILD)
    note_nothing(own_list, actor=teacher, student_ids=[first.id, second.id])
    assert every_line().get(student=first).finding == Finding.WORRY, "the worry stands"
    assert not signals().exists()
    assert sign_list(own_list, actor=teacher).worries == 1
    signal = signals().get()
    assert (signal.student_id, signal.source, signal.urgency) == (first.id, Source.ROUND, "yellow")
    assert signal.told_at is not None, "people were told"


def test_control_a_signature_that_passes_nothing_on_leaves_the_queue_empty(world, own_list, monkeypatch):
    monkeypatch.setattr(lists, "_pass_on_all", lambda found, at: None)
    teacher, (first, second, _other) = world.actor("teacher"), world.students
    note_worry(own_list, actor=teacher, student=first, told=MILD)
    note_nothing(own_list, actor=teacher, student_ids=[second.id])
    sign_list(own_list, actor=teacher)
    assert not signals().exists()


@pytest.mark.parametrize(("code", "urgency"), [("says-wants-to-die", "red"), ("is-bullied", "orange")])
def test_what_is_urgent_leaves_at_once_and_once(world, own_list, code, urgency):
    teacher, (first, second, _other) = world.actor("teacher"), world.students
    note_worry(own_list, actor=teacher, student=first, told=Told(seen=(code,)))
    assert signals().get().urgency == urgency
    assert refused(lambda: note_worry(own_list, actor=teacher, student=first, told=MILD)) == rules.PASSED_ON
    assert refused(lambda: take_back_worry(own_list, actor=teacher, student=first)) == rules.PASSED_ON
    note_nothing(own_list, actor=teacher, student_ids=[second.id])
    assert sign_list(own_list, actor=teacher).worries == 1
    assert signals().count() == 1


def test_a_worry_that_grows_is_passed_on_again(world, own_list):
    teacher, first = world.actor("teacher"), world.students[0]
    note_worry(own_list, actor=teacher, student=first, told=Told(seen=("is-bullied",)))
    note_worry(own_list, actor=teacher, student=first, told=GRAVE)
    assert sorted(signals().values_list("urgency", flat=True)) == ["orange", "red"]


def test_control_where_no_word_is_urgent_nothing_leaves_before_the_signature(world, own_list, monkeypatch):
    monkeypatch.setattr(rules, "is_passed_on_at_once", lambda urgency: False)
    note_worry(own_list, actor=world.actor("teacher"), student=world.students[0], told=GRAVE)
    assert not signals().exists()


def test_a_worry_that_was_not_passed_on_can_be_changed_and_taken_back(world, own_list):
    teacher, first = world.actor("teacher"), world.students[0]
    note_worry(own_list, actor=teacher, student=first, told=MILD)
    note_worry(own_list, actor=teacher, student=first, told=Told(words="其实只是没睡好"))
    take_back_worry(own_list, actor=teacher, student=first)
    line = every_line().get(student=first)
    assert (line.finding, line.noted) == (Finding.NOTHING, None)
    assert isinstance(take_back_worry(own_list, actor=teacher, student=first), Unchanged)


def test_a_faulty_worry_is_refused_with_its_reason(world, own_list):
    teacher, first = world.actor("teacher"), world.students[0]
    note = lambda told, student=first: refused(  # noqa: E731
        lambda: note_worry(own_list, actor=teacher, student=student, told=told)
    )
    assert note(Told()) == rules.NOTHING_SAID
    assert note(Told(words="  ")) == rules.NOTHING_SAID
    assert note(Told(seen=("made-up",))) == rules.NO_SUCH_WORD
    assert note(MILD, world.students[2]) == rules.NOT_IN_CLASS, "of the other class"


def test_who_joins_must_be_looked_at_and_who_leaves_need_not(world, own_list):
    teacher, psych, (first, second, third) = world.actor("teacher"), world.actor("psych"), world.students
    note_nothing(own_list, actor=teacher, student_ids=[first.id])
    note_worry(own_list, actor=teacher, student=second, told=MILD)
    (late,) = register_students(world.school, [StudentDraft("新同学", world.class_b, "20260399")], clock.today())
    assert refused(lambda: sign_list(own_list, actor=teacher)) == rules.NOT_ALL_LOOKED_AT
    end_enrolment(first, actor=psych, on=clock.today())
    move_student(second, actor=psych, class_unit=world.class_a, on=clock.today())
    note_nothing(own_list, actor=teacher, student_ids=[late.id, third.id])
    signed = sign_list(own_list, actor=teacher)
    assert (signed.pupils, signed.worries) == (1, 1), "a worry about one who changed the class is passed on as well"
    assert signals().get().student_id == second.id


def test_a_worry_about_who_left_the_school_raises_nothing(world, own_list):
    teacher, (first, second, _other) = world.actor("teacher"), world.students
    note_worry(own_list, actor=teacher, student=first, told=MILD)
    note_nothing(own_list, actor=teacher, student_ids=[second.id])
    end_enrolment(first, actor=world.actor("psych"), on=clock.today())
    assert sign_list(own_list, actor=teacher).worries == 0
    assert not signals().exists()


@pytest.mark.parametrize("login", ["teacher_a", "other_psych", "head", "officer"])
def test_nobody_else_may_write_or_sign(world, own_list, login):
    actor, first = world.actor(login), world.students[0]
    for act in (
        lambda: note_nothing(own_list, actor=actor, student_ids=[first.id]),
        lambda: note_worry(own_list, actor=actor, student=first, told=MILD),
        lambda: take_back_worry(own_list, actor=actor, student=first),
        lambda: sign_list(own_list, actor=actor),
    ):
        with pytest.raises(Forbidden):
            act()


def test_the_psychology_teacher_stands_in_and_signs_with_the_own_name(world, own_list):
    psych = world.actor("psych")
    note_nothing(own_list, actor=psych, student_ids=[student.id for student in world.students])
    sign_list(own_list, actor=psych)
    own_list.refresh_from_db()
    assert own_list.signed_by == world.id_of("psych")


def test_what_was_told_lies_sealed_and_the_audit_holds_none_of_it(world, own_list):
    note_worry(own_list, actor=world.actor("teacher"), student=world.students[0], told=MILD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT noted FROM rounds_roundline")
        ((stored,),) = cursor.fetchall()
    assert WORDS.encode() not in bytes(stored)
    assert b"family-change" not in bytes(stored)
    facts = "".join(AuditEvent.objects.filter(event__startswith="rounds.").values_list("facts", flat=True))
    assert WORDS not in facts
    assert "family-change" not in facts


def test_the_database_itself_keeps_one_line_a_pupil_and_no_signature_without_its_parts(world, own_list):
    line = note_worry(own_list, actor=world.actor("teacher"), student=world.students[0], told=MILD)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundLine(
            county_id=line.county_id, place=line.place, list=own_list, student=line.student, key_id=line.key_id,
            finding="nothing", looked_by=line.looked_by, looked_at=line.looked_at,
        ).save(force_insert=True)  # fmt: skip
    for wrong in ({"finding": "nothing"}, {"noted": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            every_line().update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        every_list().update(state="signed")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundCall.objects.for_system(reason="a test breaks a rule").update(reason="")
    assert every_line().get().looked_at - clock.now() == dt.timedelta(0), "the control: the line itself stands"
