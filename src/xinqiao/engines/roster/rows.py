"""One spreadsheet row made one pupil, or the list of what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from xinqiao.engines.roster import words
from xinqiao.engines.roster.class_names import ClassRef, Offer, read_class, read_stage
from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.dates import PartialDate, read_birth, require_plausible_age
from xinqiao.engines.roster.headers import Field, Header
from xinqiao.engines.roster.layout import Fill
from xinqiao.engines.roster.names import has_private_use, read_name
from xinqiao.engines.roster.numbers import (
    IdFacts,
    is_national_number,
    read_id_number,
    read_phones,
    read_student_number,
    resident_facts,
)
from xinqiao.engines.roster.results import Guardian, Rejection, RosterRow
from xinqiao.engines.roster.sheets import Cell, DateCell, NumberCell, SheetRow, column_letters
from xinqiao.engines.roster.text import digits_text, is_blank, is_nothing, plain, whole_text

LONGEST_REMARK_CHARS: Final = 500
_YEAR_FIRST: Final = re.compile(r"(?:19|20)\d\d(?:\D|\d{2}$|\d{4}$|$)")
_LONGEST_SURE_DIGITS: Final = 15
_RESIDENT_CHARS: Final = 18
_T = TypeVar("_T")
_Numbers = tuple[str | None, str | None, str | None]
_Identity = tuple[str | None, str | None, IdFacts | None]


@dataclass(frozen=True, slots=True)
class Context:
    """What a row is read against: its sheet's header, the school, the day, and what is known of whole columns."""

    sheet: str
    header: Header
    offer: Offer
    today: date
    date_1904: bool
    fill: Fill
    class_text: str
    rounded: frozenset[Field]
    classes: dict[tuple[str, str, str, int | None], "ClassRef | Refused"] = field(default_factory=dict)


