"""What is looked at on every page of a journey: how it looks, whether everybody can use it, and in which language."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

SOURCE_ROOT = Path(__file__).resolve().parents[2]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
PHONE: dict[str, Any] = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
PC: dict[str, Any] = {"viewport": WIDE}
PATIENCE_MS = 30_000
SERIOUS = {"serious", "critical"}
# What stays as it is in Chinese: commands; names of the product, scales, formats, authors; sign-in names; addresses.
LATIN_KEPT = re.compile(
    r"xinqiao [a-z]+(?: --[a-z]+)?|"
    r"smtp\S*|\{[a-z]+\}|Authorization: Bearer|code=0|[\w.]+@[\w.-]+|https?://\S+|\bhttps\b|"
    r"/s/\S*|[\w-]+(?:\.[\w-]+)+|[A-Z]{2,}(?:-[A-Z0-9]+)*(?:-\d+)?|XinQiao|Excel|xlsx|webhook|"
    r"JavaScript|Youth in Mind|\b[a-z]+(?:-[a-z0-9]+)+\b|\b(?:songhu|wangshan|linxi|yunling)\b|"
    r"[A-Z][a-z]+ \d{4}|(?<![A-Za-z])[A-Z]{2,}s?(?![a-z])"
)
ENGLISH = re.compile(r"[A-Za-z]{4,}(?:[ ,]+[A-Za-z]+)*")
# The text nodes of a page, but for code, what is marked as English, and what is not drawn.
READ_TEXT = """() => {
  const skipped = "code, pre, script, noscript, style, template, [lang^=en], [hidden]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const lines = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest(skipped)) lines.push(node.textContent.trim());
  }
  return lines.filter(Boolean).join("\\n");
}"""


def axe_source() -> str:
    """Return the text of axe-core, which `make setup` puts into node_modules."""
    places = [os.environ.get("XINQIAO_AXE", ""), SOURCE_ROOT / "node_modules/axe-core/axe.min.js"]
    found = next((Path(place) for place in places if place and Path(place).is_file()), None)
    if found is None:
        pytest.fail("axe-core is missing: run `make setup`, or name axe.min.js in XINQIAO_AXE")
    return found.read_text("utf-8")


@dataclass
class Findings:
    """What was wrong on any page; a journey ends with nothing here."""

    inaccessible: list[str] = field(default_factory=list)
    untranslated: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    script_faults: list[str] = field(default_factory=list)
    failed_requests: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        return sorted({
            *self.inaccessible, *self.untranslated, *self.too_wide, *self.script_faults, *self.failed_requests
        })  # fmt: skip


def english_in(text: str) -> list[str]:
    """Return English words and phrases, leaving out what is the same in Chinese."""
    return [phrase for line in text.splitlines() for phrase in ENGLISH.findall(LATIN_KEPT.sub(" 一 ", line))]


class Observer:
    """Opens browsers and looks at pages; `shots` is where the pictures go."""

    def __init__(self, browser: Browser, address: str, shots: Path) -> None:
        self.browser, self.address, self.shots = browser, address, shots
        self.findings = Findings()
        self._axe = axe_source()
        self._contexts: list[BrowserContext] = []
        shots.mkdir(parents=True, exist_ok=True)

    def person(self, device: dict[str, Any]) -> Page:
        """Return the tab of one more person, on a device of their own."""
        context = self.browser.new_context(
            base_url=self.address, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True, **device
        )
        self._contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: self.findings.script_faults.append(f"{tab.url}: {error}"))
        tab.on("console", lambda line: self._note_console(tab, line.type, line.text))
        tab.on("response", self._note_response)
        return tab

    def _note_console(self, tab: Page, kind: str, text: str) -> None:
        is_network = "Failed to load resource" in text or "ERR_INTERNET_DISCONNECTED" in text
        if kind == "error" and not is_network:
            self.findings.script_faults.append(f"{tab.url}: {text}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 500:
            self.findings.failed_requests.append(f"{response.status} {response.url}")
        if not response.url.startswith((self.address, "data:", "blob:")):
            self.findings.failed_requests.append(f"another host: {response.url}")

    def look(self, tab: Page, name: str) -> None:
        """Take the picture of a page at both sizes, and note what is wrong with it at either."""
        own = tab.viewport_size
        sizes = ("narrow",) if own == NARROW else ("wide", "narrow")
        for size in sizes:
            tab.set_viewport_size(WIDE if size == "wide" else NARROW)
            tab.wait_for_timeout(120)
            tab.screenshot(path=self.shots / f"{name}-{size}.png", full_page=True)
            self._note(tab, f"{name} ({size})")
        tab.set_viewport_size(own or WIDE)

    def picture(self, tab: Page, name: str, size: dict[str, int]) -> None:
        """Take one of the pictures of the documents, if XINQIAO_SCREENSHOTS names where they go."""
        folder = os.environ.get("XINQIAO_SCREENSHOTS", "")
        if not folder:
            return
        own = tab.viewport_size
        tab.set_viewport_size(size)
        tab.evaluate("window.scrollTo(0, 0)")
        tab.wait_for_timeout(200)
        tab.screenshot(path=Path(folder) / f"{name}.png")
        tab.set_viewport_size(own or WIDE)

    def _note(self, tab: Page, where: str) -> None:
        found = self.findings
        found.inaccessible += [f"{where}: {fault}" for fault in self.axe_faults(tab)]
        if tab.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 1:
            found.too_wide.append(f"{where}: runs off the screen")
        if tab.evaluate("document.documentElement.lang").lower().startswith("zh"):
            found.untranslated += [f"{where}: {phrase!r}" for phrase in english_in(tab.evaluate(READ_TEXT))]
            found.untranslated += [f"{where}: {phrase!r}" for phrase in english_in(tab.title())]

    def axe_faults(self, tab: Page) -> list[str]:
        """Return what axe calls serious or critical."""
        tab.evaluate(self._axe)
        result = tab.evaluate("axe.run({resultTypes: ['violations']})")
        return [
            f"{fault['id']}: {fault['nodes'][0]['html'][:160]}"
            for fault in result["violations"]
            if fault["impact"] in SERIOUS
        ]

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def wait_for(tab: Page, is_so: Callable[[], bool], what: str, milliseconds: int = PATIENCE_MS) -> None:
    """Wait until something is so; say what did not come about."""
    for _ in range(milliseconds // 250):
        if is_so():
            return
        tab.wait_for_timeout(250)
    raise AssertionError(f"it did not come about: {what}")
