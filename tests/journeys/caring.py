"""What happens to a cry for help: it is seen, taken, talked about, and ends in a level that a person sets."""

import datetime as dt
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys.preparing import here_now
from tests.journeys.wording import say

NOTICE_LIMIT_MS = 60_000  # what the product promises between the tick and the open page
NOTE = "课间在辅导室谈了二十分钟，孩子愿意继续说。"
ADVICE = "课间多看一眼，近期不要当众点名批评。"


def red_notice(tab: Page, class_name: str) -> Locator:
    """Wait for the red notice of a pupil of a class on a page that is open, without touching it."""
    banner = tab.locator(".xq-notices-red")
    expect(banner.get_by_role("link").filter(has_text=class_name)).to_be_visible(timeout=NOTICE_LIMIT_MS)
    return banner


def load_anew(tab: Page, class_name: str) -> None:
    """The list below the notice says that it is older, and shows the pupil when it is asked for."""
    tab.get_by_role("link", name=say("Show it anew")).click()
    expect(tab.locator("main tr").filter(has_text=class_name).first).to_be_visible()


def take_it(tab: Page, class_name: str, name: str) -> None:
    """Open the notice and say "I have it"."""
    red_notice(tab, class_name).get_by_role("link").filter(has_text=class_name).click()
    expect(tab.locator("h1")).to_contain_text(name)
    tab.get_by_role("button", name=say("I have it")).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("You have it now. Nobody else is called any more."))


def record_talk(tab: Page, level: str, look: Callable[[Page, str], None]) -> None:
    """Write down a talk held face to face, and set a level with advice."""
    tab.get_by_role("link", name=say("Record the talk")).click()
    look(tab, "24-interview")
    tab.get_by_label(say("Face to face"), exact=True).check()
    tab.get_by_label(say("Yes, asked directly"), exact=True).check()
    tab.get_by_label(say("Some: thoughts, no plan"), exact=True).check()
    tab.locator("[name=note]").fill(NOTE)
    tab.get_by_label(say("Needs continued care"), exact=True).check()
    tab.locator("[name=level]").select_option(label=say(level))
    tab.locator("[name=advice]").fill(ADVICE)
    tab.locator("[name=review_on]").fill((here_now().date() + dt.timedelta(days=7)).isoformat())
    tab.get_by_role("button", name=say("Save"), exact=True).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("The talk is recorded."))
