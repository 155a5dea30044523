"""The bare limit: the same server, routes, queue, batches and inserts as the intake, with constant bytes.

Nothing is parsed, looked up, checked, scored or sealed. Served only by bench/intake.py.
"""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
django.setup()

from xinqiao.care.sheets.intake import app as intake_app  # noqa: E402 - Django must stand first
from xinqiao.care.sheets.intake import routes, writer  # noqa: E402 - likewise
from xinqiao.care.sheets.intake.audit_rows import CHANGES, EVENTS, PENDING  # noqa: E402 - likewise
from xinqiao.care.sheets.intake.replies import Reply  # noqa: E402 - likewise
from xinqiao.care.sheets.intake.rows import SHEETS, SUBMITTED  # noqa: E402 - likewise
from xinqiao.foundation.core.ids import new_id  # noqa: E402 - likewise

_SEEDED = json.loads(Path(os.environ["XINQIAO_BENCH_SEED"]).read_text())
_SITTING, _STUDENT = UUID(_SEEDED["sitting"]), UUID(_SEEDED["student"])
_KEY, _PLACE = UUID(_SEEDED["key"]), _SEEDED["school"]
_COUNTY, _ORIGIN = UUID(_SEEDED["county_id"]), UUID(_SEEDED["origin_id"])
_ANSWERS, _SECONDS, _RESULT, _MAC = b"a" * 157, b"s" * 253, b"r" * 700, b"m" * 32
ENTERED = Reply(200, {"ticket": "t" * 290, "paper": "/s/", "pad": "p" * 136})
TOUCHED = "UPDATE sheets_sitting SET started_at = ? WHERE id = ?"


def commit_bare(batch: Any, works: Any) -> list[Reply]:
    """Write for each work the rows that the intake writes, with bytes that were there before."""
    replies, events, sheets, handed_in, entered = [], [], [], [], []
    for is_submit in works:
        event = (new_id(), _COUNTY, _PLACE, batch.at, "sheets.sitting.submitted", _STUDENT, "student", "student",
                 "sitting", _SITTING, "{}", None, None, _MAC)  # fmt: skip
        events.append(event)
        if is_submit == Submit:
            sheet_id = new_id()
            sheets.append((sheet_id, _COUNTY, _PLACE, _SITTING, _STUDENT, _KEY, _ORIGIN, sheet_id.hex[-24:], _SITTING,
                           _ANSWERS, _SECONDS, _RESULT, batch.at))  # fmt: skip
            handed_in.append((batch.at, "k", _MAC, sheet_id.hex[-9:], "pc", _SITTING))
            replies.append(Reply(200, {"receipt": "RRRR-RRRR", "at": "2026"}))
        else:
            entered.append((batch.at, _SITTING))
            replies.append(ENTERED)
    with batch.store.transaction():
        batch.store.insert(SHEETS, sheets)
        batch.store.execute_each(SUBMITTED, handed_in)
        batch.store.execute_each(TOUCHED, entered)
        batch.store.insert(EVENTS, events)
        batch.store.insert(PENDING, [(event[0], _COUNTY) for event in events])
        batch.store.insert(CHANGES, [(new_id(), "t", _PLACE, _SITTING, batch.at) for _ in sheets])
    return replies


Enter, Submit = "enter", "submit"


class Bare(intake_app.Intake):
    """An intake whose routes do not look at what they get."""

    def make_writer(self, kind: Any, database: Any, desk: Any) -> Any:
        writer.commit = commit_bare  # the seam of this benchmark: everything around it is the product's
        routes.READERS["/s/enter"] = lambda _desk, _raw, _text: Enter  # type: ignore[assignment,return-value]  # likewise
        routes.READERS["/s/submit"] = lambda _desk, _raw, _text: Submit  # type: ignore[assignment,return-value]  # same
        return kind(database, desk)


app = Bare()
