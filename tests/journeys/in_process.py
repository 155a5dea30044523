"""A browser whose requests Django's test client answers, in this process: the clock stands still, and nothing is kept.

For stories that need a world which no installation has, such as a county of twelve schools.
"""

import asyncio
import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Error, Page, Route

from tests.journeys.looking import PC, Observer
from xinqiao.foundation.core import clock

MARKS = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.usefixtures("loop"),
]  # of each module that tells stories in this process
MOST_SECONDS = 10
SAYS_WHEN_SENT = """
addEventListener("submit", (event) => setTimeout(() => { window.isSent = !event.defaultPrevented; }), true);
"""
ADDRESS = "http://localhost"  # a browser trusts it like a page by https
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2", "png": "image/png"}


@contextmanager
def out_of_the_loop() -> Iterator[None]:
    """Let Django ask its database: beside the driver's running event loop it would open another connection."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


class InProcess:
    """Who looks, at which moment."""

    def __init__(self, browser: Browser, shots, at: dt.datetime) -> None:
        self.observer, self.at = Observer(browser, ADDRESS, shots), at
        self._tabs: list[Page] = []
        self._sent_on: set[Page] = set()

    def person(self, user=None, device=PC) -> Page:
        """Return the tab of somebody who has signed in, or of a stranger."""
        client = Client(headers={"accept-language": "zh-hans"})
        with out_of_the_loop(), clock.frozen(self.at):
            if user is not None:
                client.force_login(user)
        tab = self.observer.person(device)
        tab.route("**/*", lambda route: self._answer(route, client, tab))
        tab.add_init_script(SAYS_WHEN_SENT)
        self._tabs.append(tab)
        for name in ("goto", "reload", "go_back"):
            setattr(tab, name, self._settled(getattr(tab, name)))
        return tab

    def _settled(self, move: Callable[..., Any]) -> Callable[..., Any]:
        """Let what was sent on any tab arrive before a tab moves: it would be cut off, or not yet be seen."""

        def moved(*where: Any, **how: Any) -> Any:
            for tab in self._tabs:
                self._settle(tab)
            return move(*where, **how)

        return moved

    def _settle(self, tab: Page) -> None:
        """Wait for a form that was sent, and for a page that sends itself on."""
        end = time.monotonic() + MOST_SECONDS
        while (tab in self._sent_on or self._is_sending(tab)) and time.monotonic() < end:
            tab.wait_for_timeout(20)

    @staticmethod
    def _is_sending(tab: Page) -> bool:
        if tab.is_closed():
            return False
        try:
            return bool(tab.evaluate("window.isSent === true"))
        except Error:  # the page has just gone
            return True

    def _answer(self, route: Route, client: Client, tab: Page) -> None:
        asked = route.request
        parts = urlsplit(asked.url)
        if parts.path.startswith("/static/"):
            self._give_file(route, parts.path.removeprefix("/static/"))
            return
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        with out_of_the_loop(), clock.frozen(self.at):
            if asked.method == "POST":
                sent = asked.headers.get("content-type", "")
                part = {name: value for name, value in asked.headers.items() if name.startswith("hx-")}
                response = client.generic("POST", path, asked.post_data_buffer or b"", sent, headers=part)
            else:
                response = client.get(path)
        is_sent_on = response.status_code in (301, 302, 303)
        if asked.is_navigation_request():
            (self._sent_on.add if is_sent_on else self._sent_on.discard)(tab)
        if is_sent_on:
            # A browser follows an answered redirect past the test: the page itself sends it on.
            body = f'<!doctype html><meta http-equiv="refresh" content="0;url={response["Location"]}">'
            route.fulfill(status=200, content_type="text/html", body=body)
            return
        headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
        route.fulfill(status=response.status_code, headers=headers, body=response.content)

    @staticmethod
    def _give_file(route: Route, name: str) -> None:
        found = finders.find(name)
        if not found:
            route.fulfill(status=404, body="")
            return
        route.fulfill(path=found, content_type=TYPES.get(name.rpartition(".")[2], "application/octet-stream"))


@contextmanager
def staged(
    browser: Browser, loop: asyncio.AbstractEventLoop | None, name: str, folder: Path, at: dt.datetime
) -> Iterator[InProcess]:
    """Set the stage for the story of a name once its world stands; pictures go where XINQIAO_SHOTS says, else to a
    folder."""
    given = os.environ.get("XINQIAO_SHOTS", "")
    asyncio._set_running_loop(loop)
    shown = InProcess(browser, Path(given) / name if given else folder, at)
    yield shown
    shown.observer.close()
    asyncio._set_running_loop(None)
