"""The backend module that settings name: see the package's docstring."""

from xinqiao.foundation.core.sqlite import is_safe, lend_to_django

lend_to_django()

from django.db.backends.sqlite3 import base  # noqa: E402 - the module must be lent first

if not is_safe(tuple(base.Database.sqlite_version_info)):  # type: ignore[attr-defined]  # bound by name there
    raise ImportError("Django's SQLite backend was imported before ours, with an unsafe SQLite.")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, unchanged; the pragmas come from settings."""
