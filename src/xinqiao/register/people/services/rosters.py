"""A roster's way into the register: kept, checked, accepted, written chunk by chunk, ended."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed, seal_rows
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import RosterPart, RosterRefusal, RosterRun
from xinqiao.register.people.roster.files import bare_name
from xinqiao.register.people.roster.outcome import MOST_REFUSED, Counts, Outcome, as_dict
from xinqiao.register.people.roster.planning import Chunk, Plan
from xinqiao.register.people.roster.settling import Settlement, settle
from xinqiao.register.people.roster.wanted import ReadRoster, Refusal
from xinqiao.register.people.roster.writing import ReadyChunk, write_chunk
from xinqiao.register.people.states import ROSTER_MOVES, RosterState, roster_sources_of

PART_BYTES = 1024 * 1024
_WHY = "the run that the command is about"


class CannotImport(ValueError):
    """The step is not possible now; `code` says why: wrong_state, lease_lost, empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.ROSTER_IMPORT)
def upload_roster(unit: Unit, *, actor: Actor, file_name: str, body: bytes, on: dt.date) -> RosterRun:
    """Keep a roster file for a unit, sealed, until it is read and done; `on` is the day from which moves count."""
    if not body:
        raise CannotImport("empty")
    run = RosterRun(
        county_id=unit.shard_id, place=unit.path, unit_id=unit.id, key_id=new_key(SubjectKind.UNIT), counted_on=on,
        file_name=bare_name(file_name), size_bytes=len(body), digest=hashlib.sha256(body).hexdigest(),
        uploaded_by=actor.id, uploaded_at=now(),
    )  # fmt: skip
    run.save(force_insert=True)
    for number, start in enumerate(range(0, len(body), PART_BYTES)):
        RosterPart(
            run=run, county_id=run.county_id, place=run.place, key_id=run.key_id, number=number,
            body=body[start : start + PART_BYTES],
        ).save(force_insert=True)  # fmt: skip
    _record(run, "people.roster.uploaded", bytes=len(body))
    return run


@command(Permission.ROSTER_IMPORT)
def note_check(run: RosterRun, *, actor: Actor, outcome: Outcome, row_count: int) -> RosterRun:
    """Keep what a dry run found; nothing of the register changes."""
    del actor
    _set_counts(run, outcome.counts)
    run.row_count, run.outcome = row_count, outcome.as_json()
    _move(run, RosterState.CHECKED, *_COUNT_FIELDS, "row_count", "outcome")
    _record(run, "people.roster.checked", **_facts(outcome.counts))
    return run


@command(Permission.ROSTER_IMPORT)
def fail_roster(run: RosterRun, *, actor: Actor, code: str, params: dict[str, Any]) -> RosterRun:
    """Note that nothing of the file could be read, and wipe it."""
    del actor
    run.failure, run.outcome, run.finished_at = code, json.dumps({"params": params}, ensure_ascii=False), now()
    _move(run, RosterState.FAILED, "failure", "outcome", "finished_at")
    _wipe(run)
    _record(run, "people.roster.failed", code=code)
    return run


@command(Permission.ROSTER_IMPORT)
def accept_roster(run: RosterRun, *, actor: Actor) -> RosterRun:
    """Say yes to what the dry run showed; from here the import runs to its end, whatever interrupts it."""
    run.accepted_by, run.accepted_at, run.done_count = actor.id, now(), 0
    _set_counts(run, Counts(missing=run.missing, rejected=run.rejected))
    _move(run, RosterState.APPLYING, *_COUNT_FIELDS, "accepted_by", "accepted_at", "done_count")
    _record(run, "people.roster.accepted")
    return run


@command(Permission.ROSTER_IMPORT)
def accept_command_line_roster(run: RosterRun, *, actor: Actor, row_count: int) -> RosterRun:
    """Whoever calls the command line with a file has said yes; what the file changes is printed there."""
    run.accepted_by, run.accepted_at, run.row_count = actor.id, now(), row_count
    _move(run, RosterState.CHECKED, "row_count")
    _move(run, RosterState.APPLYING, "accepted_by", "accepted_at")
    _record(run, "people.roster.accepted")
    return run


@command(Permission.ROSTER_IMPORT)
def cancel_roster(run: RosterRun, *, actor: Actor) -> RosterRun:
    """Say no: nothing was written, and the file is wiped."""
    del actor
    run.finished_at = now()
    _move(run, RosterState.CANCELLED, "finished_at")
    _wipe(run)
    _record(run, "people.roster.cancelled")
    return run


@command(Permission.ROSTER_IMPORT, is_batch=True)
def apply_roster_chunk(run: RosterRun, *, actor: Actor, read: ReadRoster, ready: ReadyChunk, token: str) -> Settlement:
    """Write one chunk of an accepted run; its counts and its rows commit together.

    Pupils known already are compared once more, with their rows locked: what somebody saved meanwhile is seen.

    Raises CannotImport("lease_lost") if another worker has taken the run over since.
    """
    del actor
    settled = ready.settled
    if settled.revised or settled.refused:
        settled = settle(read, ready.chunk, run.counted_on, is_locking=True)
    write_chunk(ready, settled, run.counted_on)
    _count_chunk(run, ready.chunk, settled, token)
    counts = Counts()
    counts.add(settled)
    changed = [one.student.id.hex for one in settled.revised]
    _record(run, "people.roster.applied", labels={"changed": " ".join(changed)} if changed else None, **_facts(counts))
    return settled


