"""What becomes of a worry whose classmate was not known: the pupil is named, or it is set aside with a reason."""

import datetime as dt
import json
from uuid import UUID

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.voices import rules
from xinqiao.care.voices.models import ClassmateWorry
from xinqiao.care.voices.rows import every_worry
from xinqiao.care.voices.states import WorryState, sources_of
from xinqiao.engines.triage import TriageRules
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed, seal_rows
from xinqiao.register.deadlines.kinds import NAME
from xinqiao.register.deadlines.services.clocks import meet_deadline
from xinqiao.register.people.models import Student


class CannotSettle(ValueError):
    """The worry cannot be settled so; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.WORRY_SETTLE)
def name_pupil(worry: ClassmateWorry, *, actor: Actor, student: Student) -> Signal:
    """Say whom a worry is about: a signal on that pupil, as urgent as the worry. Raises CannotSettle."""
    writer, at = worry.student, now()
    _demand(rules.refusal_to_name(
        state=worry.state, is_same_school=student.school_id == writer.school_id, is_writer=student.id == writer.id
    ))  # fmt: skip
    _move(worry, WorryState.NAMED, at, actor, named_id=student.id)
    said = rules.Worry(*said_of(worry))
    points = TriageRules()
    is_red = worry.urgency == rules.RED
    signal, _is_new = raise_signal(
        student, source=Source.COMMITTEE, urgency=worry.urgency, basis=rules.reasons_of_worry(said),
        evidence=points.points_critical_first if is_red else points.points_asked, origin_kind="worry",
        origin_id=worry.id, once=f"worry:{worry.id}", at=at,
    )  # fmt: skip
    record("voices.worry.named", subject_kind="student", subject_id=student.id, place=student.place,
           county_id=student.county_id, facts={"worry": str(worry.id), "urgency": worry.urgency})  # fmt: skip
    return signal


@command(Permission.WORRY_SETTLE)
def set_aside(worry: ClassmateWorry, *, actor: Actor, reason: str) -> ClassmateWorry:
    """Let a worry rest, with the reason in words. Raises CannotSettle."""
    _demand(rules.refusal_to_set_aside(state=worry.state, reason=reason))
    worry.reason = reason.strip()
    seal_rows([worry])
    _move(worry, WorryState.SET_ASIDE, now(), actor, reason=worry.reason)
    record("voices.worry.set_aside", subject_kind="student", subject_id=worry.student_id, place=worry.place,
           county_id=worry.county_id, facts={"worry": str(worry.id)})  # fmt: skip
    return worry


def said_of(worry: ClassmateWorry) -> tuple[tuple[str, ...], str, str]:
    """Return what was noticed (codes), who it is in the writer's words, and the words; empty where the key is gone."""
    (opened,) = open_sealed([worry], "about", "said")
    kinds, words = json.loads(opened["said"]) if opened["said"] else ([], "")
    return tuple(kinds), opened["about"] or "", words


def _move(worry: ClassmateWorry, target: WorryState, at: dt.datetime, actor: Actor, **fields: object) -> None:
    by: UUID = actor.person_id
    rows = every_worry().filter(pk=worry.pk, state__in=sources_of(target))
    if not rows.update(state=target, settled_at=at, settled_by=by, **fields):
        raise CannotSettle(rules.SETTLED_ALREADY)
    meet_deadline(NAME, worry.id, at=at, by=by)


def _demand(refusal: str | None) -> None:
    if refusal is not None:
        raise CannotSettle(refusal)
