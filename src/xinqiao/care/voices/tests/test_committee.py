"""Appointing, ending, moving away; what the clock tells; naming whom a worry is about."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from xinqiao.care.alerts.models import Signal
from xinqiao.care.voices import rules
from xinqiao.care.voices.jobs.tell import tell_new_voices
from xinqiao.care.voices.models import ClassmateWorry, ClassReport, CommitteeSeat
from xinqiao.care.voices.rows import every_report, every_seat, every_worry
from xinqiao.care.voices.services.committee import CannotSeat, appoint_member, end_member
from xinqiao.care.voices.services.worries import CannotSettle, name_pupil, set_aside
from xinqiao.care.voices.states import diagram
from xinqiao.care.voices.tests.conftest import CANARY
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.outbox import every_message
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.people.services.students import move_student


def events(name):
    return AuditEvent.objects.filter(event=name).count()


class TestCommittee:
    def test_a_class_teacher_appoints_for_the_own_class_only(self, world, seat):
        assert (seat.chair, seat.start_on, seat.end_on) == (1, clock.today(), None)
        assert events("voices.seat.given") == 1
        with pytest.raises(Forbidden):
            appoint_member(world.students[2], actor=world.actor("teacher"))
        assert appoint_member(world.students[2], actor=world.actor("psych")).chair == 1
        with pytest.raises(Forbidden):
            appoint_member(world.students[1], actor=world.actor("head"))

    def test_two_at_most_by_the_pack(self, world, seat):
        third = register_students(world.school, [StudentDraft("叶一舟", world.class_b, "20260303")], clock.today())[0]
        teacher = world.actor("teacher")
        assert isinstance(appoint_member(world.students[0], actor=teacher), Unchanged)
        assert appoint_member(world.students[1], actor=teacher).chair == 2
        with pytest.raises(CannotSeat, match=rules.ALL_TAKEN):
            appoint_member(third, actor=teacher)
        end_member(seat, actor=teacher)
        assert appoint_member(third, actor=teacher).chair == 1  # the control: with a free chair it goes
        assert isinstance(end_member(seat, actor=teacher), Unchanged)

    def test_the_database_holds_one_pupil_a_chair(self, world, seat):
        row = {"county_id": seat.county_id, "place": seat.place, "class_id": seat.class_id,
               "start_on": clock.today(), "appointed_by": seat.appointed_by}  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            CommitteeSeat.objects.create(**row, student=world.students[1], chair=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            CommitteeSeat.objects.create(**row, student=seat.student, chair=2)
        end_on = clock.today() - dt.timedelta(days=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            CommitteeSeat.objects.create(**row, student=world.students[1], chair=2, end_on=end_on)
        CommitteeSeat.objects.create(**row, student=world.students[1], chair=2)  # the control

    def test_who_moves_to_another_class_is_no_member_any_more(self, world, seat):
        move_student(seat.student, actor=world.actor("psych"), class_unit=world.class_a, on=clock.today())
        assert every_seat().get(pk=seat.pk).end_on == clock.today()
        assert events("voices.seat.left") == 1


class TestTelling:
    def test_a_report_leaves_a_neutral_word_for_the_class_teacher(self, world, frozen, write_report):
        report = write_report(told=False)
        assert tell_new_voices(frozen) == 1
        assert tell_new_voices(frozen) == 0
        assert every_report().get(pk=report.pk).told_at == frozen
        assert events("voices.report.told") == 1

    def test_the_word_goes_to_the_class_teacher_next_morning(self, world, frozen, write_report):
        staff = world.staff["teacher"]
        staff.mail = "teacher@school.example"
        staff.save()
        write_report(told=False)
        tell_new_voices(frozen)
        message = every_message().get(about_kind="class_report")
        assert message.next_try_at > frozen
        body = open_sealed([message], "address")[0]
        assert body["address"] == "teacher@school.example"
        assert "欧阳" not in message.body

    def test_a_worry_starts_its_clock_and_climbs(self, world, frozen, write_worry):
        worry, grave = write_worry(), write_worry(kinds=("hurt",), urgency="red")
        assert tell_new_voices(frozen) == 2
        due = {clock_row.subject_id: clock_row.due_at for clock_row in open_clocks().filter(kind="name")}
        assert due[grave.id] - frozen == dt.timedelta(minutes=15)
        assert due[worry.id] > frozen + dt.timedelta(hours=20)
        sent = every_message().filter(about_kind="worry").count()
        climbed = climb_due(frozen + dt.timedelta(minutes=16))
        assert [climb.subject_id for climb in climbed] == [grave.id]
        assert events("voices.worry.climbed") == 1
        assert every_message().filter(about_kind="worry").count() > sent

    def test_what_was_named_climbs_no_more(self, world, frozen, write_worry):
        worry = write_worry(kinds=("hurt",), urgency="red")
        tell_new_voices(frozen)
        name_pupil(worry, actor=world.actor("psych"), student=world.students[1])
        assert not open_clocks().filter(subject_id=worry.id).exists()
        climb_due(frozen + dt.timedelta(minutes=16))
        assert events("voices.worry.climbed") == 0


class TestWorries:
    def test_naming_raises_a_signal_on_that_pupil_once(self, world, write_worry):
        worry, psych = write_worry(urgency="yellow"), world.actor("psych")
        signal = name_pupil(worry, actor=psych, student=world.students[1])
        assert (signal.source, signal.urgency, signal.student_id) == ("committee", "yellow", world.students[1].id)
        basis = json.loads(open_sealed([signal], "basis")[0]["basis"])
        assert basis == [["classmate", "", ["low"]], ["own_words", "", [CANARY]]]
        stale = ClassmateWorry.objects.for_system(reason="test").get(pk=worry.pk)
        with pytest.raises(CannotSettle, match=rules.SETTLED_ALREADY):
            name_pupil(stale, actor=psych, student=world.students[2])
        with pytest.raises(CannotSettle, match=rules.SETTLED_ALREADY):
            name_pupil(worry, actor=psych, student=world.students[2])  # both had it open
        assert Signal.objects.for_system(reason="test").count() == 1

    def test_not_the_writer_and_not_another_school(self, world, write_worry):
        worry, psych = write_worry(), world.actor("psych")
        with pytest.raises(CannotSettle, match=rules.IS_THE_WRITER):
            name_pupil(worry, actor=psych, student=world.students[0])
        with pytest.raises(CannotSettle, match=rules.ANOTHER_SCHOOL):
            name_pupil(worry, actor=psych, student=world.other_student)
        with pytest.raises(Forbidden):
            name_pupil(worry, actor=world.actor("teacher"), student=world.students[1])
        assert every_worry().get().state == "open"

    def test_setting_aside_needs_a_reason_and_keeps_it_sealed(self, world, write_worry):
        worry, psych = write_worry(), world.actor("psych")
        with pytest.raises(CannotSettle, match=rules.NEEDS_REASON):
            set_aside(worry, actor=psych, reason="没事")
        set_aside(worry, actor=psych, reason="问过了，说的是外校的人")
        stored = every_worry().get()
        assert stored.state == "set_aside"
        assert "外校".encode() not in bytes(stored.reason)
        assert open_sealed([stored], "reason")[0]["reason"] == "问过了，说的是外校的人"

    def test_the_database_holds_who_is_named_and_why_set_aside(self, world, write_worry):
        worry = write_worry()
        for fields in ({"state": "named"}, {"named_id": world.students[1].id}, {"state": "set_aside"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                every_worry().filter(pk=worry.pk).update(**fields)

    def test_one_receipt_and_one_key(self, world, write_report):
        first = write_report()
        with pytest.raises(IntegrityError), transaction.atomic():
            ClassReport.objects.create(
                county_id=first.county_id, place=first.place, student=first.student, class_id=first.class_id,
                key_id=first.key_id, week_on=first.week_on, answers="{}", key=first.key, digest=b"y", receipt="other",
                reported_at=clock.now(),
            )  # fmt: skip


def test_the_diagram_tells_every_move():
    assert "open --> named: voices.worry.named (voices.worry:settle)" in diagram()
    assert "[*] --> named: voices.report.made" in diagram()
