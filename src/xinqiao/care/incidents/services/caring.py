"""Who was exposed, and looking after them: what was found, and a worry that becomes a signal."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.recipients import Recipient, addresses_of
from xinqiao.care.alerts.rules import urgency_by_rule
from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import AFTERCARE, CARE, rules_at, start
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.lines import record_incident, running_incident
from xinqiao.care.incidents.models import Exposure, Incident
from xinqiao.care.incidents.naming import strike_out_names
from xinqiao.care.incidents.rows import every_exposure, every_incident
from xinqiao.care.incidents.states import By, CareState, How
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.places import covers
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.duty.selectors import staff_with_role
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

WORDS = "aftercare_words"


@dataclass(frozen=True)
class Found:
    """What came of looking after a pupil: when it was, fine or a worry, what was seen (codes of the policy), words."""

    finding: str
    held_at: dt.datetime
    seen: tuple[str, ...]
    words: str


@command(Permission.INCIDENT_EXPOSED, is_batch=True)
def expose_pupils(
    incident: Incident, *, actor: Actor, students: Collection[Student], how: str
) -> list[Exposure] | Unchanged:
    """Put pupils of the school on the map of an incident; each gets a task with a clock. Who stands on it already stays
    as noted. Raises CannotDo."""
    locked = running_incident(incident.pk)
    if how not in How.values:
        raise CannotDo(rules.NO_SUCH_WORD)
    if not students:
        raise CannotDo(rules.NOBODY)
    if not all(covers(locked.place, each.place) and each.status == StudentStatus.ACTIVE for each in students):
        raise CannotDo(rules.NOT_AT_SCHOOL)
    known = set(every_exposure().filter(incident=locked).values_list("student_id", flat=True))
    made = [_write(locked, each, how, actor) for each in students if each.id not in known]
    if not made:
        return Unchanged("known_already")
    told = _tell(locked, made)
    record_incident(locked, "incidents.exposure.added", how=how, count=len(made), struck_out=strike_out_names(locked),
                    ids=[str(each.student_id) for each in made], told=told)  # fmt: skip
    return made


def _write(incident: Incident, student: Student, how: str, actor: Actor) -> Exposure:
    at, parameters = now(), rules_at(incident.place)
    step = parameters.emergency.aftercare[how]
    is_alone = step.by == By.CLASS_TEACHER and not staff_with_role(Role.CLASS_TEACHER, student.place, today())
    row = Exposure(
        county_id=student.county_id, place=student.place, incident=incident, student=student, key_id=student.key_id,
        how=how, by=By.PSYCHOLOGY_TEACHERS if is_alone else step.by, added_by=actor.person_id, added_at=at, due_at=at,
    )  # fmt: skip
    row.due_at = start(AFTERCARE, CARE, row.id, incident, within=step.within, at=at, parameters=parameters)
    row.save(force_insert=True)
    return row


def _tell(incident: Incident, made: Sequence[Exposure]) -> int:
    """Send a neutral word to whose task it is, once a person."""
    places = {(each.by, each.place) for each in made}
    roles = {By.CLASS_TEACHER: Role.CLASS_TEACHER, By.PSYCHOLOGY_TEACHERS: Role.PSYCH_TEACHER}
    people = {
        staff_id: Recipient(staff_id, by, may_read=True)
        for by, place in sorted(places)
        for staff_id in staff_with_role(roles[By(by)], place, today())
    }
    addresses = addresses_of(list(people.values()), incident.place)
    return post_messages(addresses, about_kind="aftercare", about_id=incident.id, at=now())


@command(Permission.INCIDENT_AFTERCARE)
def look_after(exposure: Exposure, *, actor: Actor, found: Found) -> Exposure | Unchanged:
    """Note what came of looking after a pupil; a worry becomes a signal in the same step. Raises CannotDo."""
    row = Exposure.objects.visible_to(actor, Permission.INCIDENT_AFTERCARE).select_for_update(of=("self",))
    fresh: Exposure | None = row.select_related("student").filter(pk=exposure.pk).first()
    if fresh is None:
        raise CannotDo(rules.NOT_NOW)
    if fresh.state != CareState.WAITING and fresh.settled_by == actor.person_id:
        return Unchanged("settled_already")
    parameters = rules_at(fresh.place)
    known = {each.code: str(each.urgency) for each in parameters.worry_observations}
    refusal = rules.refusal_to_care(
        fresh.state, finding=found.finding, seen=found.seen, words=found.words, known=known
    ) or rules.refusal_of_moment(found.held_at, now=now(), since=_since(fresh))
    if refusal:
        raise CannotDo(refusal)
    if found.finding == CareState.WORRY:
        at_least = parameters.worry_urgency_at_least.get(Source.EXPOSURE, "")
        urgency = urgency_by_rule([known[code] for code in found.seen], at_least)
        fresh.signal_id = _raise(fresh, found, urgency)
    _settle(fresh, actor, CareState(found.finding), found.words, found.held_at)
    meet_deadline(AFTERCARE, fresh.id, at=now(), by=actor.person_id)
    record("incidents.aftercare.done", subject_kind="student", subject_id=fresh.student_id, place=fresh.place,
           county_id=fresh.county_id, facts={"finding": found.finding, "incident": str(fresh.incident_id)})  # fmt: skip
    return fresh


def _since(exposure: Exposure) -> dt.datetime:
    happened: dt.datetime = every_incident().get(pk=exposure.incident_id).happened_at
    return happened


def _raise(exposure: Exposure, found: Found, urgency: str) -> UUID:
    """Write the signal and tell people; where nobody can be told it stands, and the job of telling tries on."""
    student = exposure.student
    basis = [Reason("seen", "", found.seen)] if found.seen else []
    stored, _is_new = raise_signal(
        student, source=Source.EXPOSURE, urgency=urgency, evidence=len(found.seen),
        basis=[*basis, Reason(WORDS, "", (found.words.strip(),))], origin_kind="aftercare", origin_id=exposure.id,
        once=f"aftercare:{exposure.id}", at=now(),
    )  # fmt: skip
    known: UUID = stored.id
    return known


@command(Permission.INCIDENT_EXPOSED)
def waive_care(exposure: Exposure, *, actor: Actor, words: str) -> Exposure | Unchanged:
    """Say why an exposed pupil is not looked after here: looked after elsewhere, noted by mistake. Raises CannotDo."""
    fresh = every_exposure().select_for_update().get(pk=exposure.pk)
    if fresh.state != CareState.WAITING:
        return Unchanged("settled_already")
    if refusal := rules.refusal_of_words(words):
        raise CannotDo(refusal)
    _settle(fresh, actor, CareState.WAIVED, words, None)
    cancel_deadlines(fresh.id, at=now(), reason="waived", kind=AFTERCARE)
    record("incidents.aftercare.waived", subject_kind="student", subject_id=fresh.student_id, place=fresh.place,
           county_id=fresh.county_id, facts={"incident": str(fresh.incident_id)})  # fmt: skip
    return fresh


def _settle(row: Exposure, actor: Actor, state: CareState, words: str, held_at: dt.datetime | None) -> None:
    row.state, row.words, row.held_at = state, words.strip() or None, held_at
    row.settled_by, row.settled_at = actor.person_id, now()
    row.save(update_fields=["state", "words", "held_at", "settled_by", "settled_at", "signal_id"])
