"""Printed sheets through the intake's own scoring, sealing, signals and rows, inside a command of the staff's side.

Nothing here scores or judges: a typed sheet becomes the submission that the pupil's page would have sent, written over
Django's connection in the command's transaction. Only the audit events are the command's, as a person typed it.
"""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from xinqiao.care.sheets.intake.audit_rows import PupilEvent
from xinqiao.care.sheets.intake.bodies import CriticalBody, SubmitBody
from xinqiao.care.sheets.intake.calling import write_talks, write_ticks
from xinqiao.care.sheets.intake.entering import ticket_of_sitting
from xinqiao.care.sheets.intake.replies import Reply, refusal
from xinqiao.care.sheets.intake.rows import Rows
from xinqiao.care.sheets.intake.schools import Schools, rules_of_policy
from xinqiao.care.sheets.intake.store import Insert, Row, sqlite_value
from xinqiao.care.sheets.intake.submitting import prepare_submissions, write_submissions
from xinqiao.care.sheets.intake.tickets import Ticket
from xinqiao.care.sheets.intake.work import Batch, Desk, Submission, Talk, Tick
from xinqiao.engines.triage import TriageRules
from xinqiao.foundation.keys.ring import ring

Critical = tuple[str, int, int | None]


class HouseStore:
    """The intake's questions asked over Django's connection, in the transaction that is open there."""

    def __init__(self) -> None:
        self._is_sqlite = connection.vendor == "sqlite"

    def transaction(self) -> AbstractContextManager[None]:
        return transaction.atomic()

    def select_each(self, sql: str, parameters: Sequence[Sequence[Any]]) -> list[list[Row]]:
        found: list[list[Row]] = []
        with connection.cursor() as cursor:
            for values in parameters:
                cursor.execute(_django_sql(sql), self._values(values))
                found.append(cursor.fetchall())
        return found

    def execute_each(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        with connection.cursor() as cursor:
            for values in parameters:
                cursor.execute(_django_sql(sql), self._values(values))

    def insert(self, target: Insert, rows: Sequence[Sequence[Any]]) -> None:
        self.execute_each(target.sql, rows)

    def _values(self, values: Sequence[Any]) -> list[Any]:
        return [sqlite_value(value) for value in values] if self._is_sqlite else list(values)

    def moment(self, stored: Any) -> dt.datetime | None:
        if stored is None:
            return None
        read = dt.datetime.fromisoformat(stored) if isinstance(stored, str) else stored
        return read.astimezone(dt.UTC) if timezone.is_aware(read) else read.replace(tzinfo=dt.UTC)

    def uuid(self, stored: Any) -> UUID:
        return stored if isinstance(stored, UUID) else UUID(stored)

    def locking(self, sql: str, table: str) -> str:
        return sql if self._is_sqlite else f"{sql} FOR UPDATE OF {table}"

    def close(self) -> None:
        """Django keeps its connection."""


def _django_sql(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


class _HouseSchools(Schools):
    """The same rules, read over a connection that goes on being used."""

    def triage_rules(self, place: str, at: dt.datetime) -> TriageRules:
        return rules_of_policy(place, timezone.localtime(at).date())


class _TypedRows(Rows):
    """Rows without the pupil's own events: who typed is in the event of the command."""

    def add_event(self, event: PupilEvent) -> None:
        del event


def typed_batch(at: dt.datetime) -> Batch:
    """Return a batch for the transaction that is open on Django's connection."""
    secrets = ring().secrets
    desk = Desk(tickets_secret=secrets["tickets"], index_secret=secrets["index"], schools=_HouseSchools())
    return Batch(HouseStore(), desk, at=at, clock_seconds=time.monotonic(), rows=_TypedRows())


def write_typed_ticks(sitting_id: UUID, criticals: Sequence[Critical], *, key: str, at: dt.datetime) -> Reply:
    """Keep critical answers (scale, item, code) and raise the signal at once, as a pupil's own tick does."""
    batch = typed_batch(at)
    ticket = ticket_of_sitting(batch, sitting_id)
    if ticket is None:
        return refusal(401, "ticket_expired")
    bodies = [CriticalBody(scale=scale, item=item, answer=code, key=key) for scale, item, code in criticals]
    replies = write_ticks(batch, [Tick(ticket, body) for body in bodies])
    return _written(batch, replies)


def write_typed_talk(sitting_id: UUID, *, at: dt.datetime) -> Reply:
    """Raise the signal of a pupil who ticked the box for a talk."""
    batch = typed_batch(at)
    ticket = ticket_of_sitting(batch, sitting_id)
    if ticket is None:
        return refusal(401, "ticket_expired")
    return _written(batch, write_talks(batch, [Talk(ticket)]))


def write_typed_sheet(
    sitting_id: UUID, answers: Mapping[str, Sequence[int | None]], *, key: str, at: dt.datetime
) -> Reply:
    """Score, seal and write a whole sheet, and what follows from it: the reply is the one that a pupil would get."""
    batch = typed_batch(at)
    ticket: Ticket | None = ticket_of_sitting(batch, sitting_id)
    if ticket is None:
        return refusal(401, "ticket_expired")
    body = SubmitBody(key=key, answers={scale: list(codes) for scale, codes in answers.items()})
    prepared = prepare_submissions(batch, [Submission(ticket, body)])
    return _written(batch, write_submissions(batch, prepared))


def _written(batch: Batch, replies: Sequence[Reply]) -> Reply:
    """Write the gathered rows if every reply is good; else leave the transaction as it was and say why."""
    refused = next((reply for reply in replies if reply.status != 200), None)
    if refused is not None:
        return refused
    batch.rows.write(batch.store)
    return replies[-1] if replies else Reply(200)
