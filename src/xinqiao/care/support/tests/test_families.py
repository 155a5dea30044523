"""Contact with families: what counts, who reads it, what is owed near the end of a term and after a worry."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.alerts.services.reporting import Worry, report_worry
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.support import following, jobs
from xinqiao.care.support.jobs.families import keep_families
from xinqiao.care.support.models import ContactDuty, FamilyContact
from xinqiao.care.support.selectors.contacts import class_counts, contacts_of, owed_pupils
from xinqiao.care.support.selectors.counts import family_counts
from xinqiao.care.support.services.contacts import CannotNote, ContactDraft, note_contact, note_mentors_contact
from xinqiao.care.support.services.mentors import set_mentor
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.duty.tests.world import add_staff
from xinqiao.register.orgs.models import SchoolYear, Term
from xinqiao.register.people.models import Tie
from xinqiao.register.people.registering import GuardianDraft, StudentDraft, register_students
from xinqiao.register.people.services.students import end_enrolment, move_student

WORDS = "妈妈说最近睡得晚，一起商量了作息"
NEAR_THE_END = dt.datetime(2026, 12, 25, 2, 0, tzinfo=dt.UTC)
LATE = dt.datetime(2027, 1, 12, 2, 0, tzinfo=dt.UTC)


def rows(model):
    return model.objects.for_system(reason="a test looks at all rows")


@pytest.fixture
def families(world):
    """A term, and a class of one's own of two pupils with a mother each."""
    year = SchoolYear.objects.create(
        unit=world.county, starts_in=2026, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 7, 5)
    )
    Term.objects.create(year=year, number=1, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 1, 24))
    drafts = [StudentDraft(name, world.class_b, f"30{n}", guardians=(GuardianDraft(f"{name}的母亲", "", "mother"),))
              for n, name in enumerate(("甘露", "白杨"))]  # fmt: skip
    pupils = register_students(world.school, drafts, clock.today())
    for student in world.students[:2]:
        end_enrolment(student, actor=world.actor("psych"), on=clock.today())
    return pupils


def mother_of(student):
    return rows(Tie).get(student=student, kind="guardian").person_id


def draft(student=None, **said):
    base = {
        "reached_on": clock.today(), "channel": "phone", "guardian": mother_of(student) if student else None,
        "is_answered": True, "topics": ("sleep",), "words": WORDS, "key": new_id(),
    }  # fmt: skip
    return ContactDraft(**{**base, **said})


def reached(world, login="teacher"):
    return {row.name: (row.reached, row.pupils) for row in class_counts(world.actor(login), clock.today())}


def check_what_counts(world, families):
    """Only an answered contact with a guardian of the roster counts for the term."""
    teacher, (first, _second) = world.actor("teacher"), families
    note_contact(first, actor=teacher, draft=draft(first, is_answered=False))
    note_contact(first, actor=teacher, draft=draft())
    assert reached(world) == {"七年级(3)班": (0, 2)}
    said = draft(first)
    assert isinstance(note_contact(first, actor=teacher, draft=said), FamilyContact)
    assert note_contact(first, actor=teacher, draft=said) == Unchanged("noted_already")
    assert reached(world) == {"七年级(3)班": (1, 2)}


def test_only_an_answered_contact_with_a_guardian_counts(world, families):
    check_what_counts(world, families)


def test_control_counting_every_try_is_seen(world, families, monkeypatch):
    from xinqiao.care.support.selectors import contacts

    monkeypatch.setattr(contacts, "counted_contacts", contacts.every_contact)
    with pytest.raises(AssertionError):
        check_what_counts(world, families)


