"""The drills of a school."""

import datetime as dt
from dataclasses import dataclass

from xinqiao.care.incidents.models import Drill
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import units_by_id

MOST = 100


@dataclass(frozen=True)
class DrillRow:
    """One drill."""

    school: str
    held_on: dt.date
    scenario: str
    people: str
    found: str
    noted_by: str


def drill_rows(actor: Actor) -> list[DrillRow]:
    """Return the drills that an actor may read, newest first; reading them is an audit event."""
    rows = list(Drill.objects.visible_to(actor, Permission.INCIDENT_LEAD).order_by("-held_on", "-id")[:MOST])
    if rows:
        note_reading(actor, "incidents.drills.read", place=rows[0].place, county_id=rows[0].county_id,
                     facts={"count": len(rows)})  # fmt: skip
    schools, names = units_by_id({row.school_id for row in rows}), staff_names([row.noted_by for row in rows])
    return [
        DrillRow(
            school=schools[row.school_id].name if row.school_id in schools else "", held_on=row.held_on,
            scenario=said["scenario"] or "", people=said["people"] or "", found=said["found"] or "",
            noted_by=names.get(row.noted_by, ""),
        )
        for row, said in zip(rows, open_sealed(rows, "scenario", "people", "found"), strict=True)
    ]  # fmt: skip
