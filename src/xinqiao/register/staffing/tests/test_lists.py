"""A staff list from the file to the last invitation."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from xinqiao.engines.roster import Offer, Sheet, SheetRow, Sheets
from xinqiao.engines.roster.staff import parse_staff
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.selectors import may_help
from xinqiao.register.accounts.services.logins import give_new_password
from xinqiao.register.people.models import Staff
from xinqiao.register.staffing import running
from xinqiao.register.staffing.jobs.lists import resume_lists
from xinqiao.register.staffing.models import StaffLine, StaffRun
from xinqiao.register.staffing.running import take_over, write_list
from xinqiao.register.staffing.selectors.pages import list_page, to_invite
from xinqiao.register.staffing.services.lists import (
    CannotImport,
    accept_list,
    accept_roles,
    cancel_list,
    decide_lines,
    write_line,
)
from xinqiao.register.staffing.states import diagram
from xinqiao.register.staffing.tests.conftest import CLOCK, NOW, PASSWORD, ROWS, WHY, file_of, staff_by_name
from xinqiao.register.staffing.wording import refusal_words
from xinqiao.register.staffing.workbook import template_workbook


def lines(run) -> list[StaffLine]:
    return list(StaffLine.objects.for_system(reason=WHY).filter(run=run).order_by("row"))


def fresh(run) -> StaffRun:
    return StaffRun.objects.for_system(reason=WHY).get(pk=run.pk)


def roles_of(staff: Staff) -> set[tuple[str, str]]:
    held = Membership.objects.filter(user__staff_id=staff.id, end_on=None)
    return {(row.role, row.place) for row in held}


# ---- comparing


def test_comparing_writes_nobody_and_names_the_fault_by_row_and_column(compared, cast):
    before = Staff.objects.for_system(reason=WHY).count()
    run = compared()
    page = list_page(run)
    assert [line.match for line in lines(run)] == ["new", "new", "new", "refused"]
    (refused,) = page.refused
    assert (refused.row, refused.name) == (5, "赵晓梅")
    assert refused.fault.startswith("手机")
    assert Staff.objects.for_system(reason=WHY).count() == before


def test_what_the_file_says_is_sealed(compared):
    for line in lines(compared()):
        assert "张国栋".encode() not in bytes(line.body)


def test_a_name_alone_is_asked_and_not_guessed(compared, cast, actor_of):
    (opened,) = open_sealed([cast.staff["class.songhu"]], "name")
    run = compared([[opened["name"], "", "", "", "", "", "", ""], *ROWS[:1]])
    (doubt,) = list_page(run).doubts
    with pytest.raises(CannotImport, match="undecided"):
        accept_list(run, actor=actor_of("head.songhu"))
    with pytest.raises(CannotImport, match="not_a_choice"):
        decide_lines(run, actor=actor_of("head.songhu"), answers={str(doubt.id): str(cast.staff["head.songhu"].id)})
    decide_lines(run, actor=actor_of("head.songhu"), answers={str(doubt.id): doubt.choices[0][0]})
    before = Staff.objects.for_system(reason=WHY).count()
    accept_list(run, actor=actor_of("head.songhu"))
    write_list(run, actor=CLOCK)
    assert Staff.objects.for_system(reason=WHY).count() == before + 1


def two_rows_for_one_person(compared, cast, actor_of) -> None:
    (opened,) = open_sealed([cast.staff["class.songhu"]], "name")
    run = compared([[opened["name"], number, "", "", "", "", "", ""] for number in ("T101", "T102")])
    doubts = list_page(run).doubts
    assert len(doubts) == 2
    same = {str(doubt.id): doubt.choices[0][0] for doubt in doubts}
    with pytest.raises(CannotImport, match="same_person") as refused:
        decide_lines(run, actor=actor_of("head.songhu"), answers=same)
    assert refused.value.rows == (doubts[0].row, doubts[1].row)
    words = refusal_words("same_person", refused.value.rows)
    assert all(str(row) in words for row in refused.value.rows)
    assert not any(line.decision for line in lines(run))


def test_two_rows_are_not_answered_with_one_person(compared, cast, actor_of):
    two_rows_for_one_person(compared, cast, actor_of)


def test_control_without_the_rule_the_second_row_would_overwrite_the_first(compared, cast, actor_of, monkeypatch):
    monkeypatch.setattr("xinqiao.register.staffing.services.lists.claimed_twice", lambda claims: None)
    with pytest.raises(pytest.fail.Exception):
        two_rows_for_one_person(compared, cast, actor_of)


def test_a_row_left_out_is_not_written(compared, cast, actor_of):
    (opened,) = open_sealed([cast.staff["class.songhu"]], "name")
    run = compared([[opened["name"], "", "", "新职务", "", "", "", ""], *ROWS[:1]])
    (doubt,) = list_page(run).doubts
    decide_lines(run, actor=actor_of("head.songhu"), answers={str(doubt.id): "skip"})
    accept_list(run, actor=actor_of("head.songhu"))
    write_list(run, actor=CLOCK)
    assert Staff.objects.for_system(reason=WHY).get(pk=cast.staff["class.songhu"].pk).title != "新职务"


# ---- writing


def test_the_head_brings_people_in_and_the_security_officer_grants_their_roles(compared, cast, school, actor_of):
    run = compared()
    accept_list(run, actor=actor_of("head.songhu"))
    write_list(run, actor=CLOCK)
    people = staff_by_name()
    assert {"张国栋", "李文静", "王建军"} <= set(people)
    assert "赵晓梅" not in people
    assert roles_of(people["张国栋"]) == set()
    assert list_page(fresh(run)).lacks_roles
    with pytest.raises(Forbidden):
        accept_roles(fresh(run), actor=actor_of("head.songhu"))
    accept_roles(fresh(run), actor=actor_of("security.linxi"))
    write_list(fresh(run), actor=CLOCK)
    unit = cast.classes["songhu-junior", "junior", 1, 3]
    assert roles_of(people["张国栋"]) == {("class_teacher", unit.path), ("subject_teacher", school.path)}
    assert roles_of(people["李文静"]) == {("psych_teacher", school.path)}
    assert roles_of(people["王建军"]) == {("grade_head", unit.parent.path)}
    held = Membership.objects.filter(user__staff_id=people["李文静"].id).get()
    assert held.granted_by == cast.users["security.linxi"].id
    assert (people["李文静"].employment, people["李文静"].qualification) == ("full", "心理健康教育教师资格证")


def test_who_grants_says_yes_to_both_at_once(compared, actor_of):
    run = compared(login="security.linxi")
    accept_list(run, actor=actor_of("security.linxi"))
    write_list(run, actor=CLOCK)
    assert roles_of(staff_by_name()["李文静"])


def test_a_class_that_is_not_there_is_named_and_the_person_comes_in(compared, actor_of):
    run = compared([["张国栋", "T001", "", "", "班主任", "七(29)班", "", ""]], login="security.linxi")
    accept_list(run, actor=actor_of("security.linxi"))
    write_list(run, actor=CLOCK)
    assert list_page(fresh(run)).role_faults
    assert roles_of(staff_by_name()["张国栋"]) == set()


def test_a_second_list_changes_what_it_says_and_leaves_the_rest(compared, actor_of):
    run = compared()
    accept_list(run, actor=actor_of("head.songhu"))
    write_list(run, actor=CLOCK)
    again = compared([["张国栋", "T001", "", "教务处", "", "", "兼职", ""]])
    assert [line.match for line in lines(again)] == ["known"]
    users = User.objects.count()
    accept_list(again, actor=actor_of("head.songhu"))
    write_list(again, actor=CLOCK)
    staff = staff_by_name()["张国栋"]
    (opened,) = open_sealed([staff], "phone", "number")
    assert (staff.title, staff.employment, opened["phone"], opened["number"]) == (
        "教务处",
        "part",
        "13800000101",
        "T001",
    )
    assert User.objects.count() == users


def test_nobody_is_taken_out(compared, school, actor_of):
    here = {name for name, staff in staff_by_name().items() if staff.place.startswith(school.path)}
    run = compared(ROWS[:1])
    assert {name for _id, name in list_page(run).missing} == here
    accept_list(run, actor=actor_of("head.songhu"))
    write_list(run, actor=CLOCK)
    assert here < set(staff_by_name())


def test_given_up_nothing_is_kept(compared, actor_of):
    run = compared()
    cancel_list(run, actor=actor_of("head.songhu"))
    assert lines(run) == []
    with pytest.raises(CannotImport, match=r"^nothing$"):
        accept_list(run, actor=actor_of("head.songhu"))


@pytest.mark.parametrize("login", ["psych.songhu", "county.songhu", "class.songhu"])
def test_only_whoever_keeps_the_staff_brings_a_list_in(compared, actor_of, login):
    with pytest.raises(Forbidden):
        compared(login=login)


# ---- once, whatever interrupts it


class Killed(BaseException):
    """Nothing catches it."""


@pytest.mark.parametrize("after", [0, 1, 2])
def test_killed_and_gone_on_everybody_is_there_once(compared, actor_of, monkeypatch, after):
    run = compared(login="security.linxi")
    accept_list(run, actor=actor_of("security.linxi"))
    before, calls = Staff.objects.for_system(reason=WHY).count(), []

    def dying(line, **rest):
        if len(calls) == after:
            raise Killed
        calls.append(line.row)
        return write_line(line, **rest)

    monkeypatch.setattr(running, "write_line", dying)
    with pytest.raises(Killed):
        write_list(run, actor=CLOCK)
    monkeypatch.undo()
    with clock.frozen(NOW + dt.timedelta(minutes=3)):
        assert resume_lists(clock.now()) == 1
        assert resume_lists(clock.now() + dt.timedelta(hours=1)) == 0
    assert Staff.objects.for_system(reason=WHY).count() == before + 3
    assert fresh(run).state == "done"


def test_roles_whose_worker_died_are_granted_too(compared, actor_of):
    run = compared()
    accept_list(run, actor=actor_of("head.songhu"))
    write_list(run, actor=CLOCK)
    accept_roles(fresh(run), actor=actor_of("security.linxi"))
    assert any(line.match == "refused" for line in lines(run))
    with clock.frozen(NOW + dt.timedelta(minutes=3)):
        assert resume_lists(clock.now()) == 1
        assert resume_lists(clock.now() + dt.timedelta(hours=1)) == 0
    assert roles_of(staff_by_name()["李文静"])


def test_a_line_is_written_once(compared, actor_of):
    run = compared()
    accept_list(run, actor=actor_of("head.songhu"))
    token = take_over(run)
    line = StaffLine.objects.for_system(reason=WHY).select_related("run").filter(run=run, match="new").first()
    write_line(line, actor=CLOCK, token=token)
    assert isinstance(write_line(line, actor=CLOCK, token=token), Unchanged)
    take_over(run)
    with pytest.raises(CannotImport, match="lease_lost"):
        write_line(line, actor=CLOCK, token=token)


# ---- invitations


@pytest.fixture
def brought_in(compared, actor_of):
    run = compared(login="security.linxi")
    accept_list(run, actor=actor_of("security.linxi"))
    write_list(run, actor=CLOCK)
    return fresh(run)


def client_of(login: str) -> Client:
    client = Client(headers={"user-agent": "Lab"})
    client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    return client


def test_nobody_can_sign_in_before_an_invitation_is_drawn(brought_in):
    for user in User.objects.filter(staff_id__in=[line.staff_id for line in lines(brought_in) if line.staff_id]):
        assert not user.has_usable_password()


def test_the_head_invites_all_but_who_reads_answers(brought_in, actor_of, settings):
    settings.XINQIAO_SECOND_FACTOR = False
    mine, others = to_invite(brought_in, actor_of("head.songhu"))
    assert (len(mine), others) == (2, 1)
    answer = client_of("head.songhu").post(reverse("staffing:list-slips", args=[brought_in.id]))
    text = answer.content.decode()
    assert "张国栋" in text
    assert "李文静" not in text
    assert len(answer.context["slips"]) == 2
    slip = answer.context["slips"][0]["given"]
    signed_in = Client(headers={"user-agent": "Lab"}).post(
        reverse("account_login"), {"login": slip.login, "password": slip.password}
    )
    assert signed_in.status_code == 302
    assert slip.password not in "".join(event.facts for event in AuditEvent.objects.all())


def test_the_head_does_not_invite_the_psychology_teacher_to_be(compared, actor_of):
    """Before the role is granted nothing but the list says so: the head would hold the password when it is."""
    run = compared()
    accept_list(run, actor=actor_of("head.songhu"))
    write_list(run, actor=CLOCK)
    mine, others = to_invite(fresh(run), actor_of("head.songhu"))
    assert (staff_by_name()["李文静"].id in {staff.id for staff in mine}, others) == (False, 1)
    mine, others = to_invite(fresh(run), actor_of("security.linxi"))
    assert (staff_by_name()["李文静"].id in {staff.id for staff in mine}, others) == (True, 0)


def test_control_asked_only_for_what_is_held_the_head_would(compared, actor_of, monkeypatch):
    monkeypatch.setattr("xinqiao.register.staffing.selectors.pages.may_help", lambda *who, soon: may_help(*who))
    with pytest.raises(AssertionError):
        test_the_head_does_not_invite_the_psychology_teacher_to_be(compared, actor_of)


def test_a_password_that_the_head_drew_ends_with_the_roles_and_waits_for_the_officer(compared, actor_of):
    """The list names one more teacher; the head draws for her before the officer says yes to the roles."""
    run = compared()
    accept_list(run, actor=actor_of("head.songhu"))
    write_list(run, actor=CLOCK)
    staff = staff_by_name()["李文静"]
    given = give_new_password(staff, actor=actor_of("head.songhu"))  # from the page of the person
    user = User.objects.get(username=given.login)
    User.objects.filter(pk=user.pk).update(last_login=NOW)  # as whom the head has signed in
    assert user.check_password(given.password), "control: it opens until then"
    accept_roles(fresh(run), actor=actor_of("security.linxi"))
    write_list(fresh(run), actor=CLOCK)
    user.refresh_from_db()
    assert not user.has_usable_password()
    mine, _others = to_invite(fresh(run), actor_of("security.linxi"))
    assert staff.id in {each.id for each in mine}


def test_a_first_password_runs_out(brought_in, actor_of):
    staff = staff_by_name()["张国栋"]
    given = give_new_password(staff, actor=actor_of("head.songhu"))
    assert given.until == NOW + dt.timedelta(days=14)
    credentials = {"login": given.login, "password": given.password}
    with clock.frozen(given.until - dt.timedelta(minutes=1)):
        in_time = Client(headers={"user-agent": "Lab"}).post(reverse("account_login"), credentials)
        assert in_time.status_code == 302
    with clock.frozen(given.until):
        late = Client(headers={"user-agent": "Lab"}).post(reverse("account_login"), credentials)
        assert late.status_code == 200
        assert "有效期" in late.content.decode()


def test_control_a_password_of_ones_own_does_not_run_out(brought_in, actor_of):
    staff = staff_by_name()["张国栋"]
    given = give_new_password(staff, actor=actor_of("head.songhu"))
    User.objects.filter(staff_id=staff.id).update(must_change_password=False)
    with clock.frozen(given.until + dt.timedelta(days=1)):
        answer = Client(headers={"user-agent": "Lab"}).post(
            reverse("account_login"), {"login": given.login, "password": given.password}
        )
        assert answer.status_code == 302


# ---- pages


def test_a_file_is_uploaded_and_a_wrong_one_explained(cast, school, settings):
    settings.XINQIAO_SECOND_FACTOR = False
    client = client_of("head.songhu")

    def send(body: bytes):
        file = io.BytesIO(body)
        file.name = "staff.csv"
        return client.post(reverse("staffing:lists"), {"unit": str(school.id), "file": file}, follow=True)

    page = send(file_of(ROWS)).content.decode()
    for words in ("张国栋", "班主任 七年级(3)班", "赵晓梅", "待确认"):
        assert words in page
    wrong = send(file_of([["1", "2"]], head=["序号", "备注"]))
    assert wrong.status_code == 422
    assert "没有找到表头" in wrong.content.decode()


def test_the_empty_list_is_one_that_the_import_reads():
    sheet = openpyxl.load_workbook(io.BytesIO(template_workbook())).worksheets[0]
    rows = [tuple(str(cell.value or "") for cell in row) for row in sheet.iter_rows()]
    rows.append(("张国栋", "T1", "13800000101", "a@example.org", "数学", "班主任", "七(3)班", "专职", "证书"))
    sheets = Sheets((Sheet("s", tuple(SheetRow(n, row) for n, row in enumerate(rows, 1))),), "xlsx")
    found = parse_staff(sheets, Offer(2026, ("junior",)))
    assert found.faults == ()
    assert found.rows[0].mail == "a@example.org"
    assert found.rows[0].qualification == "证书"


def test_the_drawing_is_the_table():
    drawing = Path(__file__).resolve().parents[5] / "docs/states/staff-list.md"
    assert f"```mermaid\n{diagram()}\n```" in drawing.read_text("utf-8")
