"""What a psychology teacher does with the register: the roster, and consent."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.roster_sheet import BROKEN_ROW, HEADER, Row
from tests.journeys.staff import open_door
from tests.journeys.wording import say

TASK_MS = 60_000  # a background worker takes the file up


def upload_roster(tab: Page, file: Path) -> None:
    """Give a file to be compared with the register, and wait for the difference."""
    open_door(tab, say("Import a roster"))
    tab.locator("input[type=file]").set_input_files(file)
    tab.get_by_role("button", name=say("Compare with the register")).click()
    expect(tab.get_by_role("button", name=say("Yes, write it"))).to_be_visible(timeout=TASK_MS)


def read_refusal(tab: Page, row: Row) -> None:
    """The refused row is named by its number in the spreadsheet, with what is wrong in it."""
    shown = tab.locator("tr").filter(has_text=row.name)
    expect(shown).to_contain_text(f"{BROKEN_ROW}")
    expect(shown).to_contain_text(HEADER[3])


def accept_roster(tab: Page) -> None:
    """Say yes to the difference, and wait until it is written."""
    tab.get_by_role("button", name=say("Yes, write it")).click()
    expect(tab.get_by_text(say("The roster is in the register"))).to_be_visible(timeout=TASK_MS)


def open_register_of(tab: Page, class_name: str) -> None:
    """Go to the pupils of one class."""
    open_door(tab, say("Students"))
    tab.get_by_label(say("Class"), exact=True).select_option(label=class_name)
    tab.get_by_role("button", name=say("Show"), exact=True).click()
    expect(tab.locator("h1")).to_contain_text(class_name)


def find_pupil(tab: Page, class_name: str, name: str) -> None:
    """The pupil is in the list of the class."""
    open_register_of(tab, class_name)
    expect(tab.locator("tr").filter(has_text=name)).to_be_visible()


def publish_consent_form(tab: Page) -> None:
    """Publish a new version of the wording in force: from then on every family is asked again."""
    open_door(tab, say("Consent"))
    tab.get_by_role("link", name=say("Publish a form")).first.click()
    title = "心理测评知情同意书（七年级秋季）"
    tab.locator("[name=title_zh]").fill(title)
    tab.get_by_role("button", name=say("Publish"), exact=True).click()
    expect(tab.locator("tr").filter(has_text=title).filter(has_text=say("Now in force"))).to_be_visible()


def record_consent(tab: Page, class_name: str, names: tuple[str, ...]) -> None:
    """Record that the guardians of some pupils of a class said yes."""
    open_door(tab, say("Consent"))
    tab.get_by_role("link", name=class_name).first.click()
    expect(tab.locator("h1")).to_contain_text(class_name)
    for name in names:
        tab.get_by_role("checkbox", name=name).check()
    tab.get_by_label(say("Decision"), exact=True).select_option(label=say("Given"))
    tab.get_by_role("button", name=say("Record for those ticked")).click()
    for name in names:
        expect(tab.locator("tr").filter(has_text=name)).to_contain_text(say("Guardian"))
