"""One raw connection to the database that Django is set to: the same SQL for SQLite and PostgreSQL.

Statements are written with `?`. Values are Python's (UUID, aware datetime, bytes, bool, int, str, None) both ways.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

Row = tuple[Any, ...]
BUSY_SECONDS = 20
CONNECT_SECONDS = 5


_COLUMN_TYPES = (
    "SELECT column_name, udt_name FROM information_schema.columns "
    "WHERE table_schema = ANY (current_schemas(false)) AND table_name = %s"
)
# Faults of the moment or the machine (SQLite result codes): busy, locked, read-only, I/O error, full, cannot open.
_PASSING_FAULTS = frozenset({5, 6, 8, 10, 13, 14})


class Unavailable(RuntimeError):
    """The database cannot be reached, or was busy for too long. Nothing was written; trying again is right."""


@dataclass(frozen=True)
class Insert:
    """Where rows go. `on_conflict` names a unique column and what to do on a second row of the same."""

    table: str
    columns: tuple[str, ...]
    on_conflict: str = ""

    @property
    def sql(self) -> str:
        names, values = ", ".join(self.columns), ", ".join("?" * len(self.columns))
        ending = f" ON CONFLICT {self.on_conflict}" if self.on_conflict else ""
        return f"INSERT INTO {self.table} ({names}) VALUES ({values}){ending}"  # noqa: S608 - our own names


class Store(Protocol):
    """What the intake asks of a database."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is committed together, durably, or not at all."""

    def select_each(self, sql: str, parameters: Sequence[Sequence[Any]]) -> list[list[Row]]:
        """Run one question for each set of parameters; return the rows of each, in order."""

    def execute_each(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run one change for each set of parameters."""

    def insert(self, target: Insert, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows, their values in the order of the target's columns."""

    def moment(self, stored: Any) -> dt.datetime | None:
        """Return a stored moment as an aware datetime."""

    def uuid(self, stored: Any) -> UUID:
        """Return a stored id."""

    def locking(self, sql: str, table: str) -> str:
        """Return the question, locking the rows of `table` where the database does not lock as a whole."""

    def close(self) -> None:
        """Close the connection."""


def open_store(database: Mapping[str, Any]) -> Store:
    """Open the database of one entry of Django's DATABASES; raise Unavailable if it cannot be reached."""
    if "postgresql" in str(database["ENGINE"]):
        return PostgresStore(database)
    return SqliteStore(database)


class SqliteStore:
    """SQLite in WAL mode with synchronous=FULL: a commit is on the disk when it returns."""

    def __init__(self, database: Mapping[str, Any]) -> None:
        from xinqiao.foundation.core.sqlite import sqlite_module

        dbapi: Any = sqlite_module()
        self._dbapi = dbapi
        name = str(database["NAME"])
        try:
            self._connection = dbapi.connect(
                name, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=name.startswith("file:"),
                cached_statements=256,
            )  # fmt: skip
            pragmas = ("journal_mode=WAL", "synchronous=FULL", "mmap_size=0", "foreign_keys=ON")
            for pragma in (*pragmas, f"busy_timeout={BUSY_SECONDS * 1000}"):
                self._connection.execute(f"PRAGMA {pragma}")
        except dbapi.OperationalError as error:
            raise Unavailable(str(error)) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._run("BEGIN IMMEDIATE")
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def select_each(self, sql: str, parameters: Sequence[Sequence[Any]]) -> list[list[Row]]:
        return [self._run(sql, [sqlite_value(value) for value in values]).fetchall() for values in parameters]

    def execute_each(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        with self._faults():
            self._connection.executemany(sql, [[sqlite_value(value) for value in values] for values in parameters])

    def insert(self, target: Insert, rows: Sequence[Sequence[Any]]) -> None:
        self.execute_each(target.sql, rows)

    def _run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        with self._faults():
            return self._connection.execute(sql, values)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except self._dbapi.OperationalError as error:
            if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _PASSING_FAULTS:
                raise Unavailable(str(error)) from error
            raise

    def moment(self, stored: Any) -> dt.datetime | None:
        return None if stored is None else dt.datetime.fromisoformat(stored).replace(tzinfo=dt.UTC)

    def uuid(self, stored: Any) -> UUID:
        return UUID(int=int(stored, 16))  # a third of the time of hex=, and there are seven in a row

    def locking(self, sql: str, table: str) -> str:
        del table  # BEGIN IMMEDIATE keeps every other writer out
        return sql

    def close(self) -> None:
        self._connection.close()


def sqlite_value(value: Any) -> Any:
    """Return a value as Django stores it in SQLite."""
    kind = type(value)
    if kind is UUID:
        return value.hex
    if kind is dt.datetime:
        return str(value.astimezone(dt.UTC).replace(tzinfo=None))
    if kind is bool:
        return int(value)
    if kind is dt.date:
        return value.isoformat()
    return bytes(value) if isinstance(value, bytes) else value


class PostgresStore:
    """PostgreSQL through psycopg, prepared statements, pipelined batches, synchronous_commit on."""

    def __init__(self, database: Mapping[str, Any]) -> None:
        import psycopg

        self._psycopg = psycopg
        options = {name: value for name, value in dict(database.get("OPTIONS") or {}).items() if name != "pool"}
        named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        given = {name: database[key] for name, key in named.items() if database.get(key)}
        settings = {"connect_timeout": CONNECT_SECONDS, "application_name": "xinqiao-intake", **options, **given}
        try:
            self._connection = psycopg.connect(autocommit=True, prepare_threshold=1, **settings)
            self._connection.execute("SET synchronous_commit = on")
            self._connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
            self._connection.execute("SET TIME ZONE 'UTC'")
        except psycopg.Error as error:
            raise Unavailable(str(error)) from error
        self._cursor = self._connection.cursor(binary=True)
        self._types: dict[Insert, list[str]] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._faults(), self._connection.transaction():
            yield

    def select_each(self, sql: str, parameters: Sequence[Sequence[Any]]) -> list[list[Row]]:
        if not parameters:
            return []
        with self._faults():
            self._cursor.executemany(_postgres_sql(sql), parameters, returning=True)
            found = [self._cursor.fetchall()]
            while self._cursor.nextset():
                found.append(self._cursor.fetchall())
        return found

    def execute_each(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        if parameters:
            with self._faults():
                self._cursor.executemany(_postgres_sql(sql), parameters)

    def insert(self, target: Insert, rows: Sequence[Sequence[Any]]) -> None:
        """Copy the rows in, which costs a third of as many inserts; where conflicts are meant, insert one by one."""
        if target.on_conflict:
            self.execute_each(target.sql, rows)
        elif rows:
            types = self._types_of(target)
            with self._faults(), self._cursor.copy(_copy_sql(target)) as copy:
                copy.set_types(types)
                for row in rows:
                    copy.write_row(row)

    def _types_of(self, target: Insert) -> list[str]:
        if target not in self._types:
            found = self._connection.execute(_COLUMN_TYPES, (target.table,)).fetchall()
            of_column: dict[str, str] = dict(found)
            self._types[target] = [of_column[name] for name in target.columns]
        return self._types[target]

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except self._psycopg.OperationalError as error:
            raise Unavailable(str(error)) from error

    def moment(self, stored: Any) -> dt.datetime | None:
        return stored if stored is None else stored.astimezone(dt.UTC)

    def uuid(self, stored: Any) -> UUID:
        found: UUID = stored
        return found

    def locking(self, sql: str, table: str) -> str:
        return f"{sql} FOR UPDATE OF {table}"

    def close(self) -> None:
        self._connection.close()


@lru_cache(maxsize=256)
def _postgres_sql(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%b")


@lru_cache(maxsize=256)
def _copy_sql(target: Insert) -> str:
    return f"COPY {target.table} ({', '.join(target.columns)}) FROM STDIN (FORMAT BINARY)"
