"""Raising a signal: the row, sealed and unsaved, for those who write it themselves; and the body for everyone else."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.alerts.services.telling import tell_if_anybody
from xinqiao.engines.triage import Reason
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.people.models import Student


def basis_text(reasons: Sequence[Reason]) -> str:
    """Return reasons as the JSON that a signal's `basis` holds: `[[code, scale, [details]], …]`."""
    return json.dumps([[r.code, r.scale, list(r.details)] for r in reasons], ensure_ascii=False)


def reasons_of(basis: str | None) -> tuple[Reason, ...]:
    """Return the reasons that a basis holds; nothing for an empty one or where the key was destroyed."""
    rows: list[Any] = json.loads(basis) if basis else []
    return tuple(Reason(code, scale, tuple(details)) for code, scale, details in rows)


def prepare_signal(
    *,
    student_id: UUID,
    county_id: UUID,
    place: str,
    key_id: UUID,
    source: str,
    urgency: str,
    evidence: int,
    basis: str | Sequence[Reason],
    origin_kind: str,
    origin_id: UUID,
    once: str,
    at: dt.datetime,
) -> Signal:
    """Return a sealed, unsaved signal; a private body for writers with a transaction of their own.

    Whoever inserts it ignores a conflict on `once` and writes the audit event of the fact behind it. Nobody needs to
    be told then: `tell_new_signals` finds it within a second. `at` is aware; `evidence` 0–100.
    """
    signal = Signal(
        student_id=student_id, county_id=county_id, place=place, key_id=key_id, source=source, urgency=urgency,
        evidence=evidence, basis=basis if isinstance(basis, str) else basis_text(basis), origin_kind=origin_kind,
        origin_id=origin_id, once=once, raised_at=at,
    )  # fmt: skip
    seal_rows([signal])
    return signal


def raise_signal(
    student: Student,
    *,
    source: str,
    urgency: str,
    evidence: int,
    basis: Sequence[Reason],
    origin_kind: str,
    origin_id: UUID,
    once: str,
    at: dt.datetime,
) -> tuple[Signal, bool]:
    """Write a signal and tell people; return it and whether it is new. A private body, inside a running command.

    The same `once` returns the signal that is there already. Where nobody can be told the signal stands, with what the
    caller wrote (`told_at` is None), and the job of telling tries on and says so.
    """
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id, source=source,
        urgency=urgency, evidence=evidence, basis=basis, origin_kind=origin_kind, origin_id=origin_id, once=once, at=at,
    )  # fmt: skip
    every_signal().bulk_create([signal], ignore_conflicts=True)
    stored = every_signal().select_related("student").get(once=once)
    is_new = stored.id == signal.id
    if is_new:
        tell_if_anybody(stored, at=at)
    return stored, is_new
