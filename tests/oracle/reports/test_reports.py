"""Every number of every report follows from the raw rows, and a number that nobody can explain is found."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.oracle.reports import expected, expected_bureau, expected_region
from tests.oracle.reports.comparing import (
    Reader,
    page_of_summary,
    source_of_summary,
    workbook_of_summary,
    wrongs,
)
from tests.oracle.reports.disclosing import HIDDEN, REST, given_away
from tests.oracle.reports.rawrows import Raw
from tests.oracle.reports.reading import Told
from tests.oracle.reports.recount import Count
from tests.oracle.reports.region import FIRST, LAST, MAIN, NEXT, READ_AT, Region
from xinqiao.care.screening import summarising
from xinqiao.care.screening.disclosure import Cell
from xinqiao.care.screening.selectors import accuracy as accuracy_selector
from xinqiao.care.screening.selectors import coverage as coverage_selector
from xinqiao.care.screening.selectors import distribution
from xinqiao.care.screening.selectors import figures as figures_selector
from xinqiao.care.screening.selectors import outlook as outlook_selector
from xinqiao.care.screening.selectors import summary as summary_selector
from xinqiao.engines.disclosure import tables

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.xdist_group("report-oracle")]  # one region


@pytest.fixture(scope="package")
def main(region: Region, raw: Raw) -> Count:
    return Count(raw, MAIN)


@pytest.fixture
def psych(region: Region) -> Reader:
    return Reader(region, "psych")


@pytest.mark.parametrize(("scale", "score"), [("phq-9", "total"), ("mht", "fear")])
def test_figures(psych: Reader, raw: Raw, main: Count, scale: str, score: str):
    told = psych.page("figures", main.campaign["id"], score=f"{scale}.{score}")
    assert wrongs(told, expected.figures(main, Count(raw, FIRST), scale, score)) == []


@pytest.mark.parametrize(("scale", "score"), [("phq-9", "total"), ("gad-7", "total"), ("mht", "lie"), ("mht", "total")])
def test_distribution(psych: Reader, main: Count, scale: str, score: str):
    told = psych.page("distribution", main.campaign["id"], score=f"{scale}.{score}")
    assert wrongs(told, expected.distribution(main, scale, score)) == []


def test_coverage_of_a_screening(psych: Reader, main: Count):
    assert wrongs(psych.page("campaign-coverage", main.campaign["id"]), expected.coverage(main)) == []


def test_accuracy(psych: Reader, main: Count):
    assert wrongs(psych.page("accuracy", main.campaign["id"]), expected.accuracy(main)) == []


def test_whom_to_talk_to(psych: Reader, main: Count):
    assert wrongs(psych.page("results", main.campaign["id"]), expected_region.results(main)) == []


def test_a_running_screening_and_its_queue(psych: Reader, raw: Raw, main: Count):
    count, waves = Count(raw, LAST), [main, Count(raw, FIRST)]
    assert wrongs(psych.page("campaign", count.campaign["id"]), expected_region.running(count, waves)) == []


def test_progress_of_one_that_ended_after_a_make_up_round(psych: Reader, main: Count):
    told = [each for each in psych.page("campaign", main.campaign["id"]) if each.place[1] in ("", "By class")]
    right = expected_region.running(main, [])
    right.must = {place: told for place, told in right.must.items() if place[1] in ("", "By class")}
    assert wrongs(told, right) == []


def test_a_plan(psych: Reader, raw: Raw, main: Count):
    count, waves = Count(raw, NEXT), [main, Count(raw, FIRST)]
    assert wrongs(psych.page("campaign", count.campaign["id"]), expected_region.plan(count, waves)) == []


def test_what_a_bureau_sees(region: Region, raw: Raw):
    officer = Reader(region, "officer")
    assert wrongs(officer.page("coverage"), expected_bureau.schools(raw)) == []
    assert wrongs(officer.page("orders"), expected_bureau.orders(raw, region.order.name)) == []
    assert wrongs(officer.page("order", region.order.pk), expected_bureau.order(raw)) == []
    assert wrongs(officer.page("letters:counts"), expected_bureau.letters(raw)) == []


@pytest.fixture
def head(region: Region) -> Reader:
    return Reader(region, "head")


SECTIONS = ("Who was reached", "What came of it", "Where the numbers are from",
            *(expected.titles(code).scale for code in expected.CODES))  # fmt: skip


def test_summary_as_a_page(head: Reader, main: Count):
    told = page_of_summary(head.page("summary", main.campaign["id"]))
    assert wrongs(told, expected.summary(main, READ_AT)) == []


def test_summary_as_a_spreadsheet(head: Reader, main: Count):
    told = workbook_of_summary(head.workbook("summary-xlsx", main.campaign["id"]), SECTIONS)
    assert wrongs(told, expected.summary(main, READ_AT)) == []


def test_summary_as_the_source_of_a_pdf(head: Reader, main: Count):
    told = source_of_summary(head.source("summary-pdf", main.campaign["id"]))
    assert wrongs(told, expected.summary(main, READ_AT)) == []


def everything_told(head: Reader, main: Count) -> list[Told]:
    """All that the summary says, on the page and in its spreadsheet."""
    page = page_of_summary(head.page("summary", main.campaign["id"]))
    return page + workbook_of_summary(head.workbook("summary-xlsx", main.campaign["id"]), SECTIONS)


SCALE_NAMES = [expected.titles(code).scale for code in expected.CODES]


def test_nothing_hidden_follows_from_all_that_is_told(head: Reader, main: Count):
    told = everything_told(head, main)
    hidden = [each for each in told if each.text == HIDDEN]
    assert len(hidden) > 10
    assert given_away(told, SCALE_NAMES) == []


def test_control_hiding_the_small_cells_alone_gives_them_away(head: Reader, main: Count, monkeypatch):
    def small_ones(counts, smallest, also=()):
        return frozenset({(r, c) for r, row in enumerate(counts) for c, n in enumerate(row) if 0 < n < smallest})

    monkeypatch.setattr(tables, "hidden_cells", small_ones)
    assert given_away(everything_told(head, main), SCALE_NAMES)


def test_control_a_rest_without_a_column_gives_itself_away(head: Reader, main: Count, monkeypatch):
    right = summary_selector.distribution_of

    def without_the_rest(*given):
        found = right(*given)
        return found and replace(found, beside=tuple(0 for _ in found.beside))

    monkeypatch.setattr(summary_selector, "distribution_of", without_the_rest)
    assert [each for each in given_away(everything_told(head, main), SCALE_NAMES) if REST in each]


def bands_without_void_sheets(sheet, _scale, score):
    return sheet.result["bands"].get(score) if sheet.result["valid"] else distribution.VOID


def one_refusal_more(right):
    return lambda campaign: {key: counts + Counter(refused=1) for key, counts in right(campaign).items()}


def always_exact(answered, _eligible):
    return Cell("exact", answered)


CONTROLS = {
    "a mean that is off": (figures_selector, "spread_of", lambda right: lambda of: right([*of, 27.0]), "figures"),
    "void sheets out of the score that voids": (distribution, "_band_of", lambda _: bands_without_void_sheets, "lie"),
    "a refusal too many": (coverage_selector, "_kept_facts", one_refusal_more, "campaign-coverage"),
    "a flag too few": (accuracy_selector, "_row", lambda right: lambda of, *more: right(of[1:], *more), "accuracy"),
    "a number out of nowhere": (summarising, "_meaning", lambda right: lambda: f"12 {right()}", "summary"),
    "a share that is off": (outlook_selector, "wave_share", lambda _: lambda *_given: 0.5, "campaign"),
    "a small school told exactly": (coverage_selector, "answered_cell", lambda _: always_exact, "coverage"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTROLS)
def test_control_a_falsified_number_is_found(region: Region, raw: Raw, main: Count, monkeypatch, name: str):
    module, attribute, falsified, page = CONTROLS[name]
    monkeypatch.setattr(module, attribute, falsified(getattr(module, attribute)))
    psych, key = Reader(region, "psych"), main.campaign["id"]
    looks = {
        "figures": lambda: wrongs(
            psych.page("figures", key, score="phq-9.total"), expected.figures(main, Count(raw, FIRST), "phq-9", "total")
        ),
        "lie": lambda: wrongs(
            psych.page("distribution", key, score="mht.lie"), expected.distribution(main, "mht", "lie")
        ),
        "campaign-coverage": lambda: wrongs(psych.page("campaign-coverage", key), expected.coverage(main)),
        "accuracy": lambda: wrongs(psych.page("accuracy", key), expected.accuracy(main)),
        "summary": lambda: wrongs(page_of_summary(psych.page("summary", key)), expected.summary(main, READ_AT)),
        "campaign": lambda: wrongs(
            psych.page("campaign", region.campaigns[NEXT].pk),
            expected_region.plan(Count(raw, NEXT), [main, Count(raw, FIRST)]),
        ),
        "coverage": lambda: wrongs(Reader(region, "officer").page("coverage"), expected_bureau.schools(raw)),
    }
    assert looks[page]()


def test_control_a_number_in_a_file_out_of_nowhere_is_found(head: Reader, main: Count, monkeypatch):
    right = summarising._meaning
    monkeypatch.setattr(summarising, "_meaning", lambda: f"12 {right()}")
    key, must = main.campaign["id"], expected.summary(main, READ_AT)
    assert wrongs(workbook_of_summary(head.workbook("summary-xlsx", key), SECTIONS), must)
    assert wrongs(source_of_summary(head.source("summary-pdf", key)), must)
