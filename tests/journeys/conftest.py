"""One installation of the demo city for all journeys of a process, and a browser."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.in_process import out_of_the_loop
from tests.journeys.installation import Installation, running_installation
from tests.journeys.looking import Observer


@pytest.fixture(scope="session")
def installation(tmp_path_factory) -> Iterator[Installation]:
    with running_installation(tmp_path_factory.mktemp("installation")) as running:
        yield running


@pytest.fixture
def observer(request, browser, installation, tmp_path_factory) -> Iterator[Observer]:
    given = os.environ.get("XINQIAO_SHOTS", "")
    shots = Path(given) if given else tmp_path_factory.mktemp("shots")
    watching = Observer(browser, installation.address, shots / request.node.name)
    yield watching
    watching.close()


@pytest.fixture
def loop(browser) -> Iterator[asyncio.AbstractEventLoop | None]:
    """The browser driver's event loop, for stories in this process: their world is built before and undone after them,
    outside of it. Their modules mark it as used, so that it stands before the world's own fixtures."""
    running = asyncio._get_running_loop()
    with out_of_the_loop():
        yield running
