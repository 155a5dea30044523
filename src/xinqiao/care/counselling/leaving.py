"""Who leaves, or loses the role, leaves the group in the same transaction; a holder's halves go likewise."""

from collections.abc import Sequence
from uuid import UUID

from xinqiao.care.counselling.keyring import leave_group, record_key
from xinqiao.care.counselling.rows import every_half, every_holder, every_member, every_own_key
from xinqiao.care.counselling.states import MemberState
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.hooks import Left, RoleEnded
from xinqiao.register.duty.selectors import staff_who_may


def close_for_leavers(left: Sequence[Left]) -> None:
    """Receive StaffLeft: shares, halves and the own key are gone at once."""
    for each in left:
        _out_of_groups(each.staff_id)
        _out_of_holders(each.staff_id)
        every_own_key().filter(staff_id=each.staff_id).delete()


def close_for_roles(ended: Sequence[RoleEnded]) -> None:
    """Receive RoleEnded: whoever may no longer write or hold at a group's school is out of it."""
    for each in ended:
        _out_of_groups(each.staff_id, on=each)
        _out_of_holders(each.staff_id, on=each)


def _out_of_groups(staff_id: UUID, on: RoleEnded | None = None) -> None:
    rows = every_member().filter(staff_id=staff_id).exclude(state=MemberState.ENDED).select_related("group")
    for member in rows:
        if on is None or staff_id not in staff_who_may(Permission.COUNSEL_WRITE, member.place, on.on):
            leave_group(member, by=SYSTEM_ID, at=now())


def _out_of_holders(staff_id: UUID, on: RoleEnded | None = None) -> None:
    for holder in every_holder().filter(staff_id=staff_id).select_related("group"):
        if on is None or staff_id not in staff_who_may(Permission.COUNSEL_HOLD, holder.place, on.on):
            every_half().filter(version__group=holder.group, own_key__staff_id=staff_id).delete()
            holder.delete()
            record_key("counselling.holder.ended", holder.group, staff=staff_id)
