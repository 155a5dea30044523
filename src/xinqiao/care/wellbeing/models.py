"""A private notebook and its entries; the manager opens them for their owner and for nobody else."""

from typing import Any, ClassVar, NoReturn, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.access.scoped import SCOPED_DATA, Row, ScopedModel, ScopedQuerySet, Unscoped
from xinqiao.foundation.core.data_classes import D1, D2, D6
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import blind_index

NOWHERE = ""  # no place reaches a notebook


def owner_mark(user_id: UUID) -> bytes:
    """Return the 16 bytes by which a user's notebook is found; without the key file they name nobody."""
    return blind_index(ring().secrets["index"], "notebook", user_id.hex)


class PrivateQuerySet(ScopedQuerySet[Row]):
    """A queryset that opens by `own(actor)` alone."""

    def own(self, actor: Actor) -> Self:
        """Return the rows that are the actor's own."""
        return self.of_user(actor.id)

    def of_user(self, user_id: UUID) -> Self:
        """Return the rows of one user, sealed; only to destroy them when that person leaves."""
        return self._opened().filter(owner=owner_mark(user_id))

    def visible_to(self, actor: Actor, permission: Permission) -> NoReturn:
        raise Unscoped(f"{self.model._meta.label}: no permission opens it; say own(actor)")

    def for_system(self, *, reason: str) -> NoReturn:
        raise Unscoped(f"{self.model._meta.label}: no reason opens it; say own(actor)")


class _OwnersOnly(models.Manager.from_queryset(PrivateQuerySet)):  # type: ignore[misc]  # made at run time
    """The closed default manager."""

    def all(self) -> Any:
        raise Unscoped(f"{self.model._meta.label}: say own(actor)")


class PrivateModel(ScopedModel):
    """A row that belongs to one person; its id tells no time, as ids elsewhere do."""

    IS_PLACELESS: ClassVar[bool] = True

    id = models.UUIDField[UUID, UUID](primary_key=True, default=uuid4, editable=False)
    owner = models.BinaryField[bytes, bytes](max_length=16, db_index=True)
    key_id = models.UUIDField[UUID, UUID]()

    objects: ClassVar[Any] = _OwnersOnly()

    class Meta:
        abstract = True
        base_manager_name = "_system"

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """Return the condition that nothing meets: no permission reaches these rows."""
        del actor, permission
        return Q(pk__in=[])


PRIVATE_DATA = {**SCOPED_DATA, "owner": D2, "key_id": D1}


class Notebook(PrivateModel):
    """One person's notebook: the public half of its key pair, and the private half under the owner's words.

    `key_id` is a data key of its own, not the staff's, so that it leads to nobody; destroying it destroys all.
    """

    DATA = {**PRIVATE_DATA, "public": D1, "guarded": D6}

    public = models.BinaryField[bytes, bytes](max_length=32)
    guarded = SealedField(binary=True)

    class Meta(PrivateModel.Meta):
        constraints = [models.UniqueConstraint(name="notebook_one_for_each", fields=["owner"])]

    def __str__(self) -> str:
        return str(self.id)


class Entry(PrivateModel):
    """One kept result: which scale, what came out and when all lie in the box."""

    DATA = {**PRIVATE_DATA, "notebook": D1, "box": D6}

    notebook = models.ForeignKey(Notebook, on_delete=models.CASCADE, related_name="entries")
    box = SealedField(binary=True)

    def __str__(self) -> str:
        return str(self.id)
