"""What becomes of entries when pupils move: they follow into another class, and end with the stay at the school.

A mentor's tie ends with the pupil's stay, and with the mentor's: those pupils are without one at once.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.alerts.recipients import Recipient, addresses_of
from xinqiao.care.alerts.settling import SignalTold
from xinqiao.care.support.models import ContactDuty, RegisterEntry
from xinqiao.care.support.owing import SUBJECT, end_duty, ladder_of, owe_pupil, people_of
from xinqiao.care.support.rows import open_duties
from xinqiao.care.support.selectors.dealing import mentors_at, pupils_at
from xinqiao.care.support.states import DutyEnd, DutyKind, EndReason, EntryState
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.accounts.hooks import Left, RoleEnded
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.deadlines.kinds import CONTACT
from xinqiao.register.deadlines.services.clocks import cancel_deadlines
from xinqiao.register.people.hooks import Moved
from xinqiao.register.people.models import Student, Tie
from xinqiao.register.people.states import TieKind
from xinqiao.register.policy.selectors import parameters_for

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


def owe_families(told: Sequence[SignalTold]) -> None:
    """Receive SignalTold: of a pupil on the register, the family is owed a contact."""
    for each in told:
        kept = RegisterEntry.objects.for_system(reason=_REASON).filter(
            student_id=each.student_id, state=EntryState.KEPT
        )
        if kept.exists():
            student = Student.objects.for_system(reason=_REASON).get(pk=each.student_id)
            rules = parameters_for(student.place, timezone.localtime(each.at).date())
            owe_pupil(student, parameters=rules, at=each.at)


def follow_duties(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: what is owed to one family follows into another class, and ends for a pupil who left; a
    class that nobody is in any more owes nothing."""
    for move in moves:
        for duty in open_duties().filter(kind=DutyKind.PUPIL, student_id=move.student_id):
            if move.is_at_school:
                open_duties().filter(pk=duty.pk).update(place=move.place)
            else:
                end_duty(duty, DutyEnd.LEFT, at=now())
    for duty in open_duties().filter(kind=DutyKind.TERM, place__in={move.old_place for move in moves}):
        if not pupils_at(duty.place).exists():
            end_duty(duty, DutyEnd.LEFT, at=now())


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: those on the rung that a duty's clock climbed to hear of it, neutrally."""
    for climb in climbs:
        if climb.subject_kind == SUBJECT:
            duty = open_duties().filter(pk=climb.subject_id).first()
            if duty is not None:
                _tell(duty, climb)


def _tell(duty: ContactDuty, climb: Climb) -> None:
    on = timezone.localtime(climb.at).date()
    people = people_hear(duty, climb.rung, on)
    open_duties().filter(pk=duty.pk).update(rung=climb.rung)
    sent = post_messages(addresses_of(people, duty.place), about_kind=SUBJECT, about_id=duty.id, at=climb.at)
    record(
        "support.contact.climbed", subject_kind="class", subject_id=duty.class_id, place=duty.place,
        county_id=duty.county_id, facts={"kind": duty.kind, "rung": climb.rung, "told": len(people), "sent": sent},
    )  # fmt: skip
    if climb.rung >= len(ladder_of(duty.kind, parameters_for(duty.place, on))) - 1:
        # Everybody has heard once: it stays late on their pages, and nobody is written to every day of a vacation.
        cancel_deadlines(duty.id, at=climb.at, reason="last_rung", kind=CONTACT)


def people_hear(duty: ContactDuty, rung: int, on: dt.date) -> list[Recipient]:
    """Return who hears of a duty on a rung; where nobody is there, those of the next one, then of the one below."""
    ladder = ladder_of(duty.kind, parameters_for(duty.place, on))
    if rung == 0:
        return people_of(ladder[0], duty.place, on)
    rungs = (*ladder[rung:], *reversed(ladder))
    return next((found for words in rungs if (found := people_of(words, duty.place, on))), [])
