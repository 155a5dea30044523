"""A copy of the whole database less the tables that are kept apart, and putting it into an empty place."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from xinqiao.foundation.core.sqlite import sqlite_module
from xinqiao.foundation.core.sqlite.privacy import make_private

READ_BYTES = 1 << 20
TLS_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
# Where Debian and Red Hat put the programs of each major version.
PROGRAM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")


class CannotBackUp(RuntimeError):
    """The copy could not be made, checked or put back; the message says why and what to do."""


def dump_name() -> str:
    """Return the name of the database's copy inside a backup."""
    return "database.pgdump" if connection.vendor == "postgresql" else "database.sqlite3"


def copy_database(target: Path, apart: tuple[str, ...]) -> None:
    """Write a copy of the database to a new file, without the rows of the tables in `apart`."""
    if connection.vendor == "postgresql":
        omitted = [f"--exclude-table-data={table}" for table in apart]
        run_postgres("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", *omitted, f"--file={target}"])
        return
    whole = target.with_suffix(".whole")
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(whole)])
        with closing(_sqlite(whole)) as copy:
            copy.execute("PRAGMA journal_mode=OFF")
            for table in apart:
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own table names
            copy.commit()
            copy.execute("VACUUM INTO ?", (str(target),))
    finally:
        whole.unlink(missing_ok=True)


def check_copy(path: Path) -> None:
    """Raise CannotBackUp unless the copy can be read from end to end."""
    if path.suffix == ".pgdump":
        listed = _run(str(program("pg_restore")), ["--list", str(path)], {})
        if "TABLE DATA" not in listed:
            raise CannotBackUp("the copy of the database lists no data")
        _run(str(program("pg_restore")), [f"--file={os.devnull}", str(path)], {})
        return
    with closing(_sqlite(path)) as copy:
        answer = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
    if answer != ["ok"]:
        raise CannotBackUp(f"the copy of the database is not whole: {answer}")


def refusal_to_restore() -> str:
    """Say why the configured database is not an empty place; empty if it is one."""
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        return f"{path} exists" if path.exists() and path.stat().st_size else ""
    tables = connection.introspection.table_names()
    return f"the database has {len(tables)} tables" if tables else ""


def put_database(path: Path) -> None:
    """Put a copy into the configured database, which is empty."""
    is_dump = path.suffix == ".pgdump"
    if is_dump != (connection.vendor == "postgresql"):
        kind = "PostgreSQL" if is_dump else "the embedded database"
        raise CannotBackUp(f"this backup is of {kind}; set XINQIAO_DATABASE accordingly")
    if is_dump:
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        run_postgres("pg_restore", [*options, f"--dbname={connection.settings_dict['NAME']}", str(path)])
        return
    connection.close()
    target = Path(str(connection.settings_dict["NAME"]))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_private(str(target))
    with path.open("rb") as source, target.open("wb") as out:
        for data in _pieces(source):
            out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _pieces(source: Any) -> Iterator[bytes]:
    while data := source.read(READ_BYTES):
        yield data


def _sqlite(path: Path) -> Any:
    return sqlite_module().connect(str(path))  # type: ignore[attr-defined]  # a DB-API module


def program(name: str) -> Path:
    """Return the newest of PostgreSQL's client programs of this name; raise CannotBackUp if there is none."""
    found: list[tuple[float, Path]] = []
    for pattern in PROGRAM_FOLDERS:
        root, rest = pattern.split("/", 2)[1], pattern.split("/", 2)[2]
        found += [(_version(path), path) for path in Path(f"/{root}").glob(f"{rest}/{name}")]
    for folder in os.get_exec_path():
        path = Path(folder) / name
        found += [(0.0, path)] if path.is_file() else []
    if not found:
        raise CannotBackUp(f"{name} is not installed. Install PostgreSQL's client programs of the server's version.")
    return max(found)[1]


def _version(path: Path) -> float:
    text = path.parent.parent.name.removeprefix("pgsql-")
    return float(text) if text.replace(".", "", 1).isdigit() else 0.0


def run_postgres(name: str, options: list[str]) -> str:
    """Run a client program against the configured database; the password goes by the environment."""
    told = connection.settings_dict
    reach = [f"--host={told['HOST']}"] if told["HOST"] else []
    reach += [f"--port={told['PORT']}"] if told["PORT"] else []
    reach += [f"--username={told['USER']}"] if told["USER"] else []
    if name == "pg_dump":
        reach.append(f"--dbname={told['NAME']}")
    secret = {"PGPASSWORD": str(told["PASSWORD"])} if told["PASSWORD"] else {}
    tls = {f"PG{name.upper()}": str(told["OPTIONS"][name]) for name in TLS_OPTIONS if name in told["OPTIONS"]}
    return _run(str(program(name)), [*reach, "--no-password", *options], {**secret, **tls})


def _run(command: str, options: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [command, *options], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CannotBackUp(f"{Path(command).name} failed: {done.stderr.strip()[-500:]}")
    return done.stdout
