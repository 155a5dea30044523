"""A staff list's way into the register: kept, decided on, accepted, written person by person, ended."""

import json
from collections.abc import Sequence
from typing import Any

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.people.models import Staff
from xinqiao.register.people.roster.files import bare_name
from xinqiao.register.staffing.comparing import Draft
from xinqiao.register.staffing.models import StaffLine, StaffRun
from xinqiao.register.staffing.rules import NEW, SKIP, claimed_twice
from xinqiao.register.staffing.states import ListState, Match, sources_of
from xinqiao.register.staffing.writing import is_written_later, write_person, write_roles

_WHY = "the list that the command is about"


class CannotImport(ValueError):
    """The step is not possible; `code`: not_a_school, wrong_state, undecided, not_a_choice, same_person, lease_lost,
    nothing. `rows` are the two of the file that mean the same person."""

    def __init__(self, code: str, rows: tuple[int, int] | None = None) -> None:
        super().__init__(code)
        self.code, self.rows = code, rows


@command(Permission.STAFF_EDIT)
def keep_list(unit: Unit, *, actor: Actor, file_name: str, drafts: Sequence[Draft]) -> StaffRun:
    """Keep a file that was compared, sealed; nothing of the register changes."""
    if unit.kind not in SCHOOL_KINDS:
        raise CannotImport("not_a_school")
    run = StaffRun(
        county_id=unit.shard_id, place=unit.path, unit_id=unit.id, key_id=new_key(SubjectKind.UNIT),
        file_name=bare_name(file_name), uploaded_by=actor.id, uploaded_at=now(),
    )  # fmt: skip
    run.save(force_insert=True)
    lines = [
        StaffLine(
            run=run, county_id=run.county_id, place=run.place, key_id=run.key_id, row=draft.row, match=draft.match,
            body=json.dumps(draft.body, ensure_ascii=False), candidates=draft.candidates,
        )
        for draft in drafts
    ]  # fmt: skip
    seal_rows(lines)
    StaffLine.objects.bulk_create(lines, batch_size=200)
    refused = sum(draft.match == Match.REFUSED for draft in drafts)
    _record(run, "staffing.list.compared", people=len(drafts) - refused, refused=refused)
    return run


@command(Permission.STAFF_EDIT)
def decide_lines(run: StaffRun, *, actor: Actor, answers: dict[str, str]) -> StaffRun | Unchanged:
    """Answer who doubtful lines mean: line id → new, skip, or one of the candidates. CannotImport."""
    del actor
    changed = 0
    _require(run, ListState.CHECKED)
    for line in _lines(run).filter(match=Match.DOUBT):
        answer = answers.get(str(line.id), "")
        if not answer or answer == line.decision:
            continue
        if answer not in (NEW, SKIP, *line.candidates):
            raise CannotImport("not_a_choice")
        _lines(run).filter(pk=line.pk).update(decision=answer)
        changed += 1
    if not changed:
        return Unchanged("same")
    _demand_one_row_each(run)
    _record(run, "staffing.list.decided", lines=changed)
    return run


@command(Permission.STAFF_EDIT)
def accept_list(run: StaffRun, *, actor: Actor) -> StaffRun:
    """Say yes to the people of a list; whoever grants here says yes to the roles with it."""
    if _lines(run).filter(match=Match.DOUBT, decision="").exists():
        raise CannotImport("undecided")
    some = [line for line in _lines(run) if is_written_later(line)]
    if not some:
        raise CannotImport("nothing")
    _demand_one_row_each(run)
    run.accepted_by, run.accepted_at, run.worked_at = actor.id, now(), now()
    run.roles_by = actor.id if actor.can(Permission.GRANT_EDIT, run.place) else None
    _move(run, ListState.WRITING, "accepted_by", "accepted_at", "worked_at", "roles_by")
    _record(run, "staffing.list.accepted", people=len(some))
    return run


@command(Permission.GRANT_EDIT)
def accept_roles(run: StaffRun, *, actor: Actor) -> StaffRun | Unchanged:
    """Say yes to the roles of a list whose people are written already."""
    rows = StaffRun.objects.for_system(reason=_WHY).filter(pk=run.pk, state=ListState.DONE, roles_by=None)
    if not rows.update(roles_by=actor.id, worked_at=now()):
        return Unchanged("decided_already")
    run.roles_by = actor.id
    _record(run, "staffing.roles.accepted")
    return run


