"""Rows for private bodies of commands, whose actor was checked already or holds the code of a letter."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.care.alerts.models import Attention, Signal
from xinqiao.care.alerts.states import Level, SignalState, Urgency
from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.screening.models import Campaign
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

_REASON = "body of a command, or a page of letters whose reader was checked"


def every_letter() -> QuerySet[Letter]:
    """Return all letters."""
    rows: QuerySet[Letter] = Letter.objects.for_system(reason=_REASON)
    return rows


def living_letters() -> QuerySet[Letter]:
    """Return the letters that were not withdrawn, of pupils who are at the school."""
    return every_letter().exclude(state="withdrawn").filter(student__status=StudentStatus.ACTIVE)


def mailing_of(campaign: Campaign) -> Mailing | None:
    """Return the words for everybody of a screening, if somebody wrote them."""
    found: Mailing | None = Mailing.objects.for_system(reason=_REASON).filter(campaign=campaign).first()
    return found


def who_took_part(campaign: Campaign) -> dict[UUID, UUID]:
    """Return the class, on the day of the sitting, of each pupil who handed in and is still at the school."""
    sittings = Sitting.objects.for_system(reason=_REASON).filter(
        origin_id=campaign.id, state=SittingState.SUBMITTED, student__status=StudentStatus.ACTIVE
    )
    return dict(sittings.order_by("round").values_list("student_id", "class_id"))


def students_of(ids: Collection[UUID]) -> list[Student]:
    """Return pupils by id."""
    return list(Student.objects.for_system(reason=_REASON).filter(pk__in=ids))


def at_red(student_ids: Collection[UUID]) -> set[UUID]:
    """Return those of some pupils who are called about and not written to: an open red signal, or a red level."""
    signals = Signal.objects.for_system(reason=_REASON).filter(student_id__in=student_ids, urgency=Urgency.RED)
    levels = Attention.objects.for_system(reason=_REASON).filter(
        student_id__in=student_ids, level=Level.RED, ended_at__isnull=True
    )
    return {
        *signals.exclude(state=SignalState.CLOSED).values_list("student_id", flat=True),
        *levels.values_list("student_id", flat=True),
    }
