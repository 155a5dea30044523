"""What accounts tells the floors above, in the same transaction."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.hooks import Hook


@dataclass(frozen=True, slots=True)
class Left:
    """A member of staff who left: what is open goes to the heir, or, without one, must be shown as nobody's."""

    staff_id: UUID
    user_id: UUID | None
    heir_staff_id: UUID | None
    heir_user_id: UUID | None
    place: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class RoleEnded:
    """A role of someone who stays ended: what it let the person do at a place is not theirs any more."""

    staff_id: UUID
    place: str
    on: dt.date


staff_left: Hook[Left] = Hook("StaffLeft")
role_ended: Hook[RoleEnded] = Hook("RoleEnded")
