"""What an institution answers, by the link or told to the school; and whoever holds link and code opening it."""

import datetime as dt
import hmac
from uuid import UUID

from django.db.models import F

from xinqiao.care.crisis.models import Referral
from xinqiao.care.crisis.referral import codes, rules
from xinqiao.care.crisis.referral.states import (
    EVENTS,
    WITH_INSTITUTION,
    EndReason,
    PartnerKind,
    ReferralState,
    StepKind,
    Way,
    sources_of,
)
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.referral_steps import (
    ANSWER,
    SEEN,
    STEP,
    VISIT,
    record_referral,
    rules_at,
    start_clock,
    tell_people,
    wait_for_step,
    write_step,
)
from xinqiao.care.crisis.services.referrals import CannotRefer
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.policy.calendar import zone


@command(Permission.REFERRAL_EDIT)
def try_code(referral: Referral, *, actor: Actor, code: str) -> bool | Unchanged:
    """Try a code on the referral that a link has found; counted before it is compared. Returns Unchanged with `right`,
    `wrong` or `locked`; True where this try locked it."""
    del actor
    limits, at = rules_at(referral.place, now()), now()
    row = every_referral().filter(pk=referral.pk)
    row.filter(locked_until__lte=at).update(failures=0, locked_until=None)
    if not row.filter(failures__lt=limits.link_tries, locked_until=None).update(failures=F("failures") + 1):
        return Unchanged("locked")
    referral.refresh_from_db(fields=["failures", "code_mac"])
    if hmac.compare_digest(bytes(referral.code_mac or b""), codes.code_mac(referral.id, code)):
        row.update(failures=0)
        return Unchanged("right")
    if referral.failures < limits.link_tries:
        return Unchanged("wrong")
    row.update(locked_until=at + dt.timedelta(minutes=limits.link_lock_minutes))
    record_referral(referral, "crisis.referral.locked")
    return True


@command(Permission.REFERRAL_EDIT)
def open_referral(referral: Referral, *, actor: Actor) -> Referral | Unchanged:
    """Note that a referral was opened by whoever holds link and code, the first time."""
    del actor
    rows = every_referral().filter(pk=referral.pk, opened_at=None, shut_at=None, state__in=WITH_INSTITUTION)
    if not rows.update(opened_at=now()):
        return Unchanged("opened_already")
    referral.refresh_from_db()
    write_step(referral, StepKind.OPENED, at=now(), by=None, way=Way.LINK)
    record_referral(referral, "crisis.referral.opened")
    return referral


@command(Permission.REFERRAL_EDIT)
def answer_referral(referral: Referral, *, actor: Actor, answer: rules.Answer) -> Referral:
    """Take what an institution says, by the link (the system acts) or noted by the school. Raises CannotRefer.

    The words are kept as the institution's. By the link, the psychology teachers have word that something waits.
    """
    refusal = rules.refusal_to_answer(
        referral.state, answer, is_station=referral.partner.kind == PartnerKind.STATION, on=today()
    )
    if refusal:
        raise CannotRefer([refusal])
    at, target, way = now(), ReferralState(answer.target), Way.LINK if actor.is_system else Way.SCHOOL
    rows = every_referral().filter(pk=referral.pk, state__in=sources_of(target))
    if actor.is_system:
        rows = rows.filter(shut_at=None)
    if not rows.update(state=target, answered_at=at, is_unread=actor.is_system, **_fields(answer, target, at)):
        raise CannotRefer(["not_now"])
    referral.refresh_from_db()
    by = None if actor.is_system else actor.person_id
    write_step(referral, StepKind(target.value), at=at, by=by, way=way, reason=answer.reason, day=answer.day,
               words=answer.words)  # fmt: skip
    _turn_clocks(referral, target, at, by)
    if actor.is_system:
        tell_people(referral, ("psychology_teachers",), at=at)
    record_referral(referral, EVENTS[target], way=str(way))
    return referral


def _fields(answer: rules.Answer, target: ReferralState, at: dt.datetime) -> dict[str, object]:
    if target is ReferralState.VISIT_DATED:
        return {"visit_on": answer.day}
    if target is ReferralState.ATTENDED:
        return {"attended_on": answer.day}
    if target is ReferralState.CLOSED:
        return {"ended_at": at, "end_reason": EndReason.IN_CARE}
    return {}


def _turn_clocks(referral: Referral, target: ReferralState, at: dt.datetime, by: UUID | None) -> None:
    """Stop what was waited for, and start waiting for what comes next."""
    limits = rules_at(referral.place, at)
    if target is ReferralState.ACCEPTED:
        meet_deadline(ANSWER, referral.id, at=at, by=by)
        start_clock(referral, VISIT, limits.visit_named_within, began_at=at, at=at)
    elif target is ReferralState.VISIT_DATED and referral.visit_on is not None:
        meet_deadline(VISIT, referral.id, at=at, by=by)
        cancel_deadlines(referral.id, at=at, reason="another_day", kind=SEEN)
        visit_at = max(at, dt.datetime.combine(referral.visit_on, dt.time(12), tzinfo=zone()))
        start_clock(referral, SEEN, limits.attended_within, began_at=visit_at, at=at)
    elif target is ReferralState.DECLINED:
        meet_deadline(ANSWER, referral.id, at=at, by=by)
    elif target is not ReferralState.ADVICE:
        for kind in (VISIT, SEEN):
            meet_deadline(kind, referral.id, at=at, by=by)
    if target is ReferralState.CLOSED:
        meet_deadline(STEP, referral.id, at=at, by=by)
    elif target is ReferralState.RETURNED:
        cancel_deadlines(referral.id, at=at, reason="heard_of", kind=STEP)
    wait_for_step(referral, at=at)


@command(Permission.REFERRAL_EDIT)
def acknowledge_answer(referral: Referral, *, actor: Actor) -> Referral | Unchanged:
    """Note that somebody at the school has read the newest answer."""
    if not every_referral().filter(pk=referral.pk, is_unread=True).update(is_unread=False):
        return Unchanged("read_already")
    referral.refresh_from_db()
    write_step(referral, StepKind.READ, at=now(), by=actor.person_id)
    record_referral(referral, "crisis.referral.answer_read")
    return referral
