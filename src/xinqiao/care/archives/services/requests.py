"""Taking in what a pupil or a guardian asks about a file, answering it, and excerpts that a second person approves."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.archives import rules
from xinqiao.care.archives.clocks import SUBJECT, rules_for, start_answering, stop_answering
from xinqiao.care.archives.errors import CannotFile, demand_none
from xinqiao.care.archives.models import Excerpt, FileRequest
from xinqiao.care.archives.rows import every_erasure, every_excerpt, every_request
from xinqiao.care.archives.states import LIVE, ExcerptState, RequestState, excerpt_sources_of, request_sources_of
from xinqiao.care.archives.telling import record_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.people.models import Student
from xinqiao.register.policy.calendar import clock_due_at


@dataclass(frozen=True)
class Asked:
    """Who asked what, by which way, on which day, in which words."""

    kind: str
    asked_by: str
    way: str
    asked_on: dt.date
    words: str


@command(Permission.FILE_REQUEST)
def record_request(student: Student, *, actor: Actor, asked: Asked) -> FileRequest:
    """Take in a request and start its clock. Raises CannotFile; the same asked by the same and not answered is one."""
    student = Student.objects.for_system(reason="body of a command").select_for_update().get(pk=student.pk)
    running = every_request().filter(student=student, kind=asked.kind, asked_by=asked.asked_by, state=RequestState.OPEN)
    demand_none(rules.refusals_to_record(asked.words, asked.asked_on, today(), is_there=running.exists()))
    at, place = now(), student.school_place
    request = FileRequest(
        student=student, key_id=student.key_id, county_id=student.county_id, place=place, kind=asked.kind,
        asked_by=asked.asked_by, way=asked.way, asked_on=asked.asked_on, words=asked.words.strip(),
        recorded_by=actor.person_id, recorded_at=at,
        due_at=clock_due_at(rules_for(place, at).archives.answer_within, at, place),
    )  # fmt: skip
    request.save(force_insert=True)
    start_answering(request, at=at)
    record_of(request, "archives.request.recorded", kind=asked.kind)
    return request


@command(Permission.FILE_REQUEST)
def answer_request(request: FileRequest, *, actor: Actor, outcome: str, answer: str) -> FileRequest:
    """Answer a request in writing, once: of two at the same time one wins. Raises CannotFile."""
    request = every_request().select_for_update().get(pk=request.pk)
    waiting = every_excerpt().filter(request=request, state=ExcerptState.WAITING).exists()
    live = every_erasure().filter(request=request, state__in=LIVE).exists()
    demand_none(rules.refusals_to_answer(request.state, answer, has_waiting=waiting, has_erasure=live))
    at = now()
    request.answer = answer.strip()
    seal_rows([request])
    moved = every_request().filter(pk=request.pk, state__in=request_sources_of(outcome)).update(
        state=RequestState(outcome), answer=request.answer, answered_by=actor.person_id, answered_at=at
    )  # fmt: skip
    if not moved:
        raise CannotFile([rules.ANSWERED_ALREADY])
    stop_answering(request, at=at, by=actor.person_id)
    request.refresh_from_db()
    record_of(request, "archives.request.answered", outcome=outcome, is_late=at > request.due_at)
    return request


@command(Permission.FILE_EXCERPT)
def ask_for_excerpt(request: FileRequest, *, actor: Actor, sections: Sequence[str], purpose: str) -> Excerpt:
    """Ask a second person to approve an excerpt; they hear neutrally that something waits. Raises CannotFile."""
    locked = every_request().select_for_update().get(pk=request.pk)
    waiting = every_excerpt().filter(request=request, state=ExcerptState.WAITING).exists()
    demand_none(rules.refusals_to_ask(locked.state, sections, purpose, has_waiting=waiting))
    at = now()
    excerpt = Excerpt(
        student_id=request.student_id, key_id=request.key_id, county_id=request.county_id, place=request.place,
        request=locked, sections=",".join(sections), purpose=purpose.strip(), written_by=actor.person_id,
        written_at=at,
    )  # fmt: skip
    excerpt.save(force_insert=True)
    send_neutral_word(("principal",), (), request.place, about_kind=SUBJECT, about_id=request.id, at=at)
    record_of(request, "archives.excerpt.asked", excerpt=str(excerpt.id), sections=list(sections))
    return excerpt


@command(Permission.FILE_APPROVE)
def decide_excerpt(excerpt: Excerpt, *, actor: Actor, is_yes: bool, reason: str = "") -> Excerpt:
    """Approve an excerpt, or say why not, as somebody else than who asked for it. Raises CannotFile."""
    excerpt.refresh_from_db()
    is_same = excerpt.written_by == actor.person_id
    demand_none(rules.refusals_to_decide(excerpt.state, reason, is_same_person=is_same, is_yes=is_yes))
    target = ExcerptState.APPROVED if is_yes else ExcerptState.REFUSED
    at = now()
    excerpt.reason = reason.strip() or None
    seal_rows([excerpt])
    moved = every_excerpt().filter(pk=excerpt.pk, state__in=excerpt_sources_of(target)).update(
        state=target, decided_by=actor.person_id, decided_at=at, reason=excerpt.reason
    )  # fmt: skip
    if not moved:
        raise CannotFile([rules.DECIDED_ALREADY])
    excerpt.refresh_from_db()
    send_neutral_word(("psychology_teachers",), (), excerpt.place, about_kind=SUBJECT, about_id=excerpt.request_id,
                      at=at)  # fmt: skip
    event = "archives.excerpt.approved" if is_yes else "archives.excerpt.refused"
    record_of(excerpt.request, event, excerpt=str(excerpt.id))
    return excerpt


@command(Permission.FILE_EXCERPT)
def note_printed(excerpt: Excerpt, *, actor: Actor) -> Excerpt:
    """Note that an approved excerpt is printed; each printing is an event. Raises CannotFile."""
    excerpt.refresh_from_db()
    demand_none([] if excerpt.state == ExcerptState.APPROVED else [rules.NOT_APPROVED])
    every_excerpt().filter(pk=excerpt.pk, printed_at__isnull=True).update(printed_at=now())
    record_of(excerpt.request, "archives.excerpt.printed", excerpt=str(excerpt.id), by=str(actor.person_id))
    return excerpt
