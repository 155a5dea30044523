"""Planted values of every data class and owner, looked for in every response of the walk."""

import io
import json
from collections.abc import Iterable

import pytest
import xlsxwriter
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, override_settings
from django.urls import path
from django.views.defaults import page_not_found

from tests.permissions.canaries import Canary, Net
from tests.permissions.conftest import Walk
from tests.permissions.table import REACHES, Family, Row, read_canary_table
from tests.permissions.walking import NEEDED, Cell, Verdict, Walker, expected, told
from tests.permissions.world import KINDS, RELATIONS, TWO_HATS, World
from xinqiao.foundation.access.pages import page
from xinqiao.foundation.access.permissions import Permission

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]  # one worker, so one walk
CARE = (
    "attention.advice",
    "signal.basis",
    "sheet.score",
    "interview.note",
    "interview.risk",
    "case.words",
    "case.helper",
)
planted_values: list[str] = []


def may_meet(table: dict[str, dict[str, str]], role: str, found: Canary) -> bool:
    """Does the hand-kept table let this role meet this value?"""
    reach = table[found.kind].get(role)
    level = "school" if found.kind.startswith(("staff.", "roster.")) else "class"
    needed = NEEDED[level][RELATIONS.index(found.spot)]
    return reach is not None and REACHES.index(reach) >= REACHES.index(needed)


def leaked(cell: Cell, table: dict[str, dict[str, str]]) -> list[Canary]:
    """Return the values met in a cell by someone who may not meet them, or in a refusal."""
    is_open = expected(cell.row, cell.role, cell.relation).word == "open"
    found = sorted(cell.canaries, key=lambda c: (c.kind, c.spot))
    return [each for each in found if not (is_open and may_meet(table, cell.role, each))]


def leaks(cells: Iterable[Cell], table: dict[str, dict[str, str]]) -> str:
    """Return every leak in words, by page and role."""
    leaky = [cell for cell in cells if leaked(cell, table)]
    return told(leaky, lambda cell: ", ".join(f"{each.kind} of {each.spot}" for each in leaked(cell, table)))


def test_the_table_names_every_kind():
    assert set(read_canary_table()) == set(KINDS)


def test_nobody_meets_what_is_not_for_them(walk: Walk):
    found = leaks(walk.cells, read_canary_table())
    assert not found, found


def test_every_kind_that_someone_may_meet_is_met_somewhere(walk: Walk):
    """Otherwise the search would be for things that no page could ever show."""
    met = {found.kind for cell in walk.cells for found in cell.canaries}
    table = read_canary_table()
    assert {kind for kind in KINDS if table[kind]} - met == set()


def test_class_teachers_and_principals_never_meet_scores_or_notes(walk: Walk):
    """The promise in one line, whatever the table says."""
    heard = {"signal.basis", "sheet.score", "interview.note", "interview.risk"}
    roles = {"class_teacher", "grade_head", "principal", "leading_group"}
    assert not [c.label for c in walk.cells if c.role in roles and {f.kind for f in c.canaries} & heard]


def test_officers_and_keepers_of_the_system_never_meet_a_child(walk: Walk):
    roles = {"county_officer", "city_officer", "province_officer", "researcher", "supervisor", "station_counsellor",
             "hospital_liaison", "security_officer", "system_admin", "auditor", "no_role", "anonymous"}  # fmt: skip
    of_no_child = ("staff.", "incident.report", "joint.words")  # of an incident, written without a child
    met = {
        (c.label, f.kind) for c in walk.cells if c.role in roles for f in c.canaries
        if not f.kind.startswith(of_no_child)
    }  # fmt: skip
    bureaus = ("county_officer", "city_officer", "province_officer")
    filed = {  # what a school filed with a bureau, under a number, is read there and nowhere else
        (c.label, "filing.words") for c in walk.cells if c.role in bureaus and c.row.route == "filings:received-one"
    }
    assert not met - filed


