"""Which tests run the same whatever the database is, so that the second run leaves them out."""

import pytest

# Whoever asks for one of these touches the database of the run; the rooms of the intake make one of their own.
OF_DATABASE = frozenset(("db", "transactional_db", "django_db_setup", "live_server", "client", "_built", "served"))
NAMED = ("postgresql", "tests/proofs/")  # proofs choose their database themselves


def touches_no_database(item: pytest.Item) -> bool:
    """Is a test without any mark, fixture or name of a database?"""
    asked = set(getattr(item, "fixturenames", ()))
    is_named = any(part in item.nodeid for part in NAMED)
    return not (is_named or item.get_closest_marker("django_db") or OF_DATABASE & asked)
