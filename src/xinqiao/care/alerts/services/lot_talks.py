"""A talk with a pupil who raised no signal: written like any other, judged by the same rules. A private body."""

import datetime as dt

from django.utils import timezone

from xinqiao.care.alerts.models import Interview
from xinqiao.care.alerts.rules import refusal_of_level, refusal_of_time, refusal_to_close
from xinqiao.care.alerts.services.interviewing import CannotRecord, Talk
from xinqiao.care.alerts.services.levels import Basis, write_attention
from xinqiao.care.alerts.settling import Settled, signals_settled
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.models import Student


def write_talk_without_signal(student: Student, *, actor: Actor, talk: Talk, since: dt.datetime) -> Interview:
    """Write a talk that was held since a moment, with its level; inside the running command. Raises CannotRecord."""
    at = now()
    refusals = (
        refusal_of_time(talk.held_at, since, at),
        refusal_to_close(outcome=talk.outcome, is_red=False, is_face_to_face=talk.is_face_to_face, note=talk.note,
                         risk_found=talk.risk_found),
        refusal_of_level(outcome=talk.outcome, level=talk.level, advice=talk.advice, review_on=talk.review_on,
                         today=timezone.localtime(at).date()),
    )  # fmt: skip
    if code := next((refusal for refusal in refusals if refusal), None):
        raise CannotRecord(code)
    interview = Interview(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id, held_at=talk.held_at,
        held_by=actor.person_id, is_face_to_face=talk.is_face_to_face, risk_found=talk.risk_found,
        asked_about_suicide=talk.asked_about_suicide, note=talk.note.strip(), outcome=talk.outcome, recorded_at=at,
        kind=talk.kind, asked=",".join(talk.asked) or None, standing=talk.standing or None,
    )  # fmt: skip
    interview.save(force_insert=True)
    record(
        "alerts.interview.recorded", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"interview": str(interview.id), "outcome": talk.outcome, "kind": talk.kind},
    )  # fmt: skip
    if talk.level:
        write_attention(student, actor=actor, level=talk.level, advice=talk.advice, review_on=talk.review_on,
                        basis=Basis("interview", interview.id))  # fmt: skip
    signals_settled.send([
        Settled(student=student, signal_ids=(), interview_id=interview.id, outcome=talk.outcome, level=talk.level,
                by=actor.person_id, at=at)
    ])  # fmt: skip
    return interview
