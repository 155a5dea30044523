"""The hotline of an incident: opened, who sits when, calls taken and called back, and its end."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.services.reporting import urgency_of
from xinqiao.care.alerts.states import Source
from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import CALL, HOTLINE_BACK, rules_at, start
from xinqiao.care.incidents.errors import CannotDo, demand
from xinqiao.care.incidents.lines import record_incident
from xinqiao.care.incidents.models import Hotline, HotlineCall, HotlineShift, Incident
from xinqiao.care.incidents.rows import every_hotline, every_incident, every_phone_call, every_shift
from xinqiao.care.incidents.states import BackState, Caller, HotlineState, IncidentState
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.places import covers
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

WORDS = "hotline_words"
LONGEST_NUMBERS, EVIDENCE = 200, 1  # a call counts like one thing that staff noticed


@dataclass(frozen=True)
class HotlineDraft:
    """What is published, and from which hour for how many hours a day somebody sits; `once` comes with the form."""

    once: UUID
    numbers: str
    from_hour: int
    hours: int


@dataclass(frozen=True)
class ShiftDraft:
    """Who sits on a day, from which hour for how many hours, and who steps in."""

    once: UUID
    day: dt.date
    from_hour: int
    hours: int
    sitter: UUID
    substitute: UUID | None


@dataclass(frozen=True)
class CallDraft:
    """One call: who calls, of what, whether it is urgent, what was answered, the pupil it is about where there is one,
    and whether somebody calls back, under which number."""

    once: UUID
    caller: str
    concern: str
    answered: str
    is_urgent: bool
    is_back: bool
    back_to: str
    student: Student | None = None


@command(Permission.INCIDENT_LEAD)
def open_hotline(incident: Incident, *, actor: Actor, draft: HotlineDraft) -> Hotline | Unchanged:
    """Open the hotline of a running incident; there is one at a time. Raises CannotDo."""
    return _open(incident, actor, draft, is_bureau=False)


@command(Permission.INCIDENT_RECEIVE, is_batch=True)
def open_hotlines(
    place: str, *, actor: Actor, incidents: Sequence[Incident], draft: HotlineDraft
) -> list[Hotline] | Unchanged:  # fmt: skip
    """Open one hotline at several schools below a bureau's place: the same numbers and hours; each school says who
    sits, and takes the calls. Schools that have one keep theirs. Raises CannotDo."""
    if not incidents:
        raise CannotDo(rules.NOBODY)
    if not all(covers(place, each.place) for each in incidents):
        raise CannotDo(rules.NOT_AT_SCHOOL)
    opened = [_open(each, actor, draft, is_bureau=True) for each in sorted(incidents, key=lambda each: each.pk)]
    made = [each for each in opened if isinstance(each, Hotline)]
    return made or Unchanged("opened_already")


def _open(incident: Incident, actor: Actor, draft: HotlineDraft, *, is_bureau: bool) -> Hotline | Unchanged:
    locked = every_incident().select_for_update().get(pk=incident.pk)
    demand("" if locked.state == IncidentState.OPEN else rules.IS_CLOSED)
    if every_hotline().filter(incident=locked, state=HotlineState.OPEN).exists():
        return Unchanged("opened_already")
    once = f"{locked.id}:{draft.once}"
    if every_hotline().filter(once=once).exists():
        return Unchanged("opened_already")
    demand(rules.refusal_of_words(draft.numbers) or rules.refusal_of_hours(draft.from_hour, draft.hours))
    demand(rules.TOO_LONG if len(draft.numbers) > LONGEST_NUMBERS else "")
    hotline = Hotline(
        county_id=locked.county_id, place=locked.place, incident=locked, key_id=locked.key_id, once=once,
        numbers=draft.numbers.strip(), from_hour=draft.from_hour, hours=draft.hours, is_bureau=is_bureau,
        opened_by=actor.person_id, opened_at=now(),
    )  # fmt: skip
    hotline.save(force_insert=True)
    record_incident(locked, "incidents.hotline.opened", bureau=is_bureau)
    return hotline


@command(Permission.INCIDENT_LEAD)
def add_shift(hotline: Hotline, *, actor: Actor, draft: ShiftDraft) -> HotlineShift | Unchanged:
    """Write down who sits at the telephone, and who steps in. Raises CannotDo."""
    locked = _locked(hotline.pk)
    if every_shift().filter(once=draft.once).exists():
        return Unchanged("noted_already")
    demand(rules.refusal_of_hours(draft.from_hour, draft.hours))
    demand(rules.DAY_BEHIND if draft.day < today() else "")
    demand(rules.TWICE if draft.substitute == draft.sitter else "")
    able = staff_who_may(Permission.INCIDENT_EXPOSED, locked.place, today())
    if any(each not in able for each in (draft.sitter, draft.substitute) if each):
        raise CannotDo(rules.NOT_ABLE)
    shift = HotlineShift(
        county_id=locked.county_id, place=locked.place, hotline=locked, once=draft.once, day=draft.day,
        from_hour=draft.from_hour, hours=draft.hours, sitter=draft.sitter, substitute=draft.substitute,
        added_by=actor.person_id, added_at=now(),
    )  # fmt: skip
    shift.save(force_insert=True)
    record_incident(locked.incident, "incidents.shift.added", shift=str(shift.id))
    return shift


@command(Permission.INCIDENT_LEAD)
def remove_shift(shift: HotlineShift, *, actor: Actor) -> HotlineShift | Unchanged:
    """Take somebody off the roster; the line stays for the record. Raises CannotDo."""
    locked = _locked(shift.hotline_id)
    fresh = every_shift().select_for_update().get(pk=shift.pk)
    if fresh.removed_at is not None:
        return Unchanged("removed_already")
    fresh.removed_by, fresh.removed_at = actor.person_id, now()
    fresh.save(update_fields=["removed_by", "removed_at"])
    record_incident(locked.incident, "incidents.shift.removed", shift=str(fresh.id))
    return fresh


@command(Permission.INCIDENT_EXPOSED)
def take_call(hotline: Hotline, *, actor: Actor, draft: CallDraft) -> HotlineCall | Unchanged:
    """Keep a call. About a pupil it becomes a signal in the same step; a promise to call back has a clock. Raises
    CannotDo."""
    locked = _locked(hotline.pk)
    if every_phone_call().filter(once=draft.once).exists():
        return Unchanged("noted_already")
    demand("" if draft.caller in Caller.values else rules.NO_SUCH_WORD)
    demand(rules.refusal_of_words(draft.concern))
    demand(rules.TOO_LONG if len(draft.answered) > rules.LONGEST else "")
    student, at = draft.student, now()
    call = HotlineCall(
        county_id=locked.county_id, place=locked.place, hotline=locked, once=draft.once, at=at, caller=draft.caller,
        key_id=student.key_id if student else locked.key_id, is_urgent=draft.is_urgent, concern=draft.concern.strip(),
        answered=draft.answered.strip() or None, taken_by=actor.person_id, back_to=draft.back_to.strip() or None,
    )  # fmt: skip
    if student is not None:
        _raise(call, student, draft.concern)
    if draft.is_back:
        _promise(call, locked.incident, at)
    call.save(force_insert=True)
    record_incident(locked.incident, "incidents.phone.taken", caller=draft.caller, call=str(call.id))
    return call


def _promise(call: HotlineCall, incident: Incident, at: dt.datetime) -> None:
    parameters = rules_at(incident.place)
    policy = parameters.emergency.hotline
    within = policy.urgent_back_within if call.is_urgent else policy.back_within
    call.back_state, call.back_began_at = BackState.WAITING, at
    call.back_due_at = start(HOTLINE_BACK, CALL, call.id, incident, within=within, at=at, parameters=parameters)


def _raise(call: HotlineCall, student: Student, words: str) -> None:
    """Write the signal and tell people; where nobody can be told it stands, and the job of telling tries on."""
    if not (covers(call.place, student.place) and student.status == StudentStatus.ACTIVE):
        raise CannotDo(rules.NOT_AT_SCHOOL)
    parameters = rules_at(student.place)
    urgency = urgency_of((), Source.HOTLINE, parameters)
    if call.is_urgent:
        urgency = parameters.emergency.hotline.urgent_call
    stored, _is_new = raise_signal(
        student, source=Source.HOTLINE, urgency=urgency, evidence=EVIDENCE,
        basis=[Reason(WORDS, "", (words.strip(),))], origin_kind="hotline_call", origin_id=call.id,
        once=f"hotline:{call.id}", at=now(),
    )  # fmt: skip
    call.student, call.signal_id = student, stored.id
    record("incidents.phone.signalled", subject_kind="student", subject_id=student.id, place=student.place,
           county_id=student.county_id, facts={"signal": str(stored.id)})  # fmt: skip


@command(Permission.INCIDENT_EXPOSED)
def settle_back(
    call: HotlineCall, *, actor: Actor, words: str, student: Student | None = None
) -> HotlineCall | Unchanged:  # fmt: skip
    """Note that somebody was called back, and what came of it; where it turned out of which pupil the call was, that is
    a signal in the same step. Raises CannotDo."""
    fresh = _waiting(call)
    if fresh is None:
        return Unchanged("settled_already")
    demand(rules.refusal_of_words(words))
    if student is not None and fresh.student_id is None:
        _raise(fresh, student, words)
    _settle(fresh, actor, BackState.DONE, words)
    meet_deadline(HOTLINE_BACK, fresh.id, at=now(), by=actor.person_id)
    record_incident(fresh.hotline.incident, "incidents.back.done", call=str(fresh.id))
    return fresh


@command(Permission.INCIDENT_EXPOSED)
def waive_back(call: HotlineCall, *, actor: Actor, words: str) -> HotlineCall | Unchanged:
    """Say why somebody is not called back. Raises CannotDo."""
    fresh = _waiting(call)
    if fresh is None:
        return Unchanged("settled_already")
    demand(rules.refusal_of_words(words))
    _settle(fresh, actor, BackState.WAIVED, words)
    cancel_deadlines(fresh.id, at=now(), reason="waived", kind=HOTLINE_BACK)
    record_incident(fresh.hotline.incident, "incidents.back.waived", call=str(fresh.id))
    return fresh


def _waiting(call: HotlineCall) -> HotlineCall | None:
    """The call under a lock, after its hotline, in the order in which the end of the mode locks; None if settled."""
    _locked(call.hotline_id)
    rows = every_phone_call().select_related("hotline__incident").select_for_update(of=("self",))
    fresh: HotlineCall = rows.get(pk=call.pk)
    demand(rules.NOT_NOW if not fresh.back_state else "")
    return fresh if fresh.back_state == BackState.WAITING else None


def _settle(call: HotlineCall, actor: Actor, state: BackState, words: str) -> None:
    call.back_state, call.back_at, call.back_by, call.back_words = state, now(), actor.person_id, words.strip()
    call.save(update_fields=["back_state", "back_at", "back_by", "back_words", "student", "signal_id"])


@command(Permission.INCIDENT_LEAD)
def end_hotline(hotline: Hotline, *, actor: Actor, words: str) -> Hotline | Unchanged:
    """End the hotline, with a reason; somebody who waits to be called back keeps it open. Raises CannotDo."""
    fresh = every_hotline().select_related("incident").select_for_update(of=("self",)).get(pk=hotline.pk)
    if fresh.state != HotlineState.OPEN:
        return Unchanged("ended_already")
    demand(rules.refusal_of_words(words))
    if _is_somebody_waiting(fresh):
        raise CannotDo(rules.BACKS_OPEN)
    fresh.state, fresh.ended_by, fresh.ended_at, fresh.ending = (
        HotlineState.ENDED, actor.person_id, now(), words.strip(),
    )  # fmt: skip
    fresh.save(update_fields=["state", "ended_by", "ended_at", "ending"])
    record_incident(fresh.incident, "incidents.hotline.ended")
    return fresh


def _is_somebody_waiting(hotline: Hotline) -> bool:
    return every_phone_call().filter(hotline=hotline, back_state=BackState.WAITING).exists()


def _locked(hotline_id: UUID) -> Hotline:
    """Return an open hotline under a lock, so that it is not ended meanwhile. Raises CannotDo."""
    rows = every_hotline().select_related("incident").select_for_update(of=("self",))
    fresh: Hotline = rows.get(pk=hotline_id)
    demand("" if fresh.state == HotlineState.OPEN else rules.MODE_ENDED)
    return fresh
