"""The many names that schools give their columns, and finding the header line or lines among titles and notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from xinqiao.engines.roster.sheets import Merge, SheetRow, UnreadableRoster, column_letters
from xinqiao.engines.roster.text import shown, squeezed


class Field(StrEnum):
    """What a column can mean."""

    NAME = "name"
    STUDENT_NUMBER = "student_number"
    REGISTER_NUMBER = "register_number"
    NATIONAL_NUMBER = "national_number"
    ID_NUMBER = "id_number"
    ID_TYPE = "id_type"
    SEX = "sex"
    BIRTH = "birth"
    STAGE = "stage"
    GRADE = "grade"
    CLASS = "class"
    ENTRY_YEAR = "entry_year"
    SCHOOL = "school"
    CAMPUS = "campus"
    ETHNICITY = "ethnicity"
    BOARDING = "boarding"
    CONTACT_PHONE = "contact_phone"
    GUARDIAN1_NAME = "guardian1_name"
    GUARDIAN1_RELATION = "guardian1_relation"
    GUARDIAN1_PHONE = "guardian1_phone"
    GUARDIAN2_NAME = "guardian2_name"
    GUARDIAN2_RELATION = "guardian2_relation"
    GUARDIAN2_PHONE = "guardian2_phone"
    FATHER_NAME = "father_name"
    FATHER_PHONE = "father_phone"
    MOTHER_NAME = "mother_name"
    MOTHER_PHONE = "mother_phone"
    REMARK = "remark"


NUMBER_FIELDS: Final = (Field.STUDENT_NUMBER, Field.REGISTER_NUMBER, Field.NATIONAL_NUMBER, Field.ID_NUMBER)
FILLED_DOWN: Final = (Field.SCHOOL, Field.CAMPUS, Field.STAGE, Field.GRADE, Field.CLASS)
"""Only these columns let a merged block speak for every row it covers."""

_OF_SECOND: Final = {
    Field.GUARDIAN1_NAME: Field.GUARDIAN2_NAME,
    Field.GUARDIAN1_RELATION: Field.GUARDIAN2_RELATION,
    Field.GUARDIAN1_PHONE: Field.GUARDIAN2_PHONE,
}
_MAY_REPEAT: Final = frozenset([Field.REMARK, Field.CONTACT_PHONE])  # the first one counts
_HEADER_SEARCH_ROWS: Final = 60

_SYNONYMS: Final[dict[Field, str]] = {
    Field.NAME: """
        姓名 学生姓名 名字 学生名字 学生 姓名全称 名称 学员姓名 幼儿姓名 name studentname fullname""",
    Field.STUDENT_NUMBER: """
        学号 学生学号 校内学号 学生编号 学生号 校内编号 studentnumber studentid
        studentno""",
    Field.REGISTER_NUMBER: """
        学籍号 学籍号码 学籍编号 学生学籍号 电子学籍号 省学籍号 省级学籍号 地区学籍号""",
    Field.NATIONAL_NUMBER: """
        全国学籍号 全国学籍号码 全国学号 国家学籍号 全国统一学籍号 国网学籍号 学籍号g""",
    Field.ID_NUMBER: """
        身份证号 身份证 身份证号码 身份证件号 身份证件号码 身份证件编号 证件号 证件号码 证件编号 公民身份号码
        公民身份证号 公民身份证号码
        居民身份证号 学生身份证号 学生身份证号码 学生身份证 学生身份证件号 居民身份证号码 idnumber idcard idno""",
    Field.ID_TYPE: """
        证件类型 身份证件类型 证件种类 证件类别 身份证类型 idtype""",
    Field.SEX: """
        性别 学生性别 sex gender""",
    Field.BIRTH: """
        出生日期 出生年月 出生年月日 生日 出生时间 出生 出生日 birth birthday birthdate dateofbirth""",
    Field.STAGE: """
        学段 学段名称 办学层次 教育阶段 stage""",
    Field.GRADE: """
        年级 年级名称 所在年级 所属年级 就读年级 级 grade""",
    Field.CLASS: """
        班级 班别 行政班 班 班名 班级名称 学生班级 所在班 所在班级 行政班级 班号 班级号 就读班级 所属班级 现班级
        年级班级 年班 年级班别 年级及班级 class classname""",
    Field.ENTRY_YEAR: """
        入学年份 入学年 入学年度 入学年月 入学时间 入学日期 级别年份 届别 entryyear""",
    Field.SCHOOL: """
        学校 学校名称 就读学校 所在学校 school""",
    Field.CAMPUS: """
        校区 校区名称 所在校区 教学点 campus""",
    Field.ETHNICITY: """
        民族 民族名称 族别 ethnicity""",
    Field.BOARDING: """
        是否住校 是否住宿 是否寄宿 是否住校生 是否寄宿生 是否住宿生 住宿生 住校生 寄宿生 住宿 住校 寄宿
        住宿情况 住校情况 就读方式 走读住宿 走读/住宿 住宿/走读 住宿走读 住校/走读 走读/住校 走读 住宿类型
        boarding""",
    Field.CONTACT_PHONE: """
        联系电话 电话 电话号码 联系方式 手机 手机号 手机号码 联系手机 联系人电话 移动电话 联系电话号码 家庭电话
        家庭联系电话 phone telephone mobile""",
    Field.GUARDIAN1_NAME: """
        监护人 监护人姓名 家长 家长姓名 监护人1姓名 监护人1 监护人一 监护人一姓名 家长1姓名 家长1 家长一姓名
        第一监护人 第一监护人姓名 联系人 联系人姓名 家庭联系人 家庭联系人姓名 家庭成员1姓名 家庭成员姓名 成员1姓名
        法定监护人 法定监护人姓名 guardian guardianname parentname""",
    Field.GUARDIAN1_RELATION: """
        与学生关系 关系 监护人关系 与监护人关系 家长关系 与本人关系 与学生的关系 与孩子关系 监护人与学生关系
        家长与学生关系 称谓 监护人1关系 监护人1与学生关系 第一监护人关系 第一监护人与学生关系 家长1关系
        家庭成员1关系 成员1关系 监护人与学生的关系 relation relationship""",
    Field.GUARDIAN1_PHONE: """
        家长电话 家长联系电话 监护人电话 监护人联系电话 监护人手机 监护人手机号 监护人手机号码 监护人联系方式
        家长手机 家长手机号 家长手机号码 家长联系方式 监护人1电话 监护人1联系电话 监护人1手机 监护人1手机号
        监护人一电话 第一监护人电话 第一监护人联系电话 家长1电话 家长1联系电话 家庭成员1联系电话 成员1联系电话
        监护人电话号码 家长电话号码 监护人1联系方式 家长电话1 监护人电话1 guardianphone parentphone""",
    Field.GUARDIAN2_NAME: """
        监护人2姓名 监护人2 监护人二 监护人二姓名 家长2姓名 家长2 家长二姓名 第二监护人 第二监护人姓名
        家庭成员2姓名 成员2姓名""",
    Field.GUARDIAN2_RELATION: """
        监护人2关系 监护人2与学生关系 第二监护人关系 第二监护人与学生关系 家长2关系 家庭成员2关系 成员2关系
        关系2""",
    Field.GUARDIAN2_PHONE: """
        监护人2电话 监护人2联系电话 监护人2手机 监护人2手机号 监护人二电话 第二监护人电话 第二监护人联系电话
        家长2电话 家长2联系电话 家庭成员2联系电话 成员2联系电话 监护人2联系方式 家长电话2 监护人电话2
        联系电话2 电话2""",
    Field.FATHER_NAME: """
        父亲姓名 父亲 爸爸姓名 爸爸 父姓名 父亲名字 father fathername""",
    Field.FATHER_PHONE: """
        父亲电话 父亲联系电话 父亲手机 父亲手机号 父亲手机号码 爸爸电话 父亲联系方式 父电话 父亲电话号码
        fatherphone""",
    Field.MOTHER_NAME: """
        母亲姓名 母亲 妈妈姓名 妈妈 母姓名 母亲名字 mother mothername""",
    Field.MOTHER_PHONE: """
        母亲电话 母亲联系电话 母亲手机 母亲手机号 母亲手机号码 妈妈电话 母亲联系方式 母电话 母亲电话号码
        motherphone""",
    Field.REMARK: """
        备注 说明 备考 remark note""",
}
_BY_WORD: Final = {word: field for field, words in _SYNONYMS.items() for word in words.split()}
_PEOPLE: Final = re.compile(r"(第[一二]|法定)?(监护人|家长|父亲|母亲|家庭成员|成员|联系人)[12一二]?")
_GROUP_TAIL: Final = re.compile(r"(基本|个人|家庭)?(信息|情况|资料|栏)$")
_DECORATION: Final = re.compile(r"[*:#★※]+|^\d{1,2}[.、]")
_BRACKETED: Final = re.compile(r"[(\[【〔「][^()\[\]【】〔〕「」]*[)\]】〕」]")
_ENGLISH_TAIL: Final = re.compile(r"(?<=[\u4e00-\u9fff])[/|-]?[a-z.]+$")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what its columns mean. Rows are spreadsheet rows; columns 0-based."""

    first_row: int
    last_row: int
    columns: dict[Field, int]
    labels: dict[int, str]
    unused: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    name_words: frozenset[str]

    def label(self, field: Field) -> str:
        """The header as the file writes it, "" if the file has no such column."""
        return self.labels.get(self.columns.get(field, -1), "")


