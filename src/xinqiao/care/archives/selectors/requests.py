"""Requests about files: what waits and until when, one request, and what its excerpt holds."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.archives.models import Erasure, Excerpt, FileRequest
from xinqiao.care.archives.selectors.file import open_sections
from xinqiao.care.archives.states import AskedBy, AskedHow, ErasureState, ExcerptState, RequestKind, RequestState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import sections

MOST_IDS_IN_AUDIT, MOST_ANSWERED = 200, 100


@dataclass(frozen=True)
class RequestRow:
    """One request as a list shows it."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    kind: str
    asked_by: str
    asked_on: dt.date
    state: str
    state_words: str
    minutes_left: int | None
    has_waiting: bool

    @property
    def is_late(self) -> bool:
        return self.minutes_left is not None and self.minutes_left < 0


@dataclass(frozen=True)
class ExcerptRow:
    """One excerpt of a request."""

    excerpt: Excerpt
    sections: tuple[str, ...]
    purpose: str
    reason: str
    state_words: str
    written_by: str
    decided_by: str
    may_decide: bool
    may_print: bool


@dataclass(frozen=True)
class RequestPage:
    """One request with its words, its answer and its excerpts."""

    row: RequestRow
    request: FileRequest
    way: str
    words: str
    answer: str
    recorded_by: str
    answered_by: str
    excerpts: tuple[ExcerptRow, ...]
    may_excerpt: bool


def find_request(actor: Actor, permission: Permission, request_id: UUID) -> FileRequest | None:
    """Return a request that the actor may reach, its pupil with it; None otherwise."""
    rows = FileRequest.objects.visible_to(actor, permission).select_related("student")
    found: FileRequest | None = rows.filter(pk=request_id).first()
    return found


def find_excerpt(actor: Actor, permission: Permission, excerpt_id: UUID) -> Excerpt | None:
    """Return an excerpt that the actor may reach; None otherwise."""
    rows = Excerpt.objects.visible_to(actor, permission).select_related("student", "request__student")
    found: Excerpt | None = rows.filter(pk=excerpt_id).first()
    return found


def request_rows(actor: Actor, now: dt.datetime) -> list[RequestRow]:
    """Return what waits, the most urgent first, then what was answered; reading it is one event."""
    visible = FileRequest.objects.visible_to(actor, Permission.FILE_REQUEST).select_related("student")
    waiting = list(visible.filter(state=RequestState.OPEN).order_by("due_at", "id"))
    answered = list(visible.exclude(state=RequestState.OPEN).order_by("-answered_at", "id")[:MOST_ANSWERED])
    found = [*waiting, *answered]
    if found:
        ids = list(dict.fromkeys(str(each.student_id) for each in found))
        note_reading(
            actor, "archives.requests.read", subject_kind="students", place=min(each.place for each in found),
            county_id=found[0].county_id, facts={"count": len(found), "ids": ids[:MOST_IDS_IN_AUDIT]},
        )  # fmt: skip
    return _rows(found, now)


def count_waiting(actor: Actor) -> int:
    """Return how many requests are not answered, for whoever answers them. Names nobody."""
    rows = FileRequest.objects.visible_to(actor, Permission.FILE_REQUEST)
    return int(rows.filter(state=RequestState.OPEN).count())


def _rows(found: Sequence[FileRequest], now: dt.datetime) -> list[RequestRow]:
    students = [each.student for each in found]
    names, classes = names_of(students), class_names({each.place for each in students}, today())
    ids = [each.id for each in found]
    proposed = (
        Erasure.objects.for_system(reason="whether one waits, of requests found for the actor")
        .filter(request__in=ids, state=ErasureState.PROPOSED)
        .values_list("request_id", flat=True)
    )
    waiting = {*proposed} | set(
        Excerpt.objects.for_system(reason="whether one waits, of requests found for the actor")
        .filter(request__in=ids, state=ExcerptState.WAITING)
        .values_list("request_id", flat=True)
    )
    return [
        RequestRow(
            id=each.id, student_id=each.student_id, name=names[each.student_id],
            class_name=classes.get(each.student.place, ""), kind=str(RequestKind(each.kind).label),
            asked_by=str(AskedBy(each.asked_by).label), asked_on=each.asked_on, state=each.state,
            state_words=str(RequestState(each.state).label),
            minutes_left=int((each.due_at - now).total_seconds() // 60) if each.state == RequestState.OPEN else None,
            has_waiting=each.id in waiting,
        )
        for each in found
    ]  # fmt: skip


def request_page(actor: Actor, request: FileRequest, now: dt.datetime) -> RequestPage:
    """Return one request that was found for the actor; reading it is an event."""
    note_reading(
        actor, "archives.request.read", subject_kind="student", subject_id=request.student_id, place=request.place,
        county_id=request.county_id, facts={"request": str(request.id)},
    )  # fmt: skip
    (words,) = open_sealed([request], "words", "answer")
    names = staff_names([each for each in (request.recorded_by, request.answered_by) if each])
    is_open = request.state == RequestState.OPEN
    return RequestPage(
        row=_rows([request], now)[0], request=request, way=str(AskedHow(request.way).label),
        words=words["words"] or "", answer=words["answer"] or "", recorded_by=names.get(request.recorded_by, ""),
        answered_by=names.get(request.answered_by, "") if request.answered_by else "",
        excerpts=tuple(_excerpts(actor, request)),
        may_excerpt=is_open and actor.can(Permission.FILE_EXCERPT, request.place),
    )  # fmt: skip


def _excerpts(actor: Actor, request: FileRequest) -> list[ExcerptRow]:
    visible = Excerpt.objects.visible_to(actor, Permission.FILE_REQUEST)
    rows = list(visible.filter(request=request).order_by("-written_at"))
    names = staff_names([each for row in rows for each in (row.written_by, row.decided_by) if each])
    titles = {each.code: str(each.title) for each in sections()}
    return [
        ExcerptRow(
            excerpt=row, sections=tuple(titles.get(code, code) for code in row.sections.split(",")),
            purpose=words["purpose"] or "", reason=words["reason"] or "",
            state_words=str(ExcerptState(row.state).label), written_by=names.get(row.written_by, ""),
            decided_by=names.get(row.decided_by, "") if row.decided_by else "",
            may_decide=row.state == ExcerptState.WAITING and row.written_by != actor.person_id
            and actor.can(Permission.FILE_APPROVE, row.place),
            may_print=row.state == ExcerptState.APPROVED and actor.can(Permission.FILE_EXCERPT, row.place),
        )
        for row, words in zip(rows, open_sealed(rows, "purpose", "reason"), strict=True)
    ]  # fmt: skip


def printable_choices(actor: Actor, student: Student) -> list[tuple[str, str]]:
    """Return the sections that an excerpt of a pupil's file may hold, as choices of a form."""
    return [(each.code, str(each.title)) for each in open_sections(actor, student) if each.printed is not None]
