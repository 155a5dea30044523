"""The control of the kill proof: an intake that gives its receipts before the commit. It must lose some."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
django.setup()

from xinqiao.care.sheets.intake.app import Intake  # noqa: E402 - Django must stand first
from xinqiao.care.sheets.intake.store import PostgresStore, SqliteStore, Store  # noqa: E402 - likewise


class _Early:
    """A transaction is committed only when the next one begins; whoever waited for it has been answered by then."""

    _is_waiting = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._is_waiting:
            self._connection.execute("COMMIT")  # type: ignore[attr-defined]
        self._connection.execute("BEGIN")  # type: ignore[attr-defined]
        self._is_waiting = True
        yield


class EarlySqlite(_Early, SqliteStore):
    pass


class EarlyPostgres(_Early, PostgresStore):
    pass


def open_early(database: Mapping[str, Any]) -> Store:
    return EarlyPostgres(database) if "postgresql" in str(database["ENGINE"]) else EarlySqlite(database)


class EarlyIntake(Intake):
    def make_writer(self, kind: Any, database: Any, desk: Any) -> Any:
        return kind(database, desk, opener=open_early)


app = EarlyIntake()