def meaning_of(text: str) -> Field | None:
    """The field a header cell names, None if it is none of ours (序号, 年龄, 家庭住址 …)."""
    whole = _DECORATION.sub("", squeezed(text).lower())
    if not whole:
        return None
    opened = re.sub(r"[()\[\]【】〔〕「」]", "", whole)
    unbracketed = _without_brackets(whole)
    for word in (whole, opened, unbracketed, _ENGLISH_TAIL.sub("", unbracketed)):
        if word in _BY_WORD:
            return _BY_WORD[word]
    return None


def _without_brackets(text: str) -> str:
    """班级 for 班级(如:七(3)班): brackets within brackets go first."""
    while (shorter := _BRACKETED.sub("", text)) != text:
        text = shorter
    return text


def find_header(sheet_name: str, rows: Sequence[SheetRow], merges: Sequence[Merge]) -> Header | None:
    """The first line, or two lines together, that name a pupil's name and one more field; None if there is none.

    Raises `UnreadableRoster("columns_same_meaning")` where two columns of the header mean the same.
    """
    for place, row in enumerate(rows[:_HEADER_SEARCH_ROWS]):
        below = rows[place + 1] if place + 1 < len(rows) else None
        double = _double_line(row, below, merges) if below is not None else None
        for lines, labels in ((2, double), (1, _labels(row))):
            if labels is None:
                continue
            columns = {column: meaning for column, (_, meaning) in labels.items() if meaning is not None}
            if Field.NAME in columns.values() and len(set(columns.values())) > 1:
                used = (row, below) if lines == 2 and below is not None else (row,)
                return _header(sheet_name, used, labels)
    return None


