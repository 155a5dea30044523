"""What sections share: days as moments, words joined, the newest entry of each pupil."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.foundation.access.scoped import ScopedModel
from xinqiao.foundation.core.places import within
from xinqiao.register.people.sections import Latest

_REASON = "when the newest entry of each pupil was made; says nothing of what it is"


def midday(day: dt.date) -> dt.datetime:
    """Return a day as the moment at which a timeline shows it."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def joined(*parts: str | None) -> str:
    """Return the parts that say something, as one text."""
    return _("; ").join(part for part in parts if part)


def latest_of(model: type[ScopedModel], moment: str, student: str = "student") -> Latest:
    """Return a function that says of a school when each pupil's newest row was made."""

    def latest(place: str) -> Mapping[UUID, dt.datetime]:
        rows = model.objects.for_system(reason=_REASON).filter(within([place], f"{student}__school_place"))
        found = rows.filter(**{f"{moment}__isnull": False}).order_by().values_list(f"{student}_id")
        return dict(found.annotate(newest=Max(moment)))

    return latest


def newest_of(*latest: Latest) -> Latest:
    """Return what says of each pupil the newest of several kinds of entries."""

    def newest(place: str) -> Mapping[UUID, dt.datetime]:
        found: dict[UUID, dt.datetime] = {}
        for each in latest:
            for student_id, at in each(place).items():
                found[student_id] = max(at, found.get(student_id, at))
        return found

    return newest
