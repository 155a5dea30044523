"""A hundred yes-or-no questions on paper: how many pages, whether each question keeps its boxes, and the typing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, staged
from tests.journeys.test_paper_and_turn import type_sheet
from tests.journeys.wording import say
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.scales.services.wording import import_wording
from xinqiao.care.scales.wording_file import Wording
from xinqiao.care.screening.tests.conftest import frozen, school  # noqa: F401 - fixtures
from xinqiao.engines.scoring import Text
from xinqiao.register.duty.tests.world import MONDAY_10

pytestmark = MARKS

# Invented: the published test's belong to their owner. Some are short, one takes three lines.
ITEMS, PAGES = 100, 3
ASKED = (
    "你喜欢雨天吗？",
    "走过操场时，你会数自己的步子吗？",
    "听到下课铃响，你常常还想把手里这道题做完再起身吗？",
    "如果同桌请你帮忙把作业本送到三楼最里面的办公室，而你正想去图书角还书，你还是会先去送吗？",
)


@pytest.fixture
def campaign(school):  # noqa: F811 - the fixture
    scale = scale_of(school.versions["mht"])
    texts = {item.number: Text("", ASKED[item.number % len(ASKED)]) for item in scale.items}
    labels = {item.number: {0: Text("", "否"), 1: Text("", "是")} for item in scale.items}
    wording = Wording(texts, labels, Text("", "请照实选，没有对错。"))
    version = import_wording(
        school.unit, actor=school.actor("psych"), code="mht", wording=wording, holder="某出版社", statement="本校使用"
    )
    return school.launched(scale_ids=(version.id,))


@pytest.fixture
def stage(browser, loop, campaign, tmp_path, request):
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def test_a_hundred_questions_are_printed_and_typed(stage, school, campaign):  # noqa: F811 - the fixture
    tab = stage.person(school.world.users["psych"])
    base = f"/screening/{campaign.pk}/classes/{school.class_b.pk}"
    tab.goto(f"{base}/sheets/")
    sheets = tab.locator(".xq-answer-sheet")
    expect(sheets.first).to_contain_text("12356")
    expect(sheets.first.locator(".xq-answers tbody tr")).to_have_count(ITEMS)
    expect(sheets.first.locator(".xq-answers .xq-box")).to_have_count(2 * ITEMS)
    stage.observer.look(tab, "01-printed")
    assert pages_of(tab) == PAGES * sheets.count()
    tab.evaluate("document.querySelectorAll('.xq-answers tbody tr:nth-child(n+2)').forEach(each => each.remove())")
    assert pages_of(tab) == sheets.count()  # the figure follows what stands there

    tab.goto(f"{base}/paper/")
    number = tab.locator("#pile tr[data-wanted]").first.get_attribute("data-number") or ""
    expect(tab.locator("[data-part=place]")).to_contain_text(str(ITEMS + 1))  # the script is there
    type_sheet(tab, number, "01" * (ITEMS // 2) + "-")
    expect(tab.locator("#typing-outcome")).to_contain_text(
        say("Typed once. It counts when it has been typed a second time.")
    )
    assert tab.evaluate("window.scrollY") == 0
    expect(tab.locator("#typing-outcome")).to_be_in_viewport()  # beside the number's field, not below a hundred places
    stage.observer.look(tab, "02-typed")
    assert stage.observer.findings.all() == []


def pages_of(tab: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", tab.pdf(prefer_css_page_size=True)))
