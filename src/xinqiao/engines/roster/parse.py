"""From opened sheets to a roster: finds the header of every sheet, reads its rows, and looks at them together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from xinqiao.engines.roster.class_names import CLASS_IN_TITLE, Offer, Stage, read_class
from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.headers import NUMBER_FIELDS, Field, Header, find_header
from xinqiao.engines.roster.layout import Fill, Skipped, pupil_rows
from xinqiao.engines.roster.numbers import is_rounded_column
from xinqiao.engines.roster.results import Rejection, Roster, RosterRow
from xinqiao.engines.roster.rows import Context, RowReader
from xinqiao.engines.roster.sheets import Note, Sheet, SheetRow, Sheets, UnreadableRoster, column_letters
from xinqiao.engines.roster.text import shown, squeezed
from xinqiao.engines.roster.twins import refuse_twins

_NAMES_OF_MISSING: Final = {Field.CLASS: "班级", Field.STUDENT_NUMBER: "学号/学籍号/身份证号"}


def parse_roster(
    sheets: Sheets, *, school_year: int, stages: Sequence[Stage], today: date, primary_years: int = 6
) -> Roster:
    """Reads every visible sheet that has a pupil's header.

    `school_year` is the year in which the school year begins; `stages` what the school teaches (empty: not known);
    `primary_years` 6, or 5 where junior school has four. Hidden columns and rows are read like others, hidden sheets
    are not. Raises `UnreadableRoster` (header_not_found, columns_missing, columns_same_meaning) if nothing can be read.
    """
    offer = Offer(school_year, tuple(stages), primary_years)
    reading = _Reading(sheets, offer, today)
    for sheet in sheets.sheets:
        if sheet.hidden:
            reading.note("hidden_sheet_ignored", sheet=sheet.name)
        else:
            reading.read_sheet(sheet)
    reading.require_readable()
    rows, twins = refuse_twins(reading.rows)
    if any(row.student_number and len(row.student_number) <= 3 for row in rows):
        reading.note("short_student_numbers")
    named = (replace(twin, column=reading.label_of(twin)) for twin in twins)
    rejected = sorted([*reading.rejected, *named], key=lambda one: (reading.order[one.sheet], one.row))
    return Roster(tuple(rows), tuple(rejected), tuple(reading.notes))


class _Reading:
    """The state of reading one file."""

    def __init__(self, sheets: Sheets, offer: Offer, today: date) -> None:
        self._date_1904 = sheets.date_1904
        self._offer = offer
        self._today = today
        self.order = {sheet.name: place for place, sheet in enumerate(sheets.sheets)}
        self.rows: list[RosterRow] = []
        self.rejected: list[Rejection] = []
        self.notes: list[Note] = list(sheets.notes)
        self._headers: dict[str, Header] = {}
        self._missing: UnreadableRoster | None = None

    def note(self, code: str, **params: str | int) -> None:
        self.notes.append(Note(code, params))

    def label_of(self, twin: Rejection) -> str:
        """The header of the column that a refused twin shares; a register column may have given a student number."""
        header = self._headers[twin.sheet]
        fields = (Field(twin.field), Field.REGISTER_NUMBER, Field.STUDENT_NUMBER)
        return next((header.label(field) for field in fields if field in header.columns), "")

    def require_readable(self) -> None:
        """Raises if no sheet could be read: for want of columns where there was a header, else of any header."""
        if self._headers:
            return
        raise self._missing or UnreadableRoster("header_not_found", sheets="、".join(self.order))

    def read_sheet(self, sheet: Sheet) -> None:
        header = find_header(sheet.name, sheet.rows, sheet.merges)
        if header is None:
            if sheet.rows:
                self.note("sheet_without_roster", sheet=sheet.name)
            return
        class_text, class_note = self._class_of_all(sheet, header)
        missing = _missing_columns(header, class_text)
        if missing:
            self._tell_missing(sheet.name, header, missing)
            return
        self._headers[sheet.name] = header
        self._tell_hidden(sheet, header)
        if class_note:
            self.note(class_note, sheet=sheet.name, class_name=class_text)
        self._read_rows(sheet, header, class_text)

    def _read_rows(self, sheet: Sheet, header: Header, class_text: str) -> None:
        fill, skipped = Fill(header, sheet.rows, sheet.merges), Skipped()
        rounded = _rounded_columns(header, sheet.rows)
        context = Context(
            sheet.name, header, self._offer, self._today, self._date_1904, fill, class_text, rounded
        )  # fmt: skip
        for row in pupil_rows(header, sheet.rows, sheet.merges, skipped):
            reader = RowReader(context, row)
            pupil = reader.read()
            if pupil is not None:
                self.rows.append(pupil)
            self.rejected.extend(reader.faults)
        counts = {
            "footer_rows_skipped": skipped.footers,
            "repeated_headers_skipped": skipped.repeated_headers,
            "merged_cells_filled": fill.filled_count,
        }
        for code, count in counts.items():
            if count:
                self.note(code, sheet=sheet.name, count=count)

    def _class_of_all(self, sheet: Sheet, header: Header) -> tuple[str, str]:
        """Where no column names the class: the class of the whole sheet, and the note that says where it is from."""
        if Field.CLASS in header.columns:
            return "", ""
        if named := self._class_of_sheet(sheet.name, header):
            return named, "class_from_sheet_name"
        titled = self._class_of_title(sheet, header)
        return titled, "class_from_title" if titled else ""

    def _class_of_title(self, sheet: Sheet, header: Header) -> str:
        """The one class that the lines above the header name (松湖县第一中学七年级(3)班学生名单), else ""."""
        above = (row for row in sheet.rows if row.number < header.first_row)
        texts = [squeezed(shown(cell)) for row in above for cell in row.cells]
        found = {}
        for text in (match for title in texts for match in CLASS_IN_TITLE.findall(title)):
            try:
                found[read_class(text, offer=self._offer)] = text
            except Refused:
                continue
        return next(iter(found.values())) if len(found) == 1 else ""

    def _class_of_sheet(self, name: str, header: Header) -> str:
        """The sheet's name if it names a class, else ""."""
        try:
            read_class(name, offer=self._offer)
        except Refused as refused:
            is_class = refused.code in {"class_ambiguous", "grade_not_offered"} and "班" in name
            is_number = refused.code == "class_without_grade" and Field.GRADE in header.columns
            return name if is_class or is_number else ""
        return name

    def _tell_missing(self, sheet: str, header: Header, missing: Sequence[str]) -> None:
        found = "、".join(text for text in header.labels.values())[:300]
        words = "、".join(missing)
        self.note("sheet_columns_missing", sheet=sheet, missing=words)
        fault = UnreadableRoster("columns_missing", sheet=sheet, row=header.first_row, missing=words, found=found)
        self._missing = self._missing or fault

    def _tell_hidden(self, sheet: Sheet, header: Header) -> None:
        if sheet.hidden_columns:
            letters = "、".join(column_letters(column) for column in sheet.hidden_columns[:30])
            self.note("hidden_columns_read", sheet=sheet.name, columns=letters)
        if sheet.hidden_row_count:
            self.note("hidden_rows_read", sheet=sheet.name, count=sheet.hidden_row_count)
        if header.unused:
            self.note("column_not_used", sheet=sheet.name, columns="、".join(header.unused)[:300])


def _missing_columns(header: Header, class_text: str) -> list[str]:
    missing = []
    if Field.CLASS not in header.columns and not class_text:
        missing.append(_NAMES_OF_MISSING[Field.CLASS])
    if not any(field in header.columns for field in NUMBER_FIELDS):
        missing.append(_NAMES_OF_MISSING[Field.STUDENT_NUMBER])
    return missing


def _rounded_columns(header: Header, rows: Iterable[SheetRow]) -> frozenset[Field]:
    """The number columns that a spreadsheet has rounded before they became text."""
    rounded = set()
    for field in NUMBER_FIELDS:
        column = header.columns.get(field)
        if column is None:
            continue
        cells = (row.cell(column) for row in rows if row.number > header.last_row)
        if is_rounded_column(squeezed(cell) for cell in cells if isinstance(cell, str) and len(cell) > 15):
            rounded.add(field)
    return frozenset(rounded)
