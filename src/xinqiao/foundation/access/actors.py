"""Actors: who acts now, with which roles over which places. Values only; accounts builds them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.foundation.core.places import covers

SYSTEM_ID = UUID(int=0)
UNNAMED_ID = UUID(int=1)


class Forbidden(PermissionError):
    """The actor lacks the permission at this place."""

    def __init__(self, permission: Permission, place: str = "") -> None:
        super().__init__(f"{permission} at {place or 'any place'}")
        self.permission, self.place = permission, place


@dataclass(frozen=True)
class Grant:
    """A role over a unit and everything below it; a pupil's or guardian's own role has no place ("")."""

    role: Role
    place: str


@dataclass(frozen=True)
class Actor:
    """Someone who acts: a person with grants, or the system itself for what the clock does.

    `key_id` is the key subject of the person (staff or student), `name` the opened name, kept only in memory.
    `student_ids` are the pupils the actor may reach by a tie, `own_student_id` the pupil the actor is.
    """

    id: UUID
    kind: str = "staff"
    name: str = ""
    grants: tuple[Grant, ...] = ()
    staff_id: UUID | None = None
    key_id: UUID | None = None
    own_student_id: UUID | None = None
    student_ids: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def person_id(self) -> UUID:
        """Under which id the actor's acts are kept: the member of staff, or the actor itself where it is none."""
        return self.staff_id or self.id

    def roles(self) -> frozenset[Role]:
        """Return the roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def places(self, permission: Permission) -> tuple[str, ...]:
        """Return the places over which the actor holds the permission, outermost only, sorted."""
        held = sorted({g.place for g in self.grants if g.place and permission in ROLE_PERMISSIONS[g.role]})
        return tuple(p for p in held if not any(q != p and covers(q, p) for q in held))

    def can(self, permission: Permission, place: str) -> bool:
        """Does the actor hold the permission at this place?"""
        return self.is_system or any(covers(held, place) for held in self.places(permission))

    def can_somewhere(self, permission: Permission) -> bool:
        """Does the actor hold the permission anywhere?"""
        return self.is_system or any(permission in ROLE_PERMISSIONS[grant.role] for grant in self.grants)

    def role_at(self, permission: Permission, place: str) -> str:
        """Return the role by which the permission is held here, for the audit."""
        for grant in self.grants:
            if permission in ROLE_PERMISSIONS[grant.role] and covers(grant.place, place):
                return grant.role
        return self.kind


def system_actor(job: str) -> Actor:
    """Return the actor for what the clock does; `job` names it in the audit."""
    return Actor(id=SYSTEM_ID, kind="system", name=job)


def unnamed_actor() -> Actor:
    """Return who stands in an event about what is nobody else's business: somebody, without id, role or place."""
    return Actor(id=UNNAMED_ID, kind="unnamed")


def demand(actor: Actor, permission: Permission, place: str) -> None:
    """Raise Forbidden unless the actor holds the permission at the place."""
    if not actor.can(permission, place):
        raise Forbidden(permission, place)


def any_place(places: Iterable[str]) -> str:
    """Return the first place, for pages that start at the actor's own unit; empty if there is none."""
    return next(iter(places), "")
