"""What a mentor reaches of what was noted about pupils."""

from django.db.models import Q

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.people.states import TieKind


def noted_of_mentees(actor: Actor, permission: Permission, noted_by: str) -> Q:
    """Return what the actor noted (`noted_by` names the field) of pupils who are the actor's mentees today."""
    if actor.staff_id is None or not actor.can_somewhere(permission):
        return Q(pk__in=[])
    return Q(
        **{noted_by: actor.staff_id}, student__ties__kind=TieKind.MENTOR, student__ties__person_id=actor.staff_id,
        student__ties__end_on__isnull=True,
    )  # fmt: skip
