"""One region for the folder, built once and undone at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from tests.oracle.reports.rawrows import Raw, raw_rows
from tests.oracle.reports.region import Region, build_region
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10

SEED = 20261126
OWN_PLACES = ("test_bias_pages", "test_many_regions")  # they build places of the same names, and undo them


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run those that build places of their own first: the folder's region stands in the database until its end."""
    here = [place for place, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    own = sorted((items[place] for place in here), key=lambda item: item.path.stem not in OWN_PLACES)
    for place, item in zip(here, own, strict=True):
        items[place] = item


@pytest.fixture(scope="package")
def region(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Region]:
    """The region of the short run."""
    with django_db_blocker.unblock(), clock.frozen(MONDAY_10), transaction.atomic():
        yield build_region(SEED, tmp_path_factory.mktemp("scales"))
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def raw(region: Region) -> Raw:
    """Its rows."""
    return raw_rows()
