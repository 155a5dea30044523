"""Warning the levels of the ladder below the school, and the bureau above it. Private bodies of commands and jobs."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone

from xinqiao.care.alerts.models import LevelWarning, Signal
from xinqiao.care.alerts.recipients import Recipient
from xinqiao.care.alerts.rows import every_notice, every_warning
from xinqiao.care.alerts.states import Sees
from xinqiao.foundation.core.places import places_above
from xinqiao.register.duty.named import WORDS, Named, named_people, roles_held
from xinqiao.register.policy.parameters import LevelRules, Parameters

READS_BY_NOTICE = "full"


def warn_levels(signal: Signal, parameters: Parameters, *, rung: int, at: dt.datetime) -> list[Recipient]:
    """Warn those levels whose turn it is on a rung (or was on one before), each person once; return who is new.

    Whoever reads notices of the signal already is not warned again on a lower level.
    """
    rows: list[LevelWarning] = []
    for level in parameters.levels:
        turn = level.told.get(signal.urgency)
        if level.sees != READS_BY_NOTICE and turn is not None and turn <= rung:
            people = named_people(level.named, signal.student.place, at, boards=bool(signal.student.boards))
            rows += [_row(signal, level, person, rung, at) for person in people]
    return _write(signal, rows)


def warn_beyond(signal: Signal, people: Iterable[Recipient], *, rung: int, at: dt.datetime) -> list[Recipient]:
    """Let those outside the school know that it has not taken a warning; again each time the last rung is told."""
    wanted = [person for person in people if person.word == "county_officer"]
    if not wanted:
        return []
    held = roles_held(places_above(signal.place), timezone.localtime(at).date())
    stands_at = {row.staff_id: row.place for row in held if row.role == WORDS["county_officer"][0].value}
    rows = [
        LevelWarning(
            county_id=signal.county_id, place=stands_at[person.staff_id], signal=signal, staff_id=person.staff_id,
            level="beyond", role=person.word, sees=Sees.BEYOND, must_acknowledge=True,
            named_at=stands_at[person.staff_id], rung=rung, created_at=at, called_at=at,
        )
        for person in wanted
        if person.staff_id in stands_at
    ]  # fmt: skip
    every_warning().filter(signal=signal, staff_id__in=[row.staff_id for row in rows]).update(rung=rung, called_at=at)
    _write(signal, rows)
    return wanted


def _row(signal: Signal, level: LevelRules, person: Named, rung: int, at: dt.datetime) -> LevelWarning:
    return LevelWarning(
        county_id=signal.county_id, place=person.stands_at, signal=signal, staff_id=person.staff_id, level=level.code,
        role=person.word, sees=level.sees, must_acknowledge=level.must_acknowledge,
        named_at=signal.student.place if person.instead_of else person.stands_at, rung=rung, created_at=at,
        called_at=at,
    )  # fmt: skip


def _write(signal: Signal, rows: Sequence[LevelWarning]) -> list[Recipient]:
    """Write those for people who know nothing of the signal yet; of two levels the nearer to the pupil counts."""
    known = set(every_notice().filter(signal=signal).values_list("staff_id", flat=True))
    known |= set(every_warning().filter(signal=signal).values_list("staff_id", flat=True))
    fresh = {row.staff_id: row for row in reversed(rows) if row.staff_id not in known}
    every_warning().bulk_create([row for row in rows if fresh.get(row.staff_id) is row], ignore_conflicts=True)
    return [Recipient(row.staff_id, row.role, may_read=False) for row in rows if fresh.get(row.staff_id) is row]
