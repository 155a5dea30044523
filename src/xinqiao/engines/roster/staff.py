"""Reading a school's list of staff: from the cells of any spreadsheet to people, refused cells and notes. Pure.

It reads cells, names, telephones and classes as the pupils' roster does; only the columns and the words for roles are
its own.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from xinqiao.engines.roster.class_names import Offer, read_class
from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.names import read_name
from xinqiao.engines.roster.numbers import read_phones
from xinqiao.engines.roster.sheets import Note, Sheet, SheetRow, Sheets, UnreadableRoster, column_letters
from xinqiao.engines.roster.text import digits_text, is_blank, is_nothing, shown, squeezed, whole_text


class StaffField(StrEnum):
    """What a column of a staff list can mean."""

    NAME = "name"
    NUMBER = "number"
    PHONE = "phone"
    MAIL = "mail"
    POST = "post"
    ROLES = "roles"
    CLASSES = "classes"
    EMPLOYMENT = "employment"
    QUALIFICATION = "qualification"


_SYNONYMS: Final[dict[StaffField, str]] = {
    StaffField.NAME: "姓名 教师姓名 教工姓名 教职工姓名 员工姓名 名字 name",
    StaffField.NUMBER: "工号 教工号 职工号 教职工号 员工号 教师编号 人员编号 staffnumber staffno",
    StaffField.PHONE: "手机 手机号 手机号码 联系电话 电话 电话号码 移动电话 联系方式 phone mobile",
    StaffField.MAIL: "邮箱 电子邮箱 邮件 电子邮件 email mail",
    StaffField.POST: "职务 岗位 职位 任教学科 学科 职称 post title",
    StaffField.ROLES: "角色 系统角色 担任角色 身份 role roles",
    StaffField.CLASSES: "班级 任教班级 所带班级 管理班级 负责班级 年级班级 年级 负责年级 class",
    StaffField.EMPLOYMENT: "专职/兼职 专兼职 专职或兼职 任职方式 专(兼)职 是否专职 employment",
    StaffField.QUALIFICATION: "资格证 资格证书 心理资格证 心理教师资格证 证书 专业资质 qualification certificate",
}
_BY_WORD: Final = {word: field for field, words in _SYNONYMS.items() for word in words.split()}
_ROLES: Final[dict[str, str]] = {
    "class_teacher": "班主任 正班主任 classteacher",
    "grade_head": "年级组长 年级长 年级主任 级组长 gradehead",
    "psych_teacher": "心理教师 心理老师 专职心理教师 兼职心理教师 心理健康教师 心理健康老师 psychologyteacher",
    "principal": "校长 书记 党总支书记 党支部书记 principal",
    "leading_group": "领导小组 领导小组成员 心理健康领导小组成员 leadinggroup",
    "subject_teacher": "科任教师 科任老师 任课教师 任课老师 教师 老师 subjectteacher",
    "mentor": "导师 成长导师 mentor",
    "dorm_keeper": "生管 生管教师 生管老师 宿管 宿管员 宿舍管理员 dormkeeper",
}
_ROLE_BY_WORD: Final = {word: role for role, words in _ROLES.items() for word in words.split()}
NEEDS_CLASS: Final = frozenset({"class_teacher", "grade_head"})
_EMPLOYMENT: Final = {
    "专职": "full",
    "全职": "full",
    "是": "full",
    "full": "full",
    "兼职": "part",
    "否": "part",
    "part": "part",
}
_PARTS: Final = re.compile(r"[、,，;；/\n]+")
_GRADE_ONLY: Final = re.compile(r"年级$|^[初高][一二三]$|级$")
_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{1,20}")
_MAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
_HEADER_SEARCH_ROWS: Final = 60
LONGEST_TEXT: Final = 60


@dataclass(frozen=True, slots=True)
class Cohort:
    """A class, or (number 0) a grade, as a cohort of the school year read for."""

    stage: str
    entry_year: int
    number: int


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One member of staff; empty where the file says nothing. `roles` go with `cohorts` where a role needs one."""

    sheet: str
    row: int
    name: str
    number: str = ""
    phone: str = ""
    mail: str = ""
    post: str = ""
    employment: str = ""
    qualification: str = ""
    roles: tuple[str, ...] = ()
    cohorts: tuple[Cohort, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffFault:
    """Why a row is refused: the cell, the code, and whom the row names."""

    sheet: str
    row: int
    column: str
    code: str
    params: dict[str, str | int]
    name: str


@dataclass(frozen=True, slots=True)
class StaffList:
    """The whole file, understood: every row with a name is in `rows` or has its `faults`."""

    rows: tuple[StaffRow, ...]
    faults: tuple[StaffFault, ...]
    notes: tuple[Note, ...]


def parse_staff(sheets: Sheets, offer: Offer) -> StaffList:
    """Read every visible sheet that has a header; raise `UnreadableRoster` if none has."""
    rows: list[StaffRow] = []
    faults: list[StaffFault] = []
    is_found = False
    for sheet in sheets.sheets:
        header = None if sheet.hidden else _header(sheet)
        if header is None:
            continue
        is_found = True
        for row in sheet.rows:
            if row.number > header.row and any(not is_blank(row.cell(c)) for c in header.columns.values()):
                _read(sheet.name, header, row, offer, rows, faults)
    if not is_found:
        raise UnreadableRoster("staff_header_not_found", sheets="、".join(s.name for s in sheets.sheets))
    twins = list(_twins(rows))
    refused = {(one.sheet, one.row) for one in twins}
    kept = tuple(row for row in rows if (row.sheet, row.row) not in refused)
    return StaffList(kept, (*faults, *twins), sheets.notes)


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: dict[StaffField, int]
    labels: dict[StaffField, str]


def _header(sheet: Sheet) -> _Header | None:
    for row in sheet.rows[:_HEADER_SEARCH_ROWS]:
        columns: dict[StaffField, int] = {}
        labels: dict[StaffField, str] = {}
        for column in range(len(row.cells)):
            text = squeezed(shown(row.cell(column))).lower().strip("*")
            field = _BY_WORD.get(text) or _BY_WORD.get(re.sub(r"[(（].*[)）]", "", text))
            if field is None:
                continue
            if field in columns:
                first, second = column_letters(columns[field]), column_letters(column)
                raise UnreadableRoster(
                    "columns_same_meaning", sheet=sheet.name, row=row.number, field=field.value, header=text,
                    first=f"{first} {labels[field]}", second=f"{second} {text}",
                )  # fmt: skip
            columns[field], labels[field] = column, text
        if StaffField.NAME in columns and len(columns) > 1:
            return _Header(row.number, columns, labels)
    return None


def _read(
    sheet: str, header: _Header, row: SheetRow, offer: Offer, rows: list[StaffRow], faults: list[StaffFault]
) -> None:
    said = squeezed(shown(row.cell(header.columns[StaffField.NAME])))[:LONGEST_TEXT]
    own: list[StaffFault] = []

    def take(field: StaffField, read: Callable[[str], object], empty: object, *, digits: bool = False) -> object:
        column = header.columns.get(field)
        if column is None:
            return empty
        try:
            cell = row.cell(column)
            text = digits_text(cell) if digits else whole_text(cell)
            return empty if is_nothing(text) and field is not StaffField.NAME else read(text)
        except Refused as refused:
            own.append(StaffFault(sheet, row.number, header.labels[field], refused.code, refused.params, said))
            return empty

    roles = take(StaffField.ROLES, _roles, ())
    cohorts = take(StaffField.CLASSES, lambda text: _cohorts(text, offer), ())
    found = StaffRow(
        sheet, row.number, str(take(StaffField.NAME, read_name, "")),
        str(take(StaffField.NUMBER, _number, "", digits=True)), str(take(StaffField.PHONE, _phone, "", digits=True)),
        str(take(StaffField.MAIL, _mail, "")), str(take(StaffField.POST, _short, "")),
        str(take(StaffField.EMPLOYMENT, _employment, "")), str(take(StaffField.QUALIFICATION, _short, "")),
        roles, cohorts,  # type: ignore[arg-type]  # what their readers return
    )  # fmt: skip
    own += [StaffFault(sheet, row.number, _label(header, f), code, {}, said) for f, code in _unfit(found, bool(own))]
    faults.extend(own)
    if not own:
        rows.append(found)


def _label(header: _Header, field: StaffField) -> str:
    return header.labels.get(field, {"roles": "角色", "classes": "班级"}[field.value])


def _unfit(row: StaffRow, has_faults: bool) -> Iterator[tuple[StaffField, str]]:  # noqa: FBT001 - private
    """Roles and classes that do not fit together."""
    if has_faults:
        return
    needing = NEEDS_CLASS & set(row.roles)
    if "class_teacher" in needing and not any(one.number for one in row.cohorts):
        yield StaffField.CLASSES, "class_missing"
    if "grade_head" in needing and not row.cohorts:
        yield StaffField.CLASSES, "grade_missing"
    if row.cohorts and not needing and row.roles != ("subject_teacher",):
        yield StaffField.ROLES, "class_without_role"


def _roles(text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for part in filter(None, (squeezed(one).lower() for one in _PARTS.split(text))):
        if part not in _ROLE_BY_WORD:
            raise Refused("role_unknown", value=part[:20])
        found[_ROLE_BY_WORD[part]] = None
    return tuple(found)


def _cohorts(text: str, offer: Offer) -> tuple[Cohort, ...]:
    found: dict[Cohort, None] = {}
    for part in filter(None, (squeezed(one) for one in _PARTS.split(text))):
        is_grade = bool(_GRADE_ONLY.search(part))
        ref = read_class(f"{part}1班" if is_grade else part, offer=offer)
        if ref.entry_year is None or ref.stage == "unknown":
            raise Refused("class_ambiguous", value=part[:20])
        found[Cohort(ref.stage, ref.entry_year, 0 if is_grade else ref.number)] = None
    return tuple(found)


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(squeezed(text)):
        raise Refused("staff_number_bad")
    return squeezed(text)


def _phone(text: str) -> str:
    phones = read_phones(text)
    return phones[0] if phones else ""


def _mail(text: str) -> str:
    if not _MAIL.fullmatch(squeezed(text)):
        raise Refused("mail_bad")
    return squeezed(text)


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Refused("text_too_long", longest=LONGEST_TEXT)
    return text


def _employment(text: str) -> str:
    found = _EMPLOYMENT.get(squeezed(text).lower())
    if found is None:
        raise Refused("employment_unknown", value=text[:20])
    return found


def _twins(rows: Sequence[StaffRow]) -> Iterator[StaffFault]:
    """Two rows with one number, or of one name that nothing tells apart: both are refused, naming each other."""
    seen: dict[tuple[str, str], StaffRow] = {}
    for row in rows:
        keys = [("number", row.number)] if row.number else []
        keys.append(("name", f"{row.name} {row.phone}" if not row.number else f"{row.name} {row.number}"))
        first = next((seen[key] for key in keys if key in seen), None)
        if first is not None:
            yield StaffFault(row.sheet, row.row, "", "staff_twice", {"first_row": first.row}, row.name)
        for key in keys:
            seen.setdefault(key, row)
