"""Taking named results out: asked for, approved by a second person where they are many, fetched while that lives."""

import datetime as dt
from uuid import UUID

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
    not_approved, expired, grown, not_yours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.RESULT_EXPORT)
def request_export(campaign: Campaign, *, actor: Actor, purpose: str, class_unit: Unit | None = None) -> ExportRequest:
    """Ask for the named results of a campaign, or of one class of it.

    Up to 50 pupils, with those of the classes that the same person took out alone before, it is approved at once; of
    more by a second person. Raises CannotExport.
    """
    class_id = class_unit.id if class_unit else None
    pupils = _pupils(campaign.id, class_id)
    if not pupils:
        raise CannotExport("nobody_answered")
    at = now()
    is_alone = pupils + _taken_alone(campaign, class_id, actor) <= NAMED_PUPILS_ALONE
    request = ExportRequest(
        county_id=campaign.county_id, place=campaign.place, campaign=campaign,
        class_id=class_id, purpose=ExportPurpose(purpose), pupils=pupils,
        requested_by=actor.id, requested_at=at, state=ExportState.APPROVED if is_alone else ExportState.WAITING,
        expires_at=at + LINK_LIVES if is_alone else None,
    )  # fmt: skip
    request.save(force_insert=True)
    _record(request, "screening.export.requested")
    return request


def _pupils(campaign_id: UUID, class_id: UUID | None) -> int:
    sheets = AnswerSheet.objects.for_system(reason=_REASON).filter(origin_id=campaign_id)
    if class_id is not None:
        sheets = sheets.filter(sitting__class_id=class_id)
    found: int = sheets.values("student_id").distinct().count()
    return found


def _taken_alone(campaign: Campaign, class_id: UUID | None, actor: Actor) -> int:
    """How many pupils outside this class (None: the whole) the actor was given without a second person, at most."""
    if class_id is None:
        return 0  # the whole holds every class
    rows = ExportRequest.objects.for_system(reason=_REASON).filter(
        campaign=campaign, requested_by=actor.id, state=ExportState.APPROVED, decided_by=None
    )
    taken: dict[UUID | None, int] = {}
    for row in rows:
        taken[row.class_id] = max(row.pupils, taken.get(row.class_id, 0))
    return sum(pupils for slice_id, pupils in taken.items() if slice_id != class_id)


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
    request.pupils = _pupils(request.campaign_id, request.class_id)
    if request.decided_by is None:
        before = _taken_alone(request.campaign, request.class_id, actor)
        if request.pupils + before > NAMED_PUPILS_ALONE:
            raise CannotExport("grown")
    _own(request).update(fetches=F("fetches") + 1, pupils=request.pupils)
    _record(request, "screening.export.fetched")
    return request


def _own(request: ExportRequest) -> "QuerySet[ExportRequest]":
    rows: QuerySet[ExportRequest] = ExportRequest.objects.for_system(reason=_REASON).filter(pk=request.pk)
    return rows


def _record(request: ExportRequest, event: str) -> None:
    facts = {"pupils": request.pupils, "purpose": str(request.purpose), "campaign_id": request.campaign_id}
    record(event, subject_kind="export", subject_id=request.id, place=request.place, county_id=request.county_id,
           facts=facts)  # fmt: skip
