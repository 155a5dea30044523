"""From a file to the register: who is created, changed, moved, found again, refused."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import recording
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people import hooks
from xinqiao.register.people.models import (
    Enrolment,
    Guardian,
    PupilPin,
    RosterPart,
    RosterRefusal,
    RosterRun,
    Student,
    Tie,
)
from xinqiao.register.people.moving import place_students
from xinqiao.register.people.registering import index_of
from xinqiao.register.people.roster import matching, planning
from xinqiao.register.people.roster.classes import new_class, new_grade
from xinqiao.register.people.roster.writing import Overtaken
from xinqiao.register.people.states import RosterState
from xinqiao.register.people.tests.conftest import (
    HEAD,
    PUPILS,
    counts,
    identity,
    is_active,
    opened,
    pupil,
    pupils_by_name,
    stays,
)

pytestmark = pytest.mark.django_db
LATER = "2026-12-01"


def everything() -> list:
    """All rows that a roster may touch, as values, to see that nothing changed."""
    tables = (Student, Enrolment, PupilPin, Guardian, Tie)
    rows = ([tuple(bytes(v) if isinstance(v, bytes) else v for v in row)
             for row in model.objects.for_system(reason="test").values_list()] for model in tables)  # fmt: skip
    return [sorted(map(repr, some)) for some in rows]


def test_pupils_arrive_with_class_pin_guardian_and_nothing_readable_in_the_database(school, roster, imported):
    code, body = imported(roster(PUPILS))
    assert (code, counts(body)) == (0, (3, 0, 0, 0, 0, 0))
    found = pupils_by_name()
    zhang = found["张伟"]
    assert opened(zhang, "number", "id_number", "birth_on") == {
        "number": "20260301", "id_number": identity(101), "birth_on": "2013-04-05",
    }  # fmt: skip
    assert (zhang.sex, zhang.birth_year, zhang.number_index) == ("male", 2013, index_of("student_number", "20260301"))
    unit = Unit.objects.get(path=zhang.place)
    assert (unit.stage, unit.entry_year, unit.number, len(unit.window_code)) == ("junior", 2026, 3, 6)
    assert stays(zhang) == [(zhang.place, dt.date(2026, 11, 23), None)]
    assert PupilPin.objects.for_system(reason="test").count() == 3
    guardian = Guardian.objects.for_system(reason="test").get()
    assert opened(guardian, "name", "phone") == {"name": "张国强", "phone": "13800000004"}
    assert "张伟".encode() not in b"".join(bytes(row.name) for row in found.values())


def test_the_same_file_again_changes_nothing(school, roster, imported):
    path = roster(PUPILS)
    imported(path)
    before = everything()
    written = AuditEvent.objects.filter(event="people.roster.applied").count()
    code, body = imported(path, on=LATER)
    assert (code, counts(body)) == (0, (0, 0, 0, 3, 0, 0))
    assert everything() == before
    assert AuditEvent.objects.filter(event="people.roster.applied").count() == written


def test_that_check_sees_a_change(school, roster, imported):
    imported(roster(PUPILS))
    before = everything()
    imported(roster([pupil("张玮", "20260301", id_=identity(101)), *PUPILS[1:]]))
    assert everything() != before


def test_a_dry_run_counts_and_writes_nothing(school, roster, imported):
    code, body = imported(roster(PUPILS), "first", "--dry-run")
    assert (code, counts(body)) == (0, (3, 0, 0, 0, 0, 0))
    assert not Student.objects.for_system(reason="test").exists()
    assert not RosterRun.objects.for_system(reason="test").exists()


def test_changed_moved_missing_and_refused_in_one_file(school, roster, imported):
    imported(roster(PUPILS))
    rows = [
        pupil("张伟", "20260301", id_=identity(101), guardian="张国强", phone="13900000004"),
        pupil("欧阳思源", "20260302", "七(2)班", id_=identity(102)),
        pupil("新来", "20260309", "不是班级"),
    ]
    code, body = imported(roster(rows), on=LATER)
    assert (code, counts(body)) == (2, (0, 1, 1, 0, 1, 1))
    (refused,) = body["rejected"]
    assert (refused["row"], refused["column"], refused["code"]) == (4, "班级", "class_unreadable")
    found = pupils_by_name()
    ouyang = found["欧阳思源"]
    old, new = stays(ouyang)
    assert old[1:] == (dt.date(2026, 11, 23), dt.date(2026, 12, 1))
    assert new == (ouyang.place, dt.date(2026, 12, 1), None)
    assert PupilPin.objects.for_system(reason="test").get(student=ouyang).place == ouyang.place
    assert opened(Guardian.objects.for_system(reason="test").get(), "phone") == {"phone": "13900000004"}
    assert is_active(found["㛃䶮"])


def test_strict_writes_nothing_if_a_row_is_refused(school, roster, imported):
    rows = [*PUPILS, pupil("新来", "20260309", "")]
    code, body = imported(roster(rows), "first", "--strict")
    assert (code, counts(body)) == (2, (0, 0, 0, 0, 0, 1))
    assert not Student.objects.for_system(reason="test").exists()
    code, body = imported(roster(rows))
    assert (code, body["created"]) == (2, 3)


@pytest.mark.parametrize(("body", "code"), [(b"", "file_empty"), (b"just words\n", "header_not_found")])
def test_a_file_that_says_nothing_ends_with_1(school, tmp_path, imported, body, code):
    path = tmp_path / "roster.csv"
    path.write_bytes(body)
    ended, printed = imported(path)
    assert (ended, printed["rejected"][0]["code"]) == (1, code)


def test_a_header_without_pupils_and_a_file_that_is_not_there_end_with_1(school, roster, tmp_path, imported):
    assert imported(roster([]))[0] == 1
    ended, printed = imported(tmp_path / "nowhere.xlsx")
    assert (ended, printed["rejected"][0]["code"]) == (1, "file_missing")


def test_an_unknown_unit_is_named(school, roster):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("roster", "import", str(roster(PUPILS)), "--unit", "nowhere")


def test_the_table_for_people_stops_after_eighty_refused_rows(school, roster, capsys):
    rows = [pupil(f"学生{'一二三四五六七八九'[i % 9]}", f"2026{i:04d}", "") for i in range(95)]
    with pytest.raises(SystemExit) as ended:
        call_command("roster", "import", str(roster(rows)), "--unit", "first", "--dry-run")
    out = capsys.readouterr().out
    assert ended.value.code == 2
    assert "15" in out.splitlines()[-1]
    assert len(out.splitlines()) < 95


def test_found_again_by_identity_number_when_the_number_changed(school, roster, imported):
    imported(roster(PUPILS))
    code, body = imported(roster([pupil("张伟", "20269999", id_=identity(101)), *PUPILS[1:]]))
    assert (code, counts(body)) == (0, (0, 1, 0, 2, 0, 0))
    assert pupils_by_name()["张伟"].number_index == index_of("student_number", "20269999")


def test_found_by_the_identity_number_inside_a_national_number(school, roster, imported):
    imported(roster(PUPILS))
    head = ["姓名", "学籍号", "班级"]
    code, body = imported(roster([["张伟", "G" + identity(101), "七(3)班"]], head=head))
    assert (code, counts(body)) == (0, (0, 1, 0, 0, 2, 0))
    zhang = pupils_by_name()["张伟"]
    assert opened(zhang, "number", "national_number") == {
        "number": "20260301", "national_number": "G" + identity(101),
    }  # fmt: skip


def test_a_number_claimed_by_two_children_is_refused(school, roster, imported):
    imported(roster(PUPILS))
    code, body = imported(roster([pupil("张伟", "20260302", id_=identity(101))]))
    assert (code, body["rejected"][0]["code"], body["rejected"][0]["column"]) == (2, "number_claimed", "学号")
    assert body["missing"] == 1, "neither of the two who are named is missing"


def test_a_number_that_became_another_childs_is_refused_and_a_renamed_child_is_not(school, roster, imported):
    imported(roster(PUPILS))
    _, body = imported(roster([pupil("王芳", "20260301", id_=identity(250, "20140101"))]))
    assert body["rejected"][0]["code"] == "number_of_another"
    _, body = imported(roster([pupil("张炜", "20260301"), *PUPILS[1:]]))
    assert counts(body) == (0, 1, 0, 2, 0, 0)
    assert "张炜" in pupils_by_name()


def test_that_refusal_comes_from_the_comparison(school, roster, imported, monkeypatch):
    imported(roster(PUPILS))
    monkeypatch.setattr("xinqiao.register.people.roster.settling.contradicts_person", lambda *a, **k: False)
    _, body = imported(roster([pupil("王芳", "20260301", id_=identity(250, "20140101"))]))
    assert body["rejected"] == []


def test_homonyms_with_their_own_numbers_stay_two_children(school, roster, imported):
    rows = [pupil("李娜", "20260311", id_=identity(111)), pupil("李娜", "20260312", id_=identity(112, "20130707"))]
    code, body = imported(roster(rows))
    assert (code, counts(body)) == (0, (2, 0, 0, 0, 0, 0))
    assert counts(imported(roster(rows))[1]) == (0, 0, 0, 2, 0, 0)


def test_a_homonym_under_another_number_is_never_guessed(school, roster, imported):
    imported(roster([pupil("李娜", "20260311")]))
    _, body = imported(roster([pupil("李娜", "20260399")]))
    assert body["rejected"][0]["code"] == "may_be_same_child"
    _, body = imported(roster([pupil("李娜", "20260311"), pupil("李娜", "20260399")]))
    assert counts(body) == (1, 0, 0, 1, 0, 0), "both stand in the file, so they are two"


def test_two_rows_may_not_mean_one_child(school, roster, imported):
    imported(roster([pupil("李娜", "20260311", id_=identity(111))]))
    _, body = imported(roster([pupil("李娜", "20260311"), pupil("李娜", "20260399", id_=identity(111))]))
    assert [one["code"] for one in body["rejected"]] == ["claimed_twice"]


def test_pupils_without_a_number_are_found_by_name_class_and_birth_and_get_a_seat(school, roster, imported):
    head = ["姓名", "学号", "班级", "出生日期"]
    rows = [["陈一", "", "七(3)班", "2013.3.5"], ["陈二", "", "七(3)班", "20130809"], ["陈三", "0007", "七(3)班", ""]]
    code, body = imported(roster(rows, head=head))
    assert (code, body["created"]) == (0, 3)
    found = pupils_by_name()
    assert [opened(found[name], "number")["number"] for name in ("陈一", "陈二")] == ["01", "02"]
    assert counts(imported(roster(rows, head=head))[1])[:4] == (0, 0, 0, 3)
    rows[0][2] = "七(2)班"
    assert counts(imported(roster(rows, head=head), on=LATER)[1])[:4] == (0, 0, 1, 2)
    rows[1][3] = ""
    rows[1][2] = "七(2)班"
    _, body = imported(roster(rows, head=head), on=LATER)
    assert body["created"] == 1, "without a birth date a name in another class is somebody else"


def test_a_child_who_left_and_came_back_opens_a_new_stay(school, roster, imported):
    imported(roster(PUPILS))
    ouyang = pupils_by_name()["欧阳思源"]
    was_in = ouyang.place
    with recording(system_actor("test")):
        place_students([(ouyang, None)], dt.date(2026, 11, 25))
    assert not is_active(ouyang)
    code, body = imported(roster(PUPILS), on=LATER)
    assert (code, counts(body)) == (0, (0, 0, 1, 2, 0, 0))
    assert is_active(ouyang)
    assert stays(ouyang) == [
        (was_in, dt.date(2026, 11, 23), dt.date(2026, 11, 25)),
        (was_in, dt.date(2026, 12, 1), None),
    ]


def test_a_move_before_the_present_stay_began_is_refused(school, roster, imported):
    imported(roster(PUPILS))
    rows = [pupil("张伟", "20260301", "七(1)班", id_=identity(101)), *PUPILS[1:]]
    code, body = imported(roster(rows), on="2026-10-01")
    assert (code, body["rejected"][0]["code"]) == (2, "moved_before_start")
    assert len(stays(pupils_by_name()["张伟"])) == 1


def test_the_floors_above_hear_of_moves_in_the_same_transaction(school, roster, imported, monkeypatch):
    imported(roster(PUPILS))
    heard = []
    monkeypatch.setattr(hooks.students_moved, "_receivers", [heard.extend])
    rows = [PUPILS[0], pupil("欧阳思源", "20260302", "七(2)班", id_=identity(102)), PUPILS[2]]
    imported(roster(rows), on=LATER)
    (moved,) = heard
    assert moved.student_id == pupils_by_name()["欧阳思源"].id
    assert (moved.old_place != moved.place, moved.is_at_school, moved.on) == (True, True, dt.date(2026, 12, 1))

    def refuse(_):
        raise RuntimeError("a receiver failed")

    monkeypatch.setattr(hooks.students_moved, "_receivers", [refuse])
    before = everything()
    with pytest.raises(RuntimeError):
        imported(roster(PUPILS), on="2026-12-02")
    assert everything() == before


@pytest.mark.parametrize("text", ["七(3)班", "七年级3班", "703", "初一(3)", "2026级3班", "七（3）班"])
def test_a_class_by_any_of_its_names_is_one_class(school, roster, imported, text):
    known, _ = ensure_class(school, "junior", 2026, 3)
    imported(roster([pupil("张伟", "20260301", text)]))
    assert pupils_by_name()["张伟"].place == known.path


def test_a_roster_may_not_reach_beyond_its_unit(school, roster, imported):
    third, _ = ensure_class(school, "junior", 2026, 3)
    code, body = imported(roster(PUPILS), third.code)
    assert (code, body["created"], [one["code"] for one in body["rejected"]]) == (2, 2, ["class_outside_unit"])


def test_campuses_part_classes_of_one_name(school, roster, imported):
    east, west = (build_unit(school, "campus", f"first-{c}", n) for c, n in (("e", "东校区"), ("w", "西校区")))
    east.save(force_insert=True)
    west.save(force_insert=True)
    head = [*HEAD, "校区"]
    rows = [[*pupil("张伟", "1001"), "东校区"], [*pupil("李娜", "1002"), "西校区"], [*pupil("王五", "1003"), "北校区"]]
    _, body = imported(roster(rows, head=head))
    assert (body["created"], [one["code"] for one in body["rejected"]]) == (2, ["campus_unknown"])
    places = {name: row.place for name, row in pupils_by_name().items()}
    assert places["张伟"].startswith(east.path)
    assert places["李娜"].startswith(west.path)
    _, body = imported(roster([pupil("赵六", "1004")]))
    assert body["rejected"][0]["code"] == "campus_needed"


def test_a_county_file_is_parted_by_its_school_column(county, school, roster, imported):
    primary = build_unit(county, "school", "second", "松湖县实验小学", stages="primary")
    primary.save(force_insert=True)
    head = ["学校", *HEAD]
    rows = [
        ["松湖县第一中学", *pupil("张伟", "1")],
        ["second", *pupil("李娜", "20260001", "三(1)班")],
        ["松湖县实验小学", *pupil("王五", "20260002", "七(1)班")],
        ["没有的学校", *pupil("赵六", "20260003")],
        ["", *pupil("孙七", "20260004")],
    ]
    code, body = imported(roster(rows, head=head), "songhu")
    assert (code, body["created"]) == (2, 2)
    assert [(one["row"], one["code"]) for one in body["rejected"]] == [
        (4, "grade_not_offered"), (5, "school_unknown"), (6, "school_missing"),
    ]  # fmt: skip
    assert pupils_by_name()["李娜"].school_id == primary.id
    _, body = imported(roster([["松湖县第一中学", *pupil("张伟", "1")]], head=head), "songhu")
    assert counts(body) == (0, 0, 0, 1, 1, 0), "the other school's pupil is missing from the county's file"
    assert imported(roster(PUPILS), "songhu")[0] == 1, "no school column, several schools"


def test_refused_rows_stay_listed_until_a_later_file_mends_them(school, roster, imported):
    imported(roster([*PUPILS, pupil("新来", "20260309", "不知道"), pupil("又来", "20260310", "不知道")]))
    listed = RosterRefusal.objects.for_system(reason="test").filter(mended_at=None)
    assert listed.count() == 2
    imported(roster([pupil("新来", "20260309")]))
    (left,) = RosterRefusal.objects.for_system(reason="test").filter(mended_at=None)
    said = json.loads(opened(left, "detail")["detail"])["said"]
    assert (said["name"], said["number"]) == ("又来", "20260310")


def test_a_run_keeps_no_file_when_it_ended_and_names_nobody_in_the_audit(school, roster, imported):
    imported(roster(PUPILS))
    run = RosterRun.objects.for_system(reason="test").get()
    assert (run.state, run.created, run.done_count) == (RosterState.DONE, 3, 3)
    assert not RosterPart.objects.for_system(reason="test").exists()
    events = list(AuditEvent.objects.filter(event__startswith="people.roster"))
    assert {event.event.rsplit(".", 1)[1] for event in events} == {"uploaded", "accepted", "applied", "finished"}
    assert all(name not in event.facts for event in events for name in ("张", "欧", "2026030", "350100"))


def test_a_list_costs_no_query_a_row(school, roster, imported, django_assert_max_num_queries):
    small, large = [pupil(f"甲{'一二三'[i]}", f"10{i}00") for i in range(3)], []
    large = [
        pupil(f"乙{a}{b}", f"2026{i:04d}")
        for i, (a, b) in enumerate((a, b) for a in "天地玄黄宇" for b in "洪荒日月盈昃辰宿")
    ]
    imported(roster(small))
    with django_assert_max_num_queries(60):
        imported(roster(large))


def test_matching_is_what_finds_pupils_again(school, roster, imported, monkeypatch):
    """Control: with the lookup switched off, the same file is new pupils, and the database refuses them."""
    imported(roster(PUPILS))
    monkeypatch.setattr(matching.Finder, "find", lambda self, wanted, lookups: matching.Found(wanted))
    monkeypatch.setattr(planning, "find_by_name", lambda wanted, *_: matching.Found(wanted))
    with pytest.raises(Overtaken):
        imported(roster(PUPILS))


def test_classes_are_added_as_the_tree_itself_adds_them(school):
    one, _ = ensure_class(school, "junior", 2026, 3)
    grade = new_grade(school, "junior", 2026)
    two = new_class(grade, 3)
    fields = ("kind", "code", "name", "stage", "entry_year", "number", "county_id", "primary_years")
    assert [getattr(one, name) for name in fields] == [getattr(two, name) for name in fields]
    assert [getattr(one.parent, name) for name in fields] == [getattr(grade, name) for name in fields]


def test_a_seat_is_known_only_in_its_class_and_cannot_be_given_away(school, roster, imported):
    rows = [pupil("陈一", "1", "七(1)班"), pupil("陈二", "2", "七(1)班"), pupil("陈三", "1", "七(2)班")]
    assert imported(roster(rows))[1]["created"] == 3
    assert counts(imported(roster(rows))[1])[:4] == (0, 0, 0, 3)
    _, body = imported(roster([pupil("新来", "2", "七(1)班")]))
    assert body["rejected"][0]["code"] == "seat_taken"
    swapped = [pupil("陈一", "2", "七(1)班"), pupil("陈二", "1", "七(1)班"), rows[2]]
    assert counts(imported(roster(swapped))[1])[:4] == (0, 2, 0, 1)
    joined = [swapped[0], swapped[1], pupil("陈三", "9", "七(1)班")]
    assert imported(roster(joined), on=LATER)[1]["created"] == 1, "a seat and a name say nothing about another class"


def test_one_who_moves_onto_a_taken_seat_gets_a_free_one(school, roster, imported):
    head = ["姓名", "学号", "班级", "出生日期"]
    rows = [["陈一", "1", "七(1)班", "2013.3.5"], ["陈三", "1", "七(2)班", "2013.4.6"]]
    imported(roster(rows, head=head))
    rows[1] = ["陈三", "", "七(1)班", "2013.4.6"]
    assert counts(imported(roster(rows, head=head), on=LATER)[1])[:4] == (0, 0, 1, 1)
    assert opened(pupils_by_name()["陈三"], "number")["number"] == "02"


def test_a_telephone_without_a_name_is_kept_and_named_later(school, roster, imported):
    imported(roster([pupil("张伟", "20260301", phone="13800000004")]))
    guardian = Guardian.objects.for_system(reason="test").get()
    assert opened(guardian, "name", "phone") == {"name": "", "phone": "13800000004"}
    assert imported(roster([pupil("张伟", "20260301", phone="13800000004")]))[1]["unchanged"] == 1
    imported(roster([pupil("张伟", "20260301", guardian="张国强", phone="13800000004")]))
    guardian = Guardian.objects.for_system(reason="test").get()
    assert opened(guardian, "name")["name"] == "张国强"
    tie = Tie.objects.for_system(reason="test").get()
    assert tie.relation == "father"


def test_two_of_one_name_and_class_without_numbers_are_refused(school, roster, imported):
    head = ["姓名", "学号", "班级", "出生日期"]
    imported(roster([["陈一", "1001", "七(1)班", "2013.3.5"], ["陈一", "1002", "七(1)班", "2013.3.5"]], head=head))
    _, body = imported(roster([["陈一", "", "七(1)班", "2013.3.5"]], head=head))
    assert body["rejected"][0]["code"] == "register_cannot_tell"
    assert body["missing"] == 0


def test_a_file_never_erases_what_it_does_not_say(school, roster, imported):
    imported(roster(PUPILS))
    _, body = imported(roster([["张伟", "20260301", "七(3)班"]], head=["姓名", "学号", "班级"]))
    assert counts(body)[:4] == (0, 0, 0, 1)
    assert opened(pupils_by_name()["张伟"], "id_number")["id_number"] == identity(101)
