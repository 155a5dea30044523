"""What becomes of entries when pupils move: they follow into another class, and end with the stay at the school.

A mentor's tie ends with the pupil's stay, and with the mentor's: those pupils are without one at once.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.selectors.dealing import mentors_at
from xinqiao.care.support.states import EndReason, EntryState
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.audit.recording import record
from xinqiao.register.accounts.hooks import Left, RoleEnded
from xinqiao.register.people.hooks import Moved
from xinqiao.register.people.models import Tie
from xinqiao.register.people.states import TieKind

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


def end_with_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: whoever has left the school has no mentor there."""
    for move in moves:
        if not move.is_at_school:
            _open_ties().filter(student_id=move.student_id).update(end_on=move.on)


def end_with_mentors(left: Sequence[Left]) -> None:
    """Receive StaffLeft: the pupils are without a mentor at once, heir or not; somebody deals them anew."""
    for each in left:
        _end_mentor(each.staff_id, each.place, _open_ties().filter(person_id=each.staff_id), each)


def end_with_roles(ended: Sequence[RoleEnded]) -> None:
    """Receive RoleEnded: whoever teaches at a school no longer is no mentor there."""
    for each in ended:
        own = _open_ties().filter(person_id=each.staff_id)
        for school in set(own.values_list("student__school_place", flat=True)):
            if each.staff_id not in mentors_at(school, each.on):
                _end_mentor(each.staff_id, each.place, own.filter(student__school_place=school), each)


def _end_mentor(staff_id: UUID, place: str, ties: "QuerySet[Tie]", ended: Left | RoleEnded) -> None:
    found = list(ties.values_list("pk", "county_id"))
    if found:
        _open_ties().filter(pk__in=[pk for pk, _county in found]).update(end_on=ended.on)
        record(
            "support.mentor.left", subject_kind="staff", subject_id=staff_id, place=place, county_id=found[0][1],
            facts={"pupils": len(found)},
        )  # fmt: skip


def _open_ties() -> "QuerySet[Tie]":
    rows: QuerySet[Tie] = Tie.objects.for_system(reason=_REASON).filter(kind=TieKind.MENTOR, end_on=None)
    return rows
