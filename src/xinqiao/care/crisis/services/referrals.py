"""Writing a referral, hearing the family, looking it through, sending, ending it."""

import datetime as dt
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from xinqiao.care.crisis.models import Partner, Referral
from xinqiao.care.crisis.referral import codes, rules
from xinqiao.care.crisis.referral.states import (
    ENDED,
    IN_PREPARATION,
    EndReason,
    ReferralState,
    Shared,
    StepKind,
    sources_of,
)
from xinqiao.care.crisis.referral_building import consent_of, findings_in_draft, payload_of, standing_of_partner
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.referral_steps import (
    ANSWER,
    STEP,
    TALK,
    record_referral,
    rules_at,
    start_clock,
    tell_people,
    wait_for_step,
    write_step,
)
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.care.letters.rules import Finding
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.people.models import Student
from xinqiao.register.people.selectors.consent import current_form
from xinqiao.register.people.services.consents import write_decision
from xinqiao.register.people.states import Decision, Purpose, StudentStatus


class CannotRefer(ValueError):
    """A referral does not take it; `reasons` are codes as in `referral.rules`, `findings` spots in the words."""

    def __init__(self, reasons: Sequence[str], findings: Sequence[Finding] = ()) -> None:
        super().__init__("; ".join([*reasons, *(finding.code for finding in findings)]))
        self.reasons, self.findings = tuple(reasons), tuple(findings)


@dataclass(frozen=True)
class ReferralDraft:
    """What is written: to whom, why, what was seen, whom to ask, and item by item what else may be shown."""

    partner: Partner
    reason: str
    contact: str
    observed: str = ""
    advice: str = ""
    shared: tuple[str, ...] = ()


@command(Permission.REFERRAL_EDIT)
def write_referral(student: Student, *, actor: Actor, draft: ReferralDraft) -> Referral:
    """Begin the referral of a pupil. Raises CannotRefer."""
    reasons = [] if student.status == StudentStatus.ACTIVE else ["left_school"]
    running = every_referral().filter(student=student, partner=draft.partner).exclude(
        state__in=(*ENDED, ReferralState.DECLINED, ReferralState.RETURNED)
    )  # fmt: skip
    reasons += ["runs_already"] if running.exists() else []
    _demand(student.place, draft, reasons)
    case = every_running_case().filter(student=student).first()
    referral = Referral(
        county_id=student.county_id, place=student.place, student=student, case=case, key_id=student.key_id,
        written_by=actor.person_id, written_at=now(), **_words(draft),
    )  # fmt: skip
    referral.save(force_insert=True)
    write_step(referral, StepKind.WRITTEN, at=now(), by=actor.person_id)
    wait_for_step(referral, at=now())
    record_referral(referral, "crisis.referral.written")
    return referral


@command(Permission.REFERRAL_EDIT)
def change_referral(referral: Referral, *, actor: Actor, draft: ReferralDraft) -> Referral:
    """Write a referral anew while it is not out; it has to be looked through again. Raises CannotRefer."""
    _demand(referral.student.place, draft, [])
    for name, value in _words(draft).items():
        setattr(referral, name, value)
    seal_rows([referral])
    kept = {name: getattr(referral, name) for name in ("reason", "observed", "contact", "advice")}
    rows = every_referral().filter(pk=referral.pk, state__in=IN_PREPARATION)
    fields = {**kept, "partner": draft.partner, "shared": referral.shared, "payload": None, "payload_digest": None}
    if not rows.filter(state=ReferralState.REFUSED).update(**fields) and not rows.update(
        state=ReferralState.DRAFT, **fields
    ):
        raise CannotRefer(["not_now"])
    referral.refresh_from_db()
    write_step(referral, StepKind.WRITTEN, at=now(), by=actor.person_id)
    record_referral(referral, "crisis.referral.written")
    return referral


@command(Permission.REFERRAL_EDIT)
def hear_family(referral: Referral, *, actor: Actor, is_agreed: bool, given_by: str, words: str = "") -> Referral:
    """Note what the family decided, on the form in force: consent for this purpose, and what follows from a no.

    After a no a clock runs for the next talk and the principal is told. Raises CannotRefer, CannotRecord.
    """
    form = current_form(referral.student.place, Purpose.REFERRAL)
    if form is None or referral.state not in IN_PREPARATION:
        raise CannotRefer(["not_now" if form else "no_form"])
    decision = Decision.GIVEN if is_agreed else Decision.REFUSED
    write_decision(referral.student, form, actor=actor, decision=decision, given_by=given_by)
    at, row = now(), every_referral().filter(pk=referral.pk)
    if is_agreed:
        row.filter(state=ReferralState.REFUSED).update(state=ReferralState.DRAFT)
        meet_deadline(TALK, referral.id, at=at, by=actor.person_id)
    elif row.filter(state__in=sources_of(ReferralState.REFUSED)).update(state=ReferralState.REFUSED):
        start_clock(referral, TALK, rules_at(referral.place, at).talk_again_within, began_at=at, at=at)
        cancel_deadlines(referral.id, at=at, reason="refused", kind=STEP)
        tell_people(referral, ("principal",), at=at)
    referral.refresh_from_db()
    wait_for_step(referral, at=at)
    kind = StepKind.AGREED if is_agreed else StepKind.REFUSED
    write_step(referral, kind, at=at, by=actor.person_id, words=words)
    record_referral(referral, "crisis.referral.agreed" if is_agreed else "crisis.referral.refused")
    return referral


