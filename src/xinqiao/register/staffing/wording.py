"""Codes of this app in words: what was wrong, where, and how to mend it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xinqiao.register.people.roster_file import messages as file_messages

REFUSALS = {
    "not_a_school": _("A staff list is for a school. Open the school first."),
    "wrong_state": _("This list was decided on already. The page shows how it stands now."),
    "undecided": _("Say first whom the doubtful rows mean."),
    "not_a_choice": _("This answer was not among the choices. Choose again."),
    "same_person": _(
        "Rows %(first)s and %(second)s mean the same person, so nothing was saved. "
        "Choose another person for one of them, or leave that row out."
    ),
    "nothing": _("No row of the file can be written. Mend the refused rows and import the file again."),
}
FILE_MESSAGES = {
    "staff_header_not_found": _(
        "No header line was found. One row must name the columns, among them 姓名 and 手机, 工号 or 角色. "
        "Sheets looked at: %(sheets)s."
    ),
    "no_staff": _("The file has a header but nobody below it."),
    "too_many_staff": _("The file has more than %(most)s people. Split it."),
}
ROW_MESSAGES = {
    "role_unknown": _(
        "“%(value)s” is not a role of a school. "
        "Write 班主任, 年级组长, 心理教师, 校长, 领导小组, 科任教师, 导师 or 生管. "
        "Officers and keepers of the system are granted one by one."
    ),
    "grade_missing": _("The grade is missing. Write it like 七年级."),
    "class_without_role": _(
        "A class is named, but no role that needs one. Write 班主任 or 年级组长, or empty the cell."
    ),
    "employment_unknown": _("“%(value)s”: write 专职 or 兼职."),
    "staff_number_bad": _("A staff number has up to 20 letters, digits and hyphens. Check it."),
    "mail_bad": _("This is not a mail address. Check it, or empty the cell."),
    "staff_twice": _("Row %(first_row)s is the same person. Delete one of the rows, or add the staff number to both."),
    "claimed_twice_staff": _("An earlier row means the same member of staff. Delete one of the rows."),
}
ROLE_REFUSALS = {
    "no_such_class": _("the school has no such class or grade now"),
    "own": _("nobody grants a role to himself"),
    "granter_has_care": _("whoever reads about children does not say who else may"),
    "wrong_unit": _("this role is not held at a school"),
    "other_unit": _("the person works elsewhere"),
    "has_left": _("the person has left"),
    "keepers_apart": _("the person keeps the system"),
    "leads_and_types": _("whoever leads a grade or a school types no answers"),
    "no_login": _("the person has no sign-in"),
}


def refusal_words(code: str, rows: tuple[int, int] | None = None) -> str:
    """Return what a refusal means, in the reader's language; `rows` are those of the file that it is about."""
    first, second = rows or (0, 0)
    return gettext(REFUSALS[code]) % {"first": first, "second": second}


def file_words(code: str, params: Mapping[str, Any]) -> str:
    """Return why a file cannot be read."""
    return _words(FILE_MESSAGES, code, params)


def row_words(body: Mapping[str, Any]) -> str:
    """Return what is wrong with a row, in which column, and how to mend it."""
    sentence = _words(ROW_MESSAGES, body["code"], body.get("params", {}))
    return f"{body['column']}: {sentence}" if body.get("column") else sentence


def role_refusal_words(code: str) -> str:
    """Return why a role was not granted, as the end of a sentence."""
    return gettext(ROLE_REFUSALS.get(code, ROLE_REFUSALS["wrong_unit"]))


def _words(ours: Mapping[str, str], code: str, params: Mapping[str, Any]) -> str:
    if code in ours:
        return gettext(ours[code]) % defaultdict(str, params)
    return file_messages.message_of(code, params)
