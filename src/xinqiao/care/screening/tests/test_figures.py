"""Every number of the page of figures, computed once more from raw rows in plain code; who may see it; few sheets."""

import html
import itertools
import re
import statistics
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import read_pack, scale_folder
from xinqiao.care.scales.services.publishing import publish_pack
from xinqiao.care.screening.selectors import figures as figures_module
from xinqiao.care.screening.selectors.answers import raw_sheets
from xinqiao.care.screening.tests import plain
from xinqiao.care.screening.tests.whole_school import enrol, hand_in_all, invented
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import recording

MANY = 130
REVERSED = (4, 8, 12, 16)  # of the CES-DC, as its authors print it
PHQ_ADOLESCENT = 11  # Richardson 2010


@pytest.fixture
def versions(school):
    with recording(system_actor("test")):
        publish_pack(read_pack(scale_folder() / "ces-dc.yaml"))
    return {version.code: version for version in ScaleVersion.objects.filter(retired_at=None)}


@pytest.fixture
def answered(school, versions):
    """A campaign with CES-DC and PHQ-9 of 130 pupils; returns it with the raw rows as they were handed in."""
    students = enrol(school, MANY)
    campaign = school.launched(scale_ids=(versions["ces-dc"].id, versions["phq-9"].id))
    rows = {code: invented(versions[code], students, seed) for code, seed in (("ces-dc", 1), ("phq-9", 2))}
    for code, sheets in rows.items():
        hand_in_all(campaign, versions[code], sheets, fast=[student.id for student in students[:3]])
    return campaign, rows


def page_of(school, campaign, key: str = "", login: str = "psych") -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(school.world.users[login])
    response = client.get(reverse("screening:figures", args=[campaign.pk]), {"score": key} if key else {})
    assert response.status_code == 200
    return response.content.decode()


def turned(rows, reverse_of=()):
    """Answers as the key reads them: 3 - answer where the item is reversed (codes 0 to 3)."""
    return [
        [3 - code if at in reverse_of else code for at, code in enumerate(sheet, start=1)] for sheet in rows.values()
    ]


def cells(text: str, attribute: str, value: str) -> list[str]:
    """Return the texts of the cells of one row."""
    row = re.search(rf'<tr {attribute}="{re.escape(value)}".*?</tr>', text, re.DOTALL)
    assert row, (attribute, value)
    return [plain_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row[0], re.DOTALL)]


def facts(text: str) -> dict[str, str]:
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text, re.DOTALL)
    return {plain_text(name): plain_text(value) for name, value in pairs}


