"""A junior school, the files that it keeps of its staff, and what becomes of them."""

import csv
import datetime as dt
import io

import pytest

from xinqiao.doors.demo.cast import read_city
from xinqiao.doors.demo.tree import Built, add_staff, build_tree
from xinqiao.foundation.access.actors import Actor, system_actor
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.people.models import Staff
from xinqiao.register.staffing.comparing import read_list
from xinqiao.register.staffing.models import StaffRun
from xinqiao.register.staffing.services.lists import keep_list

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
PASSWORD = "only-in-tests-7Q"
WHY = "test"
CLOCK = system_actor("test")
HEAD = ["姓名", "工号", "手机", "职务", "角色", "班级", "专职/兼职", "资格证"]
ROWS = [
    ["张国栋", "T001", "13800000101", "数学", "班主任、科任教师", "七(3)班", "", ""],
    ["李文静", "T002", "13800000102", "", "心理教师", "", "专职", "心理健康教育教师资格证"],
    ["王建军", "", "13800000103", "", "年级组长", "七年级", "", ""],
    ["赵晓梅", "T004", "138", "", "", "", "", ""],
]


@pytest.fixture
def cast(db) -> Built:
    with clock.frozen(NOW):
        city = read_city()
        built = build_tree(city, clock.today(), only={"songhu-junior"})
        add_staff(built, city, password=PASSWORD)
        yield built


@pytest.fixture
def school(cast):
    return cast.units["songhu-junior"]


@pytest.fixture
def actor_of(cast):
    def build(login: str) -> Actor:
        return actor_for(cast.users[login], clock.today())

    return build


def file_of(rows, head=HEAD) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode("utf-8-sig")


@pytest.fixture
def compared(school, actor_of):
    def build(rows=ROWS, login="head.songhu", head=HEAD) -> StaffRun:
        drafts = read_list(school, file_of(rows, head), "staff.csv", clock.today())
        return keep_list(school, actor=actor_of(login), file_name="staff.csv", drafts=drafts)

    return build


def staff_by_name() -> dict[str, Staff]:
    rows = list(Staff.objects.for_system(reason=WHY).filter(left_on=None).order_by("id"))
    return {opened["name"]: row for row, opened in zip(rows, open_sealed(rows, "name"), strict=True)}