def header_line(row: SheetRow) -> tuple[str, ...]:
    """The row as it would stand in a header, to recognise it when a printed page repeats it."""
    return tuple(squeezed(shown(cell)) for cell in row.cells)


_Labels = dict[int, tuple[str, Field | None]]


def _header(sheet_name: str, used: tuple[SheetRow, ...], labels: _Labels) -> Header:
    columns: dict[Field, int] = {}
    labels = _with_second_guardian(labels)
    for column, (text, meaning) in labels.items():
        if meaning is None or (meaning in columns and meaning in _MAY_REPEAT):
            continue
        if meaning in columns:
            raise UnreadableRoster(
                "columns_same_meaning", sheet=sheet_name, row=used[0].number, field=meaning.value,
                first=_place(columns[meaning], labels), second=_place(column, labels), header=text,
            )  # fmt: skip
        columns[meaning] = column
    texts = {column: text for column, (text, _) in labels.items()}
    unused = tuple(text for text, meaning in labels.values() if meaning is None)
    lines = tuple(header_line(row) for row in used)
    place = columns[Field.NAME]
    name_words = frozenset(line[place] for line in lines if place < len(line) and line[place])
    return Header(used[0].number, used[-1].number, columns, texts, unused, lines, name_words)


def _with_second_guardian(labels: _Labels) -> _Labels:
    """监护人, 关系, 电话 written twice with the same words: from the second name on they are the second guardian's."""
    names = [column for column, (_, meaning) in labels.items() if meaning is Field.GUARDIAN1_NAME]
    is_repeated = len(names) == 2 and labels[names[0]][0] == labels[names[1]][0]
    if not is_repeated or any(meaning in _OF_SECOND.values() for _, meaning in labels.values()):
        return labels
    of_second = dict(_OF_SECOND)
    if any(meaning is Field.CONTACT_PHONE for column, (_, meaning) in labels.items() if column < names[1]):
        of_second[Field.CONTACT_PHONE] = Field.GUARDIAN2_PHONE
    return {
        column: (text, of_second.get(meaning, meaning) if meaning is not None and column >= names[1] else meaning)
        for column, (text, meaning) in labels.items()
    }


