"""Scoped models and their closed managers: no row of a child's is read without saying who asks.

`Model.objects.visible_to(actor, permission)` opens a queryset for an actor; `Model.objects.for_system(reason=…)` is
the greppable exception for jobs and private bodies of commands. Anything else raises Unscoped.
"""

from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.data_classes import D1, DataClass
from xinqiao.foundation.core.models import BaseModel
from xinqiao.foundation.core.places import PlaceField, within

Row = TypeVar("Row", bound="ScopedModel", covariant=True)


class Unscoped(RuntimeError):
    """A scoped model was read without saying for whom."""


class ScopedQuerySet(models.QuerySet[Row, Row]):
    """A queryset that evaluates only after a scope was given."""

    _is_open = False

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # private in the stubs
        clone._is_open = self._is_open
        return clone

    def _opened(self) -> Self:
        clone = self._clone()
        clone._is_open = True
        return clone

    def _demand_scope(self) -> None:
        if not self._is_open:
            raise Unscoped(f"{self.model._meta.label}: say visible_to(actor, permission) or for_system(reason=…)")

    def visible_to(self, actor: Actor, permission: Permission) -> Self:
        """Return the rows where the actor holds the permission."""
        if actor.is_system:
            return self._opened()
        return self._opened().filter(self.model.scope(actor, permission))

    def for_system(self, *, reason: str) -> Self:
        """Return every row; `reason` says why no actor's scope applies."""
        if not reason.strip():
            raise Unscoped("for_system needs a reason")
        return self._opened()

    def _fetch_all(self) -> None:
        self._demand_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._demand_scope()
        return super().iterator(*args, **kwargs)

    def aiterator(self, *args: Any, **kwargs: Any) -> Any:
        self._demand_scope()
        return super().aiterator(*args, **kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        self._demand_scope()
        return super().raw(*args, **kwargs)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        self._demand_scope()  # a subquery reads too
        return super().resolve_expression(*args, **kwargs)

    def count(self) -> int:
        self._demand_scope()
        return super().count()

    def exists(self) -> bool:
        self._demand_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._demand_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._demand_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._demand_scope()
        return super().delete()

    def _joined(self, other: Any, operation: str) -> Any:
        self._demand_scope()
        if isinstance(other, ScopedQuerySet):
            other._demand_scope()
        combined = getattr(super(), operation)(other)
        combined._is_open = True
        return combined

    def __and__(self, other: Any) -> Any:
        return self._joined(other, "__and__")

    def __or__(self, other: Any) -> Any:
        return self._joined(other, "__or__")

    def __xor__(self, other: Any) -> Any:
        return self._joined(other, "__xor__")

    def union(self, *others: Any, all: bool = False) -> Any:  # noqa: A002 - Django's signature
        self._demand_scope()
        for other in others:
            if isinstance(other, ScopedQuerySet):
                other._demand_scope()
        combined = super().union(*others, all=all)
        combined._is_open = True
        return combined


class _Manager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]  # made at run time
    """The closed default manager."""

    use_in_migrations = False

    def all(self) -> Any:
        raise Unscoped(f"{self.model._meta.label}: say visible_to(actor, permission) or for_system(reason=…)")


class ScopedModel(BaseModel):
    """A row of a county: it stores where it is kept, and says by which lookups an actor may reach it.

    `SCOPE` lists lookups to a place; `SELF` the lookup to the pupil's id, for pupils who read their own and for ties.
    `IS_PLACELESS` says that no row lies anywhere in the tree, so that none follows a unit that moves.
    """

    DATA: ClassVar[dict[str, DataClass]] = {}
    SCOPE: ClassVar[tuple[str, ...]] = ("place",)
    SELF: ClassVar[str] = ""
    IS_PLACELESS: ClassVar[bool] = False

    county_id = models.UUIDField[UUID, UUID](db_index=True)
    place = PlaceField()

    objects = _Manager()
    _system = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "_system"

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """Return the condition under which the actor may reach rows of this model."""
        places = actor.places(permission)
        condition = Q(pk__in=[])
        for lookup in cls.SCOPE:
            condition |= within(places, lookup)
        if cls.SELF and actor.own_student_id and actor.can_somewhere(permission):
            condition |= Q(**{cls.SELF: actor.own_student_id})
        return condition


SCOPED_DATA = {"id": D1, "county_id": D1, "place": D1}