def plain_text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def two(number) -> str:
    """Two decimals, halves up, as the page rounds."""
    return str(Decimal(repr(float(number))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def check_page(text: str, key: str, answers: list[list[int]]) -> None:
    """Hold every figure of one score on its page against plain code over the raw rows."""
    sums = [sum(row) for row in answers]
    omega = plain.omega_of(*plain.one_factor(answers))
    overview = cells(text, "data-score", key)
    assert overview[1:] == [
        str(len(sums)), two(statistics.mean(sums)), two(statistics.stdev(sums)), two(plain.alpha(answers)), two(omega),
        two(plain.sem(answers)),
    ]  # fmt: skip
    shown = facts(text)
    quartiles = [f"{plain.quantile(sums, share):.4g}" for share in (0.25, 0.5, 0.75)]
    assert shown["Quartiles"] == " · ".join(quartiles)
    assert shown["Lowest and highest"] == f"{min(sums)} – {max(sums)}"
    for name, value, interval in (
        ("Cronbach's alpha, interval of 95 percent", plain.alpha(answers), plain.alpha_interval(answers)),
        ("McDonald's omega, interval of 95 percent", omega, plain.omega_interval(answers)),
    ):
        assert shown[name] == f"{two(value)} ({two(interval[0])} – {two(interval[1])})"
    assert shown["Standard error of measurement, in points"] == two(plain.sem(answers))
    assert shown["Complete sheets"] == str(len(answers))
    check_items(text, answers)
    check_columns(text, sums)


def check_items(text, answers):
    for at, item in enumerate(plain.columns(answers)):
        row = cells(text, "data-item", str(at + 1))
        assert [row[0], *row[2:]] == [
            str(at + 1), str(len(item)), two(statistics.mean(item)), two(statistics.stdev(item)),
            two(plain.rest_correlation(answers, at)), two(plain.alpha(plain.without(answers, at))),
        ]  # fmt: skip


def check_columns(text, sums):
    chart = re.search(r"Sheets by score</caption>(.*?)</table>", text, re.DOTALL)
    pairs = re.findall(r'<th scope="row">([\d–]+)</th><td class="num">(\d+)', chart[1])
    told = {label: int(count) for label, count in pairs}
    assert sum(told.values()) == len(sums)
    for label, count in told.items():
        low, _, high = label.partition("–")
        assert count == sum(int(low) <= total <= int(high or low) for total in sums), label


@pytest.mark.parametrize(("code", "reverse_of"), [("ces-dc", REVERSED), ("phq-9", ())])
def test_every_figure_of_a_score_follows_from_the_raw_rows(school, answered, code, reverse_of):
    campaign, rows = answered
    key = f"{code}.total"
    check_page(page_of(school, campaign, key), key, turned(rows[code], reverse_of))


def with_another_error(right):
    def wrong(table):
        found = right(table)
        return replace(found, sem=found.sem + 0.02)

    return wrong


def with_another_item(right):
    def wrong(table):
        first, *others = right(table)
        return (replace(first, rest_correlation=first.rest_correlation + 0.01), *others)

    return wrong


@pytest.mark.parametrize("what", ["sem", "answer", "item", "column"])
def test_control_a_falsified_number_is_seen(school, answered, monkeypatch, what):
    campaign, rows = answered
    answers = turned(rows["phq-9"])
    if what == "sem":
        monkeypatch.setattr(figures_module, "reliability_of", with_another_error(figures_module.reliability_of))
    elif what == "answer":
        answers[5][2] = 3 - answers[5][2]
    elif what == "item":
        monkeypatch.setattr(figures_module, "item_figures", with_another_item(figures_module.item_figures))
    else:
        right_columns = figures_module.columns_of
        monkeypatch.setattr(figures_module, "columns_of", lambda scores: right_columns(scores[1:]))
    with pytest.raises(AssertionError):
        check_page(page_of(school, campaign, "phq-9.total"), "phq-9.total", answers)


def test_control_reversed_items_left_unturned_are_seen(school, answered):
    campaign, rows = answered
    with pytest.raises(AssertionError):
        check_page(page_of(school, campaign, "ces-dc.total"), "ces-dc.total", turned(rows["ces-dc"]))


def test_flags_and_signs_follow_from_the_raw_rows(school, answered):
    campaign, rows = answered
    text = plain_text(page_of(school, campaign))
    flagged = sum(sum(sheet) >= PHQ_ADOLESCENT for sheet in rows["phq-9"].values())
    assert flagged > 0
    assert f"{flagged} of {MANY} {100 * flagged / MANY:.1f} %" in text
    # sensitivity .895, specificity .775, five in a hundred concerned: 0.95 · 0.225 / (0.95 · 0.225 + 0.05 · 0.895)
    assert "about 83 of 100 (Richardson 2010)" in text
    assert text.count("3 Answered faster than the questions can be read.") == 2
    runs = sum(longest(sheet) >= 10 for sheet in rows["ces-dc"].values())
    assert f"{runs} The same answer for half of the scale, across questions that ask the opposite." in text


def longest(sheet):
    best = run = 1
    for before, now in itertools.pairwise(sheet):
        run = run + 1 if now == before else 1
        best = max(best, run)
    return best


def test_careless_sheets_stay_in_every_figure(school, answered):
    campaign, _rows = answered
    sheets = raw_sheets(school.actor("psych"), campaign)
    assert sum(sheet.result["care"]["again"] for sheet in sheets) >= 6
    assert cells(page_of(school, campaign), "data-score", "phq-9.total")[1] == str(MANY)


def test_a_void_sheet_is_counted_beside_and_not_in(school, versions):
    students = enrol(school, 12)
    campaign = school.launched(scale_ids=(versions["phq-9"].id,))
    sheets = dict(invented(versions["phq-9"], students, 3))
    sheets[students[0].id] = [None] * 9
    hand_in_all(campaign, versions["phq-9"], sheets)
    text = page_of(school, campaign)
    assert cells(text, "data-score", "phq-9.total")[1] == "11"
    assert facts(text)["Not counted"] == "0 void, 1 not scored"


@pytest.mark.parametrize(("count", "said"), [(3, "Fewer than five sheets count"), (40, "Too few: 40 complete sheets")])
def test_few_sheets_say_too_few(school, versions, count, said):
    campaign = school.launched(scale_ids=(versions["phq-9"].id,))
    students = enrol(school, count)
    hand_in_all(campaign, versions["phq-9"], invented(versions["phq-9"], students, 3))
    text = page_of(school, campaign)
    assert said in text
    assert "data-item" not in text
    assert cells(text, "data-score", "phq-9.total")[4:] == ["–", "–", "–"]
    assert ("Quartiles" in text) == (count >= 5)


def test_control_without_the_bounds_few_sheets_would_speak(school, versions, monkeypatch):
    campaign = school.launched(scale_ids=(versions["phq-9"].id,))
    students = enrol(school, 4)
    hand_in_all(campaign, versions["phq-9"], invented(versions["phq-9"], students, 3))
    monkeypatch.setattr(figures_module, "SMALLEST_CELL", 1)
    assert "Quartiles" in page_of(school, campaign)


def test_reading_leaves_one_event_and_nobody_else_reads(school, answered):
    campaign, _rows = answered
    before = AuditEvent.objects.filter(event="screening.figures.read").count()
    page_of(school, campaign)
    assert AuditEvent.objects.filter(event="screening.figures.read").count() == before + 1
    for login in ("teacher", "grade", "head", "lead", "officer", "other_psych"):
        assert raw_sheets(school.actor(login), campaign) == []


def test_more_sheets_cost_no_more_queries(school, versions):
    campaign = school.launched(scale_ids=(versions["phq-9"].id,))
    counts = []
    for count in (10, 60):
        students = enrol(school, count, first=1000 * len(counts))
        hand_in_all(campaign, versions["phq-9"], invented(versions["phq-9"], students, 3))
        page_of(school, campaign)
        with CaptureQueriesContext(connection) as queries:
            page_of(school, campaign)
        counts.append(len(queries))
    assert counts[0] == counts[1]
