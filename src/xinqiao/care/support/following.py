"""What becomes of entries when pupils move: they follow into another class, and end with the stay at the school."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.states import EndReason, EntryState
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.audit.recording import record
from xinqiao.register.people.hooks import Moved

_REASON = "the roster moved these pupils; their entries follow or end in the same transaction"


def follow_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: nothing of the register stays open for a child who is gone, and nothing comes back."""
    by_id = {move.student_id: move for move in moves}
    live = RegisterEntry.objects.for_system(reason=_REASON).filter(
        student_id__in=list(by_id), state__in=(EntryState.PROPOSED, EntryState.KEPT)
    )
    for entry in live:
        move = by_id[entry.student_id]
        if move.is_at_school:
            _own(entry.pk).update(place=move.place)
        else:
            _end(entry, move)


def _end(entry: RegisterEntry, move: Moved) -> None:
    """A proposal that nobody decided is declined; what was kept ends as having left."""
    if entry.state == EntryState.PROPOSED:
        _own(entry.pk).update(state=EntryState.DECLINED, decided_by=SYSTEM_ID)
        event = "support.entry.lapsed"
    else:
        _own(entry.pk).update(
            state=EntryState.ENDED, ended_on=move.on, ended_by=SYSTEM_ID, end_reason=EndReason.LEFT, place=move.place
        )
        event = "support.entry.left"
    record(
        event, subject_kind="student", subject_id=move.student_id, place=move.place, county_id=move.county_id,
        facts={"category": entry.category},
    )  # fmt: skip


def _own(entry_id: UUID) -> "QuerySet[RegisterEntry]":
    rows: QuerySet[RegisterEntry] = RegisterEntry.objects.for_system(reason=_REASON).filter(pk=entry_id)
    return rows
