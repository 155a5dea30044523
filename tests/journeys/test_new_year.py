"""A school of 1,200 turns its year in a browser: planned, looked at, accepted once, written by the worker."""

import csv
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pysqlite3 import dbapi2

from tests.journeys.installation import Installation, Login, free_port
from tests.journeys.looking import PC, Observer
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say

pytestmark = [pytest.mark.browser, pytest.mark.slow]
THE_DAY = dt.datetime(2027, 9, 1, 1, 0, tzinfo=dt.UTC)  # a Wednesday, 9:00 in Shanghai
CLASSES, SIZE = 8, 50  # of each of three grades
WRITTEN_MS = 120_000
HEAD, PASSWORD = "head.first", "only-in-tests-7Q"
SET_UP = f"""
import django; django.setup()
import datetime as dt
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.orgs.services.units import build_unit
from xinqiao.register.people.registering import register_staff
county = build_unit(None, "county", "songhu", "松湖县"); county.save(force_insert=True)
school = build_unit(county, "school", "first", "松湖县第二中学", stages="junior"); school.save(force_insert=True)
for login, name, role in (("{HEAD}", "贺长风", "principal"), ("new.first", "宁致远", "subject_teacher")):
    staff = register_staff(school, name)
    user = User.objects.create_user(login, "{PASSWORD}", staff_id=staff.id)
    Membership.objects.create(user=user, role=role, place=school.path, start_on=dt.date(2026, 9, 1))
"""


