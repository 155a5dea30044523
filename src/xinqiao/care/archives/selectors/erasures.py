"""The erasure on the page of a request, and what the file says of one that was carried out."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.archives.inventory import counted, still_open
from xinqiao.care.archives.models import Erasure, FileRequest
from xinqiao.care.archives.states import LIVE, AskedBy, ErasureState, RequestKind, RequestState
from xinqiao.care.archives.wording import area_words, open_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class ErasureRow:
    """One erasure with the names of who proposed and decided."""

    erasure: Erasure
    state_words: str
    proposed_by: str
    approved_by: str
    ended_by: str


@dataclass(frozen=True)
class ErasureShown:
    """What the page of a request to delete shows: rows that would go by area, what is still open, and what the reader
    may do. `wait_days` is how long an approved one can be called back."""

    rows: tuple[ErasureRow, ...]
    going: tuple[tuple[str, int], ...]
    open_things: tuple[str, ...]
    is_at_school: bool
    wait_days: int
    live: Erasure | None
    may_propose: bool
    may_decide: bool
    may_recall: bool


@dataclass(frozen=True)
class Erased:
    """That the texts of a file were erased: when, and who had asked on which day."""

    at: dt.datetime
    asked_by: str
    asked_on: dt.date


def find_erasure(actor: Actor, permission: Permission, erasure_id: UUID) -> Erasure | None:
    """Return an erasure that the actor may reach; None otherwise."""
    rows = Erasure.objects.visible_to(actor, permission).select_related("student", "request__student")
    found: Erasure | None = rows.filter(pk=erasure_id).first()
    return found


def shown_erasure(actor: Actor, request: FileRequest, on: dt.date) -> ErasureShown | None:
    """Return the erasure of a request that was found for the actor; None where it does not ask to delete."""
    if request.kind != RequestKind.DELETE:
        return None
    visible = Erasure.objects.visible_to(actor, Permission.FILE_REQUEST)
    rows = list(visible.filter(request=request).order_by("-proposed_at"))
    names = staff_names([each for row in rows for each in (row.proposed_by, row.approved_by, row.ended_by) if each])
    live = next((row for row in rows if row.state in LIVE), None)
    is_open, student = request.state == RequestState.OPEN, request.student
    return ErasureShown(
        rows=tuple(
            ErasureRow(
                row, str(ErasureState(row.state).label), names.get(row.proposed_by, ""),
                names.get(row.approved_by, "") if row.approved_by else "",
                names.get(row.ended_by, "") if row.ended_by else "",
            )
            for row in rows
        ),
        going=tuple((area_words(area), count) for area, count in counted(student).items()) if is_open else (),
        open_things=tuple(open_words(code) for code in still_open(student, request.id)) if is_open else (),
        is_at_school=student.status == StudentStatus.ACTIVE,
        wait_days=parameters_for(request.place, on).archives.erasure_wait_days, live=live,
        may_propose=is_open and live is None and actor.can(Permission.FILE_EXCERPT, request.place),
        may_decide=live is not None and live.state == ErasureState.PROPOSED and live.proposed_by != actor.person_id
        and actor.can(Permission.FILE_APPROVE, request.place),
        may_recall=live is not None and actor.can(Permission.FILE_REQUEST, request.place),
    )  # fmt: skip


def erased(student: Student) -> list[Erased]:
    """Return when the texts of a pupil who was found for the actor were erased, the newest first."""
    rows = Erasure.objects.for_system(reason="of a pupil found for the actor; tells nothing but the day")
    done = rows.filter(student=student, state=ErasureState.DONE).select_related("request").order_by("-ended_at")
    return [
        Erased(row.ended_at, str(AskedBy(row.request.asked_by).label), row.request.asked_on)
        for row in done if row.ended_at is not None
    ]  # fmt: skip
