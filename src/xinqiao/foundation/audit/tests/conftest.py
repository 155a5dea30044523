"""Fixtures of the audit's tests."""

import pytest
from django.core.management import call_command

from xinqiao.foundation.audit.tests.open_tables import open_tables


@pytest.fixture
def own_home(tmp_path, settings):
    """A data directory of its own, so that checkpoints of other tests do not count."""
    settings.XINQIAO_HOME = str(tmp_path)
    return tmp_path


@pytest.fixture
def flushable(transactional_db):
    """For tests that commit: the tables are emptied afterwards, which the triggers would refuse."""
    yield
    with open_tables():
        call_command("flush", verbosity=0, interactive=False)
