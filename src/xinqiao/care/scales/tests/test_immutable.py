"""A published version never changes: the database itself refuses."""

import importlib

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

immutable = importlib.import_module("xinqiao.care.scales.migrations.0002_immutable")

CHANGES = [
    "UPDATE scales_scaleversion SET definition = 'x' WHERE code = 'phq-9'",
    "UPDATE scales_scaleversion SET digest = 'x' WHERE code = 'phq-9'",
    "UPDATE scales_scaleversion SET version = '9' WHERE code = 'phq-9'",
    "UPDATE scales_scaleversion SET place = 'abcdefgh/' WHERE code = 'phq-9'",
    "UPDATE scales_scaleversion SET has_wording = NOT has_wording WHERE code = 'phq-9'",
    "UPDATE scales_scaleversion SET published_by = id WHERE code = 'phq-9'",
    "DELETE FROM scales_scaleversion WHERE code = 'phq-9'",
]


class Editor:
    """As much of a schema editor as the migration uses; a real one cannot be had inside a transaction on SQLite."""

    connection = connection

    @staticmethod
    def execute(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _change(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.fixture
def guarded(shipped):
    """The triggers as the migration makes them, also where the test database was made without migrations."""
    try:
        with transaction.atomic():
            immutable.drop_triggers(apps, Editor)
    except DatabaseError:
        pass  # there were none
    immutable.add_triggers(apps, Editor)


@pytest.mark.parametrize("statement", CHANGES)
def test_a_published_version_never_changes(guarded, statement):
    with pytest.raises(DatabaseError, match="never changes"):
        _change(statement)


def test_it_is_retired_once(guarded):
    retire = "UPDATE scales_scaleversion SET retired_at = published_at WHERE code = 'phq-9'"
    assert _change(retire) == 1
    for statement in (retire, "UPDATE scales_scaleversion SET retired_at = NULL WHERE code = 'phq-9'"):
        with pytest.raises(DatabaseError, match="never changes"):
            _change(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_control_without_the_triggers_it_would_change(guarded, statement):
    immutable.drop_triggers(apps, Editor)
    assert _change(statement) == 1
