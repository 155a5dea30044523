"""Who a visitor can be in the demo city: one sign-in per role and a class code, without passwords and numbers."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xinqiao.care.sheets.selectors import next_at_the_door
from xinqiao.doors.home.identity import unit_name
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.models import Membership
from xinqiao.register.accounts.role_labels import ROLE_LABELS


@dataclass(frozen=True)
class Seat:
    """One role one can try."""

    role: str | Promise
    login: str
    unit: str


def demo_seats() -> list[Seat]:
    """Return the first login of each role; nothing outside a demo."""
    if not settings.XINQIAO_DEMO:
        return []
    held = Membership.objects.filter(end_on=None, user__is_active=True).select_related("user")
    first: dict[str, Membership] = {}
    for row in held.order_by("user__created_at"):
        first.setdefault(row.role, row)
    staff = [Seat(ROLE_LABELS[Role(row.role)], row.user.username, unit_name(row.place)) for row in first.values()]
    return [*_pupil_seats(), *staff]


def _pupil_seats() -> list[Seat]:
    """Return the class of a pupil who may answer now. The number is left to the window: this page is anybody's."""
    sitting = next_at_the_door(now())
    if sitting is None:
        return []
    words = _("class code {code}").format(code=sitting.window_code)
    return [Seat(ROLE_LABELS[Role.STUDENT], words, unit_name(sitting.place))]
