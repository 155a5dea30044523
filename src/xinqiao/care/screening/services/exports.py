"""Taking named results out: asked for, approved by a second person where they are many, fetched while that lives."""

import datetime as dt

from django.db.models import F, QuerySet

from xinqiao.care.screening.models import Campaign, ExportRequest
from xinqiao.care.screening.rules import NAMED_PUPILS_ALONE
from xinqiao.care.screening.states import ExportPurpose, ExportState
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit

LINK_LIVES = dt.timedelta(hours=24)
_REASON = "body of a command that has checked its actor at the school"


class CannotExport(ValueError):
    """The request cannot be made, decided or fetched; `code` says why: nobody_answered, same_person, decided,
    not_approved, expired, not_yours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.RESULT_EXPORT)
def request_export(campaign: Campaign, *, actor: Actor, purpose: str, class_unit: Unit | None = None) -> ExportRequest:
    """Ask for the named results of a campaign, or of one class of it.

    Of up to 50 pupils it is approved at once, of more by a second person. Raises CannotExport.
    """
    pupils = _pupils(campaign, class_unit)
    if not pupils:
        raise CannotExport("nobody_answered")
    at = now()
    is_alone = pupils <= NAMED_PUPILS_ALONE
    request = ExportRequest(
        county_id=campaign.county_id, place=campaign.place, campaign=campaign,
        class_id=class_unit.id if class_unit else None, purpose=ExportPurpose(purpose), pupils=pupils,
        requested_by=actor.id, requested_at=at, state=ExportState.APPROVED if is_alone else ExportState.WAITING,
        expires_at=at + LINK_LIVES if is_alone else None,
    )  # fmt: skip
    request.save(force_insert=True)
    _record(request, "screening.export.requested")
    return request


def _pupils(campaign: Campaign, class_unit: Unit | None) -> int:
    sheets = AnswerSheet.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    if class_unit is not None:
        sheets = sheets.filter(sitting__class_id=class_unit.id)
    found: int = sheets.values("student_id").distinct().count()
    return found


@command(Permission.EXPORT_APPROVE)
def approve_export(request: ExportRequest, *, actor: Actor) -> ExportRequest | Unchanged:
    """Approve what somebody else asked for; the link lives for 24 hours. Raises CannotExport."""
    return _decide(request, actor, ExportState.APPROVED, "screening.export.approved", expires_at=now() + LINK_LIVES)


@command(Permission.EXPORT_APPROVE)
def refuse_export(request: ExportRequest, *, actor: Actor) -> ExportRequest | Unchanged:
    """Say no to what somebody else asked for. Raises CannotExport."""
    return _decide(request, actor, ExportState.REFUSED, "screening.export.refused")


def _decide(
    request: ExportRequest, actor: Actor, state: ExportState, event: str, **fields: dt.datetime
) -> ExportRequest | Unchanged:
    if request.requested_by == actor.id:
        raise CannotExport("same_person")
    waiting = _own(request).filter(state=ExportState.WAITING)
    if not waiting.update(state=state, decided_by=actor.id, decided_at=now(), **fields):
        request.refresh_from_db()
        if request.state == state:
            return Unchanged("already_decided")
        raise CannotExport("decided")
    request.refresh_from_db()
    _record(request, event)
    return request


@command(Permission.RESULT_EXPORT)
def fetch_export(request: ExportRequest, *, actor: Actor) -> ExportRequest:
    """Note that the requester fetches the file now. Raises CannotExport if it may not be fetched (any more)."""
    request.refresh_from_db()
    if request.requested_by != actor.id:
        raise CannotExport("not_yours")
    if request.state != ExportState.APPROVED or request.expires_at is None:
        raise CannotExport("not_approved")
    if request.expires_at <= now():
        raise CannotExport("expired")
    _own(request).update(fetches=F("fetches") + 1)
    _record(request, "screening.export.fetched")
    return request


def _own(request: ExportRequest) -> "QuerySet[ExportRequest]":
    rows: QuerySet[ExportRequest] = ExportRequest.objects.for_system(reason=_REASON).filter(pk=request.pk)
    return rows


def _record(request: ExportRequest, event: str) -> None:
    facts = {"pupils": request.pupils, "purpose": str(request.purpose), "campaign_id": request.campaign_id}
    record(event, subject_kind="export", subject_id=request.id, place=request.place, county_id=request.county_id,
           facts=facts)  # fmt: skip