@command(Permission.ROSTER_IMPORT)
def finish_roster(run: RosterRun, *, actor: Actor, plan: Plan, refused: Sequence[Refusal], token: str) -> RosterRun:
    """End a run: list what was refused, strike off what this file mended, and wipe the file."""
    del actor
    _require_lease(run, token)
    run.rejected = len({(one.sheet, one.row) for one in refused})
    run.missing, run.finished_at = len(plan.missing), now()
    run.unchanged = max(0, run.done_count - run.created - run.updated - run.moved)
    _move(run, RosterState.DONE, "rejected", "missing", "unchanged", "done_count", "finished_at")
    mended = mend_earlier_refusals(run, plan, refused)
    _list_refusals(run, refused)
    _wipe(run)
    counts = Counts(run.created, run.updated, run.moved, run.unchanged, run.missing, run.rejected)
    _record(run, "people.roster.finished", mended=mended, **_facts(counts))
    return run


@command(Permission.ROSTER_IMPORT)
def strike_refusal(refusal: RosterRefusal, *, actor: Actor) -> RosterRefusal | Unchanged:
    """Take a refused row off the list by hand: it was mended elsewhere, or is nobody."""
    struck = RosterRefusal.objects.for_system(reason=_WHY).filter(pk=refusal.pk, mended_at=None)
    if not struck.update(mended_at=now(), mended_by=actor.id):
        return Unchanged("already_mended")
    record("people.roster.struck", subject_kind="roster_refusal", subject_id=refusal.id, place=refusal.place,
           county_id=refusal.county_id, facts={"run": refusal.run_id, "row": refusal.row})  # fmt: skip
    return refusal


def mend_earlier_refusals(run: RosterRun, plan: Plan, refused: Sequence[Refusal]) -> int:
    """Close refused rows of earlier files whose pupil stands in this one, well or refused again; a private body."""
    earlier = list(
        RosterRefusal.objects.for_system(reason="the list of the same unit").filter(place=run.place, mended_at=None)
    )
    if not earlier:
        return 0
    numbers, names = _said_of(plan, refused)
    mended = []
    for row, opened in zip(earlier, open_sealed(earlier, "detail"), strict=True):
        said = json.loads(opened["detail"] or "{}").get("said", {})
        own = {said.get("number"), said.get("id")} - {None, ""}
        if own & numbers or (not own and said.get("name") in names):
            mended.append(row.id)
    for start in range(0, len(mended), 500):
        some = RosterRefusal.objects.for_system(reason=_WHY).filter(pk__in=mended[start : start + 500])
        some.update(mended_at=now())
    return len(mended)


def _said_of(plan: Plan, refused: Sequence[Refusal]) -> tuple[set[str], set[str]]:
    numbers, names = set(), set()
    for school in plan.read.schools:
        for wanted in school.pupils:
            names.add(wanted.row.name)
            numbers |= {wanted.number, wanted.national_number, wanted.row.id_number or ""}
    for one in refused:
        names.add(one.said.get("name", ""))
        numbers |= {one.said.get("number", ""), one.said.get("id", "")}
    return numbers - {""}, names - {""}


def _list_refusals(run: RosterRun, refused: Sequence[Refusal]) -> None:
    rows = [
        RosterRefusal(
            run=run, county_id=run.county_id, place=run.place, key_id=run.key_id, row=one.row, code=one.code,
            detail=json.dumps(as_dict(one), ensure_ascii=False),
        )
        for one in refused[:MOST_REFUSED]
    ]  # fmt: skip
    seal_rows(rows)
    RosterRefusal.objects.bulk_create(rows, batch_size=500)


_COUNT_FIELDS = ("created", "updated", "moved", "unchanged", "missing", "rejected")


def _set_counts(run: RosterRun, counts: Counts) -> None:
    for name in _COUNT_FIELDS:
        setattr(run, name, getattr(counts, name))


def _facts(counts: Counts) -> dict[str, Any]:
    return {name: getattr(counts, name) for name in _COUNT_FIELDS}


def _count_chunk(run: RosterRun, chunk: Chunk, settled: Settlement, token: str) -> None:
    _require_lease(run, token)
    run.created += len(settled.newcomers)
    run.updated += settled.updated_count
    run.moved += len(settled.moved)
    run.done_count += len(chunk.found) - len(settled.refused)
    run.worked_at = now()
    run.save(update_fields=["created", "updated", "moved", "done_count", "worked_at"])


def _require_lease(run: RosterRun, token: str) -> None:
    held = RosterRun.objects.for_system(reason=_WHY).select_for_update().filter(pk=run.pk, token=token)
    if not held.filter(state=RosterState.APPLYING).exists():
        raise CannotImport("lease_lost")


def _move(run: RosterRun, target: str, *names: str) -> None:
    """Take a step of the table, by conditional update; seal what the step stores."""
    seal_rows([run])
    values = {name: getattr(run, name) for name in names}
    rows = RosterRun.objects.for_system(reason=_WHY).filter(pk=run.pk, state__in=roster_sources_of(target))
    if not rows.update(state=target, **values):
        raise CannotImport("wrong_state")
    run.state = target


def _wipe(run: RosterRun) -> None:
    RosterPart.objects.for_system(reason="the file of a run that ended").filter(run=run).delete()


def _record(run: RosterRun, event: str, *, labels: dict[str, str] | None = None, **facts: Any) -> None:
    assert event in {move.event for move in ROSTER_MOVES} | {"people.roster.uploaded", "people.roster.applied"}
    record(event, subject_kind="roster_run", subject_id=run.id, place=run.place, county_id=run.county_id,
           key_id=run.key_id if labels else None, labels=labels, facts=facts)  # fmt: skip
