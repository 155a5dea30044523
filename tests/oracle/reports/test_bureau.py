"""Nothing that a bureau reads, page against page and day against day, tells it of a handful of pupils."""

import importlib

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.oracle.reports.comparing import Reader
from tests.oracle.reports.disclosing_bureau import Pages, handfuls
from tests.oracle.reports.pages import COUNTED
from tests.oracle.reports.rawrows import Raw, raw_rows
from tests.oracle.reports.reading import Told
from tests.oracle.reports.region import MAIN, Region
from xinqiao.care.letters.selectors import wishes
from xinqiao.care.scales.models import LocalNorm
from xinqiao.care.screening.disclosure import Cell, answered_cell, percent
from xinqiao.care.screening.selectors import coverage as coverage_selector
from xinqiao.care.screening.selectors import orders as orders_selector
from xinqiao.care.screening.tests.handing_in import hand_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.xdist_group("report-oracle")]  # one region


def asked_by(raw: Raw) -> dict[tuple[str, str], int]:
    """How many pupils the roster has of each school's screenings, by the names of both."""
    schools = {row["id"]: row for row in raw.units if row["kind"] == "school"}
    found = {}
    for campaign in raw.campaigns:
        school = schools[campaign["school_id"]]
        classes = {row["path"] for row in raw.units if row["kind"] == "class" and row["path"].startswith(school["path"])
                   and f'"junior", {row["entry_year"]}' in campaign["grades"]}  # fmt: skip
        here = [row for row in raw.students if row["status"] == "active" and row["place"] in classes]
        found[school["name"], campaign["name"]] = len(here)
    return found


def pages_of(region: Region) -> Pages:
    """All pages of the bureau that count pupils."""
    officer = Reader(region, "officer")
    return Pages(
        officer.page("coverage"), officer.page("order", region.order.pk), officer.page("letters:counts"),
        asked_by(raw_rows()), region.order.name, officer.page("order-new"),
    )  # fmt: skip


# The pages that count and that a bureau can open: what is not the solver's counts schools, or is read where it holds.
OPEN = {"screening:coverage", "screening:order", "screening:order-new", "letters:counts", "screening:orders",
        "scales:norms"}  # fmt: skip


def test_the_solver_reads_every_page_that_a_bureau_can_open(region: Region):
    school, client = region.school, Client()
    client.force_login(region.login("officer"))
    known = {"campaign_id": region.campaigns[MAIN].pk, "class_id": school.class_b.pk, "order_id": region.order.pk,
             "norm_id": LocalNorm.objects.get().pk}  # fmt: skip
    found = set()
    for name in COUNTED:
        app, _colon, own = name.partition(":")
        urls = importlib.import_module(f"xinqiao.care.{app}.urls").urlpatterns
        pattern = next(each.pattern for each in urls if each.name == own)
        response = client.get(reverse(name, args=[known[each] for each in pattern.converters]))
        found |= {name} if response.status_code == 200 else set()
        assert response.status_code in (200, 403, 404), name
    assert found == OPEN


def test_no_handful_follows_from_all_pages_of_a_bureau(region: Region):
    pages = pages_of(region)
    blurred = [each for each in (*pages.coverage, *pages.order, *pages.letters)
               if each.place[0] == "cell" and each.text in ("fewer than 5", "all but fewer than 5", "–")]  # fmt: skip
    assert len(blurred) > 5
    assert handfuls(pages) == []


def test_no_handful_follows_from_two_days(region: Region):
    before = pages_of(region)
    with transaction.atomic():
        _two_more(region)
        assert handfuls(before, pages_of(region)) == []
        transaction.set_rollback(True)


def _two_more(region: Region) -> None:
    plan = region.bureau.plan(region.order, 1)
    rows = orders_selector.Sitting.objects.for_system(reason="test").filter(origin_id=plan.pk, state="waiting")
    for sitting in rows.select_related("student").order_by("pk")[:2]:
        hand_in(plan, sitting.student, {"phq-9": [0] * 9})


# ---- controls: each rule taken away is found


def of_itself_alone(answered, eligible, *_year):
    return answered_cell(answered, eligible)


def as_they_were_once(counts, _asked, _year):
    found = (counts["letters"], counts["out"], counts["arrived"])
    return tuple(answered_cell(count, of) for of, count in zip((found[0], *found), found, strict=False))


def exact_parts(_answered, refused, absent, _eligible):
    return Cell("exact", refused), Cell("exact", absent)


def always_exact(answered, _eligible):
    return Cell("exact", answered)


CONTROLS = {
    "an order that is not held against the year": (orders_selector, "beside_year", of_itself_alone),
    "letters that are held against each other alone": (wishes, "cells_of", as_they_were_once),
    "reasons beside what is blurred": (coverage_selector, "beside_cells", exact_parts),
    "a school of a handful among those to ask": (orders_selector.SchoolChoice, "is_handful", property(lambda _: False)),
    "no cell blurred": (coverage_selector, "answered_cell", always_exact),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_control_a_rule_less_tells_a_handful(region: Region, monkeypatch, name: str):
    module, attribute, weaker = CONTROLS[name]
    monkeypatch.setattr(module, attribute, weaker)
    assert handfuls(pages_of(region))


def page_of(rows: dict[str, tuple[str, ...]], share: str = "") -> Pages:
    """A page of coverage as told, and no other."""
    columns = ("Pupils to be screened", "Handed in", "Refused", "Absent")
    told = [Told(("cell", "By school", "Coverage by school", school, column), text)
            for school, texts in rows.items() for column, text in zip(columns, texts, strict=True)]  # fmt: skip
    if share:
        told.append(Told(("text", "", ""), f"{share}% of those pupils have handed in a sheet."))
    return Pages(told, [], [], {}, "")


def test_control_a_share_that_turns_within_a_blurred_cell_is_found():
    """As it was once said, in steps of the counts themselves: with 189 of 200 in, it says how many."""
    schools = {"甲": ("186", "179", "–", "–"), "乙": ("14", "all but fewer than 5", "–", "–")}
    assert percent(189, 200) == 94
    assert [each for each in handfuls(page_of(schools, share="90")) if "乙, not handed in" in each]
    assert handfuls(page_of(schools)) == []


def test_control_a_day_that_says_what_the_day_before_did_not_is_found():
    """A cell that is blurred on one day follows from the next, if what stands beside it may be told then."""
    first = page_of({"甲": ("30", "fewer than 5", "–", "–")})
    second = page_of({"甲": ("30", "1", "–", "–")})
    assert [each for each in handfuls(first, second) if each.startswith("0 甲, Handed in")]
    assert handfuls(first) == []
