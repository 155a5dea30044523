"""What is done with a group's keys: shares, halves, a new version. Private bodies; the command records the event."""

import datetime as dt
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from xinqiao.care.counselling.models import Group, GroupVersion, Half, Member, OwnKey, Share
from xinqiao.care.counselling.rows import (
    admitted_ids,
    every_group,
    every_half,
    every_holder,
    every_member,
    every_share,
    every_version,
    keys_of,
)
from xinqiao.care.counselling.states import MemberState
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.keys.boxes import halves_of, into_parcel, new_private, out_of_parcel, public_of
from xinqiao.foundation.keys.fields import open_sealed


def lock_group(group: Group) -> Group:
    """Let whoever changes the keys or the list of a group come one after the other."""
    return every_group().select_for_update().get(pk=group.pk)


def opened_versions(own_key: OwnKey, private: X25519PrivateKey, group: Group | None) -> dict[UUID, X25519PrivateKey]:
    """Return the private halves of a group's versions that a member's own key opens, by version.

    Asked of the database every time: a share that was taken away opens nothing, whatever a session still holds.
    """
    shares = list(every_share().filter(own_key=own_key, version__group=group).select_related("version"))
    return {
        share.version_id: X25519PrivateKey.from_private_bytes(
            out_of_parcel(private, opened["parcel"], _of_share(share.version, own_key))
        )
        for share, opened in zip(shares, open_sealed(shares, "parcel"), strict=True)
    }


def write_share(version: GroupVersion, own_key: OwnKey, private: X25519PrivateKey) -> None:
    """Seal a version's private half to a member, once."""
    share = Share(
        county_id=version.county_id, place=version.place, version=version, own_key=own_key, key_id=own_key.key_id,
        parcel=into_parcel(bytes(own_key.public), private.private_bytes_raw(), _of_share(version, own_key)),
    )  # fmt: skip
    if not every_share().filter(version=version, own_key=own_key).exists():
        share.save(force_insert=True)


def write_halves(version: GroupVersion, private: X25519PrivateKey) -> None:
    """Seal the two halves of a version anew to its group's holders, if there are two with a sentence."""
    holders = {holder.part: holder.staff_id for holder in every_holder().filter(group=version.group_id)}
    keys = keys_of(holders.values())
    every_half().filter(version=version).delete()
    if len(keys) < 2:  # one half without the other would be of no use
        return
    for part, raw in enumerate(halves_of(private), start=1):
        key = keys[holders[part]]
        Half(
            county_id=version.county_id, place=version.place, version=version, own_key=key, part=part,
            key_id=key.key_id, parcel=into_parcel(bytes(key.public), raw, of_half(version.id, part, key)),
        ).save(force_insert=True)  # fmt: skip


def roll_group(group: Group, *, at: dt.datetime) -> GroupVersion | None:
    """Give a locked group a new key: what is written from now on, only those who are in it now can read.

    None where nobody is in it: nothing is written then either.
    """
    keys = keys_of(admitted_ids(group))
    if not keys:
        return None
    latest = every_version().filter(group=group).order_by("-number").values_list("number", flat=True).first() or 0
    private = new_private()
    version = GroupVersion(
        county_id=group.county_id, place=group.place, group=group, number=latest + 1, public=public_of(private),
        made_at=at,
    )  # fmt: skip
    version.save(force_insert=True)
    for key in keys.values():
        write_share(version, key, private)
    write_halves(version, private)
    return version


def current_version(group: Group | None) -> GroupVersion | None:
    """Return the version that notes are sealed to, None where nobody could read them."""
    if group is None or not admitted_ids(group):
        return None
    return every_version().filter(group=group).order_by("-number").first()


def leave_group(member: Member, *, by: UUID, at: dt.datetime) -> bool:
    """End somebody's place in a group: the shares go at once, and the group gets a new key. False where it ended."""
    group = lock_group(member.group)
    rows = every_member().filter(pk=member.pk).exclude(state=MemberState.ENDED)
    if not rows.update(state=MemberState.ENDED, ended_at=at, by=by):
        return False
    every_share().filter(version__group=group, own_key__staff_id=member.staff_id).delete()
    version = roll_group(group, at=at)
    record_key("counselling.member.ended", group, staff=member.staff_id, version=version.number if version else None)
    return True


def record_key(event: str, group: Group, *, staff: UUID, **facts: object) -> None:
    """Record what was done to a group's list or keys, and to whom."""
    record(event, subject_kind="staff", subject_id=staff, place=group.place, county_id=group.county_id,
           facts={"group": str(group.id), **facts})  # fmt: skip


def of_half(version_id: UUID, part: int, own_key: OwnKey) -> bytes:
    """Return what binds a half to its version, part and holder."""
    return b"half|%d|" % part + version_id.bytes + own_key.id.bytes


def _of_share(version: GroupVersion, own_key: OwnKey) -> bytes:
    return b"share|" + version.id.bytes + own_key.id.bytes