def _place(column: int, labels: _Labels) -> str:
    return f"{column_letters(column)} {labels[column][0]}"


def _labels(row: SheetRow) -> _Labels:
    texts = {column: squeezed(shown(cell)) for column, cell in enumerate(row.cells)}
    return {column: (text, meaning_of(text)) for column, text in texts.items() if text}


def _double_line(top_row: SheetRow, below: SheetRow, merges: Sequence[Merge]) -> _Labels | None:
    """Both lines read as one header, or None if the lower line holds anything that is not a header word."""
    tops = _tops(top_row, merges, below.number)
    labels: _Labels = {}
    is_used = False
    for column in range(max(len(top_row.cells), len(below.cells))):
        top, bottom = tops.get(column, ""), squeezed(shown(below.cell(column)))
        if not bottom:
            if top:
                labels[column] = (top, meaning_of(top))
            continue
        meaning, is_known = _joined(top, bottom)
        if not is_known:
            return None
        labels[column] = (bottom if meaning_of(bottom) is meaning or top == bottom else top + bottom, meaning)
        is_used = True
    return labels if is_used else None


def _joined(top: str, bottom: str) -> tuple[Field | None, bool]:
    group = _GROUP_TAIL.sub("", top)
    if _PEOPLE.fullmatch(group):
        meaning = meaning_of(group + bottom)
        return meaning, meaning is not None or meaning_of(bottom) is not None
    if meaning_of(top) is not None and top != bottom:
        return None, False  # a value under a column that is already named
    meaning = meaning_of(bottom) or meaning_of(top + bottom)
    return meaning, meaning is not None or (bool(top) and not bottom.isdecimal() and _is_heading(bottom))


def _is_heading(text: str) -> bool:
    return bool(
        re.fullmatch(
            r"序号|编号|年龄|籍贯|户籍.*|.*住址|.*地址|.*号|.*类型|.*情况|.*时间|.*日期|.*单位|职业|学历|政治面貌|健康状况",
            text,
        )
    )


def _tops(row: SheetRow, merges: Sequence[Merge], below: int) -> dict[int, str]:
    """The upper texts by column, group headings spread over the columns that they are merged across."""
    tops = {column: squeezed(shown(cell)) for column, cell in enumerate(row.cells)}
    for merge in merges:
        if merge.first_row <= row.number <= merge.last_row < below:
            for column in range(merge.first_column, min(merge.last_column, merge.first_column + 60) + 1):
                tops[column] = tops.get(merge.first_column, "")
    return tops
