"""Tenure: only one ticker works at a time, however many are started.

On PostgreSQL a session's advisory lock (so connect directly, not through a pooler in transaction mode); on the embedded
database a lock on a file beside it. Both end with the process that holds them.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, connection

ADVISORY_KEY = 0x78696E71  # any fixed number; these are the letters "xinq"
RENEW_SECONDS = 5.0
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid()"


class TenureLost(RuntimeError):
    """The lock may be gone; this ticker must end so that two never work."""


class Tenure(Protocol):
    """The right to run jobs."""

    def take(self) -> bool:
        """Take the lock if it is free; return whether it is ours now."""

    def renew(self, at: float) -> None:
        """Raise TenureLost if the lock may be gone; `at` in seconds of a monotonic clock."""


class FileTenure:
    """A locked file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def renew(self, at: float) -> None:
        if self._descriptor is None or os.fstat(self._descriptor).st_nlink == 0:
            raise TenureLost(f"{self.path} was removed; another ticker may have begun.")

    def release(self) -> None:
        """Give the lock up, for those who do not simply end."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@dataclass
class AdvisoryTenure:
    """An advisory lock held by this thread's own connection."""

    renewed_at: float = float("-inf")

    def take(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_KEY])
            return bool(cursor.fetchone()[0])

    def renew(self, at: float) -> None:
        if at - self.renewed_at < RENEW_SECONDS:
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute(HELD, [ADVISORY_KEY])
                is_held = bool(cursor.fetchone()[0])
        except DatabaseError as error:
            raise TenureLost("the connection that holds the lock broke") from error
        if not is_held:
            raise TenureLost("the connection that holds the lock was replaced")
        self.renewed_at = at


def tenure() -> Tenure:
    """Return the tenure that fits the database."""
    if connection.vendor == "postgresql":
        return AdvisoryTenure()
    return FileTenure(Path(settings.XINQIAO_HOME) / "ticker.lock")