@command(Permission.STAFF_EDIT)
def cancel_list(run: StaffRun, *, actor: Actor) -> StaffRun:
    """Say no: nothing was written, and what the file said is wiped."""
    del actor
    run.finished_at = now()
    _move(run, ListState.CANCELLED, "finished_at")
    _lines(run).delete()
    _record(run, "staffing.list.cancelled")
    return run


@command(Permission.STAFF_EDIT)
def write_line(line: StaffLine, *, actor: Actor, token: str) -> StaffLine | Unchanged:
    """Write the person of one line, and with a yes to the roles those too; a second time only what is missing."""
    del actor
    run = _leased(line.run, token)
    fresh: StaffLine = _lines(run).select_for_update().get(pk=line.pk)
    before = (fresh.written_at, fresh.roles_at)
    if fresh.written_at is None:
        staff = write_person(run, fresh)
        assert staff is not None
        fresh.staff_id, fresh.written_at = staff.id, now()
    if run.roles_by is not None and fresh.roles_at is None:
        _grant(run, fresh)
    if (fresh.written_at, fresh.roles_at) == before:
        return Unchanged("written_already")
    fresh.save(update_fields=["staff_id", "written_at", "roles_at", "refused_roles"])
    StaffRun.objects.for_system(reason=_WHY).filter(pk=run.pk).update(worked_at=now())
    _record(run, "staffing.line.written", row=fresh.row)
    return fresh


def _grant(run: StaffRun, line: StaffLine) -> None:
    staff = Staff.objects.for_system(reason=_WHY).get(pk=line.staff_id)
    line.refused_roles, line.roles_at = write_roles(run, line, staff), now()


@command(Permission.STAFF_EDIT)
def finish_list(run: StaffRun, *, actor: Actor, token: str) -> StaffRun | Unchanged:
    """End a list whose lines are all written."""
    del actor
    run = _leased(run, token)
    if any(line.written_at is None for line in _lines(run) if is_written_later(line)):
        raise CannotImport("wrong_state")
    if run.state == ListState.DONE:
        return Unchanged("roles_only")
    run.finished_at = now()
    _move(run, ListState.DONE, "finished_at")
    _record(run, "staffing.list.finished", people=_lines(run).exclude(written_at=None).count())
    return run


def _lines(run: StaffRun) -> Any:
    return StaffLine.objects.for_system(reason=_WHY).filter(run=run).order_by("row", "id")


def _demand_one_row_each(run: StaffRun) -> None:
    """Refuse answers by which two rows mean one person: the second would overwrite the first."""
    lines = [line for line in _lines(run) if is_written_later(line)]
    claims = [(line.row, line.candidates[0] if line.match == Match.KNOWN else line.decision) for line in lines]
    twice = claimed_twice(claims)
    if twice:
        raise CannotImport("same_person", twice)


def _require(run: StaffRun, state: str) -> None:
    if not StaffRun.objects.for_system(reason=_WHY).select_for_update().filter(pk=run.pk, state=state).exists():
        raise CannotImport("wrong_state")


def _leased(run: StaffRun, token: str) -> StaffRun:
    held = StaffRun.objects.for_system(reason=_WHY).select_for_update().filter(pk=run.pk, token=token)
    found: StaffRun | None = held.filter(state__in=[ListState.WRITING, ListState.DONE]).first()
    if found is None:
        raise CannotImport("lease_lost")
    return found


def _move(run: StaffRun, target: str, *names: str) -> None:
    values = {name: getattr(run, name) for name in names}
    rows = StaffRun.objects.for_system(reason=_WHY).filter(pk=run.pk, state__in=sources_of(target))
    if not rows.update(state=target, **values):
        raise CannotImport("wrong_state")
    run.state = target


def _record(run: StaffRun, event: str, **facts: Any) -> None:
    record(event, subject_kind="staff_list", subject_id=run.id, place=run.place, county_id=run.county_id,
           facts=facts)  # fmt: skip
