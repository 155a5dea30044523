"""Whole batches of rows with one prepared statement a table: the ORM's row objects would cost an import its minute.

A sealed column takes sealed values only, here as everywhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import DateField, DateTimeField, Field, UUIDField

from xinqiao.foundation.keys.fields import NotSealed, SealedField
from xinqiao.foundation.keys.sealing import Sealed

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Statement:
    """One statement for many rows, values as the driver takes them. Making it needs no transaction, running it does."""

    sql: str
    rows: tuple[tuple[Any, ...], ...]

    def run(self) -> int:
        """Write the rows; return how many."""
        if self.rows:
            with connection.cursor() as cursor:
                cursor.executemany(self.sql, self.rows)
        return len(self.rows)


def ready_insert(model: type[models.Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Statement:
    """Return an insert of rows given as tuples in the order of `names` (attribute names)."""
    fields = [_field(model, name) for name in names]
    columns = ", ".join(connection.ops.quote_name(_column(field)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    return _ready(f"INSERT INTO {table} ({columns}) VALUES ({marks})", fields, rows)  # noqa: S608 - names from models


def update_rows(model: type[models.Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> int:
    """Update rows by primary key: each tuple holds the values of `names`, then the key; return how many."""
    fields = [_field(model, name) for name in names]
    sets = ", ".join(f"{connection.ops.quote_name(_column(field))} = %s" for field in fields)
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk
    assert key is not None
    where = f"{connection.ops.quote_name(_column(key))} = %s"
    sql = f"UPDATE {table} SET {sets} WHERE {where}"  # noqa: S608 - names from models
    return _ready(sql, [*fields, key], rows).run()


def _ready(sql: str, fields: list[Field[Any, Any]], rows: Iterable[tuple[Any, ...]]) -> Statement:
    converts = [_converter(field) for field in fields]
    ready = [tuple([c(v) if c and v is not None else v for c, v in zip(converts, row, strict=True)]) for row in rows]
    return Statement(sql, tuple(ready))


def _field(model: type[models.Model], name: str) -> Field[Any, Any]:
    field = next((f for f in model._meta.concrete_fields if name in (f.attname, f.name)), None)
    if field is None:
        raise LookupError(f"{model._meta.label} has no field {name}")
    return field


def _column(field: Field[Any, Any]) -> str:
    assert field.column is not None
    return field.column


def _converter(field: Field[Any, Any]) -> Convert | None:
    """How a value of this field is given to the driver; None where it goes as it is."""
    if field.is_relation:
        field = field.target_field  # type: ignore[attr-defined]  # a relation has it
    if isinstance(field, SealedField):
        label = f"{field.model._meta.label}.{field.attname}"
        return lambda value: _only_sealed(value, label)
    if isinstance(field, UUIDField):
        return None if connection.features.has_native_uuid_field else (lambda value: value.hex)
    if isinstance(field, DateTimeField):
        return _once(connection.ops.adapt_datetimefield_value)
    if isinstance(field, DateField):
        return _once(connection.ops.adapt_datefield_value)
    return None


def _once(convert: Convert) -> Convert:
    """A whole batch bears one moment: convert it once."""
    kept: dict[Any, Any] = {}

    def converted(value: Any) -> Any:
        if value not in kept:
            kept[value] = convert(value)
        return kept[value]

    return converted


def _only_sealed(value: Any, label: str) -> bytes:
    if not isinstance(value, Sealed):
        raise NotSealed(f"{label}: refused to store an unsealed value")
    return bytes(value)
