"""What the pages of a staff list show."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.accounts.rules import Held
from xinqiao.register.accounts.selectors import may_help, waiting_for_a_password
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id
from xinqiao.register.people.models import Staff
from xinqiao.register.people.sorting import sound_order
from xinqiao.register.people.states import Employment
from xinqiao.register.staffing.models import StaffLine, StaffRun
from xinqiao.register.staffing.rules import NEW, SKIP
from xinqiao.register.staffing.states import ListState, Match
from xinqiao.register.staffing.wording import role_refusal_words, row_words
from xinqiao.register.staffing.writing import body_of, wanted_roles

_WHY = "the list was fetched for the actor"


@dataclass(frozen=True)
class Line:
    """A line as shown; `choices` are what a doubt can be answered with."""

    id: UUID
    row: int
    match: str
    match_label: str
    name: str
    details: str
    roles: str
    fault: str
    choices: tuple[tuple[str, str], ...]
    decision: str
    staff_id: UUID | None
    role_faults: tuple[str, ...]


@dataclass(frozen=True)
class ListPage:
    """A list with everything its page shows."""

    run: StaffRun
    file_name: str
    unit: Unit
    state_label: str
    lines: tuple[Line, ...]
    missing: tuple[tuple[UUID, str], ...]
    done: int
    total: int
    lacks_roles: bool
    is_working: bool

    def of(self, match: str) -> list[Line]:
        """Lines of one kind."""
        return [line for line in self.lines if line.match == match]

    @property
    def new(self) -> list[Line]:
        """Somebody new."""
        return self.of(Match.NEW)

    @property
    def known(self) -> list[Line]:
        """Known already."""
        return self.of(Match.KNOWN)

    @property
    def doubts(self) -> list[Line]:
        """To be decided."""
        return self.of(Match.DOUBT)

    @property
    def refused(self) -> list[Line]:
        """Refused."""
        return self.of(Match.REFUSED)

    @property
    def is_decided(self) -> bool:
        """Is every doubt answered?"""
        return all(line.decision for line in self.doubts)

    @property
    def role_faults(self) -> list[tuple[str, str]]:
        """Roles that were not granted: whose, and why."""
        return [(line.name, fault) for line in self.lines for fault in line.role_faults]


def list_page(run: StaffRun) -> ListPage:
    """Return what the page of a list shows."""
    unit = Unit.objects.get(pk=run.unit_id)
    rows = list(StaffLine.objects.for_system(reason=_WHY).filter(run=run).order_by("row", "id"))
    bodies = [body_of(row) for row in rows]
    names = _names(unit)
    lines = tuple(_line(row, body, unit, names) for row, body in zip(rows, bodies, strict=True))
    later = [row for row in rows if row.match != Match.REFUSED and row.decision != SKIP]
    asked = any(body.get("roles") for row, body in zip(rows, bodies, strict=True) if row in later)
    (opened,) = open_sealed([run], "file_name")
    is_granting = run.roles_by is not None and any(row.roles_at is None for row in later)
    return ListPage(
        run=run, file_name=opened["file_name"] or "", unit=unit, state_label=str(ListState(run.state).label),
        lines=lines, missing=_missing(rows, names) if run.state == ListState.CHECKED else (),
        done=sum(row.written_at is not None for row in later), total=len(later),
        lacks_roles=asked and run.roles_by is None,
        is_working=run.state == ListState.WRITING or (run.state == ListState.DONE and is_granting),
    )  # fmt: skip


def _names(unit: Unit) -> dict[str, str]:
    rows = list(Staff.objects.for_system(reason=_WHY).filter(within([unit.path]), left_on=None))
    return {str(row.id): opened["name"] or "" for row, opened in zip(rows, open_sealed(rows, "name"), strict=True)}


def _missing(rows: Sequence[StaffLine], names: Mapping[str, str]) -> tuple[tuple[UUID, str], ...]:
    meant = {one for row in rows for one in row.candidates}
    some = [(UUID(one), name) for one, name in names.items() if one not in meant]
    return tuple(sorted(some, key=lambda pair: sound_order(pair[1])))


def _line(row: StaffLine, body: Mapping[str, Any], unit: Unit, names: Mapping[str, str]) -> Line:
    is_refused = row.match == Match.REFUSED
    same = [(one, _("the same as {name} here").format(name=names.get(one, ""))) for one in row.candidates]
    return Line(
        id=row.id, row=row.row, match=row.match, match_label=_match_words(row), name=body["name"],
        details="" if is_refused else _details(body), roles="" if is_refused else _roles(body, unit),
        fault=row_words(body) if is_refused else "", decision=row.decision, staff_id=row.staff_id,
        choices=(*same, (NEW, _("somebody new")), (SKIP, _("leave this row out"))) if row.match == Match.DOUBT else (),
        role_faults=_role_faults(row),
    )  # fmt: skip


def _match_words(row: StaffLine) -> str:
    if row.decision == SKIP:
        return _("leave this row out")
    if row.decision:
        return str(Match.NEW.label if row.decision == NEW else Match.KNOWN.label)
    return str(Match(row.match).label)


def _details(body: Mapping[str, Any]) -> str:
    employment = str(Employment(body["employment"]).label) if body["employment"] else ""
    return " · ".join(filter(None, (body["number"], body["phone"], body["post"], employment, body["qualification"])))


def _roles(body: Mapping[str, Any], school: Unit) -> str:
    on, found = today(), []
    for role, unit in wanted_roles(school, dict(body)):
        label = str(ROLE_LABELS[Role(role)])
        if unit is None:
            found.append(_("{role} (no such class yet)").format(role=label))
        else:
            found.append(label if unit.pk == school.pk else f"{label} {name_on(unit, on)}")
    return "、".join(found)


def _role_faults(row: StaffLine) -> tuple[str, ...]:
    found = []
    units = units_by_id(UUID(key.split()[1]) for key in row.refused_roles if " " in key)
    for key, code in row.refused_roles.items():
        role, _space, unit_id = key.partition(" ")
        unit = units.get(UUID(unit_id)) if unit_id else None
        where = f" {name_on(unit, today())}" if unit is not None else ""
        found.append(f"{ROLE_LABELS[Role(role)]}{where}: {role_refusal_words(code)}")
    return tuple(found)


@dataclass(frozen=True)
class RunRow:
    """A list of staff in the list of lists."""

    id: UUID
    file_name: str
    unit: str
    state_label: str
    uploaded_at: dt.datetime


def run_rows(actor: Actor, *, limit: int = 30) -> list[RunRow]:
    """Return the latest lists that the actor may see; three queries."""
    runs = list(StaffRun.objects.visible_to(actor, Permission.STAFF_EDIT).order_by("-uploaded_at")[:limit])
    units = units_by_id(run.unit_id for run in runs)
    return [
        RunRow(run.id, opened["file_name"] or "", units[run.unit_id].name, str(ListState(run.state).label),
               run.uploaded_at)
        for run, opened in zip(runs, open_sealed(runs, "file_name"), strict=True)
    ]  # fmt: skip


def to_invite(run: StaffRun, actor: Actor) -> tuple[list[Staff], int]:
    """Return whom this actor may invite now of a list, and how many others wait for somebody who may.

    For whom the list asks a role that reads answers, or keeps the system, only whoever grants here draws a password,
    also before the role is granted: else a principal would hold the psychology teacher's first password when it is.
    """
    lines = [line for line in StaffLine.objects.for_system(reason=_WHY).filter(run=run) if line.staff_id]
    asked = {line.staff_id: [Held(Role(role), run.place, today(), None) for role in body_of(line).get("roles", [])]
             for line in lines}  # fmt: skip
    users = waiting_for_a_password(asked)
    rows = Staff.objects.for_system(reason=_WHY).filter(pk__in=users.values("staff_id"), left_on=None)
    waiting = list(rows.order_by("id"))
    mine = [staff for staff in waiting if may_help(actor, staff, today(), soon=asked[staff.id])]
    return mine, len(waiting) - len(mine)
