"""Which schools a file speaks of, and which of its rows are whose."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xinqiao.engines.roster import Sheet, SheetRow, Sheets
from xinqiao.engines.roster.headers import Field, Header, find_header
from xinqiao.engines.roster.layout import Fill
from xinqiao.engines.roster.text import shown, squeezed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import school_of, units_below
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind

_LONGEST_LINE_PARTS = re.compile(r"[()（）\s]")


def schools_for_roster(unit: Unit) -> list[Unit]:
    """Return the schools whose pupils a roster for this unit may name: its own, or all below it."""
    if unit.kind in SCHOOL_KINDS or unit.kind in (UnitKind.CAMPUS, UnitKind.GRADE, UnitKind.CLASS):
        school = school_of(unit.path)
        return [school] if school is not None else []
    return units_below(unit.path, *SCHOOL_KINDS)


def folded(text: str) -> str:
    """Return a school's name as it is compared: without spaces and brackets, width and case folded."""
    return _LONGEST_LINE_PARTS.sub("", squeezed(text)).casefold()


class SchoolNames:
    """Finds a school by its whole name or its code; what two schools share finds none."""

    def __init__(self, schools: Sequence[Unit]) -> None:
        self._found: dict[str, set[Unit]] = {}
        for school in schools:
            for word in {folded(school.name), folded(school.code)}:
                self._found.setdefault(word, set()).add(school)

    def find(self, text: str) -> Unit | None:
        """Return the one school of this name or code."""
        found = self._found.get(folded(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def is_shared(self, text: str) -> bool:
        """Do several schools bear this name?"""
        return len(self._found.get(folded(text), ())) > 1


def by_school(sheets: Sheets, names: SchoolNames) -> tuple[dict[Unit, Sheets], Sheets | None]:
    """Part a file by the school column, or by sheets named after schools; the second value holds the rest, if any."""
    parts: dict[Unit, list[Sheet]] = {}
    rest: list[Sheet] = []
    for sheet in sheets.sheets:
        header = None if sheet.hidden else find_header(sheet.name, sheet.rows, sheet.merges)
        if header is None:
            rest.append(sheet)
            continue
        for school, part in _parts(sheet, header, names):
            rest.append(part) if school is None else parts.setdefault(school, []).append(part)
    whole = {school: replace(sheets, sheets=tuple(some), notes=()) for school, some in parts.items()}
    return whole, replace(sheets, sheets=tuple(rest)) if rest else None


def _parts(sheet: Sheet, header: Header, names: SchoolNames) -> Iterator[tuple[Unit | None, Sheet]]:
    column = header.columns.get(Field.SCHOOL)
    if column is None:
        yield names.find(sheet.name), sheet
        return
    fill = Fill(header, sheet.rows, sheet.merges)
    head = tuple(row for row in sheet.rows if row.number <= header.last_row)
    rows: dict[Unit | None, list[SheetRow]] = {}
    known: dict[str, Unit | None] = {}
    for row in sheet.rows[len(head) :]:
        text = shown(fill.cell(row, column))
        if text not in known:
            known[text] = names.find(text) if text else None
        rows.setdefault(known[text], []).append(row)
    for school, some in rows.items():
        yield school, replace(sheet, rows=(*head, *some))
