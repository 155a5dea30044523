"""Excusing single pupils from a campaign, and taking the excuse back."""

from uuid import UUID

from django.db.models import QuerySet

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.rules import WhyNot, refusals_to_close
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.services.sittings import CannotExcuse, mark_excused
from xinqiao.care.sheets.states import Excuse, SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now

_REASON = "body of a command that has checked its actor at the school"


@command(Permission.CAMPAIGN_EDIT)
def excuse_pupil(campaign: Campaign, *, actor: Actor, student_id: UUID, excuse: str) -> Sitting | Unchanged:
    """Excuse one pupil from a running campaign. Raises CannotExcuse if the sheet was handed in, CannotRun if it ended.

    `no_consent` is not a person's to give or take: it follows the consent on record.
    """
    del actor
    _demand_running(campaign)
    if excuse == Excuse.NO_CONSENT:
        raise CannotExcuse("follows_consent")
    sitting = _latest(campaign, student_id)
    if sitting.state == SittingState.EXCUSED and sitting.excuse == excuse:
        return Unchanged("already_excused")
    if sitting.state != SittingState.EXCUSED and not mark_excused(sitting, excuse):
        raise CannotExcuse("already_submitted")
    if sitting.excuse == Excuse.NO_CONSENT:
        raise CannotExcuse("follows_consent")
    _own(sitting).update(excuse=excuse)
    _record(campaign, sitting, "screening.pupil.excused", excuse=excuse)
    return sitting


@command(Permission.CAMPAIGN_EDIT)
def readmit_pupil(campaign: Campaign, *, actor: Actor, student_id: UUID) -> Sitting:
    """Take a pupil's excuse back while the campaign runs. Raises CannotExcuse if there is none to take back."""
    del actor
    _demand_running(campaign)
    sitting = _latest(campaign, student_id)
    excused = _own(sitting).filter(state=SittingState.EXCUSED).exclude(excuse=Excuse.NO_CONSENT)
    if not excused.update(state=SittingState.WAITING, excuse=""):
        raise CannotExcuse("not_excused")
    _own(sitting).filter(closes_at__lte=now()).update(closes_at=campaign.closes_at)  # the class's own day is over
    _record(campaign, sitting, "screening.pupil.readmitted")
    return sitting


def _demand_running(campaign: Campaign) -> None:
    campaign.refresh_from_db(fields=["state"])
    if reasons := refusals_to_close(campaign.state):
        raise CannotRun(reasons)


def _latest(campaign: Campaign, student_id: UUID) -> Sitting:
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id, student_id=student_id)
    sitting = sittings.order_by("-round").first()
    if sitting is None:
        raise CannotRun([WhyNot("no_sitting")])
    found: Sitting = sitting
    return found


def _own(sitting: Sitting) -> "QuerySet[Sitting]":
    rows: QuerySet[Sitting] = Sitting.objects.for_system(reason=_REASON).filter(pk=sitting.pk)
    return rows


def _record(campaign: Campaign, sitting: Sitting, event: str, **facts: str) -> None:
    record(event, subject_kind="sitting", subject_id=sitting.id, place=sitting.place, county_id=sitting.county_id,
           facts={"campaign_id": campaign.id, **facts})  # fmt: skip
