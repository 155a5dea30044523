"""One installation of the demo city for all journeys of a process, and a browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.installation import Installation, running_installation
from tests.journeys.looking import Observer

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def installation(tmp_path_factory) -> Iterator[Installation]:
    with running_installation(tmp_path_factory.mktemp("installation")) as running:
        yield running


@pytest.fixture(scope="module")  # its event loop must be gone before another module's tests touch the database
def browser() -> Iterator[Browser]:
    executable = os.environ.get("XINQIAO_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def observer(request, browser, installation, tmp_path_factory) -> Iterator[Observer]:
    given = os.environ.get("XINQIAO_SHOTS", "")
    shots = Path(given) if given else tmp_path_factory.mktemp("shots")
    watching = Observer(browser, installation.address, shots / request.node.name)
    yield watching
    watching.close()
