"""Every page that says numbers is counted once more, and none is forgotten."""

import importlib

import pytest
from django.test import Client
from django.urls import reverse

from tests.oracle.reports.comparing import (
    Reader,
    page_of_summary,
    source_of_summary,
    workbook_of_summary,
    wrongs,
)
from tests.oracle.reports.pages import CHANGE, COUNTED, UNCOUNTED, Look, Place
from tests.oracle.reports.rawrows import Raw
from tests.oracle.reports.reading import Told
from tests.oracle.reports.region import Region
from tests.oracle.reports.test_reports import SECTIONS
from xinqiao.care.letters.selectors import classes as letter_classes
from xinqiao.care.scales import norm_pages
from xinqiao.care.screening.selectors import campaigns, educating, informants, orders
from xinqiao.foundation.core.ids import new_id

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.xdist_group("report-oracle")]  # one region


@pytest.fixture(scope="package")
def place(region: Region, raw: Raw) -> Place:
    return Place(region, raw)


def told_by(place: Place, name: str, look: Look) -> list[Told]:
    """What a reader is told, however it comes."""
    reader = Reader(place.region, look.login)
    if look.form == "workbook":
        return workbook_of_summary(reader.workbook(name, *look.args), SECTIONS)
    if look.form == "source":
        return source_of_summary(reader.source(name, *look.args))
    told = reader.page(name, *look.args, **look.query)
    return page_of_summary(told) if name == "screening:summary" else told


def wrong_on(place: Place, name: str) -> list[str]:
    """What is wrong on a page, in every look at it."""
    return [each for look in COUNTED[name](place) for each in wrongs(told_by(place, name, look), look.expected)]


# Those that test_reports looks at too, with controls of their own, are not looked at twice.
ELSEWHERE = {"figures", "distribution", "accuracy", "campaign-coverage", "summary", "summary-xlsx", "summary-pdf",
             "results", "coverage", "orders", "order"}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in COUNTED if name.removeprefix("screening:") not in ELSEWHERE])
def test_every_number_is_counted(place: Place, name: str):
    assert wrong_on(place, name) == []


def pages() -> set[str]:
    """Every address of screening, letters, the register and files, and those of norms."""
    names = {
        f"{app}:{pattern.name}" for app in ("screening", "letters", "support", "scales", "archives")
        for pattern in importlib.import_module(f"xinqiao.care.{app}.urls").urlpatterns
    }  # fmt: skip
    return {name for name in names if not name.startswith("scales:") or name.startswith("scales:norm")}


def forgotten(names: set[str]) -> set[str]:
    """The addresses that stand in no table."""
    return names - COUNTED.keys() - UNCOUNTED.keys()


def test_no_page_is_forgotten():
    assert forgotten(pages()) == set()
    assert (COUNTED.keys() | UNCOUNTED.keys()) - pages() == set(), "a table names what is gone"
    assert COUNTED.keys() & UNCOUNTED.keys() == set()
    assert forgotten({*pages(), "screening:league-table"}) == {"screening:league-table"}  # the control


@pytest.mark.parametrize("name", sorted(name for name, reason in UNCOUNTED.items() if reason is CHANGE))
def test_what_is_said_to_show_nothing_answers_no_get(region: Region, name: str):
    app = importlib.import_module(f"xinqiao.care.{name.partition(':')[0]}.urls")
    pattern = next(each.pattern for each in app.urlpatterns if each.name == name.partition(":")[2])
    client = Client()
    client.force_login(region.login("psych"))
    response = client.get(reverse(name, args=[new_id() for _each in pattern.converters]))
    assert response.status_code in (403, 404, 405)


CONTROLS = {
    "screening:education": (educating, "_education_row", lambda right: lambda plan, *more: right(_heard(plan), *more)),
    "screening:index": (campaigns, "_counts", lambda right: lambda ids: dict.fromkeys(right(ids), (7, 9))),
    "letters:mailing": (letter_classes, "_class_row", lambda right: lambda unit, own, on: right(unit, own[1:], on)),
    "screening:order-new": (orders.SchoolChoice, "is_handful", lambda _right: property(lambda _choice: False)),
    "screening:class-forms": (informants, "standing_of_form", lambda _right: lambda _state, _excuse: "open"),
    "scales:norm": (norm_pages, "_interval", lambda _right: lambda _found: "1–99"),
}  # fmt: skip


def _heard(plan):
    plan.observations += 1
    return plan


@pytest.mark.parametrize("name", CONTROLS)
def test_control_a_falsified_number_is_found(place: Place, monkeypatch, name: str):
    module, attribute, falsified = CONTROLS[name]
    monkeypatch.setattr(module, attribute, falsified(getattr(module, attribute)))
    assert wrong_on(place, name)
