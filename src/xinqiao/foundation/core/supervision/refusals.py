"""Why an installation must not start: each refusal says what is wrong and how to mend it."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from xinqiao.foundation.core.sqlite import is_safe, sqlite_version

SHORTEST_SECRET = 32
COMMON_SECRETS = ("django-insecure", "changeme", "secret", "fallback")


def refusals_to_serve(host: str) -> Iterator[str]:
    """Say why this installation must not be served on this address, in the order of mending."""
    yield from refusals_of_keys()
    yield from refusals_of_debug(host)
    yield from refusals_of_database()
    yield from refusals_of_static_files()


def refusals_of_keys() -> Iterator[str]:
    """There must be a key file with a secret of its own."""
    path = Path(settings.XINQIAO_KEY_FILE)
    if not path.exists():
        yield _("There is no key file at {path}. Make one with: xinqiao keys create").format(path=path)
    elif is_weak(secret_in_use()):
        yield _("The key file {path} holds no usable secret. Put back its copy.").format(path=path)


def secret_in_use() -> str:
    """Return the secret of sessions; Django raises where it is empty."""
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return ""


def is_weak(secret: str) -> bool:
    """Is a secret empty, short, monotonous or one that everybody knows?"""
    has_common = any(secret.lower().startswith(word) for word in COMMON_SECRETS)
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < 5 or has_common


def refusals_of_debug(host: str) -> Iterator[str]:
    """Debug pages show what was stored; they stay on this machine."""
    if settings.DEBUG and not is_loopback(host):
        yield _(
            "XINQIAO_DEBUG is on and {host} can be reached from outside. Take it off, or serve on 127.0.0.1."
        ).format(host=host)


def is_loopback(host: str) -> bool:
    """Can only this machine reach the address?"""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def refusals_of_database() -> Iterator[str]:
    """The database must be safe to write to and have every table."""
    if connection.vendor == "sqlite" and not is_safe(sqlite_version()):
        yield _("This SQLite can lose committed rows. Install the pysqlite3 wheel, or use PostgreSQL.")
        return
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        yield _("The database cannot be opened. Look at XINQIAO_HOME and XINQIAO_DATABASE, then run: xinqiao migrate")
        return
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield _("{n} changes of the database are missing. Run: xinqiao migrate").format(n=len(missing))


def refusals_of_static_files() -> Iterator[str]:
    """Pages need their style sheets and scripts."""
    manifest = Path(str(settings.STATIC_ROOT)) / "staticfiles.json"
    has_manifest = "Manifest" in settings.STORAGES["staticfiles"]["BACKEND"]
    if not settings.DEBUG and has_manifest and not manifest.exists():
        yield _("The static files are not collected. Run: xinqiao collectstatic --noinput")
