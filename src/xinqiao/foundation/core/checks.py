"""System checks of the lowest floor: the database below everything. `xinqiao check --deploy` runs them all."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core import checks
from django.db import DatabaseError, connection

from xinqiao.foundation.core.backup.last_good import last_good_backup
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.sqlite import is_safe, sqlite_version

PACKAGE = Path(__file__).resolve().parents[2]
OLDEST_BACKUP = dt.timedelta(hours=26)


@checks.register("xinqiao")
def check_catalogues(**_: Any) -> list[checks.CheckMessage]:
    """Without compiled catalogues a Chinese page, and a paper fixed at launch, would be English."""
    sources = [path for path in PACKAGE.rglob("locale/*/LC_MESSAGES/*.po") if not path.with_suffix(".mo").exists()]
    if not sources:
        return []
    hint = "Run: xinqiao compile_translations"
    return [checks.Error(f"{len(sources)} translations are not compiled.", hint=hint, id="xinqiao.E015")]


@checks.register("xinqiao", deploy=True)
def check_sqlite(**_: Any) -> list[checks.CheckMessage]:
    """The embedded database must be a version that loses nothing."""
    if connection.vendor != "sqlite" or is_safe(sqlite_version()):
        return []
    found = ".".join(str(number) for number in sqlite_version())
    return [
        checks.Error(
            f"SQLite {found} can lose committed rows in WAL mode.",
            hint="Install the pysqlite3 wheel, or use PostgreSQL (XINQIAO_DATABASE=postgresql://…).",
            id="xinqiao.E001",
        )
    ]


@checks.register("xinqiao", deploy=True)
def check_backup(**_: Any) -> list[checks.CheckMessage]:
    """There must be a backup, made and proved within a day."""
    try:
        at = last_good_backup()
    except DatabaseError:
        return [checks.Warning("The database has no tables yet.", hint="Run: xinqiao migrate", id="xinqiao.W010")]
    if at is not None and now() - at <= OLDEST_BACKUP:
        return []
    told = "There never was a good backup." if at is None else f"The last good backup is of {at:%Y-%m-%d %H:%M} UTC."
    hint = "Run `xinqiao backup create` every night; see docs/guides/backup.md."
    return [checks.Warning(told, hint=hint, id="xinqiao.W011")]
