"""Who is in a class today, and how far its list is: for lists whose reader was checked, and for the clock."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count, F, QuerySet

from xinqiao.care.rounds.models import RoundList
from xinqiao.care.rounds.rows import every_line
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

_REASON = "the pupils of a class whose list is being gone through, by someone who may or by the clock"


def pupils_at(place: str) -> "QuerySet[Student]":
    """Return the pupils who are in a class today: who joined since the round opened is among them, who left is not."""
    rows: QuerySet[Student] = Student.objects.for_system(reason=_REASON).filter(
        place=place, status=StudentStatus.ACTIVE
    )
    return rows


def counts_at(places: Collection[str]) -> dict[str, int]:
    """Return how many pupils are in each of some classes today."""
    rows = Student.objects.for_system(reason=_REASON).filter(place__in=list(places), status=StudentStatus.ACTIVE)
    counted = rows.order_by().values_list("place").annotate(count=Count("pk"))
    return {**dict.fromkeys(places, 0), **dict(counted)}


def looked_at(lists: Sequence[RoundList]) -> dict[UUID, int]:
    """Return of how many of its class's present pupils each list has a line."""
    rows = every_line().filter(
        list_id__in=[each.id for each in lists], student__place=F("list__place"), student__status=StudentStatus.ACTIVE
    )
    counted = rows.order_by().values_list("list_id").annotate(count=Count("pk"))
    return {**dict.fromkeys((each.id for each in lists), 0), **dict(counted)}
