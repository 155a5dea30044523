"""Django's SQLite backend on the SQLite that `pysqlite3` bundles, with the durability settings this product needs.

Django binds the standard library's module by name when its backend is first imported; we lend it another module of the
same shape for that moment. Debian 12's SQLite loses committed rows in WAL mode with two connections, hence the gate.
"""

import sys
from importlib import import_module

SAFE_VERSIONS = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


class UnsafeSQLite(RuntimeError):
    """The SQLite at hand has the WAL-reset fault and no bundled one could be loaded."""


def is_safe(version: tuple[int, ...]) -> bool:
    """Is this SQLite free of the WAL-reset fault? (fixed in 3.51.3, back-ported to 3.50.7 and 3.44.6)"""
    return version >= (3, 51, 3) or any(version[:2] == safe[:2] and version >= safe for safe in SAFE_VERSIONS)


def sqlite_module() -> object:
    """Return a DB-API module with a safe SQLite; refuse to start with an unsafe one."""
    for name in ("pysqlite3", "sqlite3"):
        try:
            dbapi = import_module(f"{name}.dbapi2")
        except ImportError:
            continue
        if is_safe(tuple(dbapi.sqlite_version_info)):
            return import_module(name)
    raise UnsafeSQLite(
        "No safe SQLite was found. Install the pysqlite3 wheel, or use PostgreSQL (XINQIAO_DATABASE=postgresql://…)."
    )


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite that Django's backend works with in this process."""
    return tuple(import_module("django.db.backends.sqlite3.base").Database.sqlite_version_info)


def lend_to_django() -> None:
    """Import Django's SQLite backend against the safe module, then put the standard names back."""
    if "django.db.backends.sqlite3.base" in sys.modules:
        return
    chosen = sqlite_module()
    names = {"sqlite3": chosen, "sqlite3.dbapi2": import_module(f"{chosen.__name__}.dbapi2")}  # type: ignore[attr-defined]  # a module
    kept = {name: sys.modules.get(name) for name in names}
    sys.modules.update(names)  # type: ignore[arg-type]  # modules of the same shape
    try:
        import_module("django.db.backends.sqlite3.base")
    finally:
        for name, module in kept.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
