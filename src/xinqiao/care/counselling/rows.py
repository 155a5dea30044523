"""Rows of the group and its keys, for bodies of commands and for pages that have checked their actor."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from xinqiao.care.counselling.models import (
    GivenHalf,
    Group,
    GroupVersion,
    Half,
    Holder,
    Member,
    OwnKey,
    Recovery,
    Share,
)
from xinqiao.care.counselling.states import MemberState

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

_REASON = "bodies of commands and pages of counselling, which have checked their actor at the school"


def every_own_key() -> "ScopedQuerySet[OwnKey]":
    """Return every person's key pair."""
    return OwnKey.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # made at run time


def every_group() -> "ScopedQuerySet[Group]":
    """Return every group."""
    return Group.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_version() -> "ScopedQuerySet[GroupVersion]":
    """Return every version of every group's key."""
    return GroupVersion.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_member() -> "ScopedQuerySet[Member]":
    """Return every row of every named list."""
    return Member.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_share() -> "ScopedQuerySet[Share]":
    """Return every share."""
    return Share.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_half() -> "ScopedQuerySet[Half]":
    """Return every half."""
    return Half.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_holder() -> "ScopedQuerySet[Holder]":
    """Return every named holder."""
    return Holder.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_recovery() -> "ScopedQuerySet[Recovery]":
    """Return every recovery."""
    return Recovery.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_given() -> "ScopedQuerySet[GivenHalf]":
    """Return every half that was given on."""
    return GivenHalf.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def own_key_of(staff_id: UUID | None) -> OwnKey | None:
    """Return somebody's key pair, None before a sentence was chosen."""
    return every_own_key().filter(staff_id=staff_id).first() if staff_id else None


def group_of(school_place: str) -> Group | None:
    """Return the group of a school, None before one was founded."""
    return every_group().filter(place=school_place).first()


def keys_of(staff_ids: Collection[UUID]) -> dict[UUID, OwnKey]:
    """Return key pairs by person; whoever has no sentence is absent."""
    return {key.staff_id: key for key in every_own_key().filter(staff_id__in=list(staff_ids))}


def admitted_ids(group: Group) -> list[UUID]:
    """Return the staff ids of those in the group."""
    rows = every_member().filter(group=group, state=MemberState.ADMITTED)
    return list(rows.order_by("admitted_at", "id").values_list("staff_id", flat=True))


def is_admitted(group: Group | None, staff_id: UUID) -> bool:
    """Is somebody in the group?"""
    rows = every_member().filter(group=group, staff_id=staff_id, state=MemberState.ADMITTED)
    return group is not None and rows.exists()


def is_recoverable(group: Group) -> bool:
    """Have the holders both halves of every version that somebody in the group opens, and of one at least?

    What nobody opens any more (a group that began anew leaves such versions behind) needs no halves.
    """
    shared = set(every_share().filter(version__group=group).values_list("version_id", flat=True))
    parts = every_half().filter(version__group=group).values_list("version_id", "part")
    first, second = ({version for version, part in parts if part == wanted} for wanted in (1, 2))
    return bool(first & second) and shared <= first & second
