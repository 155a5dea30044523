"""Working on a run: reading its file, checking it, and writing it to its end. Called by the command line, by background
tasks and by the clock; whoever calls last takes the run over."""

import datetime as dt
import secrets
from collections.abc import Callable
from uuid import UUID

from xinqiao.engines.roster import Sheets, UnreadableRoster
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import RosterPart, RosterRun
from xinqiao.register.people.roster.collecting import thaw, without_collecting
from xinqiao.register.people.roster.files import sheets_of
from xinqiao.register.people.roster.outcome import Outcome
from xinqiao.register.people.roster.planning import Plan, plan_roster
from xinqiao.register.people.roster.reading import read_roster
from xinqiao.register.people.roster.settling import settle
from xinqiao.register.people.roster.wanted import ReadRoster, Refusal
from xinqiao.register.people.roster.writing import Overtaken, prepare_chunk
from xinqiao.register.people.services.rosters import (
    CannotImport,
    apply_roster_chunk,
    fail_roster,
    finish_roster,
    note_check,
)
from xinqiao.register.people.states import RosterState

PLANS_AT_MOST = 5
_WHY = "work on a run by its id"

Progress = Callable[[int, int], None]


def run_by_id(run_id: UUID) -> RosterRun | None:
    """Return a run, for the background only: pages ask `visible_to`."""
    found: RosterRun | None = RosterRun.objects.for_system(reason=_WHY).filter(pk=run_id).first()
    return found


def file_of(run: RosterRun) -> Sheets:
    """Return what the run's file holds; raise UnreadableRoster, also with code file_missing once it was wiped."""
    parts = list(RosterPart.objects.for_system(reason=_WHY).filter(run=run).order_by("number"))
    (opened,) = open_sealed([run], "file_name")
    name = opened["file_name"] or "roster"
    if not parts:
        raise UnreadableRoster("file_missing", file=name)
    return sheets_of(b"".join(one["body"] for one in open_sealed(parts, "body")), name)


def read_run(run: RosterRun) -> ReadRoster:
    """Return the run's file as read for its unit."""
    unit = Unit.objects.get(pk=run.unit_id)
    with without_collecting():
        return read_roster(unit, file_of(run), run.counted_on)


def check_roster(run: RosterRun, *, actor: Actor) -> RosterRun:
    """Dry run: note what the file would change, or why it cannot be read."""
    try:
        plan = plan_roster(read_run(run))
    except UnreadableRoster as unreadable:
        return fail_roster(run, actor=actor, code=unreadable.code, params=dict(unreadable.params))
    finally:
        thaw()
    outcome, _ = survey(plan, run.counted_on)
    return note_check(run, actor=actor, outcome=outcome, row_count=plan.read.pupil_count)


def survey(plan: Plan, on: dt.date) -> tuple[Outcome, list[Refusal]]:
    """Settle every chunk without writing; return the outcome and all refusals in the file's order."""
    outcome, refused = Outcome(), list(plan.refused)
    for chunk in plan.chunks:
        settled = settle(plan.read, chunk, on)
        outcome.add(chunk, settled)
        refused.extend(settled.refused)
    refused = plan.read.in_order(refused)
    outcome.counts.missing = len(plan.missing)
    outcome.add_refused(refused)
    outcome.add_notes(plan.read)
    return outcome, refused


def take_over(run: RosterRun) -> str:
    """Take the lease of a run and return its token; whoever held it before stops at its next chunk."""
    token = secrets.token_hex(16)
    RosterRun.objects.for_system(reason=_WHY).filter(pk=run.pk).update(token=token, worked_at=now())
    run.refresh_from_db()
    return token


def apply_roster(run: RosterRun, *, actor: Actor, progress: Progress | None = None) -> tuple[RosterRun, list[Refusal]]:
    """Write an accepted run to its end, or on from where it was interrupted: what is written already is left alone."""
    try:
        return apply_read(run, read_run(run), actor=actor, progress=progress)
    finally:
        thaw()


def apply_read(
    run: RosterRun, read: ReadRoster, *, actor: Actor, progress: Progress | None = None
) -> tuple[RosterRun, list[Refusal]]:
    """As `apply_roster`, with the file read already."""
    for attempt in range(PLANS_AT_MOST):
        token = take_over(run)
        RosterRun.objects.for_system(reason=_WHY).filter(pk=run.pk).update(done_count=0)
        run.done_count = 0
        plan = plan_roster(read)
        try:
            refused = _write_chunks(run, plan, actor, token, progress)
        except Overtaken:
            if attempt + 1 == PLANS_AT_MOST:
                raise
            run.refresh_from_db()
            continue
        return finish_roster(run, actor=actor, plan=plan, refused=refused, token=token), refused
    raise AssertionError("unreachable")


def _write_chunks(run: RosterRun, plan: Plan, actor: Actor, token: str, progress: Progress | None) -> list[Refusal]:
    refused = list(plan.refused)
    for chunk in plan.chunks:
        settled = settle(plan.read, chunk, run.counted_on)
        if settled.is_idle:
            _beat(run, token)  # nothing to write, so nobody has to wait for us
            run.done_count += settled.unchanged
        else:
            ready = prepare_chunk(chunk, settled, run.counted_on)
            settled = apply_roster_chunk(run, actor=actor, read=plan.read, ready=ready, token=token)
        refused.extend(settled.refused)
        if progress is not None:
            progress(run.done_count, plan.read.pupil_count)
    return plan.read.in_order(refused)


def _beat(run: RosterRun, token: str) -> None:
    held = RosterRun.objects.for_system(reason=_WHY).filter(pk=run.pk, token=token)
    if not held.update(worked_at=now()):
        raise CannotImport("lease_lost")


def unfinished_runs() -> list[RosterRun]:
    """Return accepted runs that have not come to their end."""
    return list(
        RosterRun.objects.for_system(reason="an accepted import runs to its end").filter(state=RosterState.APPLYING)
    )
