"""What a psychology teacher prepares: people on duty, a plan, the launch, the seat list."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys.installation import journey_now
from tests.journeys.staff import open_door
from tests.journeys.wording import say, say_like

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
WINDOW_DAYS = 4


def here_now() -> dt.datetime:
    """The moment that a clock on the wall of the school shows."""
    return journey_now().astimezone(SHANGHAI)


def put_on_duty(tab: Page, name: str, role: str, *, days: int = WINDOW_DAYS) -> None:
    """Put one person on duty, all day and every day of the coming days."""
    open_door(tab, say("Duty"))
    tab.get_by_role("link", name=say("Put someone on duty")).first.click()
    tab.get_by_label(say("Who"), exact=True).select_option(label=name)
    tab.get_by_label(say(role), exact=True).check()
    today = here_now().date()
    tab.get_by_label(say("First day"), exact=True).fill(today.isoformat())
    tab.locator("[name=last_on]").fill((today + dt.timedelta(days=days)).isoformat())
    tab.get_by_label(say("From"), exact=True).fill("00:00")
    tab.locator("[name=end]").fill("23:59")
    tab.get_by_role("button", name=say("Save"), exact=True).click()
    expect(tab.locator(".xq-alert, [class*=alert]").filter(has_text=say("On duty now")).first).to_contain_text(name)


def plan_screening(tab: Page, name: str, grades: tuple[str, ...], scales: tuple[str, ...]) -> None:
    """Plan a screening of some grades that begins now and lasts some days."""
    open_door(tab, say("Screening"))
    tab.get_by_role("link", name=say("Plan a screening")).first.click()
    tab.locator("[name=name]").fill(name)
    for box in tab.locator("[name=grades]").all():
        box.uncheck()
    for grade in grades:
        tab.get_by_label(grade, exact=True).check()
    for scale in scales:
        battery = tab.get_by_role("group", name=say("Scales"), exact=True)
        battery.get_by_label(re.compile(re.escape(scale))).check()
    opens_at = here_now() - dt.timedelta(minutes=5)
    closes_on = opens_at.date() + dt.timedelta(days=WINDOW_DAYS)
    tab.get_by_label(say("Opens"), exact=True).fill(f"{opens_at:%Y-%m-%dT%H:%M}")
    tab.get_by_label(say("Ends"), exact=True).fill(f"{closes_on:%Y-%m-%d}T17:00")
    tab.get_by_role("button", name=say("Save and see what is missing")).click()
    expect(tab.locator("h1")).to_contain_text(name)


def launch(tab: Page) -> int:
    """Launch the plan on the page and return how many pupils can answer."""
    tab.get_by_text(say("Launch"), exact=True).click()
    tab.get_by_role("button", name=say("Launch it")).click()
    told = tab.locator(".xq-message-success")
    expect(told).to_have_text(say_like("Launched: {count} pupil can answer."))
    return int(re.findall(r"\d+", told.inner_text())[0])


def open_campaign(tab: Page, campaign: str) -> None:
    """Go to a screening by the navigation."""
    open_door(tab, say("Screening"))
    tab.get_by_role("link", name=campaign).click()
    expect(tab.locator("h1")).to_contain_text(campaign)


def open_class(tab: Page, campaign: str, class_name: str) -> None:
    """Go to one class of a running screening."""
    open_campaign(tab, campaign)
    tab.get_by_role("link", name=class_name, exact=True).click()
    expect(tab.locator("h1")).to_contain_text(class_name)


CODE = re.compile(r"[A-Z0-9]{8}")  # letters only is a code too


def read_seat_list(tab: Page) -> tuple[str, dict[str, str]]:
    """Return the class code and each pupil's one-time code by student number, as they stand on the printed page."""
    text = tab.locator(".xq-sheet").inner_text()
    found = re.search(re.escape(say("Class code")) + r"[:：]?\s*(\w+)", text)
    assert found, text
    cells = [row.locator("td").all_inner_texts() for row in tab.locator(".xq-list tbody tr").all()]
    codes = {number: re.sub(r"\s", "", code) for _seat, number, _name, code in cells}
    return found[1], {number: code for number, code in codes.items() if CODE.fullmatch(code)}


def take_out(tab: Page, campaign: str, path: Path, look: Callable[[Page, str], None]) -> list[list[object]]:
    """Take the named results out as a spreadsheet and return its cells."""
    open_campaign(tab, campaign)
    tab.get_by_role("link", name=say("Take results out")).click()
    look(tab, "34-exports")
    tab.get_by_role("button", name=say("Ask for it")).click()
    with tab.expect_download() as download:
        tab.get_by_role("button", name=say("Fetch")).first.click()
    download.value.save_as(path)
    sheets = load_workbook(path).worksheets
    return [[cell.value for cell in row] for sheet in sheets for row in sheet.iter_rows()]
