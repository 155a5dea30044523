"""The backend module that settings name: see the package's docstring."""

from typing import Any

from xinqiao.foundation.core.sqlite import is_safe, lend_to_django
from xinqiao.foundation.core.sqlite.privacy import make_private

lend_to_django()

from django.db.backends.sqlite3 import base  # noqa: E402 - the module must be lent first

if not is_safe(tuple(base.Database.sqlite_version_info)):  # type: ignore[attr-defined]  # bound by name there
    raise ImportError("Django's SQLite backend was imported before ours, with an unsafe SQLite.")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper on a file that is ours alone; the pragmas come from settings."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; a database that is not there yet is begun as a file that nobody else on the machine may read."""
        make_private(str(conn_params["database"]))
        return super().get_new_connection(conn_params)
