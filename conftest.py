"""What holds for every test of the repository."""

import pytest
from django.conf import settings
from django.utils import translation
from pytest_django.fixtures import _set_suffix_to_test_databases


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
