"""What staff report of a pupil, and what is handed over: one signal each, its clock by rule, people told at once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.utils import timezone

from xinqiao.care.alerts.finding import lies_in_school
from xinqiao.care.alerts.models import Report
from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.alerts.rules import urgency_by_rule
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.alerts.services.telling import tell_if_anybody
from xinqiao.care.alerts.states import Part, Source
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Actor, Forbidden
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.places import covers
from xinqiao.register.people.models import Student
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

SOURCE_OF_ROLE = {
    Role.CLASS_TEACHER: Source.CLASS_TEACHER,
    Role.MENTOR: Source.MENTOR,
    Role.DORM_KEEPER: Source.DORM_KEEPER,
    Role.SUBJECT_TEACHER: Source.SUBJECT_TEACHER,
}
PART_SEEN = {Part.SUFFERS: "is-bullied", Part.DOES: "bullies"}


@dataclass(frozen=True)
class Worry:
    """What was seen of one pupil. `seen` and `factors` are codes of the policy in force, `seen_when` of `SeenWhen`.

    `typed` is the name or number by which the pupil was named; `key` comes with the form, so that the same form sent
    twice is one report.
    """

    typed: str
    seen: tuple[str, ...]
    factors: tuple[str, ...]
    seen_when: str
    words: str
    key: UUID
    stayed: bool | None = None


def report_id(worry: Worry, student: Student, actor: Actor) -> UUID:
    """Return the id that this report has or would have: the same for the same content of the same form."""
    told = [worry.seen, worry.factors, worry.seen_when, worry.words, worry.stayed]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return uuid5(worry.key, f"{actor.person_id}:{student.id}:{digest}")


@command(Permission.WORRY_REPORT)
def report_worry(place: str, *, actor: Actor, student: Student, worry: Worry) -> Report | Unchanged:
    """Take down what somebody saw of a pupil of the school in which `place` lies; raises Forbidden for another's."""
    _demand_same_school(place, student, Permission.WORRY_REPORT)
    return _write(student, worry, actor, source_of(actor, student)) or Unchanged("reported_already")


@command(Permission.WORRY_HAND_OVER)
def hand_over(place: str, *, actor: Actor, student: Student, worry: Worry, source: str) -> Report | Unchanged:
    """Hand over what came from elsewhere (`source`: one of HANDED_OVER), to whoever reads the queue."""
    _demand_same_school(place, student, Permission.WORRY_HAND_OVER)
    return _write(student, worry, actor, Source(source)) or Unchanged("reported_already")


@command(Permission.WORRY_HAND_OVER)
def report_exposure(place: str, *, actor: Actor, students: Sequence[Student], worry: Worry) -> list[Report] | Unchanged:
    """Take down that several pupils were exposed to an incident: a signal each. `typed` is the class's name."""
    for each in students:
        _demand_same_school(place, each, Permission.WORRY_HAND_OVER)
    made = [_write(each, worry, actor, Source.EXPOSURE) for each in students]
    return [each for each in made if each] or Unchanged("reported_already")


@command(Permission.WORRY_HAND_OVER)
def report_bullying(
    place: str, *, actor: Actor, parts: Mapping[Part, tuple[Student, Worry]]
) -> list[Report] | Unchanged:
    """Open a signal for both pupils of a bullying; each story holds its own part, and they share a `pair`."""
    made = []
    for part, (student, worry) in parts.items():
        _demand_same_school(place, student, Permission.WORRY_HAND_OVER)
        pair = uuid5(worry.key, "pair")
        made.append(_write(student, worry, actor, Source.STAFF, part=part, pair=pair))
    return [each for each in made if each] or Unchanged("reported_already")


def source_of(actor: Actor, student: Student) -> Source:
    """Return as whom the actor reports about this pupil: by the role that is nearest to the pupil."""
    for role, source in SOURCE_OF_ROLE.items():
        for grant in actor.grants:
            is_near = covers(grant.place, student.place) or role == Role.DORM_KEEPER
            if grant.role == role and is_near and lies_in_school(grant.place, student):
                return source
    return Source.STAFF


def _demand_same_school(place: str, student: Student, permission: Permission) -> None:
    if not lies_in_school(place, student):
        raise Forbidden(permission, student.place)


def _write(
    student: Student, worry: Worry, actor: Actor, source: Source, *, part: str = "", pair: UUID | None = None
) -> Report | None:
    """Write signal and report, and tell people; None where this form was sent before."""
    at, known = now(), report_id(worry, student, actor)
    parameters = parameters_for(student.place, timezone.localtime(at).date())
    seen = tuple(dict.fromkeys((*worry.seen, *filter(None, (PART_SEEN.get(Part(part)) if part else "",)))))
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id, source=source,
        urgency=urgency_of(seen, source, parameters), evidence=len(seen), basis=_basis(seen, worry.factors, part),
        origin_kind="report", origin_id=known, once=f"report:{known}", at=at,
    )  # fmt: skip
    every_signal().bulk_create([signal], ignore_conflicts=True)
    if every_signal().get(once=signal.once).id != signal.id:
        return None
    report = Report(
        id=known, county_id=student.county_id, place=student.place, student=student, signal=signal,
        key_id=student.key_id, reported_by=actor.person_id, reported_at=at, seen_when=worry.seen_when,
        stayed=worry.stayed, typed=worry.typed.strip(), words=worry.words.strip() or None, pair=pair,
    )  # fmt: skip
    report.save(force_insert=True)
    record(
        "alerts.report.made", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"signal": str(signal.id), "source": source.value},
    )  # fmt: skip
    tell_if_anybody(every_signal().select_related("student").get(pk=signal.id), at=at)
    return report


def urgency_of(seen: Sequence[str], source: str, parameters: Parameters) -> str:
    """Return the urgency that follows from the policy."""
    by_code = {each.code: each.urgency for each in parameters.worry_observations}
    ticked = [by_code[code] for code in seen if code in by_code]
    return urgency_by_rule(ticked, parameters.worry_urgency_at_least.get(source, ""))


def _basis(seen: Sequence[str], factors: Sequence[str], part: str) -> list[Reason]:
    found = [Reason("part", "", (part,))] if part else []
    found += [Reason("seen", "", tuple(seen))] if seen else []
    return found + ([Reason("factor", "", tuple(factors))] if factors else [])
