"""From sheets to pupils wanted, school by school, with blind indexes made once."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xinqiao.engines.roster import Rejection, Roster, RosterRow, Sheet, Sheets, UnreadableRoster, parse_roster
from xinqiao.engines.roster.headers import NUMBER_FIELDS, Field, find_header
from xinqiao.engines.roster.text import shown
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import blind_index
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.people.registering import is_seat_number
from xinqiao.register.people.roster.schools import SchoolNames, by_school, schools_for_roster
from xinqiao.register.people.roster.wanted import Cohort, Note, ReadRoster, Refusal, SchoolRoster, Wanted

ENGINE_STAGES = ("primary", "junior", "senior", "vocational")
_SAID_FIELDS = {"name": Field.NAME, "class": Field.CLASS, "number": Field.STUDENT_NUMBER, "id": Field.ID_NUMBER}


def read_roster(unit: Unit, sheets: Sheets, on: dt.date) -> ReadRoster:
    """Return what a file wants of the register for one unit, read as of a day.

    Where the unit has several schools, a school column (or sheets named after schools) says whose a row is.
    Raises UnreadableRoster if nothing can be read, also with our own codes no_school, school_column_missing, no_pupils.
    """
    schools = schools_for_roster(unit)
    if not schools:
        raise UnreadableRoster("no_school", unit=unit.name)
    reading = _Reading(unit, sheets, on)
    if len(schools) == 1:
        reading.take(schools[0], sheets)
    else:
        reading.take_parts(schools, sheets)
    if not reading.has_rows:
        raise UnreadableRoster("no_pupils")
    return reading.result()


class _Reading:
    """The state of reading one file for one unit."""

    def __init__(self, unit: Unit, sheets: Sheets, on: dt.date) -> None:
        self._unit, self._on = unit, on
        self._order = {sheet.name: place for place, sheet in enumerate(sheets.sheets)}
        self._labels: dict[str, Mapping[str, str]] = {}
        self._schools: list[SchoolRoster] = []
        self._refused: list[Refusal] = []
        self._notes: dict[str, Note] = {}
        self._secret = ring().secrets["index"]

    @property
    def has_rows(self) -> bool:
        return bool(self._refused) or any(school.pupils for school in self._schools)

    def result(self) -> ReadRoster:
        read = ReadRoster(
            self._unit, tuple(self._schools), (), tuple(self._notes.values()), self._labels, self._order
        )  # fmt: skip
        return ReadRoster(
            read.unit, read.schools, tuple(read.in_order(self._refused)), read.notes, read.labels, read.order
        )  # fmt: skip

    def take(self, school: Unit, sheets: Sheets) -> None:
        """Read what is one school's."""
        stages = [stage for stage in school.stage_list if stage in ENGINE_STAGES]
        roster = parse_roster(
            sheets, school_year=school_year_of(self._on), stages=stages, today=self._on,  # type: ignore[arg-type]  # filtered
            primary_years=school.primary_years,
        )  # fmt: skip
        self._note(roster, sheets)
        self._refused.extend(self._explained(roster.rejected, sheets))
        pupils = []
        for row in roster.rows:
            cohort = _cohort(school, row)
            if isinstance(cohort, str):
                self._refused.append(self._of_row(row, "class", cohort, value=row.class_ref.name))
            else:
                pupils.append(self._wanted(school, row, cohort))
        self._schools.append(SchoolRoster(school, tuple(pupils)))

    def take_parts(self, schools: Sequence[Unit], sheets: Sheets) -> None:
        """Read a file of several schools; rows of none that we know are refused with what the file calls it."""
        names = SchoolNames(schools)
        parts, rest = by_school(sheets, names)
        if not parts and not any(self._has_school_column(sheet) for sheet in sheets.sheets):
            raise UnreadableRoster("school_column_missing", unit=self._unit.name)
        for school, part in parts.items():
            try:
                self.take(school, part)
            except UnreadableRoster as unreadable:
                self._notes[f"{school.id}"] = Note("school_not_read", {"school": school.name, "code": unreadable.code})
        if rest is not None:
            self._refuse_rest(rest, names)

    def _has_school_column(self, sheet: Sheet) -> bool:
        header = None if sheet.hidden else find_header(sheet.name, sheet.rows, sheet.merges)
        return header is not None and Field.SCHOOL in header.columns

    def _refuse_rest(self, rest: Sheets, names: SchoolNames) -> None:
        try:
            roster = parse_roster(rest, school_year=school_year_of(self._on), stages=(), today=self._on)
        except UnreadableRoster:
            return  # cover sheets, footers: no pupil among them
        self._note(roster, rest)
        self._refused.extend(self._explained(roster.rejected, rest))
        for row in roster.rows:
            code = "school_missing" if not row.school else "school_unknown"
            code = "school_shared" if row.school and names.is_shared(row.school) else code
            self._refused.append(self._of_row(row, "school", code, value=(row.school or "")[:60]))

    def _wanted(self, school: Unit, row: RosterRow, cohort: Cohort) -> Wanted:
        number = row.student_number or row.national_number or ""
        is_seat = is_seat_number(number)
        return Wanted(
            row, school.id, cohort, row.campus or "", number, is_seat, self._index("student_number", number),
            self._index("national_number", row.national_number or ""), self._index("id_number", row.id_number or ""),
        )  # fmt: skip

    def _index(self, purpose: str, text: str) -> bytes | None:
        return blind_index(self._secret, purpose, text) if text else None

    def _of_row(self, row: RosterRow, field_name: str, code: str, **params: str | int) -> Refusal:
        said = {
            "name": row.name,
            "class": row.class_ref.name,
            "number": row.student_number or row.national_number or "",
        }
        said["id"] = row.id_number or ""
        label = self._labels.get(row.sheet, {}).get(field_name, "")
        return Refusal(row.sheet, row.row, label, code, params, said)

    def _note(self, roster: Roster, sheets: Sheets) -> None:
        for note in roster.notes:
            self._notes.setdefault(f"{note.code}{sorted(note.params.items())}", Note(note.code, note.params))
        for sheet in sheets.sheets:
            if not sheet.hidden and sheet.name not in self._labels:
                header = find_header(sheet.name, sheet.rows, sheet.merges)
                if header is not None:
                    self._labels[sheet.name] = {f.value: header.label(f) for f in Field if f in header.columns}

    def _explained(self, rejected: Iterable[Rejection], sheets: Sheets) -> Iterator[Refusal]:
        """Each refusal with what its row says of whom."""
        some = list(rejected)
        said = said_by_row(sheets, {(one.sheet, one.row) for one in some})
        for one in some:
            yield Refusal(one.sheet, one.row, one.column, one.code, one.params, said.get((one.sheet, one.row), {}))


