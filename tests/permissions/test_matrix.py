"""Every URL × role × relation, against expected.txt, and as a committed snapshot (matrix.txt)."""

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db.models import Q

from tests.permissions.conftest import Walk
from tests.permissions.routes import every_route
from tests.permissions.table import ANONYMOUS, Row
from tests.permissions.walking import Cell, Walker, expected, told
from tests.permissions.world import RELATIONS, ROLES, World
from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.foundation.access.scoped import ScopedModel
from xinqiao.foundation.audit.events import event_kind

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]  # one worker, so one walk
SNAPSHOT = Path(__file__).parent / "matrix.txt"


def disagreements(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells that are not as the table says."""
    return [cell for cell in cells if not expected(cell.row, cell.role, cell.relation).agrees(cell)]


def met(cell: Cell) -> str:
    """What came back and what the table says, in words."""
    return f"{cell.status} {cell.location}{cell.fault}, expected {expected(cell.row, cell.role, cell.relation).word}"


def drawn(cells: Iterable[Cell], walker: Walker) -> str:
    """Return the matrix as text: per page one line for each group of roles that fare alike."""
    pages: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        pages[cell.row.key][cell.role].append("in" if cell.is_sent_to_sign_in else str(cell.status))
    rows = {cell.row.key: cell.row for cell in cells}
    lines = [
        "# What each role meets at each page. Made by the walk; compare with XINQIAO_WRITE_MATRIX=1 unset.",
        f"# Columns: {' '.join(RELATIONS)}; of what belongs to a school the last four; one: no object in the address,",
        "# or a role that has no right to the page anywhere, which asks at one spot.",
        "# in = sent to sign-in.",
    ]
    for key in sorted(pages, key=lambda key: (rows[key].route, key)):
        route = walker.routes[rows[key].route]
        lines.append(f"\n{key}  {route.pattern}  [{route.permission or '-'}] {rows[key].family.data_class}")
        alike: dict[str, list[str]] = defaultdict(list)
        for role, statuses in pages[key].items():
            alike[" ".join(statuses)].append(role)
        lines += [f"  {statuses:<24} {' '.join(roles)}" for statuses, roles in sorted(alike.items())]
    return "\n".join(lines) + "\n"


def test_every_url_has_a_row_and_no_row_is_stale(walk: Walk):
    routes, rows = {route.name for route in every_route()}, {row.route for row in walk.rows}
    assert routes - rows == set(), "pages without a row in expected.txt"
    assert rows - routes == set(), "rows of expected.txt without a page"


def test_every_page_can_be_asked_for_by_get(walk: Walk):
    """A page that only takes changes has its own POST row; its GET must still be refused to strangers or be 405."""
    posts = {row.route for row in walk.rows if row.method == "POST"}
    gets = {row.route for row in walk.rows if row.method == "GET"}
    for name in sorted(posts - gets):
        row = next(row for row in walk.rows if row.route == name)
        cell = walk.walker.visit(Row(name, "GET", row.family, row.objects, row.query), "psych_teacher", "own_class")
        assert cell.status in (405, 403, 404), f"{name}: GET gives {cell.status}; give it a GET row"


def test_each_cell_is_as_the_table_says(walk: Walk):
    wrong = disagreements(walk.cells)
    assert not wrong, f"{len(wrong)} of {len(walk.cells)} cells:\n{told(wrong, met)}"


def test_no_cell_fails(walk: Walk):
    broken = [cell for cell in walk.cells if cell.status >= 500]
    assert not broken, told(broken, met)


def test_every_page_opens_for_someone(walk: Walk):
    """Otherwise a 404 would only say that the walk asked for the wrong thing."""
    said = [row.key for row in walk.rows if row.family.everyone.partition("=")[2]]
    opened = {cell.row.key for cell in walk.cells if expected(cell.row, cell.role, cell.relation).word == "open"}
    assert {row.key for row in walk.rows} - opened - set(said) == set()


def test_the_matrix_is_the_committed_one(walk: Walk):
    now = drawn(walk.cells, walk.walker)
    if os.environ.get("XINQIAO_WRITE_MATRIX"):
        SNAPSHOT.write_text(now, "utf-8")
    assert now == SNAPSHOT.read_text("utf-8"), "the matrix changed: look, then run with XINQIAO_WRITE_MATRIX=1"


def test_a_page_without_a_post_row_changes_nothing_when_posted_to(walk: Walk):
    changed = []
    for row in walk.rows:
        if row.method == "GET" and not any(r.method == "POST" and r.route == row.route for r in walk.rows):
            role = next((r for r in ROLES if r != ANONYMOUS and row.family.reach_of(r)), None)
            if role:
                cell = walk.walker.visit(Row(row.route, "POST", row.family, row.objects, row.query), role, RELATIONS[0])
                changed += [f"{cell.label}: {event}" for event in cell.events if not event_kind(event).is_reading]
    assert not changed, "\n".join(changed)


@pytest.mark.parametrize(
    ("role", "permission", "route"),
    [
        (Role.CLASS_TEACHER, Permission.RESULT_FULL, "screening:result"),
        (Role.PRINCIPAL, Permission.QUEUE_VIEW, "alerts:queue"),
        (Role.COUNTY_OFFICER, Permission.STUDENT_LIST, "people:student"),
        (Role.SYSTEM_ADMIN, Permission.AUDIT_READ, "audit:index"),
    ],
)
def test_control_one_permission_too_many_is_found(
    undone: World, walk: Walk, monkeypatch, role: Role, permission: Permission, route: str
):
    rows = [row for row in walk.rows if row.route == route]
    assert not disagreements(Walker(undone).walk(rows, [role.value]))
    monkeypatch.setitem(ROLE_PERMISSIONS, role, ROLE_PERMISSIONS[role] | {permission})
    assert disagreements(Walker(undone).walk(rows, [role.value]))


def test_control_an_open_scope_is_found(undone: World, walk: Walk, monkeypatch):
    monkeypatch.setattr(ScopedModel, "scope", classmethod(lambda cls, actor, permission: Q()))
    rows = [row for row in walk.rows if row.route == "people:student"]
    again = Walker(undone).walk(rows, ["psych_teacher"])
    assert disagreements(again)