@command(Permission.REFERRAL_EDIT)
def ready_referral(referral: Referral, *, actor: Actor, shown: bytes) -> Referral:
    """Say that a referral was looked through exactly as the institution will see it. Raises CannotRefer."""
    payload = payload_of(referral).as_json()
    digest = codes.payload_digest(referral.id, payload)
    if not hmac.compare_digest(shown, digest):
        raise CannotRefer(["changed_meanwhile"])
    referral.payload = payload
    seal_rows([referral])
    rows = every_referral().filter(pk=referral.pk, state__in=sources_of(ReferralState.READY))
    if not rows.update(state=ReferralState.READY, payload=referral.payload, payload_digest=digest):
        raise CannotRefer(["not_now"])
    referral.refresh_from_db()
    write_step(referral, StepKind.READY, at=now(), by=actor.person_id)
    record_referral(referral, "crisis.referral.readied")
    return referral


@command(Permission.REFERRAL_EDIT)
def send_referral(referral: Referral, *, actor: Actor, emergency: str = "") -> Referral:
    """Send a referral: from now on link and code open it. Consent is asked for here, on the act itself.

    `emergency` says why it cannot wait for a yes; it is kept, and the principal is told. Raises CannotRefer.
    """
    consent, is_asked = consent_of(referral.student, today())
    digest = codes.payload_digest(referral.id, payload_of(referral).as_json())
    reasons = rules.refusals_to_send(
        referral.state, consent=consent, is_asked=is_asked, emergency=emergency.strip(),
        partner=standing_of_partner(referral.partner, today()),
        is_changed=referral.state == ReferralState.READY and digest != bytes(referral.payload_digest or b""),
    )  # fmt: skip
    if reasons:
        raise CannotRefer(reasons)
    at, is_override = now(), consent not in ("given", "not_needed")
    _give_link(referral, actor, at, is_override=is_override)
    if is_override:
        write_step(referral, StepKind.OVERRIDDEN, at=at, by=actor.person_id, words=emergency)
        tell_people(referral, ("principal",), at=at)
        record_referral(referral, "crisis.referral.overridden")
    write_step(referral, StepKind.SENT, at=at, by=actor.person_id)
    cancel_deadlines(referral.id, at=at, reason="sent", kind=TALK)
    meet_deadline(STEP, referral.id, at=at, by=actor.person_id)
    start_clock(referral, ANSWER, rules_at(referral.place, at).answer_within, began_at=at, at=at)
    record_referral(referral, "crisis.referral.sent")
    return referral


def _give_link(referral: Referral, actor: Actor, at: dt.datetime, *, is_override: bool) -> None:
    link, code = codes.new_signs(codes.LINK_LENGTH), codes.new_signs(codes.CODE_LENGTH)
    referral.link, referral.code = link, code
    seal_rows([referral])
    rows = every_referral().filter(pk=referral.pk, state__in=sources_of(ReferralState.SENT))
    moved = rows.update(
        state=ReferralState.SENT, link=referral.link, code=referral.code, link_mac=codes.link_mac(link),
        code_mac=codes.code_mac(referral.id, code), sent_by=actor.person_id, sent_at=at, is_override=is_override,
        expires_at=at + dt.timedelta(days=rules_at(referral.place, at).link_days),
    )  # fmt: skip
    if not moved:
        raise CannotRefer(["not_now"])
    referral.refresh_from_db()


@command(Permission.REFERRAL_EDIT)
def withdraw_referral(referral: Referral, *, actor: Actor, reason: str, words: str = "") -> Referral:
    """Withdraw a referral for a reason: its link opens nothing any more. Raises CannotRefer."""
    return _end(referral, actor, ReferralState.WITHDRAWN, reason, words)


@command(Permission.REFERRAL_EDIT)
def close_referral(referral: Referral, *, actor: Actor, reason: str, words: str = "") -> Referral:
    """Close a referral for a reason: its link opens nothing any more. Raises CannotRefer."""
    return _end(referral, actor, ReferralState.CLOSED, reason, words)


def _end(referral: Referral, actor: Actor, target: ReferralState, reason: str, words: str) -> Referral:
    refusal = rules.refusal_to_end(referral.state, sources_of(target), reason)
    at = now()
    rows = every_referral().filter(pk=referral.pk, state__in=sources_of(target))
    fields = {"state": target, "ended_at": at, "is_unread": False}
    if refusal or not rows.update(**fields, end_reason=EndReason(reason)):
        raise CannotRefer([refusal or "not_now"])
    referral.refresh_from_db()
    cancel_deadlines(referral.id, at=at, reason=str(target))
    write_step(referral, StepKind(target.value), at=at, by=actor.person_id, reason=reason, words=words)
    record_referral(referral, f"crisis.referral.{target.value}", reason=reason, way="school")
    return referral


@command(Permission.REFERRAL_EDIT)
def hand_advice(referral: Referral, *, actor: Actor) -> Referral:
    """Note that the guardians were given the written advice to see a doctor."""
    write_step(referral, StepKind.HANDED, at=now(), by=actor.person_id)
    record_referral(referral, "crisis.referral.handed")
    return referral


def _demand(place: str, draft: ReferralDraft, reasons: list[str]) -> None:
    refusal = standing_of_partner(draft.partner, today())
    reasons += [refusal] if refusal else []
    reasons += [] if draft.reason.strip() else ["words_needed"]
    findings = findings_in_draft(place, draft.reason, draft.observed, draft.advice)
    if reasons or findings:
        raise CannotRefer(reasons, findings)


def _words(draft: ReferralDraft) -> dict[str, object]:
    return {
        "partner": draft.partner, "reason": draft.reason.strip(), "observed": draft.observed.strip() or None,
        "contact": draft.contact.strip(), "advice": draft.advice.strip() or None,
        "shared": ",".join(item.value for item in Shared if item.value in draft.shared),
    }  # fmt: skip