def said_by_row(sheets: Sheets, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], dict[str, str]]:
    """Return name, class and numbers as the wanted rows have them, unread."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for sheet in sheets.sheets:
        numbers = {row for name, row in wanted if name == sheet.name}
        header = find_header(sheet.name, sheet.rows, sheet.merges) if numbers and not sheet.hidden else None
        if header is None:
            continue
        number_columns = [header.columns[f] for f in NUMBER_FIELDS if f in header.columns and f is not Field.ID_NUMBER]
        for row in sheet.rows:
            if row.number in numbers:
                said = {key: shown(row.cell(header.columns[f])).strip()[:60] for key, f in _SAID_FIELDS.items()
                        if f in header.columns}  # fmt: skip
                if not said.get("number"):
                    said["number"] = next((t for c in number_columns if (t := shown(row.cell(c)).strip()[:60])), "")
                found[sheet.name, row.number] = said
    return found


def _cohort(school: Unit, row: RosterRow) -> Cohort | str:
    """The cohort in this school, or the code of a refusal."""
    ref, offered = row.class_ref, school.stage_list
    if ref.stage == "unknown":
        if len(offered) != 1 or ref.entry_year is None:
            return "class_ambiguous"
        return offered[0], ref.entry_year, ref.number
    if offered and ref.stage not in offered:
        return "grade_not_offered"
    if ref.entry_year is None:
        return "class_ambiguous"
    return ref.stage, ref.entry_year, ref.number
