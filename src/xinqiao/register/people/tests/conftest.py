"""A small school and rosters for it. Every pupil is invented."""

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from xinqiao.doors.demo.cast import read_city
from xinqiao.doors.demo.tree import Built, add_staff, add_students, build_tree
from xinqiao.engines.roster.numbers import check_character
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import build_unit
from xinqiao.register.people.models import Enrolment, Student
from xinqiao.register.people.states import StudentStatus

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HEAD = ["姓名", "学号", "身份证号", "班级", "监护人姓名", "与学生关系", "联系电话"]


def identity(order: int, born: str = "20130405") -> str:
    """A well-formed identity number of nobody."""
    body = f"350100{born}{order:03d}"
    return body + check_character(body)


def pupil(name: str, number: str, class_: str = "七(3)班", *, id_: str = "", guardian: str = "", phone: str = ""):
    return [name, number, id_, class_, guardian, "父亲" if guardian else "", phone]


PUPILS = [
    pupil("张伟", "20260301", id_=identity(101), guardian="张国强", phone="13800000004"),
    pupil("欧阳思源", "20260302", id_=identity(102)),
    pupil("㛃䶮", "20260303", "八(1)班", id_=identity(103)),
]


PASSWORD = "only-in-tests-7Q"


@pytest.fixture
def cast(db) -> Built:
    """The named cast in small, on Monday 23 November 2026: the junior and the primary school of one county."""
    with clock.frozen(NOW):
        city = read_city()
        built = build_tree(city, clock.today(), only={"songhu-junior", "songhu-primary"})
        add_staff(built, city, password=PASSWORD)
        add_students(built, city, size=6)
        yield built


@pytest.fixture
def county(db) -> Unit:
    with clock.frozen(NOW):
        unit = build_unit(None, "county", "songhu", "松湖县")
        unit.save(force_insert=True)
        return unit


@pytest.fixture
def school(county) -> Unit:
    unit = build_unit(county, "school", "first", "松湖县第一中学", stages="junior")
    unit.save(force_insert=True)
    return unit


@pytest.fixture
def roster(tmp_path):
    """Write a roster as CSV; `roster(rows)` or `roster(rows, head=[…])`."""

    def write(rows, head=HEAD, name="roster.csv") -> Path:
        out = io.StringIO()
        csv.writer(out).writerows([head, *rows])
        path = tmp_path / name
        path.write_bytes(out.getvalue().encode("utf-8-sig"))
        return path

    return write


@pytest.fixture
def imported(capsys):
    """Import from the command line and return (exit code, JSON)."""

    def run(path: Path, unit: str = "first", *options: str, on: str = "2026-11-23"):
        capsys.readouterr()
        code = 0
        try:
            call_command("roster", "import", str(path), "--unit", unit, "--json", "--on", on, *options)
        except SystemExit as exit_:
            code = exit_.code
        return code, json.loads(capsys.readouterr().out)

    return run


def counts(body: dict) -> tuple[int, ...]:
    """created, updated, moved, unchanged, missing, refused."""
    names = ("created", "updated", "moved", "unchanged", "missing")
    return (*(body[name] for name in names), len(body["rejected"]))


def pupils_by_name() -> dict[str, Student]:
    rows = list(Student.objects.for_system(reason="test").order_by("created_at", "id"))
    return {opened["name"]: row for row, opened in zip(rows, open_sealed(rows, "name"), strict=True)}


def opened(student: Student, *names: str) -> dict:
    return open_sealed([student], *names)[0]


def stays(student: Student) -> list[tuple]:
    rows = Enrolment.objects.for_system(reason="test").filter(student=student).order_by("start_on", "end_on")
    return [(row.place, row.start_on, row.end_on) for row in rows]


def is_active(student: Student) -> bool:
    student.refresh_from_db()
    return student.status == StudentStatus.ACTIVE
