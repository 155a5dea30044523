"""The sealed field: it refuses to store anything that was not sealed for this very row."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import models
from django.utils.translation import gettext as _

from xinqiao.foundation.keys.sealing import Sealed, associated, open_bytes, seal_bytes
from xinqiao.foundation.keys.store import cipher_for, ciphers


class NotSealed(TypeError):
    """Something readable was about to be stored in a sealed column."""


class SealedField(models.BinaryField[Any, Any]):
    """Text (or bytes, with `binary=True`) stored sealed under the row's key subject.

    The model names its key by a `key_id` attribute (the id of a KeySubject). Assign plain text and save; what comes
    back from the database is `Sealed`, opened only by `open_sealed`. No lookup but `isnull`. `coded` says that programs
    read the text (JSON, a code, a number): where its key was destroyed nothing comes back instead of a word for people.
    """

    def __init__(self, *args: Any, binary: bool = False, coded: bool = False, **kwargs: Any) -> None:
        self.is_binary, self.is_coded = binary, coded
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        if self.is_binary:
            kwargs["binary"] = True
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        value = getattr(model_instance, self.attname)
        if value is not None and not isinstance(value, Sealed):
            value = self.seal_for(model_instance, value)
            setattr(model_instance, self.attname, value)
        return value

    def seal_for(self, row: models.Model, value: str | bytes) -> Sealed:
        """Seal a value for one row."""
        if not isinstance(value, bytes if self.is_binary else str):
            raise NotSealed(f"{row._meta.label}.{self.attname} takes {'bytes' if self.is_binary else 'text'}")
        plain = value if isinstance(value, bytes) else value.encode()
        key_id: UUID = row.key_id  # type: ignore[attr-defined]  # every model with a sealed field has it
        return seal_bytes(cipher_for(key_id), plain, associated(row._meta.db_table, self.attname, row.pk, key_id))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001 - Django's
        if value is not None and not isinstance(value, Sealed):
            raise NotSealed(f"{self.model._meta.label}.{self.attname}: refused to store an unsealed value")
        return super().get_db_prep_value(None if value is None else bytes(value), connection, prepared)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Refuse expressions such as `Value("text")`, which Django would store as they are."""
        if hasattr(value, "resolve_expression") and not isinstance(value.output_field, SealedField):
            raise NotSealed(f"{self.model._meta.label}.{self.attname}: refused to store an unsealed expression")
        return str(super().get_placeholder(value, compiler, connection))  # type: ignore[misc]  # not in the stubs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.attname} is sealed: only isnull can be asked of it")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.attname} is sealed: {lookup_name} cannot be asked of it")

    def formfield(self, *args: Any, **kwargs: Any) -> None:
        return None


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    """Return the sealed fields of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def seal_rows(rows: Iterable[models.Model]) -> None:
    """Seal every sealed field of unsaved rows now, as `bulk_update` and raw inserts need."""
    for row in rows:
        for field in sealed_fields(type(row)):
            field.pre_save(row, add=False)


def erased_word() -> str:
    """Return the one neutral word that stands where a text was, once its key is destroyed."""
    return _("(erased)")


def open_sealed(rows: Sequence[models.Model], *names: str) -> list[dict[str, Any]]:
    """Open the named sealed fields of rows, loading all keys at once.

    Returns one dict per row, in order: text, bytes for binary fields, None where nothing is stored. Where the key was
    destroyed: None for binary and coded fields, else `erased_word()`, so that no page shows a blank as if nobody had
    written anything. Raises Misplaced if a value does not belong to its row.
    """
    keys = ciphers(row.key_id for row in rows)  # type: ignore[attr-defined]  # every model with a sealed field has it
    return [{name: _open_one(row, name, keys.get(row.key_id)) for name in names} for row in rows]  # type: ignore[attr-defined]  # as above


def _open_one(row: models.Model, name: str, cipher: Any) -> str | bytes | None:
    field = row._meta.get_field(name)
    assert isinstance(field, SealedField)
    value = getattr(row, field.attname)
    if value is None:
        return None
    if cipher is None:
        return None if field.is_binary or field.is_coded else erased_word()
    if not isinstance(value, Sealed):
        return value  # type: ignore[no-any-return]  # assigned in this process and not saved yet
    bound_to = associated(row._meta.db_table, field.attname, row.pk, row.key_id)  # type: ignore[attr-defined]  # as above
    plain = open_bytes(cipher, value, bound_to)
    return plain if field.is_binary else plain.decode()