def test_words_are_sealed_and_read_by_class_teacher_psychology_teacher_and_the_mentor_who_wrote_them(world, families):
    first, second = families
    set_mentor(first, actor=world.actor("psych"), mentor=world.id_of("teacher_a"))
    mentor, teacher = world.actor("teacher_a"), world.actor("teacher")
    note_contact(first, actor=teacher, draft=draft(first))
    note_mentors_contact(world.class_a.path, actor=mentor, student=first, draft=draft(first, channel="visit"))
    with pytest.raises(CannotNote):
        note_mentors_contact(world.class_a.path, actor=mentor, student=second, draft=draft(second))
    for wrong in ({"guardian": mother_of(second)}, {"topics": ("money",)},
                  {"reached_on": clock.today() + dt.timedelta(days=1)}):  # fmt: skip
        with pytest.raises(CannotNote):
            note_contact(first, actor=teacher, draft=draft(first, **wrong))
    for login in ("teacher_a", "head", "other_psych", "officer"):
        with pytest.raises(Forbidden):
            note_contact(first, actor=world.actor(login), draft=draft(first))

    def read(login, permission=Permission.CONTACT_WRITE):
        return [row.channel for row in contacts_of(world.actor(login), first, permission, clock.today())]

    assert (len(read("teacher")), len(read("psych")), read("head")) == (2, 2, [])
    assert read("teacher_a", Permission.MENTEE_OWN) == ["家访"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM support_familycontact")
        assert all(WORDS.encode() not in bytes(row[0]) for row in cursor.fetchall())


def check_it_climbs_to_an_end(world, families):
    """Missing families become one task of the class, which climbs until everybody has heard, and ends when reached."""
    add_staff(world, "grade", "沈知远", Role.GRADE_HEAD, world.class_b.parent, unit=world.school, mail="g@s.example")
    assert keep_families(clock.now()) == 0, "in the middle of a term nothing is owed"
    with clock.frozen(NEAR_THE_END):
        keep_families(clock.now())
        assert keep_families(clock.now()) == 0, "once a term"
        duty = rows(ContactDuty).get(place=world.class_b.path)
        assert duty.due_at.date() == dt.date(2027, 1, 9)
        assert rows(Deadline).get(subject_id=duty.pk).kind == "contact"
    for days in range(9):
        with clock.frozen(LATE + dt.timedelta(days=days)):
            climb_due(clock.now())
            codes = {fault.code for fault in prove(clock.now()).faults if "contact" in fault.code}
            assert codes == set()
    duty.refresh_from_db()
    assert (duty.rung, duty.ended_as) == (2, "")
    told = rows(OutboxMessage).filter(about_id=duty.pk)
    assert told.exists()
    assert not any("甘露" in message.body for message in told)
    with clock.frozen(LATE + dt.timedelta(days=9)):
        for student in families:
            note_contact(student, actor=world.actor("psych"), draft=draft(student))
    duty.refresh_from_db()
    assert duty.ended_as == "done"
    other = rows(ContactDuty).get(place=world.class_a.path)
    with clock.frozen(dt.datetime(2027, 1, 25, 2, 0, tzinfo=dt.UTC)):
        keep_families(clock.now())
    other.refresh_from_db()
    assert other.ended_as == "over"


def test_missing_families_become_a_task_that_climbs(world, families):
    check_it_climbs_to_an_end(world, families)


def test_control_a_school_whose_clock_owes_nothing_is_seen(world, families, monkeypatch):
    monkeypatch.setattr(jobs.families, "owe_class", lambda *_args, **_kwargs: False)
    with pytest.raises((AssertionError, ContactDuty.DoesNotExist)):
        check_it_climbs_to_an_end(world, families)


def check_owed_after_a_worry(world, families, enter):
    """A worry about a registered pupil owes the family a contact; about another pupil it does not."""
    first, second = families
    enter(first)
    for student in (first, second):
        worry = Worry(typed="x", seen=("low",), factors=(), words="", seen_when="today", key=new_id())
        report_worry(world.class_b.path, actor=world.actor("teacher"), student=student, worry=worry)
    assert [duty.student_id for duty in owed_pupils(world.actor("psych"))] == [first.pk]
    assert owed_pupils(world.actor("teacher")) == [], "who is on the register is not theirs to know"
    assert owed_pupils(world.actor("head")) == []


def test_a_worry_about_a_registered_pupil_owes_the_family_a_contact(world, families, enter):
    check_owed_after_a_worry(world, families, enter)
    (duty,) = owed_pupils(world.actor("psych"))
    move_student(duty.student, actor=world.actor("psych"), class_unit=world.class_a, on=clock.today())
    assert not [fault for fault in prove(clock.now()).faults if "contact" in fault.code]
    rows(ContactDuty).filter(pk=duty.pk).update(place=world.class_b.path)
    rows(Deadline).filter(subject_id=duty.pk).delete()
    found = {fault.code for fault in prove(clock.now()).faults}
    assert {"contact_without_clock", "contact_not_with_the_pupil"} <= found, "the planted breakage"
    families[0].refresh_from_db()
    note_contact(families[0], actor=world.actor("teacher_a"), draft=draft(families[0]))
    assert owed_pupils(world.actor("psych")) == []


def test_control_a_register_that_does_not_hear_of_worries_is_seen(world, families, enter, monkeypatch):
    from xinqiao.care.alerts.settling import signal_told

    deaf = [each for each in signal_told._receivers if each is not following.owe_families]
    monkeypatch.setattr(signal_told, "_receivers", deaf)
    with pytest.raises(AssertionError):
        check_owed_after_a_worry(world, families, enter)


def test_the_pages_of_class_grade_head_and_bureau(world, families, client, enter):
    def sign_in(login):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])

    first = families[0]
    enter(first)
    there = reverse("support:contacts-class", args=[world.class_b.id])
    sign_in("teacher")
    assert there in client.get(reverse("support:contacts")).content.decode()
    before = client.get(there).content.decode()
    assert "甘露" in before
    assert "请尽快联系家长" not in before
    note = reverse("support:contacts-pupil", args=[first.id])
    typed = {"key": str(new_id()), "channel": "", "adult": str(mother_of(first)), "answered": "yes",
             "reached_on": "2026-11-23", "topics": ["sleep"], "words": WORDS}  # fmt: skip
    refused = client.post(note, typed)
    assert (refused.status_code, WORDS in refused.content.decode()) == (422, True)
    assert client.post(note, {**typed, "channel": "visit"}).url == note
    assert "甘露的母亲" in client.get(note).content.decode()
    assert client.get(reverse("support:contacts-pupil", args=[world.students[2].id])).status_code == 404
    sign_in("head")
    counted = client.get(reverse("support:contacts")).content.decode()
    assert "1 / 2" in counted
    assert there not in counted
    assert client.get(there).status_code == 403
    (own,) = family_counts(world.actor("head"), clock.today())
    assert (own.reached, own.pupils, own.channels[0]) == (1, 3, 1)
    (told,) = family_counts(world.actor("officer"), clock.today())
    assert (told.reached, told.channels) == (None, (None, None, None, None, None))
    assert all(WORDS not in event.facts for event in AuditEvent.objects.all())


def test_twenty_pupils_cost_no_more_queries_than_two(world, families, client):
    client.force_login(world.users["teacher"], backend=settings.AUTHENTICATION_BACKENDS[0])
    there, counts = reverse("support:contacts-class", args=[world.class_b.id]), []
    for drafts in ((), [StudentDraft(f"学生{n}", world.class_b, f"2026019{n:02}") for n in range(18)]):
        register_students(world.school, drafts, clock.today())
        client.get(there)
        with CaptureQueriesContext(connection) as made:
            client.get(there)
        counts.append(len(made))
    assert counts[1] <= counts[0]
