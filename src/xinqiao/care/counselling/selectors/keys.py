"""What the page of sealed notes shows: one's own sentence, the groups where one works, what one can do there."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from xinqiao.care.counselling.models import Group, Member, Recovery
from xinqiao.care.counselling.rows import (
    admitted_ids,
    every_group,
    every_holder,
    every_member,
    every_recovery,
    is_recoverable,
    keys_of,
    own_key_of,
)
from xinqiao.care.counselling.states import MemberState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.places import covers
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import schools_for, units_by_id
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class MemberRow:
    """One person of the list; `has_sentence` says whether there is a key to seal to."""

    id: UUID
    name: str
    state: str
    state_name: str
    is_me: bool
    has_sentence: bool


@dataclass(frozen=True)
class RecoveryRow:
    """A recovery that waits: for the second holder, or for the heir."""

    id: UUID
    heir: str
    first: str
    is_joined: bool
    until: dt.datetime
    may_join: bool
    may_take: bool


@dataclass(frozen=True)
class GroupPage:
    """A school's group as its page shows it to one reader; `id` is None before it was founded."""

    school: Unit
    id: UUID | None
    may_write: bool
    my_state: str
    members: tuple[MemberRow, ...]
    holders: tuple[str, ...]
    is_holder: bool
    is_recoverable: bool
    is_dead: bool
    recoveries: tuple[RecoveryRow, ...]


def group_pages(actor: Actor) -> list[GroupPage]:
    """Return the groups of the schools where the actor counsels, and those whose halves the actor may hold."""
    schools = {unit.id: unit for unit in schools_for(actor, Permission.COUNSEL_WRITE)}
    held = every_holder().filter(staff_id=actor.person_id).values_list("group_id", flat=True)
    own = Q(pk__in=list(held)) | Q(place__in=actor.places(Permission.COUNSEL_HOLD))
    schools |= units_by_id(every_group().filter(own).values_list("school_id", flat=True))
    groups = {group.school_id: group for group in every_group().filter(school_id__in=list(schools))}
    return [_page(actor, unit, groups.get(unit.id)) for unit in sorted(schools.values(), key=lambda each: each.path)]


def group_for(actor: Actor, group_id: UUID) -> Group | None:
    """Return a group at whose school the actor counsels or may hold a half."""
    group = every_group().filter(pk=group_id).first()
    rights = (Permission.COUNSEL_WRITE, Permission.COUNSEL_HOLD)
    return group if group and any(actor.can(right, group.place) for right in rights) else None


def member_for(actor: Actor, member_id: UUID) -> Member | None:
    """Return somebody on the list of such a group."""
    member = every_member().select_related("group").filter(pk=member_id).first()
    return member if member and group_for(actor, member.group_id) else None


def recovery_for(actor: Actor, recovery_id: UUID) -> Recovery | None:
    """Return a recovery of such a group."""
    found = every_recovery().select_related("group", "heir_key").filter(pk=recovery_id).first()
    return found if found and group_for(actor, found.group_id) else None


def school_to_join(actor: Actor, school_id: UUID) -> Unit | None:
    """Return a school where the actor counsels."""
    schools = schools_for(actor, Permission.COUNSEL_WRITE)
    return next((unit for unit in schools if unit.id == school_id and _counsels(actor, unit.path)), None)


def people_to_hold(group: Group) -> list[tuple[str, str]]:
    """Return who may be named to hold a half, as choices; whoever has no sentence yet is told so in the words."""
    listed = set(every_member().filter(group=group).exclude(state=MemberState.ENDED).values_list("staff_id", flat=True))
    ids = [each for each in staff_who_may(Permission.COUNSEL_HOLD, group.place, today()) if each not in listed]
    keys, names = keys_of(ids), staff_names(ids)
    return [(str(each), names[each]) for each in ids if each in keys and each in names]


def _counsels(actor: Actor, place: str) -> bool:
    return any(covers(held, place) for held in actor.places(Permission.COUNSEL_WRITE))


def _page(actor: Actor, school: Unit, group: Group | None) -> GroupPage:
    if group is None:
        return GroupPage(school, None, True, "", (), (), False, False, False, ())
    members = list(every_member().filter(group=group).exclude(state=MemberState.ENDED).order_by("asked_at", "id"))
    holders = list(every_holder().filter(group=group).order_by("part").values_list("staff_id", flat=True))
    names = staff_names([*(member.staff_id for member in members), *holders])
    keys = keys_of([member.staff_id for member in members])
    mine = next((member for member in members if member.staff_id == actor.staff_id), None)
    can_recover, is_holder = is_recoverable(group), actor.staff_id in holders
    return GroupPage(
        school=school, id=group.id, may_write=_counsels(actor, school.path), my_state=mine.state if mine else "",
        members=tuple(
            MemberRow(
                member.id, names.get(member.staff_id, ""), member.state, str(MemberState(member.state).label),
                member.staff_id == actor.staff_id, member.staff_id in keys,
            )
            for member in members
        ),
        holders=tuple(names.get(each, "") for each in holders), is_holder=is_holder, is_recoverable=can_recover,
        is_dead=not admitted_ids(group) and not can_recover,
        recoveries=_recoveries(actor, group, is_holder=is_holder),
    )  # fmt: skip


def _recoveries(actor: Actor, group: Group, *, is_holder: bool) -> tuple[RecoveryRow, ...]:
    minutes = dt.timedelta(minutes=parameters_for(group.place, today()).counselling.recovery_minutes)
    open_ones = Q(joined_at__isnull=False) | Q(begun_at__gte=now() - minutes)
    rows = list(every_recovery().filter(open_ones, group=group, taken_at__isnull=True).select_related("heir_key"))
    own_key = own_key_of(actor.staff_id)
    names = staff_names([each for row in rows for each in (row.heir_key.staff_id, row.begun_by)])
    return tuple(
        RecoveryRow(
            row.id, names.get(row.heir_key.staff_id, ""), names.get(row.begun_by, ""), row.joined_at is not None,
            row.begun_at + minutes, is_holder and row.joined_at is None and row.begun_by != actor.person_id,
            row.joined_at is not None and own_key is not None and own_key.id == row.heir_key_id,
        )
        for row in rows
    )  # fmt: skip
