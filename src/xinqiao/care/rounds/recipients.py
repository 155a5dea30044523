"""From the policy's words to people: who hears of a list, for one class or for many at once."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from xinqiao.care.alerts.recipients import Recipient
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.places import places_above
from xinqiao.register.accounts.actors import held_on
from xinqiao.register.accounts.models import Membership
from xinqiao.register.duty.named import WORDS
from xinqiao.register.duty.selectors import staff_with_role


def who_hears(rungs: Sequence[Sequence[str]], place: str, on: dt.date) -> tuple[Recipient, ...]:
    """Return the people of the first of these rungs on which there is anybody for a class; empty if on none."""
    for words in rungs:
        found = {
            staff_id: Recipient(staff_id, word, may_read=True)
            for word in words
            for staff_id in staff_with_role(WORDS[word][0], place, on)
        }
        if found:
            return tuple(found.values())
    return ()


def class_teachers(places: Collection[str], on: dt.date) -> dict[str, list[UUID]]:
    """Return by class the staff ids of its class teachers on a day; one query for all."""
    above = {place: places_above(place) for place in places}
    held = Membership.objects.filter(
        held_on(on), role=Role.CLASS_TEACHER, place__in={each for path in above.values() for each in path},
        user__is_active=True, user__staff_id__isnull=False,
    )  # fmt: skip
    found: dict[str, list[UUID]] = {place: [] for place in places}
    for at, staff_id in held.order_by("id").values_list("place", "user__staff_id"):
        for place, path in above.items():
            if at in path and staff_id and staff_id not in found[place]:
                found[place].append(staff_id)
    return found
