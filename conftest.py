"""What holds for every test of the repository."""

import gc
import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django.fixtures import _set_suffix_to_test_databases
from tests.once import touches_no_database

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 30_000  # as long as Playwright's own patience; what is right is there sooner


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what touches no database: it has run on the embedded one."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    left_out = {item for item in items if touches_no_database(item)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(trylast=True, specname="pytest_collection_modifyitems")
def pytest_keep_groups_together(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name the group of a test in its id, by which xdist sends a group to one worker.

    xdist 3.8 writes it to an attribute that pytest no longer reads since 9.2: groups ran on every worker, and whatever
    they build once was built twice.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        group = next((str(mark.args[0]) for mark in item.iter_markers("xdist_group")), "")
        if group and item.parent is not None and not item.nodeid.endswith(f"@{group}"):
            item._id = item.parent.id.child(f"{item.name}@{group}")  # type: ignore[attr-defined]  # noqa: SLF001 - see above


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """Give each test process a PostgreSQL database of its own; the embedded one is in each process's own memory."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    if worker and settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        _set_suffix_to_test_databases(suffix=worker)


@pytest.fixture(autouse=True)
def house_language() -> None:
    """Give each test the language of the house, whatever the last page of the one before was shown in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True, scope="module")
def heap_at_rest() -> None:
    """Keep the modules and the tests themselves from being gone through by every collection; a roster thaws them."""
    if gc.get_freeze_count() == 0:
        gc.freeze()


@pytest.fixture(scope="module")  # its event loop must be gone before another module's tests touch the database
def browser() -> Iterator[Browser]:
    """Chromium: the one that the environment names, else the system's."""
    found = os.environ.get("XINQIAO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("no Chromium on this machine; `make test` installs it")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
