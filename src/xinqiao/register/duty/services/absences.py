"""Saying that someone is away and who stands in on the warning ladder, and taking that back."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.duty.models import Absence
from xinqiao.register.duty.rules import refusal_of_absence
from xinqiao.register.duty.selectors import people_of_school
from xinqiao.register.orgs.models import Unit


class CannotStandIn(ValueError):
    """The absence does not stand; `code` as in `rules.refusal_of_absence`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _standing(place: str) -> "list[tuple[UUID, dt.date, dt.date]]":
    rows = Absence.objects.for_system(reason="body of a command").filter(place=place, ended_at__isnull=True)
    return list(rows.values_list("staff_id", "start_on", "end_on"))


@command(Permission.DUTY_EDIT)
def name_substitute(
    school: Unit, *, actor: Actor, staff_id: UUID, substitute_id: UUID, start_on: dt.date, end_on: dt.date
) -> Absence:
    """Say that someone is away from a day to a day, and who is told of pupils meanwhile. Raises CannotStandIn."""
    today = timezone.localtime(now()).date()
    code = refusal_of_absence(
        staff_id=staff_id, substitute_id=substitute_id, start_on=start_on, end_on=end_on, today=today,
        of_school=set(people_of_school(school.path, today)), standing=_standing(school.path),
    )  # fmt: skip
    if code:
        raise CannotStandIn(code)
    absence = Absence(
        county_id=school.shard_id, place=school.path, staff_id=staff_id, substitute_id=substitute_id,
        start_on=start_on, end_on=end_on, entered_by=actor.person_id,
    )  # fmt: skip
    absence.save(force_insert=True)
    record(
        "duty.absence.entered", subject_kind="staff", subject_id=staff_id, place=school.path,
        county_id=school.shard_id,
        facts={"start_at": start_on.isoformat(), "end_at": end_on.isoformat(), "substitute": str(substitute_id)},
    )  # fmt: skip
    return absence


@command(Permission.DUTY_EDIT)
def end_absence(absence: Absence, *, actor: Actor) -> Absence | Unchanged:
    """Someone is back, or will not be away: from now on the person is named again."""
    del actor
    rows = Absence.objects.for_system(reason="body of a command").filter(pk=absence.pk, ended_at__isnull=True)
    if not rows.update(ended_at=now()):
        return Unchanged("already_ended")
    record(
        "duty.absence.ended", subject_kind="staff", subject_id=absence.staff_id, place=absence.place,
        county_id=absence.county_id, facts={"end_at": absence.end_on.isoformat()},
    )  # fmt: skip
    return absence
