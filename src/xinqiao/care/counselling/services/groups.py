"""The group's named list and its keys: founded, joined, admitted, ended, begun anew; who holds its halves."""

from collections.abc import Sequence
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from xinqiao.care.counselling import rules
from xinqiao.care.counselling.errors import CannotKeep
from xinqiao.care.counselling.keyring import (
    leave_group,
    lock_group,
    opened_versions,
    record_key,
    roll_group,
    write_halves,
    write_share,
)
from xinqiao.care.counselling.models import Group, Holder, Member
from xinqiao.care.counselling.rows import (
    admitted_ids,
    every_group,
    every_holder,
    every_member,
    every_version,
    is_admitted,
    is_recoverable,
    keys_of,
    own_key_of,
)
from xinqiao.care.counselling.states import MemberState
from xinqiao.foundation.access.actors import Actor, Forbidden
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.orgs.models import Unit


@command(Permission.COUNSEL_WRITE)
def join_group(school: Unit, *, actor: Actor) -> Member | Unchanged:
    """Found the school's group as its first member, or ask those who are in it. Raises CannotKeep."""
    if actor.staff_id is None or own_key_of(actor.person_id) is None:
        raise CannotKeep(rules.NO_SENTENCE)
    at = now()
    fresh = Group(
        county_id=school.shard_id, place=school.path, school_id=school.id, founded_by=actor.staff_id, founded_at=at
    )  # fmt: skip
    every_group().bulk_create([fresh], ignore_conflicts=True)
    group = lock_group(every_group().get(school_id=school.id))
    is_founder = group.id == fresh.id
    if every_holder().filter(group=group, staff_id=actor.person_id).exists():
        raise CannotKeep(rules.HOLDER_IS_MEMBER)
    if every_member().filter(group=group, staff_id=actor.person_id).exclude(state=MemberState.ENDED).exists():
        return Unchanged("listed_already")
    member = Member(
        county_id=group.county_id, place=group.place, group=group, staff_id=actor.person_id, asked_at=at,
        state=MemberState.ADMITTED if is_founder else MemberState.WAITING, admitted_at=at if is_founder else None,
    )  # fmt: skip
    member.save(force_insert=True)
    if is_founder:
        roll_group(group, at=at)
    record_key("counselling.group.founded" if is_founder else "counselling.member.asked", group, staff=actor.staff_id)
    return member


@command(Permission.COUNSEL_WRITE)
def admit_member(member: Member, *, actor: Actor, private: X25519PrivateKey) -> Member:
    """Admit somebody who waits: every version that the actor opens is sealed to them as well. Raises CannotKeep."""
    group = lock_group(member.group)
    own_key, theirs = own_key_of(actor.person_id), own_key_of(member.staff_id)
    if own_key is None or not is_admitted(group, actor.person_id):
        raise CannotKeep(rules.NOT_MEMBER)
    if theirs is None:
        raise CannotKeep(rules.NO_SENTENCE)
    if member.staff_id not in staff_who_may(Permission.COUNSEL_WRITE, group.place, today()):
        raise CannotKeep(rules.NO_RIGHT)
    rows = every_member().filter(pk=member.pk, state=MemberState.WAITING)
    if not rows.update(state=MemberState.ADMITTED, admitted_at=now(), by=actor.staff_id):
        raise CannotKeep(rules.NOT_WAITING)
    opened = opened_versions(own_key, private, group)
    for version in every_version().filter(pk__in=list(opened)):
        write_share(version, theirs, opened[version.id])
    record_key("counselling.member.admitted", group, staff=member.staff_id, versions=len(opened))
    member.refresh_from_db()
    return member


@command(Permission.COUNSEL_WRITE)
def end_member(member: Member, *, actor: Actor) -> Member | Unchanged:
    """Strike somebody (or oneself) off the list: for those who are in the group. The group gets a new key."""
    if not is_admitted(member.group, actor.person_id) and member.staff_id != actor.staff_id:
        raise Forbidden(Permission.COUNSEL_WRITE, member.place)
    if not leave_group(member, by=actor.person_id, at=now()):
        return Unchanged("ended_already")
    member.refresh_from_db()
    return member


@command(Permission.COUNSEL_WRITE)
def restart_group(group: Group, *, actor: Actor) -> Member:
    """Begin anew where nobody is in the group and no recovery is possible: what was written stays shut for good.

    Raises CannotKeep.
    """
    group = lock_group(group)
    if admitted_ids(group) or is_recoverable(group):
        raise CannotKeep(rules.GROUP_LIVES)
    if own_key_of(actor.person_id) is None:
        raise CannotKeep(rules.NO_SENTENCE)
    rows = every_member().filter(group=group, staff_id=actor.person_id, state=MemberState.WAITING)
    if not rows.update(state=MemberState.ADMITTED, admitted_at=now(), by=actor.staff_id):
        raise CannotKeep(rules.NOT_WAITING)
    roll_group(group, at=now())
    record_key("counselling.group.restarted", group, staff=actor.person_id)
    return every_member().get(group=group, staff_id=actor.person_id, state=MemberState.ADMITTED)


@command(Permission.COUNSEL_WRITE)
def name_holders(
    group: Group, *, actor: Actor, private: X25519PrivateKey, staff_ids: Sequence[UUID]
) -> list[Holder]:  # fmt: skip
    """Name the two who hold the halves of every version that the actor opens; replaces those before. Raises
    CannotKeep."""
    group = lock_group(group)
    own_key = own_key_of(actor.person_id)
    if own_key is None or not is_admitted(group, actor.person_id):
        raise CannotKeep(rules.NOT_MEMBER)
    listed = every_member().filter(group=group).exclude(state=MemberState.ENDED).values_list("staff_id", flat=True)
    refusal = rules.refusal_to_name(
        staff_ids, members=list(listed), may_hold=staff_who_may(Permission.COUNSEL_HOLD, group.place, today()),
        with_sentence=list(keys_of(staff_ids)),
    )  # fmt: skip
    if refusal:
        raise CannotKeep(refusal)
    at, by = now(), actor.person_id
    every_holder().filter(group=group).delete()
    named = [
        Holder(
            county_id=group.county_id, place=group.place, group=group, staff_id=staff_id, part=part, named_by=by,
            named_at=at,
        )
        for part, staff_id in enumerate(staff_ids, start=1)
    ]  # fmt: skip
    every_holder().bulk_create(named)
    opened = opened_versions(own_key, private, group)
    for version in every_version().filter(pk__in=list(opened)):
        write_halves(version, opened[version.id])
    for holder in named:
        record_key("counselling.holder.named", group, staff=holder.staff_id, versions=len(opened))
    return named
