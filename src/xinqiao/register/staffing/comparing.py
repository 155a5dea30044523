"""From a file to the lines of a list: read as bytes that nobody trusts, then compared with the staff of the school."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from xinqiao.engines.roster import Offer, UnreadableRoster
from xinqiao.engines.roster.staff import StaffFault, StaffRow, parse_staff
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.people.models import Staff
from xinqiao.register.people.roster.files import sheets_of
from xinqiao.register.people.roster.reading import ENGINE_STAGES
from xinqiao.register.staffing.rules import Known, Said, doubled, whom_it_means
from xinqiao.register.staffing.states import Match

MOST_LINES = 600
_WHY = "a staff list is compared with everybody who works at the school"


@dataclass
class Draft:
    """A line before it is kept."""

    row: int
    match: str
    body: dict[str, Any]
    candidates: list[str] = field(default_factory=list)


def read_list(unit: Unit, body: bytes, file_name: str, on: dt.date) -> list[Draft]:
    """Return the lines of a file for a school; raise UnreadableRoster."""
    stages = tuple(stage for stage in unit.stage_list if stage in ENGINE_STAGES)
    offer = Offer(school_year_of(on), stages, unit.primary_years)  # type: ignore[arg-type]  # filtered
    found = parse_staff(sheets_of(body, file_name), offer)
    if not found.rows and not found.faults:
        raise UnreadableRoster("no_staff")
    if len(found.rows) + len(found.faults) > MOST_LINES:
        raise UnreadableRoster("too_many_staff", most=MOST_LINES)
    drafts = _compared(unit, found.rows) + [_refused(fault) for fault in found.faults]
    return sorted(drafts, key=lambda draft: draft.row)


def _compared(unit: Unit, rows: tuple[StaffRow, ...]) -> list[Draft]:
    known = known_staff(unit)
    meant = [(str(place), whom_it_means(Said(r.name, r.number, r.phone), known)) for place, r in enumerate(rows)]
    twice = doubled(meant)
    drafts = []
    for (place, one), row in zip(meant, rows, strict=True):
        if place in twice:
            fault = StaffFault(row.sheet, row.row, "", "claimed_twice_staff", {}, row.name)
            drafts.append(_refused(fault))
        else:
            drafts.append(Draft(row.row, one.match, _said(row), list(one.who)))
    return drafts


def known_staff(unit: Unit) -> list[Known]:
    """Return everybody who works at a school now, opened."""
    rows = list(Staff.objects.for_system(reason=_WHY).filter(within([unit.path]), left_on=None))
    return [
        Known(str(row.id), opened["name"] or "", opened["number"] or "", opened["phone"] or "")
        for row, opened in zip(rows, open_sealed(rows, "name", "number", "phone"), strict=True)
    ]


def _said(row: StaffRow) -> dict[str, Any]:
    return {
        "name": row.name, "number": row.number, "phone": row.phone, "mail": row.mail, "post": row.post,
        "employment": row.employment, "qualification": row.qualification, "roles": list(row.roles),
        "cohorts": [[one.stage, one.entry_year, one.number] for one in row.cohorts],
    }  # fmt: skip


def _refused(fault: StaffFault) -> Draft:
    said = {"name": fault.name, "column": fault.column, "code": fault.code, "params": fault.params}
    return Draft(fault.row, Match.REFUSED, said)
