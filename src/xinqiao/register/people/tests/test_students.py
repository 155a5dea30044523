"""Pupils by hand: listed, found by sound, added, edited, moved, left and back; PINs and slips."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.foundation.access.actors import Actor, Forbidden, Grant
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.fields import NotSealed
from xinqiao.register.orgs.hooks import units_closing
from xinqiao.register.orgs.services.units import CannotCloseUnit, close_unit
from xinqiao.register.people.bulk import ready_insert, update_rows
from xinqiao.register.people.models import Enrolment, PupilPin, Student
from xinqiao.register.people.moving import CannotMove
from xinqiao.register.people.pins import pin_mac
from xinqiao.register.people.registering import GuardianDraft
from xinqiao.register.people.selectors.students import student_file
from xinqiao.register.people.services.pins import reset_pin
from xinqiao.register.people.services.students import (
    CannotSave,
    StudentData,
    add_student,
    edit_student,
    end_enrolment,
    move_student,
)
from xinqiao.register.people.sorting import is_found, sound_order
from xinqiao.register.people.tests.conftest import identity, is_active, opened, stays

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 23)


@pytest.fixture
def psych(cast) -> Actor:
    return Actor(id=new_id(), name="林若溪", grants=(Grant(Role.PSYCH_TEACHER, cast.units["songhu-junior"].path),))


@pytest.fixture
def head(cast) -> Actor:
    return Actor(id=new_id(), name="贺长风", grants=(Grant(Role.PRINCIPAL, cast.units["songhu-junior"].path),))


@pytest.fixture
def third(cast):
    return cast.classes["songhu-junior", "junior", 1, 3]


@pytest.fixture
def pupil_of(cast, third):
    rows = Student.objects.for_system(reason="test").filter(place=third.path)
    return {opened(row, "number")["number"]: row for row in rows}["20260301"]


def pin_of(student):
    return PupilPin.objects.for_system(reason="test").get(student=student)


# ---- names


@pytest.mark.parametrize(
    ("name", "query", "found"),
    [
        ("欧阳思源", "思源", True), ("欧阳思源", "ouyang", True), ("欧阳思源", "oysy", True),
        ("欧阳思源", "OUYANG si", True),
        ("单田芳", "shan", True), ("单田芳", "dan", False), ("阿依古丽·买买提", "买买提", True), ("张伟", "zw", True),
        ("张伟", "wei", False), ("张伟", "", True), ("张伟", "李", False),
    ],
)  # fmt: skip
def test_a_name_is_found_by_characters_sound_and_first_letters(name, query, found):
    assert is_found(name, query) is found


def test_surnames_are_sorted_as_they_sound():
    assert sorted(["赵一", "单二", "仇三", "曾四", "安五"], key=sound_order) == ["安五", "仇三", "单二", "曾四", "赵一"]


# ---- pages


@pytest.mark.parametrize(
    ("login", "own", "other"),
    [("psych.songhu", 200, 200), ("class.songhu", 200, 404), ("grade.songhu", 200, 200), ("head.songhu", 200, 200),
     ("psych.primary", 404, 404), ("county.songhu", 403, 403), ("admin.linxi", 403, 403)],
)  # fmt: skip
def test_who_may_open_a_pupils_page(cast, client, pupil_of, login, own, other):
    first = cast.classes["songhu-junior", "junior", 1, 1]
    stranger = Student.objects.for_system(reason="test").filter(place=first.path).first()
    client.force_login(cast.users[login])
    assert client.get(reverse("people:student", args=[pupil_of.id])).status_code == own
    assert client.get(reverse("people:student", args=[stranger.id])).status_code == other


def test_a_class_teacher_sees_no_whole_identity_number(cast, client, pupil_of, psych):
    data = StudentData("欧阳思源", "20260301", identity(77, "20131105"), "male", dt.date(2013, 11, 5))
    edit_student(pupil_of, actor=psych, data=data)
    assert student_file(pupil_of, on=ON, is_whole=False).id_number == "…" + identity(77, "20131105")[-4:]
    client.force_login(cast.users["class.songhu"])
    assert identity(77, "20131105") not in client.get(reverse("people:student", args=[pupil_of.id])).content.decode()
    client.force_login(cast.users["psych.songhu"])
    assert identity(77, "20131105") in client.get(reverse("people:student", args=[pupil_of.id])).content.decode()


def test_the_list_searches_inside_what_the_reader_may_see(cast, client):
    client.force_login(cast.users["class.songhu"])
    page = client.get(reverse("people:students"), {"q": "ouyang"}).content.decode()
    assert "欧阳思源" in page
    client.force_login(cast.users["class2.songhu"])
    assert "欧阳思源" not in client.get(reverse("people:students"), {"q": "ouyang"}).content.decode()


def test_the_list_costs_the_same_for_few_and_many(cast, client, third, psych):
    client.force_login(cast.users["class.songhu"])
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("people:students"))
    for number in range(20):
        add_student(third, actor=psych, data=StudentData(f"学生{number}", f"9{number:04d}"), guardian=None, on=ON)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("people:students"))
    assert len(many) <= len(few)


def test_add_edit_move_leave_and_back_by_pages(cast, client, third):
    client.force_login(cast.users["psych.songhu"])
    address = reverse("people:student-new", args=[third.id])
    typed = {"name": "新 同学", "number": "20269901", "sex": "female", "birth_on": "2013-09-09", "boards": "",
             "guardian_name": "新家长", "relation": "mother", "phone": "138-0000-1234"}  # fmt: skip
    assert client.post(address, {**typed, "birth_on": "2030-01-01"}).status_code == 422
    student_id = client.post(address, typed).url.rstrip("/").rsplit("/", 1)[-1]
    student = Student.objects.for_system(reason="test").get(pk=student_id)
    assert opened(student, "name")["name"] == "新同学"
    again = client.post(address, typed)
    assert again.status_code == 422
    assert "已有其他学生使用该学号" in again.content.decode()
    second = cast.classes["songhu-junior", "junior", 1, 2]
    client.post(reverse("people:student-move", args=[student_id]), {"class_id": second.id, "on": "2026-12-01"})
    client.post(reverse("people:student-leave", args=[student_id]), {"on": "2026-12-05"})
    assert not is_active(student)
    client.post(reverse("people:student-move", args=[student_id]), {"class_id": third.id, "on": "2026-12-09"})
    assert is_active(student)
    assert stays(student) == [
        (third.path, ON, dt.date(2026, 12, 1)),
        (second.path, dt.date(2026, 12, 1), dt.date(2026, 12, 5)),
        (third.path, dt.date(2026, 12, 9), None),
    ]
    page = client.get(reverse("people:student", args=[student_id])).content.decode()
    assert "13800001234" in page
    events = AuditEvent.objects.filter(subject_id=student_id, event__startswith="people.").values_list(
        "event", flat=True
    )
    assert {e.rsplit(".", 1)[1] for e in events} == {"added", "moved", "left", "returned"}


def test_editing_says_which_fields_changed_and_no_values(psych, pupil_of):
    data = StudentData("欧阳思远", "20260301", "", "male", dt.date(2013, 11, 5))
    edit_student(pupil_of, actor=psych, data=data)
    event = AuditEvent.objects.get(event="people.student.edited")
    assert '"name"' in event.facts
    assert "思远" not in event.facts
    assert isinstance(edit_student(pupil_of, actor=psych, data=data), Unchanged)
    with pytest.raises(CannotSave, match="number_taken"):
        edit_student(pupil_of, actor=psych, data=StudentData("欧阳思远", "20260302"))


def test_a_move_leads_only_into_another_class_of_the_school(cast, psych, pupil_of, third):
    primary = cast.classes["songhu-primary", "primary", 1, 1]
    for unit, on, code in ((primary, ON, "other_school"), (third, ON, "already_there")):
        with pytest.raises(CannotMove, match=code):
            move_student(pupil_of, actor=psych, class_unit=unit, on=on)
    second = cast.classes["songhu-junior", "junior", 1, 2]
    with pytest.raises(CannotMove, match="before_start"):
        move_student(pupil_of, actor=psych, class_unit=second, on=dt.date(2020, 1, 1))
    teacher = Actor(id=new_id(), grants=(Grant(Role.CLASS_TEACHER, third.path),))
    with pytest.raises(Forbidden):
        end_enrolment(pupil_of, actor=teacher, on=ON)


def test_the_database_refuses_two_open_stays_and_two_of_one_number(cast, pupil_of, third):
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment(student=pupil_of, county_id=pupil_of.county_id, place=third.path, class_id=third.id,
                  start_on=ON).save(force_insert=True)  # fmt: skip
    other = Student.objects.for_system(reason="test").filter(place=third.path).exclude(pk=pupil_of.pk).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Student.objects.for_system(reason="test").filter(pk=other.pk).update(number_index=pupil_of.number_index)


def test_whole_batches_take_sealed_values_only(pupil_of):
    with pytest.raises(NotSealed):
        update_rows(Student, ("name",), [("readable", pupil_of.id)])
    with pytest.raises(NotSealed):
        ready_insert(PupilPin, ("id", "pin"), [(new_id(), b"123456")])
    with pytest.raises(LookupError):
        ready_insert(PupilPin, ("nothing",), [])


# ---- PINs


def test_a_new_pin_voids_the_old_one_and_lifts_the_lock(cast, client, pupil_of):
    row = pin_of(pupil_of)
    old = opened(row, "pin")["pin"]
    PupilPin.objects.for_system(reason="test").filter(pk=row.pk).update(failures=5)
    client.force_login(cast.users["class.songhu"])
    assert client.post(reverse("people:student-pin", args=[pupil_of.id])).status_code == 302
    row = pin_of(pupil_of)
    new = opened(row, "pin")["pin"]
    assert (new != old, row.failures, bytes(row.pin_mac)) == (True, 0, pin_mac(pupil_of.id, new))


def test_slips_show_what_the_door_asks_for_and_who_printed_them(cast, client, pupil_of, third):
    client.force_login(cast.users["class.songhu"])
    page = client.get(reverse("people:pin-slips", args=[third.id])).content.decode()
    pin = opened(pin_of(pupil_of), "pin")["pin"]
    assert all(text in page for text in (pin, "20260301", third.window_code, "欧阳思源", "周海宁"))
    event = AuditEvent.objects.get(event="people.pins.printed")
    assert (event.subject_id, pin in event.facts) == (third.id, False)
    client.post(reverse("people:pins-reset", args=[third.id]))
    assert pin not in client.get(reverse("people:pin-slips", args=[third.id])).content.decode()


@pytest.mark.parametrize(("login", "status"), [("class2.songhu", 404), ("psych.primary", 404), ("head.songhu", 403)])
def test_slips_are_for_the_classes_own_teachers(cast, client, third, pupil_of, login, status):
    client.force_login(cast.users[login])
    assert client.get(reverse("people:pin-slips", args=[third.id])).status_code == status
    assert client.post(reverse("people:pins-reset", args=[third.id])).status_code == status
    assert client.post(reverse("people:student-pin", args=[pupil_of.id])).status_code == status


def test_a_pin_needs_the_right_at_the_pupils_place(cast, pupil_of):
    stranger = Actor(
        id=new_id(), grants=(Grant(Role.CLASS_TEACHER, cast.classes["songhu-junior", "junior", 1, 1].path),)
    )
    with pytest.raises(Forbidden):
        reset_pin(pupil_of, actor=stranger)


def test_guardians_are_shared_by_brothers_and_sisters(cast, client, psych, third):
    shared = GuardianDraft("共同家长", "13911112222", "mother")
    one, two = (add_student(third, actor=psych, data=StudentData(f"手足{i}", f"99{i}00"), guardian=shared, on=ON)
                for i in (1, 2))  # fmt: skip
    rows = [student_file(student, on=ON, is_whole=True).guardians for student in (one, two)]
    assert rows[0][0].guardian_id == rows[1][0].guardian_id
    client.force_login(cast.users["psych.songhu"])
    twice = {"guardian_name": "共同家长", "relation": "mother", "phone": "13911112222"}
    assert client.post(reverse("people:guardian-add", args=[one.id]), twice).status_code == 302
    assert len(student_file(one, on=ON, is_whole=True).guardians) == 1
    client.post(reverse("people:guardian-end", args=[one.id, rows[0][0].tie_id]))
    assert student_file(one, on=ON, is_whole=True).guardians == ()
    assert len(student_file(two, on=ON, is_whole=True).guardians) == 1


def test_a_class_with_pupils_is_not_closed(cast, third, head):
    with pytest.raises(CannotCloseUnit, match="has_people"):
        close_unit(third, actor=head)
    Student.objects.for_system(reason="a test").filter(place=third.path).update(
        place=third.parent.parent.path, status="left"
    )
    assert close_unit(third, actor=head).is_closed


def test_control_without_the_receiver_it_closes(third, head, monkeypatch):
    monkeypatch.setattr(units_closing, "_receivers", [])
    assert close_unit(third, actor=head).is_closed