def write_roster(path: Path) -> Path:
    """1,200 invented pupils of three grades."""
    names = "天地玄黄宇宙洪荒日月盈昃辰宿列张"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["姓名", "学号", "班级"])
        for order in range(3 * CLASSES * SIZE):
            grade, number = "七八九"[order // (CLASSES * SIZE)], order // SIZE % CLASSES + 1
            name = f"学{names[order % 16]}{names[order // 16 % 16]}"
            writer.writerow([name, f"2026{order:05d}", f"{grade}({number})班"])
    return path


@pytest.fixture(scope="module")
def large_school(tmp_path_factory) -> Iterator[Installation]:
    """An installation of its own, on the first day of a new school year."""
    folder = tmp_path_factory.mktemp("large-school")
    installation = Installation(folder / "home", free_port(), begins_at=THE_DAY)
    installation.home.mkdir(parents=True)
    for words in (["keys", "create"], ["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "-v", "0"]):
        installation.run(*words)
    environment = installation.environment() | {"DJANGO_SETTINGS_MODULE": "xinqiao.config.settings"}
    subprocess.run([sys.executable, "-c", SET_UP], env=environment, check=True)
    roster = write_roster(folder / "roster.csv")
    done = installation.run("roster", "import", str(roster), "--unit", "first", "--on", "2026-09-01", "--json")
    assert json.loads(done)["created"] == 3 * CLASSES * SIZE
    with installation.log.open("wb") as output:
        try:
            installation.start(output)
            yield installation
        finally:
            installation.stop()


def ask(installation: Installation, sql: str) -> list[tuple[object, ...]]:
    with closing(dbapi2.connect(installation.home / "xinqiao.sqlite3", timeout=30)) as database:
        return list(database.execute(sql).fetchall())


def begin(tab: Page, see: Observer) -> None:
    open_door(tab, say("New school year"))
    see.look(tab, "year-begin")
    expect(tab.get_by_label(say("The new school year begins on"))).to_have_value("2027-09-01")
    tab.get_by_role("button", name=say("Begin a plan")).click()
    expect(tab.locator("h1")).to_contain_text("2027–2028")
    expect(tab.locator("tr").filter(has_text="九年级(1)班").first).to_be_visible()


def keep_one_back(tab: Page, see: Observer, class_name: str) -> None:
    """The first pupil of a class that would graduate stays a year longer."""
    tab.get_by_role("link", name=f"{say('Choose pupils')} {class_name}").click()
    tab.locator("tbody select").first.select_option(index=2)
    see.look(tab, "year-pupils")
    tab.get_by_role("button", name=say("Keep in the plan")).click()
    expect(tab.get_by_text(say("Kept in the plan. Nothing is written before you accept it."))).to_be_visible()


def name_teacher(tab: Page, see: Observer) -> None:
    tab.get_by_role("link", name=say("Class teachers")).click()
    tab.locator("tbody select").first.select_option(label="宁致远")
    see.look(tab, "year-teachers")
    tab.get_by_role("button", name=say("Keep in the plan")).click()
    expect(tab.locator("tr").filter(has_text="宁致远")).to_contain_text(say("(new)"))


def choose_entering_classes(tab: Page, see: Observer, count: int) -> None:
    tab.get_by_role("link", name=say("Grades and entering classes")).click()
    see.look(tab, "year-grades")
    tab.locator("input[type=number]").fill(str(count))
    tab.get_by_role("button", name=say("Keep in the plan")).click()
    expect(tab.locator(".xq-stat").filter(has_text=say("Classes that open"))).to_contain_text(str(count))


def test_a_school_of_1200_turns_its_year_by_one_reviewed_step(large_school, browser, tmp_path_factory, request):
    see = Observer(browser, large_school.address, shots_of(tmp_path_factory, request))
    try:
        tab = see.person(PC)
        sign_in(tab, Login("principal", HEAD, PASSWORD, "", "松湖县第二中学"))
        begin(tab, see)
        choose_entering_classes(tab, see, 10)
        keep_one_back(tab, see, "九年级(1)班")
        name_teacher(tab, see)
        tab.reload()
        see.look(tab, "year-plan")
        assert ask(large_school, "SELECT count(*) FROM people_student WHERE status = 'left'") == [(0,)]
        tab.get_by_role("button", name=say("Accept all of it")).click()
        expect(tab.get_by_text(say("The new school year is in the register"))).to_be_visible(timeout=WRITTEN_MS)
        see.look(tab, "year-done")
        check_register(large_school)
        assert see.findings.all() == [], "\n".join(see.findings.all())
    finally:
        see.close()


def write_staff_list(path: Path) -> Path:
    """Two who are new, one whom a name alone does not tell, and one with a telephone that is none."""
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([
            ["姓名", "工号", "手机", "角色", "班级", "专职/兼职", "资格证"],
            ["张国栋", "T001", "13800000101", "班主任", "七(1)班", "", ""],
            ["李文静", "T002", "13800000102", "心理教师", "", "专职", "心理健康教育教师资格证"],
            ["宁致远", "", "", "科任教师", "", "", ""],
            ["赵晓梅", "T004", "138", "", "", "", ""],
        ])  # fmt: skip
    return path


def test_staff_come_in_by_a_spreadsheet_and_are_invited_on_paper(large_school, browser, tmp_path_factory, request):
    see = Observer(browser, large_school.address, shots_of(tmp_path_factory, request))
    try:
        tab = see.person(PC)
        sign_in(tab, Login("principal", HEAD, PASSWORD, "", "松湖县第二中学"))
        open_door(tab, say("Import staff"))
        see.look(tab, "staff-upload")
        tab.locator("input[type=file]").set_input_files(write_staff_list(tmp_path_factory.mktemp("list") / "staff.csv"))
        tab.get_by_role("button", name=say("Compare with the staff here")).click()
        expect(tab.locator("tr").filter(has_text="赵晓梅")).to_contain_text("手机")
        expect(tab.get_by_role("button", name=say("Yes, write it"))).to_have_count(0)
        see.look(tab, "staff-compared")
        tab.get_by_label("宁致远").select_option(index=1)
        tab.get_by_role("button", name=say("Save the decisions")).click()
        tab.get_by_role("button", name=say("Yes, write it")).click()
        expect(tab.get_by_text(say("The staff are in the register"))).to_be_visible(timeout=WRITTEN_MS)
        see.look(tab, "staff-written")
        tab.get_by_role("button", name=say("Draw and print invitations")).click()
        expect(tab.locator(".xq-slip").filter(has_text="张国栋")).to_contain_text("first.t00")
        see.look(tab, "staff-slips")
        assert see.findings.all() == [], "\n".join(see.findings.all())
    finally:
        see.close()


def check_register(installation: Installation) -> None:
    graduates = CLASSES * SIZE - 1
    assert ask(installation, "SELECT status, count(*) FROM people_student GROUP BY status ORDER BY status") == [
        ("active", 2 * CLASSES * SIZE + 1), ("left", graduates),
    ]  # fmt: skip
    ended = "SELECT ended_as, count(*) FROM people_enrolment WHERE end_on = '2027-09-01' GROUP BY ended_as ORDER BY 1"
    assert ask(installation, ended) == [("graduated", graduates), ("kept_back", 1)]
    units = (
        "SELECT kind, is_closed, count(*) FROM orgs_unit WHERE kind IN ('class', 'grade') GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert ask(installation, units) == [
        ("class", 0, 2 * CLASSES + 10), ("class", 1, CLASSES), ("grade", 0, 3), ("grade", 1, 1),
    ]  # fmt: skip
    assert ask(installation, "SELECT count(*) FROM accounts_membership WHERE role = 'class_teacher'") == [(1,)]
    double = "SELECT student_id FROM people_enrolment WHERE end_on IS NULL GROUP BY student_id HAVING count(*) > 1"
    assert ask(installation, double) == []


def shots_of(tmp_path_factory, request) -> Path:
    given = os.environ.get("XINQIAO_SHOTS", "")
    return (Path(given) if given else tmp_path_factory.mktemp("shots")) / request.node.name
