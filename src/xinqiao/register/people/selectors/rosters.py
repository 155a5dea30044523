"""Reads of roster runs and of rows that wait to be mended, opened for the one who asks."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import class_name
from xinqiao.register.orgs.selectors import name_on, units_by_id, units_by_path
from xinqiao.register.people.models import RosterRefusal, RosterRun
from xinqiao.register.people.roster.messages import message_of, note_message, refusal_message
from xinqiao.register.people.roster.outcome import Counts, Outcome, notes_of, refusals_of
from xinqiao.register.people.states import RosterState
from xinqiao.register.people.wording import field_word, value_word


@dataclass(frozen=True)
class RunRow:
    """A run in a list."""

    id: UUID
    file_name: str
    unit: str
    state: str
    state_label: str
    uploaded_at: dt.datetime
    counts: Counts


@dataclass(frozen=True)
class RefusedRow:
    """A refused row: where it stands, whom it names, what is wrong and how to mend it."""

    id: UUID | None
    sheet: str
    row: int
    name: str
    class_text: str
    column: str
    message: str


@dataclass(frozen=True)
class ChangedRow:
    """A pupil in the difference between a file and the register."""

    name: str
    class_name: str
    row: int
    was_in: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """What a file changes, by kind; lists are cut, the counts are whole."""

    created: tuple[ChangedRow, ...] = ()
    moved: tuple[ChangedRow, ...] = ()
    updated: tuple[ChangedRow, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunPage:
    """A run with everything its page shows. `failure` is the sentence why the file could not be read."""

    row: RunRow
    row_count: int
    done_count: int
    is_working: bool
    failure: str
    difference: Difference = field(default_factory=Difference)


def roster_runs(actor: Actor, *, limit: int = 30) -> list[RunRow]:
    """Return the latest runs that the actor may see, newest first; three queries."""
    runs = list(RosterRun.objects.visible_to(actor, Permission.ROSTER_IMPORT).order_by("-uploaded_at")[:limit])
    units = units_by_id(run.unit_id for run in runs)
    names = open_sealed(runs, "file_name")
    return [_row(run, units, opened["file_name"]) for run, opened in zip(runs, names, strict=True)]


def _row(run: RosterRun, units: Mapping[UUID, Unit], file_name: str | None) -> RunRow:
    counts = Counts(run.created, run.updated, run.moved, run.unchanged, run.missing, run.rejected)
    label = str(RosterState(run.state).label)
    return RunRow(run.id, file_name or "", units[run.unit_id].name, run.state, label, run.uploaded_at, counts)


def run_page(run: RosterRun) -> RunPage:
    """Return what the page of a run shows."""
    (opened,) = open_sealed([run], "file_name", "outcome")
    row = _row(run, units_by_id([run.unit_id]), opened["file_name"])
    is_working = run.state in (RosterState.UPLOADED, RosterState.APPLYING)
    failure, difference = "", Difference()
    if run.state == RosterState.FAILED:
        failure = message_of(run.failure, json.loads(opened["outcome"] or '{"params": {}}')["params"])
    elif opened["outcome"]:
        difference = _difference(Outcome.from_json(opened["outcome"]), run)
    return RunPage(row, run.row_count, run.done_count, is_working, failure, difference)


def _difference(outcome: Outcome, run: RosterRun) -> Difference:
    on = run.counted_on
    units = units_by_path(one["from"] for one in outcome.moved)
    refused = tuple(_refused(None, one) for one in outcome.refused)
    return Difference(
        created=tuple(_changed(one, on, units) for one in outcome.created),
        moved=tuple(_changed(one, on, units) for one in outcome.moved),
        updated=tuple(_changed(one, on, units) for one in outcome.updated),
        refused=refused,
        notes=tuple(note_message(note) for note in notes_of(outcome.notes)),
    )


def _changed(one: Mapping[str, Any], on: dt.date, units: Mapping[str, Unit]) -> ChangedRow:
    stage, entry_year, number, primary_years = one["class"]
    was_in = units.get(one.get("from", ""))
    return ChangedRow(
        name=one["name"], class_name=class_name(stage, entry_year, number, on, primary_years), row=one["row"],
        was_in=name_on(was_in, on) if was_in is not None else "",
        changes=tuple(change_words(*change) for change in one.get("changes", ())),
    )  # fmt: skip


def change_words(name: str, old: Any, new: Any) -> str:
    """Return one change as words: field, what it was, what it becomes."""
    before, after = value_word(name, old), value_word(name, new)
    return f"{field_word(name)} {before} → {after}" if before else f"{field_word(name)} {after}"


def _refused(row_id: UUID | None, stored: Mapping[str, Any]) -> RefusedRow:
    (refusal,) = refusals_of([dict(stored)])
    said = refusal.said
    return RefusedRow(
        row_id, refusal.sheet, refusal.row, said.get("name", ""), said.get("class", ""), refusal.column,
        refusal_message(refusal),
    )  # fmt: skip


def open_refusals(actor: Actor) -> list[RefusedRow]:
    """Return refused rows of applied files that nobody has mended, oldest first; two queries and the keys."""
    rows = RosterRefusal.objects.visible_to(actor, Permission.ROSTER_IMPORT).filter(mended_at=None)
    return opened_refusals(rows.order_by("id")[:2000])


def refusals_of_run(run: RosterRun) -> list[RefusedRow]:
    """Return every refused row of a run, mended or not: from its list once it is done, before that from its dry run."""
    if run.state != RosterState.DONE:
        return list(run_page(run).difference.refused)
    rows = RosterRefusal.objects.for_system(reason="the run was fetched for the actor").filter(run=run)
    return opened_refusals(rows.order_by("id"))


def opened_refusals(rows: Iterable[RosterRefusal]) -> list[RefusedRow]:
    """Open refused rows."""
    some = list(rows)
    opened = open_sealed(some, "detail")
    return [_refused(row.id, json.loads(one["detail"])) for row, one in zip(some, opened, strict=True) if one["detail"]]
