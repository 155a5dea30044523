"""Recovery: two named holders give their halves to a named heir, who alone joins them. Neither holder sees a note."""

from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from xinqiao.care.counselling import rules
from xinqiao.care.counselling.errors import CannotKeep
from xinqiao.care.counselling.keyring import lock_group, of_half, record_key, roll_group, write_share
from xinqiao.care.counselling.models import GivenHalf, Group, Member, OwnKey, Recovery
from xinqiao.care.counselling.rows import (
    every_given,
    every_half,
    every_holder,
    every_member,
    every_recovery,
    every_version,
    own_key_of,
)
from xinqiao.care.counselling.states import MemberState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.boxes import into_parcel, joined, out_of_parcel
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.policy.selectors import parameters_for


@command(Permission.COUNSEL_HOLD)
def begin_recovery(group: Group, *, actor: Actor, private: X25519PrivateKey, heir: Member) -> Recovery:
    """Give the actor's halves to somebody who waits to be admitted. Raises CannotKeep."""
    group = lock_group(group)
    own_key, heir_key = own_key_of(actor.person_id), own_key_of(heir.staff_id)
    if own_key is None or not every_holder().filter(group=group, staff_id=actor.person_id).exists():
        raise CannotKeep(rules.NOT_HOLDER)
    if heir_key is None:
        raise CannotKeep(rules.NO_SENTENCE)
    if heir.group_id != group.id or heir.state != MemberState.WAITING:
        raise CannotKeep(rules.NOT_WAITING)
    if heir.staff_id not in staff_who_may(Permission.COUNSEL_WRITE, group.place, today()):
        raise CannotKeep(rules.NO_RIGHT)
    every_recovery().filter(group=group, joined_at__isnull=True).delete()
    recovery = Recovery(
        county_id=group.county_id, place=group.place, group=group, heir_key=heir_key, begun_by=actor.person_id,
        begun_at=now(),
    )  # fmt: skip
    recovery.save(force_insert=True)
    given = _give(recovery, own_key, private)
    record_key("counselling.recovery.begun", group, staff=heir.staff_id, recovery=str(recovery.id), versions=given)
    return recovery


@command(Permission.COUNSEL_HOLD)
def join_recovery(recovery: Recovery, *, actor: Actor, private: X25519PrivateKey) -> Recovery:
    """Give the other halves, within the policy's minutes. Raises CannotKeep."""
    group, at = lock_group(recovery.group), now()
    own_key = own_key_of(actor.person_id)
    if own_key is None or not every_holder().filter(group=group, staff_id=actor.person_id).exists():
        raise CannotKeep(rules.NOT_HOLDER)
    minutes = parameters_for(group.place, today()).counselling.recovery_minutes
    is_other = recovery.begun_by != actor.person_id
    refusal = rules.refusal_to_join_recovery(recovery.begun_at, at, minutes, is_other=is_other)
    if refusal:
        raise CannotKeep(refusal)
    rows = every_recovery().filter(pk=recovery.pk, joined_at__isnull=True)
    if not rows.update(joined_by=actor.person_id, joined_at=at):
        raise CannotKeep(rules.NOT_WAITING)
    given = _give(recovery, own_key, private)
    record_key(
        "counselling.recovery.joined", group, staff=recovery.heir_key.staff_id, recovery=str(recovery.id),
        versions=given,
    )  # fmt: skip
    recovery.refresh_from_db()
    return recovery


@command(Permission.COUNSEL_WRITE)
def take_over(recovery: Recovery, *, actor: Actor, private: X25519PrivateKey) -> Member | Unchanged:
    """Join both halves, as the heir they were given to: into the group, with a new key. Raises CannotKeep."""
    group = lock_group(recovery.group)
    if recovery.heir_key.staff_id != actor.staff_id:
        raise CannotKeep(rules.NOT_HEIR)
    if not every_recovery().filter(pk=recovery.pk, joined_at__isnull=False, taken_at__isnull=True).exists():
        return Unchanged("not_ready")
    rows = every_member().filter(group=group, staff_id=actor.person_id, state=MemberState.WAITING)
    if not rows.update(state=MemberState.ADMITTED, admitted_at=now(), by=recovery.joined_by):
        raise CannotKeep(rules.NOT_WAITING)
    halves = _taken(recovery, private)
    whole = {version: parts for version, parts in halves.items() if len(parts) == 2}  # both parts
    for version in every_version().filter(pk__in=list(whole)):
        write_share(
            version, recovery.heir_key, joined(whole[version.id][0], whole[version.id][1], bytes(version.public))
        )
    every_given().filter(recovery=recovery).delete()
    every_recovery().filter(pk=recovery.pk).update(taken_at=now())
    roll_group(group, at=now())
    record_key("counselling.recovery.taken", group, staff=actor.person_id, recovery=str(recovery.id),
               versions=len(whole))  # fmt: skip
    return every_member().get(group=group, staff_id=actor.person_id, state=MemberState.ADMITTED)


def _give(recovery: Recovery, own_key: OwnKey, private: X25519PrivateKey) -> int:
    """Seal the holder's halves to the heir; raises CannotKeep where there are none."""
    halves = list(every_half().filter(own_key=own_key, version__group=recovery.group_id))
    if not halves:
        raise CannotKeep(rules.NO_HALVES)
    heir = recovery.heir_key
    for half, opened in zip(halves, open_sealed(halves, "parcel"), strict=True):
        raw = out_of_parcel(private, opened["parcel"], of_half(half.version_id, half.part, own_key))
        bound_to = _of_given(recovery, half.version_id, half.part)
        GivenHalf(
            county_id=recovery.county_id, place=recovery.place, recovery=recovery, version_id=half.version_id,
            part=half.part, key_id=heir.key_id, parcel=into_parcel(bytes(heir.public), raw, bound_to),
        ).save(force_insert=True)  # fmt: skip
    return len(halves)


def _taken(recovery: Recovery, private: X25519PrivateKey) -> dict[UUID, list[bytes]]:
    given = list(every_given().filter(recovery=recovery).order_by("part"))
    found: dict[UUID, list[bytes]] = {}
    for half, opened in zip(given, open_sealed(given, "parcel"), strict=True):
        bound_to = _of_given(recovery, half.version_id, half.part)
        found.setdefault(half.version_id, []).append(out_of_parcel(private, opened["parcel"], bound_to))
    return found


def _of_given(recovery: Recovery, version_id: UUID, part: int) -> bytes:
    return b"given|%d|" % part + recovery.id.bytes + version_id.bytes + recovery.heir_key_id.bytes
