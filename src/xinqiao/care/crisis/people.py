"""Colleagues who may sit over a case, help in it or lead it: those with a role over the pupil's place."""

from collections.abc import Iterable
from uuid import UUID

from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.places import places_above
from xinqiao.register.accounts.actors import held_on, staff_names
from xinqiao.register.accounts.models import Membership
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.people.models import Staff, Student

HELPING = (
    Role.CLASS_TEACHER, Role.SUBJECT_TEACHER, Role.MENTOR, Role.DORM_KEEPER, Role.GRADE_HEAD, Role.PSYCH_TEACHER,
    Role.PRINCIPAL, Role.LEADING_GROUP,
)  # fmt: skip


def colleagues(student: Student) -> dict[UUID, str]:
    """Return staff of the pupil's school by id, with name and role; who meets the class stands first."""
    inside = [place for place in places_above(student.place) if place.startswith(student.school_place)]
    held = Membership.objects.filter(
        held_on(today()), place__in=inside, role__in=HELPING, user__is_active=True, user__staff_id__isnull=False
    ).select_related("user")  # fmt: skip
    roles: dict[UUID, str] = {}
    for row in sorted(held, key=lambda row: (-len(row.place), row.role, row.id)):
        if row.user.staff_id is not None:
            roles.setdefault(row.user.staff_id, str(ROLE_LABELS[Role(row.role)]))
    names = staff_names(list(roles))
    return {each: f"{names[each]} · {role}" for each, role in roles.items() if each in names}


def leaders(student: Student) -> dict[UUID, str]:
    """Return who may lead a case of this pupil, with names."""
    ids = staff_who_may(Permission.CASE_EDIT, student.place, today())
    names = staff_names(ids)
    return {each: names[each] for each in ids if each in names}


def gone_among(staff_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of some staff who have left."""
    rows = Staff.objects.for_system(reason="whether whoever leads or helps is still here")
    found = rows.filter(pk__in=set(staff_ids), left_on__lte=today())
    return frozenset(found.values_list("pk", flat=True))
