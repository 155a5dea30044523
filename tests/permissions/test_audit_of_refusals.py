"""Who was refused at a child, and who read about one, can be found in the audit."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

import pytest
from django.urls import reverse

from tests.permissions.conftest import Walk
from tests.permissions.table import ANONYMOUS, Row
from tests.permissions.test_canaries import CARE
from tests.permissions.walking import LEVELS, Cell, Walker, expected, told
from tests.permissions.world import World
from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.foundation.access.pages import refused_at_a_child
from xinqiao.foundation.audit import events
from xinqiao.foundation.audit import recording as recording_module
from xinqiao.foundation.audit.events import event_kind
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]  # one worker, so one walk
REFUSED = "access.refused"
DEEP = ("D3", "D4", "D5", "D6")


def leads_to_a_child(row: Row) -> bool:
    """Do the page's arguments name a pupil or a pupil's record?"""
    return any(LEVELS.get(thing, "child") == "child" and thing not in ("class", "window") for thing in row.things)


def unnoted_refusals(cells: Iterable[Cell]) -> list[Cell]:
    """Return refusals at a child that left no line."""
    return [
        cell
        for cell in cells
        if leads_to_a_child(cell.row) and cell.role != ANONYMOUS and cell.status in (403, 404)
        and REFUSED not in cell.events
    ]  # fmt: skip


def unnoted_readings(cells: Iterable[Cell]) -> list[Cell]:
    """Return pages that showed D3–D6 of a child and left no line of it.

    A page whose family is D3 or deeper shows such a thing as soon as it names a child: that it is on the page tells.
    """
    return [
        cell
        for cell in cells
        if any(found.kind in CARE or (found.kind == "pupil.name" and is_deep(cell)) for found in cell.canaries)
        and not any(event_kind(event).is_reading for event in cell.events)
    ]


def is_deep(cell: Cell) -> bool:
    """Is the page of a family whose data is D3 or deeper?"""
    return cell.row.family.data_class in DEEP


def shown(cell: Cell) -> str:
    """Which planted values a page held, in words."""
    return f"{cell.status}, {', '.join(sorted({found.kind for found in cell.canaries}))}"


def test_every_page_of_a_child_says_so(walk: Walk):
    mute = {row.route for row in walk.rows if leads_to_a_child(row) and not walk.walker.routes[row.route].child}
    assert mute == set(), "views whose @page lacks child="


def test_every_refusal_at_a_child_leaves_a_line(walk: Walk):
    refused = [c for c in walk.cells if leads_to_a_child(c.row) and c.status in (403, 404) and c.role != ANONYMOUS]
    assert {c.status for c in refused} == {403, 404}
    missing = unnoted_refusals(walk.cells)
    assert not missing, told(missing, shown)


def test_no_one_who_may_see_a_child_is_noted_as_refused(walk: Walk):
    wrong = [c for c in walk.cells if REFUSED in c.events and expected(c.row, c.role, c.relation).word == "open"]
    assert not wrong, told(wrong, shown)


def test_reading_about_a_child_leaves_a_line(walk: Walk):
    missing = unnoted_readings(walk.cells)
    assert not missing, told(missing, shown)


def test_pages_of_one_child_that_hold_care_data_are_noted_even_when_empty(walk: Walk):
    mute = [
        cell for cell in walk.cells
        if cell.row.method == "GET" and cell.status == 200 and is_deep(cell)
        and leads_to_a_child(cell.row) and not any(event_kind(e).is_reading for e in cell.events)
    ]  # fmt: skip
    assert not mute, told(mute, shown)


@pytest.fixture
def child_row(walk: Walk) -> Row:
    return next(row for row in walk.rows if row.objects.get("student_id") == "student" and row.method == "GET")


def test_the_line_says_who_where_and_whom(undone: World, child_row: Row):
    walker = Walker(undone)
    walker.client("hospital_liaison").get(walker.url_of(child_row, "own_class"))
    event = AuditEvent.objects.filter(event=REFUSED).latest("id")
    assert event.actor_id == undone.user_of("hospital_liaison").id
    assert event.subject_id == undone.spots["own_class"].ids["student"]
    assert child_row.route in event.facts


def test_an_auditor_of_the_cast_can_read_the_refusal(undone: World, child_row: Row):
    """A line that nobody is able to read warns nobody."""
    walker = Walker(undone)
    walker.client("hospital_liaison").get(walker.url_of(child_row, "own_class"))
    page = walker.client("auditor").get(reverse("audit:index")).content.decode()
    assert f"<code>{REFUSED}</code>" in page


def attention_as_the_auditor_reads_it(undone: World) -> str:
    """Return the row of the audit page that tells of a level set."""
    spot = undone.spots["own_class"]
    psych = actor_for(undone.user_of("psych_teacher"), today())
    set_attention(
        spot.student, actor=psych, level="red", advice="安静的座位", basis=Basis("review"),
        review_on=today() + dt.timedelta(days=7),
    )  # fmt: skip
    page = Walker(undone).client("auditor").get(reverse("audit:index")).content.decode()
    return page.split("<code>alerts.attention.set</code>", 1)[1].split("</tr>", 1)[0]


def test_the_auditor_learns_who_acted_but_nothing_of_the_care(undone: World):
    """The keepers see no care data: neither the level that was set nor what came of a talk."""
    row = attention_as_the_auditor_reads_it(undone)
    assert '"red"' not in row
    assert "orange" not in row


def test_control_facts_not_declared_as_care_are_shown(undone: World, monkeypatch):
    kind = event_kind("alerts.attention.set")
    monkeypatch.setitem(events._kinds, kind.code, dataclasses.replace(kind, care_facts=frozenset()))
    assert "orange" in attention_as_the_auditor_reads_it(undone)


def test_control_without_the_ear_the_check_fails(undone: World, child_row: Row, monkeypatch):
    monkeypatch.setattr(refused_at_a_child, "_receivers", [])
    cells = Walker(undone).walk([child_row], ["psych_teacher", "hospital_liaison"])
    assert unnoted_refusals(cells)


def test_control_without_the_note_the_check_fails(undone: World, walk: Walk, monkeypatch):
    read = {cell.row.key: cell.row for cell in walk.cells if any(f.kind in CARE for f in cell.canaries)}
    monkeypatch.setattr(recording_module, "write_events", lambda events: None)
    cells = Walker(undone).walk(read.values(), ["psych_teacher"])
    assert unnoted_readings(cells)
