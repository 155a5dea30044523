"""Rows to be written in one transaction: gathered while a batch is worked through, written once, audit last."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.db import models

from xinqiao.care.sheets.intake.audit_rows import (
    CHANGES,
    EVENTS,
    PENDING,
    PupilEvent,
    change_values,
    event_values,
)
from xinqiao.care.sheets.intake.store import Insert, Store
from xinqiao.foundation.audit.events import event_kind

_SHEET_COLUMNS = (
    "id", "county_id", "place", "sitting_id", "student_id", "key_id", "origin_id", "scale_code", "scale_id", "answers",
    "seconds", "result", "submitted_at",
)  # fmt: skip
_TICK_COLUMNS = (
    "id", "county_id", "place", "sitting_id", "student_id", "key_id", "scale_code", "answer", "ticked_at", "once",
)  # fmt: skip
SHEETS = Insert("sheets_answersheet", _SHEET_COLUMNS)
# The same tick again: only its moment is renewed, so that of several answers to one item the last one is known.
TICKS = Insert("sheets_criticaltick", _TICK_COLUMNS, "(once) DO UPDATE SET ticked_at = excluded.ticked_at")
SUBMITTED = (
    "UPDATE sheets_sitting SET state = 'submitted', submitted_at = ?, key = ?, payload_digest = ?, receipt = ?, "
    "device = ? WHERE id = ?"
)
NOTED = "UPDATE sheets_sitting SET note = ? WHERE id = ?"
ENTERED = (
    "UPDATE sheets_sitting SET state = 'started', started_at = COALESCE(started_at, ?), failures = 0, "
    "locked_until = NULL WHERE id = ? AND state IN ('waiting', 'started')"
)
PIN_RIGHT = "UPDATE people_pupilpin SET failures = 0, locked_until = NULL WHERE id = ?"
PIN_WRONG = "UPDATE people_pupilpin SET failures = ?, locked_until = ? WHERE id = ?"
CODE_WRONG = "UPDATE sheets_sitting SET failures = ?, locked_until = ? WHERE id = ?"


class Rows:
    """The changes of one batch, by statement."""

    def __init__(self) -> None:
        self._inserts: dict[Insert, list[tuple[Any, ...]]] = {}
        self._changes: dict[str, list[tuple[Any, ...]]] = {}
        self._events: list[PupilEvent] = []

    def change(self, sql: str, *values: Any) -> None:
        """Gather one change of a row that is there."""
        self._changes.setdefault(sql, []).append(values)

    def insert(self, target: Insert, values: tuple[Any, ...]) -> None:
        """Gather one new row."""
        self._inserts.setdefault(target, []).append(values)

    def insert_model(self, row: models.Model, *, on_conflict: str = "") -> None:
        """Gather an unsaved row whose sealed fields are sealed."""
        fields = row._meta.concrete_fields
        target = Insert(row._meta.db_table, tuple(str(f.column) for f in fields), on_conflict)
        self.insert(target, tuple(_plain(getattr(row, f.attname)) for f in fields))

    def add_event(self, event: PupilEvent) -> None:
        """Gather one audit event."""
        self._events.append(event)

    def write(self, store: Store) -> None:
        """Write everything, inside the store's transaction."""
        for sql, values in self._changes.items():
            store.execute_each(sql, values)
        for target, rows in self._inserts.items():
            store.insert(target, rows)
        store.insert(EVENTS, [event_values(event) for event in self._events])
        store.insert(PENDING, [(event.id, event.county_id) for event in self._events])
        told = [event for event in self._events if not event_kind(event.event).is_reading]
        store.insert(CHANGES, [change_values(event) for event in told])


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def sheet_values(columns: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the values of SHEETS in order."""
    return tuple(columns[name] for name in _SHEET_COLUMNS)


def tick_values(columns: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the values of TICKS in order."""
    return tuple(columns[name] for name in _TICK_COLUMNS)
