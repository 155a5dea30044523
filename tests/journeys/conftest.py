"""One installation of the demo city for all journeys of a process, and a browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

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
