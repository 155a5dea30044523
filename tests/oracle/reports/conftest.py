"""One region for the folder, built once and undone at the end."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.oracle.reports.rawrows import Raw, raw_rows
from tests.oracle.reports.region import Region, build_region
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10

SEED = 20261126


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
