"""Drawing pupils without a flag by lot, once, and writing down the talks with them."""

import secrets
from uuid import UUID

from xinqiao.care.alerts.models import Interview, Signal
from xinqiao.care.alerts.rules import ALREADY_CLOSED
from xinqiao.care.alerts.services.interviewing import CannotRecord, Talk
from xinqiao.care.alerts.services.lot_talks import write_talk_without_signal
from xinqiao.care.screening.models import Campaign, Lot, LotDraw
from xinqiao.care.screening.rules import refusals_to_draw
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.engines.accuracy import drawn_by_lot, size_of_lot
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for

_REASON = "body of a command that has checked its actor at the school"


@command(Permission.INTERVIEW_WRITE)
def draw_lot(campaign: Campaign, *, actor: Actor) -> Lot | Unchanged:
    """Draw the pupils without a signal who are talked to as well, once for a campaign that has ended. Raises CannotRun.

    The seed is drawn now and kept, so that the draw can be repeated by anyone and was chosen by nobody.
    """
    campaign = Campaign.objects.for_system(reason=_REASON).select_for_update().get(pk=campaign.pk)
    if Lot.objects.for_system(reason=_REASON).filter(campaign=campaign).exists():
        return Unchanged("already_drawn")
    names = pupils_without_signal(campaign)
    if reasons := refusals_to_draw(campaign.state, len(names)):
        raise CannotRun(reasons)
    parameters, seed = parameters_for(campaign.place, today()), secrets.token_hex(8)
    count = size_of_lot(len(names), percent=parameters.drawn_percent, at_least=parameters.drawn_at_least)
    lot = Lot(county_id=campaign.county_id, place=campaign.place, campaign=campaign, seed=seed, pupils=len(names),
              drawn_by=actor.id, drawn_at=now())  # fmt: skip
    lot.save(force_insert=True)
    _write_draws(lot, drawn_by_lot([str(name) for name in names], count, seed))
    record("screening.lot.drawn", subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
           county_id=campaign.county_id, facts={"drawn": count, "pupils": len(names), "seed": seed})  # fmt: skip
    return lot


def _write_draws(lot: Lot, names: tuple[str, ...]) -> None:
    students = Student.objects.for_system(reason=_REASON).in_bulk([UUID(name) for name in names])
    LotDraw.objects.bulk_create(
        LotDraw(county_id=lot.county_id, place=students[UUID(name)].place, lot=lot, student_id=UUID(name),
                position=position)
        for position, name in enumerate(names, 1)
    )  # fmt: skip


def pupils_without_signal(campaign: Campaign) -> list[UUID]:
    """Return the pupils at school who handed in and raised no signal by it, in the order of their ids."""
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    signalled = Signal.objects.for_system(reason=_REASON).filter(origin_id__in=sittings.values("pk"))
    quiet = sittings.filter(state=SittingState.SUBMITTED, student__status=StudentStatus.ACTIVE)
    rows = quiet.exclude(student_id__in=signalled.values("student_id"))
    return sorted(set(rows.values_list("student_id", flat=True)))


@command(Permission.INTERVIEW_WRITE)
def record_lot_talk(draw: LotDraw, *, actor: Actor, talk: Talk) -> Interview:
    """Write down the talk with a pupil who was drawn, once. Raises CannotRecord; nothing is written then."""
    interview = write_talk_without_signal(draw.student, actor=actor, talk=talk, since=draw.lot.drawn_at)
    mine = LotDraw.objects.for_system(reason=_REASON).filter(pk=draw.pk, interview_id__isnull=True)
    if not mine.update(interview_id=interview.id, outcome=talk.outcome):
        raise CannotRecord(ALREADY_CLOSED)
    return interview