def test_a_neighbouring_school_meets_nothing(walk: Walk):
    """A psychology teacher of one school meets no value of any other."""
    own = {"own_class", "own_grade", "own_school"}
    met = {(c.label, f.kind, f.spot) for c in walk.cells if c.role == "psych_teacher" for f in c.canaries}
    assert not {each for each in met if each[2] not in own}


def test_two_hats_do_not_add_up(undone: World, walk: Walk):
    """Head of one school and psychology teacher of the next: at each school exactly what the one role gives there."""
    table, wrong = read_canary_table(), []
    cells = Walker(undone).walk([row for row in walk.rows if row.method == "GET"], [TWO_HATS])
    for cell in cells:
        as_head, as_psych = _as_two(cell)
        is_open = "open" in (as_head.word, as_psych.word)
        for found in cell.canaries:
            by_psych = found.spot == "other_school" and "psych_teacher" in table[found.kind]
            if not is_open or not (by_psych or may_meet(table, "principal", found)):
                wrong.append(f"{cell.label}: {found.kind} of {found.spot}")
        if cell.status == 200 and cell.row.things and not is_open and cell.row.family.data_class not in ("D0", "D1"):
            wrong.append(f"{cell.label}: open, while {as_head.word} as head and {as_psych.word} as psychology teacher")
    assert {cell.relation for cell in cells if cell.status == 200} >= {"own_class", "other_school"}
    assert not wrong, "\n".join(wrong)


def _as_two(cell: Cell) -> tuple[Verdict, Verdict]:
    at_psych = "own_school" if cell.relation == "other_school" else "elsewhere"
    return expected(cell.row, "principal", cell.relation), expected(cell.row, "psych_teacher", at_psych)


def _as_text(request):
    return HttpResponse(" ".join(planted_values))


def _as_json(request):
    return HttpResponse(json.dumps(planted_values), content_type="application/json")


def _as_header(request):
    response = HttpResponse()
    response.headers["X-Told"] = json.dumps(planted_values)
    return response


def _as_redirect(request):
    return HttpResponseRedirect(f"/?who={planted_values[0]}")


def _as_workbook(request):
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True})
    book.add_worksheet().write_column(0, 0, planted_values)
    book.close()
    return HttpResponse(body.getvalue())


def _as_entities(request):
    return HttpResponse("".join(f"&#{ord(c)};" for c in planted_values[0]))


def _as_missing(request):
    return page_not_found(request, Exception(planted_values[0]))


def _as_fault(request):
    raise RuntimeError(" ".join(planted_values))


LEAKS = (_as_text, _as_json, _as_header, _as_redirect, _as_workbook, _as_entities)
urlpatterns = [
    path(f"{view.__name__}/", page(Permission.HOME_VIEW)(view), name=view.__name__)
    for view in (*LEAKS, _as_missing, _as_fault)
]


@pytest.mark.parametrize("view", [view.__name__ for view in LEAKS])
def test_control_a_planted_leak_is_found(undone: World, view: str):
    """However a page lets a name out, the net catches it."""
    planted_values[:] = [
        undone.spots["own_class"].values["pupil.name"],
        undone.spots["own_class"].values["interview.note"],
    ]
    family = Family("a leak", "D5", "planted", {"county_officer": "county"})
    with override_settings(ROOT_URLCONF=__name__):
        cells = Walker(undone).walk([Row(view, "GET", family, {}, "")], ["county_officer"])
    assert leaks(cells, read_canary_table())


@pytest.mark.parametrize("view", ["_as_fault", "_as_missing"])
def test_error_pages_do_not_repeat_what_was_in_hand(undone: World, view: str):
    planted_values[:] = list(undone.spots["own_class"].values.values())
    client = Client(raise_request_exception=False)
    client.force_login(undone.user_of("psych_teacher"))
    with override_settings(ROOT_URLCONF=__name__):
        response = client.get(f"/{view}/")
    assert response.status_code in (404, 500)
    assert not undone.net.caught(response)


def test_control_numbers_are_found_only_whole():
    net = Net([Canary("sheet.score", "own_class", "70077")])
    assert net.found_in("score 70077.")
    assert not net.found_in("1700771")