class RowReader:
    """Reads one row, gathering every fault instead of stopping at the first."""

    def __init__(self, context: Context, row: SheetRow) -> None:
        self._context = context
        self._row = row
        self.faults: list[Rejection] = []

    def read(self) -> RosterRow | None:
        """The pupil, or None with `faults` filled."""
        name = self._field(Field.NAME, _name) or ""
        if not name and not self.faults:
            self._refuse(Field.NAME, Refused("name_missing"))
        numbers, identity = _with_bare_identity(self._numbers(), self._identity(), today=self._context.today)
        id_type, id_number, facts = identity
        sex, birth = self._person(facts)
        class_ref, entry_year = self._class()
        guardians, phones = self._guardians()
        rest = self._rest()
        if self.faults or class_ref is None:
            return None
        row = RosterRow(
            self._context.sheet, self._row.number, name, class_ref, *numbers, id_type=id_type, id_number=id_number,
            sex=sex, birth=birth, entry_year=entry_year, school=rest[Field.SCHOOL], campus=rest[Field.CAMPUS],
            ethnicity=self._field(Field.ETHNICITY, lambda cell: words.read_ethnicity(whole_text(cell))),
            boarding=self._field(Field.BOARDING, lambda cell: words.read_boarding(whole_text(cell))),
            guardians=guardians, contact_phones=phones, remark=rest[Field.REMARK],
            warnings=_warnings(name, numbers, id_number),
        )  # fmt: skip
        return None if self.faults else row

    def _field(self, name: Field, reader: Callable[[Cell], _T | None]) -> _T | None:
        """What the reader makes of the field's cell; None if there is no such column or the cell is refused."""
        column = self._context.header.columns.get(name)
        if column is None:
            return None
        try:
            return reader(self._context.fill.cell(self._row, column))
        except Refused as refused:
            self._refuse(name, refused)
            return None

    def _refuse(self, name: Field, refused: Refused) -> None:
        column = self._context.header.columns.get(name)
        where = {} if column is None else {"cell": f"{column_letters(column)}{self._row.number}"}
        label = self._context.header.label(name)
        self.faults.append(
            Rejection(self._row.number, label, refused.code, refused.params | where, self._context.sheet, name.value)
        )

    def _numbers(self) -> _Numbers:
        """Student, register and national number; one that has the national shape is national, whatever its header."""
        student = self._number(Field.STUDENT_NUMBER)
        register = self._number(Field.REGISTER_NUMBER)
        national = self._number(Field.NATIONAL_NUMBER)
        for number in (register, student):
            if national is None and number is not None and is_national_number(number):
                national = number
        register = None if register is not None and is_national_number(register) else register
        student = None if student is not None and is_national_number(student) else student
        if student is None:
            return register, None, national
        return student, register, national

    def _number(self, name: Field) -> str | None:
        must_be_national = name is Field.NATIONAL_NUMBER
        return self._field(
            name, lambda cell: read_student_number(self._digits(name, cell), must_be_national=must_be_national)
        )

    def _digits(self, name: Field, cell: Cell) -> str:
        text = digits_text(cell)
        if (
            name in self._context.rounded
            and len(text) > _LONGEST_SURE_DIGITS
            and text.isdecimal()
            and text.endswith("000")
        ):
            raise Refused("digits_lost")
        return text

    def _identity(self) -> _Identity:
        id_type = self._field(Field.ID_TYPE, lambda cell: words.read_id_type(whole_text(cell)))
        if any(fault.field == Field.ID_TYPE for fault in self.faults):
            return None, None, None
        found = self._field(
            Field.ID_NUMBER, lambda cell: read_id_number(self._digits(Field.ID_NUMBER, cell), id_type=id_type)
        )
        if found is None:
            return None, None, None
        return id_type or "resident_id", found[0], found[1]

    def _person(self, facts: IdFacts | None) -> tuple[str | None, PartialDate | None]:
        """Sex and birth date, held against the identity number."""
        context = self._context
        sex = self._field(Field.SEX, lambda cell: words.read_sex(whole_text(cell)))
        birth = self._field(
            Field.BIRTH, lambda cell: read_birth(_or_nothing(cell), today=context.today, date_1904=context.date_1904)
        )
        if facts is None:
            return sex, birth
        if sex is not None and sex != facts.sex:
            self._refuse(Field.SEX, Refused("sex_differs_from_id"))
        if birth is not None and not birth.agrees_with(facts.birth):
            self._refuse(Field.BIRTH, Refused("birth_differs_from_id"))
        elif birth is None:
            self._check_age_of(facts)
        return facts.sex, facts.birth

    def _check_age_of(self, facts: IdFacts) -> None:
        try:
            require_plausible_age(facts.birth, today=self._context.today)
        except Refused as refused:
            self._refuse(Field.ID_NUMBER, refused)

    def _class(self) -> tuple[ClassRef | None, int | None]:
        count = len(self.faults)
        entry_year = self._field(Field.ENTRY_YEAR, _year)
        grade = self._field(Field.GRADE, _class_text) or ""
        stage = self._field(Field.STAGE, whole_text) or ""
        written = self._context.class_text or self._field(Field.CLASS, _class_text) or ""
        if len(self.faults) > count:
            return None, None
        key = (written, grade, stage, entry_year)
        found = self._context.classes.get(key)
        if found is None:
            found = self._context.classes[key] = self._read_class(*key)
        if isinstance(found, Refused):
            self._refuse(_blamed(found.code), found)
            return None, None
        return found, entry_year

    def _read_class(self, written: str, grade: str, stage: str, entry_year: int | None) -> "ClassRef | Refused":
        try:
            return read_class(
                written, offer=self._context.offer, grade_text=grade, stage=read_stage(stage), entry_year=entry_year
            )
        except Refused as refused:
            return Refused(refused.code, **refused.params)  # without the traceback, which holds this row alive

    def _guardians(self) -> tuple[tuple[Guardian, ...], tuple[str, ...]]:
        """Every guardian named, and the telephone numbers that the file gives to nobody."""
        contact = self._phones(Field.CONTACT_PHONE)
        first = self._guardian(Field.GUARDIAN1_NAME, Field.GUARDIAN1_PHONE, Field.GUARDIAN1_RELATION)
        named = [
            first,
            self._guardian(Field.GUARDIAN2_NAME, Field.GUARDIAN2_PHONE, Field.GUARDIAN2_RELATION),
            self._guardian(Field.FATHER_NAME, Field.FATHER_PHONE, "father"),
            self._guardian(Field.MOTHER_NAME, Field.MOTHER_PHONE, "mother"),
        ]
        if first is not None and not first.phones and Field.GUARDIAN1_PHONE not in self._context.header.columns:
            named[0] = Guardian(first.name, first.relation, contact)
            contact = ()
        return tuple(guardian for guardian in named if guardian is not None), contact

    def _guardian(self, name: Field, phone: Field, relation: Field | str) -> Guardian | None:
        full_name = self._field(name, _optional_name)
        phones = self._phones(phone)
        if isinstance(relation, Field):
            code = self._field(relation, lambda cell: words.read_relation(whole_text(cell)))
        else:
            code = relation
        return Guardian(full_name, code, phones) if full_name or phones else None

    def _phones(self, name: Field) -> tuple[str, ...]:
        return self._field(name, _phones) or ()

    def _rest(self) -> Mapping[Field, str | None]:
        return {name: self._field(name, _short_text) for name in (Field.SCHOOL, Field.CAMPUS, Field.REMARK)}


