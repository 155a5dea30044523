"""The rows of a region as they lie in the database, opened once by the model layer; from here on plain values only."""

import datetime as dt
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from xinqiao.care.alerts.models import Interview, Signal
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.screening.models import (
    Campaign,
    ClassObservation,
    EducationPlan,
    InformantForm,
    LotDraw,
    OrderedSchool,
)
from xinqiao.care.sheets.models import AnswerSheet, Sitting
from xinqiao.care.support.models import RegisterEntry
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Consent, Student

MISSING = 255
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Raw:
    """All rows that a report can be made of; a sheet also holds its answers (None: missing) and its seconds."""

    units: list[Row]
    students: list[Row]
    consents: list[Row]
    campaigns: list[Row]
    sittings: list[Row]
    sheets: list[Row]
    signals: list[Row]
    interviews: list[Row]
    deadlines: list[Row]
    draws: list[Row]
    ordered: list[Row]
    mailings: list[Row]
    letters: list[Row]
    plans: list[Row]
    observations: list[Row]
    entries: list[Row]
    forms: list[Row]


def raw_rows() -> Raw:
    """Return every row of the database that reports count."""
    return Raw(
        units=list(Unit.objects.values("id", "path", "kind", "name", "stage", "entry_year", "number")),
        students=_rows(Student, "id", "place", "status", "sex"),
        consents=_rows(Consent, "student_id", "form_id", "decision", "decided_at", "given_by"),
        campaigns=_rows(Campaign, "id", "name", "state", "place", "school_id", "form_id", "grades", "school_year",
                        "launched_at", "opens_at", "closes_at"),
        sittings=_rows(Sitting, "id", "student_id", "origin_id", "class_id", "state", "excuse", "round", "device"),
        sheets=list(_sheets()),
        signals=_rows(Signal, "id", "student_id", "origin_kind", "origin_id", "state", "outcome", "urgency"),
        interviews=_rows(Interview, "student_id", "signal_id", "kind"),
        deadlines=_rows(Deadline, "kind", "subject_id", "due_at", "met_at", "cancelled_at"),
        draws=_rows(LotDraw, "student_id", "outcome", "lot_id", "position"),
        ordered=_rows(OrderedSchool, "school_id", "state", "campaign_id", "looked_at"),
        mailings=_rows(Mailing, "id", "campaign_id", "written_at"),
        letters=_rows(Letter, "mailing_id", "student_id", "class_id", "state", "kind", "delivered_at", "delivered_by",
                      "opened_at"),
        plans=_rows(EducationPlan, "campaign_id", "title", "category", "class_ids", "state", "written_at"),
        observations=_rows(ClassObservation, "campaign_id", "class_id", "written_at"),
        forms=_rows(InformantForm, "id", "campaign_id", "informant"),
        entries=_rows(RegisterEntry, "student_id", "category", "state", "review_on"),
    )  # fmt: skip


def _rows(model: Any, *columns: str) -> list[Row]:
    return list(model.objects.for_system(reason="an oracle counts").order_by("pk").values(*columns))


def _sheets() -> Iterable[Row]:
    rows = list(AnswerSheet.objects.for_system(reason="an oracle counts").order_by("pk"))
    for row, opened in zip(rows, open_sealed(rows, "answers", "seconds"), strict=True):
        spent = array("H")
        spent.frombytes(opened["seconds"] or b"")
        yield {
            "student_id": row.student_id, "sitting_id": row.sitting_id, "origin_id": row.origin_id,
            "scale": row.scale_code, "answers": [None if code == MISSING else code for code in opened["answers"]],
            "seconds": sum(spent) / 10,
        }  # fmt: skip


Moment = dt.datetime
Key = UUID
