"""The audit's tables without their triggers: what someone with the database's password can have."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.db import connection

triggers = import_module("xinqiao.foundation.audit.migrations.0002_append_only")


class _Editor:
    """Just enough of a schema editor for the migration's functions, also inside a transaction."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def drop_triggers() -> None:
    """Take the triggers away."""
    triggers.drop_triggers(None, _Editor())


def add_triggers() -> None:
    """Put them back."""
    triggers.add_triggers(None, _Editor())


@contextmanager
def open_tables() -> Iterator[None]:
    """Tables without triggers, inside the block."""
    drop_triggers()
    try:
        yield
    finally:
        add_triggers()