def _with_bare_identity(numbers: _Numbers, identity: _Identity, *, today: date) -> tuple[_Numbers, _Identity]:
    """An identity number under 学籍号 or 学号 (a national number written without its G) is taken for what it is.

    Not where the identity column says another one: then it is an ordinary number that only looks like one.
    """
    student, register, national = numbers
    for number in (register, student):
        facts = _resident_facts_of(number, today)
        if facts is not None and identity[1] in (None, facts.number):
            kept = [None if one == number else one for one in (student, register)]
            return (kept[0], kept[1], national), ("resident_id", facts.number, facts)
    return numbers, identity


def _resident_facts_of(number: str | None, today: date) -> IdFacts | None:
    if number is None or len(number) != _RESIDENT_CHARS:
        return None
    try:
        facts = resident_facts(number.upper())
        require_plausible_age(facts.birth, today=today)
    except Refused:
        return None
    return facts


def _name(cell: Cell) -> str:
    return read_name(cell if isinstance(cell, str) else whole_text(cell))


def _optional_name(cell: Cell) -> str | None:
    text = whole_text(cell)
    return None if is_nothing(text) else _name(cell)


def _phones(cell: Cell) -> tuple[str, ...]:
    return read_phones(cell) if isinstance(cell, str) and "\n" in cell else read_phones(digits_text(cell))


def _short_text(cell: Cell) -> str | None:
    text = whole_text(cell)
    if len(text) > LONGEST_REMARK_CHARS:
        raise Refused("text_too_long", longest=LONGEST_REMARK_CHARS)
    return text or None


def _class_text(cell: Cell) -> str:
    """The text of a class or grade; 7-3 that became 3 July, and 7.1 that may have been 7.10, are refused."""
    if isinstance(cell, DateCell):
        raise Refused("class_became_date")
    if isinstance(cell, NumberCell) and not cell.number.is_integer():
        raise Refused("class_ambiguous", value=cell.text)
    return digits_text(cell)


def _or_nothing(cell: Cell) -> Cell:
    return "" if isinstance(cell, str) and (is_blank(cell) or is_nothing(plain(cell))) else cell


def _year(cell: Cell) -> int | None:
    """The year at the beginning of 2024, 2024级, 2024-09, 2024年9月."""
    if isinstance(cell, DateCell):
        return cell.year
    text = digits_text(cell)
    if is_nothing(text):
        return None
    if _YEAR_FIRST.match(text):
        return int(text[:4])
    raise Refused("year_unreadable", value=text[:20])


def _blamed(code: str) -> Field:
    if code == "stage_unknown":
        return Field.STAGE
    return Field.GRADE if code == "grade_unreadable" else Field.CLASS


def _warnings(name: str, numbers: tuple[str | None, ...], id_number: str | None) -> tuple[str, ...]:
    national = numbers[2]
    is_other = bool(national and id_number and national[0] == "G" and national[1:] != id_number)
    found = {
        "private_use_character": has_private_use(name),
        "no_number": not any(numbers) and id_number is None,
        "national_number_differs_from_id": is_other,
    }
    return tuple(code for code, is_so in found.items() if is_so)
