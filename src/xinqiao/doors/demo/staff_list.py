"""A staff list of the first school that waits for a yes: people who are new, one to be decided, one refused."""

import csv
import io

from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.staffing.comparing import read_list
from xinqiao.register.staffing.services.lists import keep_list
from xinqiao.register.staffing.workbook import HEAD

SCHOOL, HEAD_LOGIN, NAMESAKE = "songhu-junior", "head.songhu", "subject.songhu"
FILE = "staff-2026.csv"
ROWS = (
    ("周沐阳", "T101", "13900000101", "", "数学", "班主任", "七(1)班", "", ""),
    ("温若谷", "T102", "13900000102", "", "", "心理教师", "", "兼职", "心理健康教育教师资格证"),
    ("陆行知", "", "13900000103", "", "", "年级组长", "八年级", "", ""),
    ("季明远", "T104", "139", "", "", "科任教师", "", "", ""),
)


def add_staff_list(built: Built) -> None:
    """Upload the list as the head of the school would."""
    if SCHOOL not in built.units or HEAD_LOGIN not in built.users:
        return
    rows = [list(row) for row in ROWS]
    if NAMESAKE in built.staff:
        (opened,) = open_sealed([built.staff[NAMESAKE]], "name")
        rows.append([opened["name"] or "", "", "", "", "", "导师", "", "", ""])
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    school, head = built.units[SCHOOL], actor_for(built.users[HEAD_LOGIN], today())
    drafts = read_list(school, out.getvalue().encode("utf-8-sig"), FILE, today())
    keep_list(school, actor=head, file_name=FILE, drafts=drafts)
