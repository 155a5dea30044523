"""Contact that is owed: begun with its clock, ended when the family was reached. Private bodies, in a transaction."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.recipients import Recipient, addresses_of
from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.care.support.models import ContactDuty
from xinqiao.care.support.rows import counted_contacts, every_duty, open_duties
from xinqiao.care.support.selectors.dealing import pupils_at
from xinqiao.care.support.states import DutyEnd, DutyKind
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.kinds import CONTACT
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, hasten_climb, meet_deadline, start_deadline
from xinqiao.register.duty.named import WORDS
from xinqiao.register.duty.selectors import staff_with_role
from xinqiao.register.people.models import Student
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.parameters import Parameters

SUBJECT = "contact_duty"


def missing_at(place: str, since: dt.date, per_term: int) -> list[UUID]:
    """Return the pupils at a place whose family was not reached often enough since the term began."""
    found = Counter(
        counted_contacts()
        .filter(student__in=pupils_at(place), reached_on__gte=since)
        .values_list("student_id", flat=True)
    )
    return [pupil for pupil in pupils_at(place).values_list("pk", flat=True) if found[pupil] < per_term]


def owe_class(
    class_id: UUID, place: str, county_id: UUID, term_from: dt.date, *, due_at: dt.datetime, parameters: Parameters,
    at: dt.datetime,
) -> bool:  # fmt: skip
    """Make the missing families of a class a task, once a term; True if it is new."""
    duty = ContactDuty(
        county_id=county_id, place=place, kind=DutyKind.TERM, class_id=class_id, term_from=term_from, began_at=at,
        due_at=due_at,
    )  # fmt: skip
    return _begin(duty, parameters)


def owe_pupil(student: Student, *, parameters: Parameters, at: dt.datetime) -> bool:
    """Owe the family of a registered pupil a contact; True if none was owed yet."""
    due_at = clock_due_at(parameters.families.special_within, at, student.place)
    duty = ContactDuty(
        county_id=student.county_id, place=student.place, kind=DutyKind.PUPIL, student=student, began_at=at,
        due_at=due_at,
    )  # fmt: skip
    return _begin(duty, parameters)


def _begin(duty: ContactDuty, parameters: Parameters) -> bool:
    every_duty().bulk_create([duty], ignore_conflicts=True)
    if not every_duty().filter(pk=duty.pk).exists():
        return False
    ladder, at = ladder_of(duty.kind, parameters), duty.began_at
    start_deadline(
        CONTACT, subject_kind=SUBJECT, subject_id=duty.id, place=duty.place, county_id=duty.county_id,
        urgency="yellow", parameters=parameters, began_at=at, due_at=duty.due_at, ladder=ladder,
    )  # fmt: skip
    people = people_of(ladder[0], duty.place, timezone.localtime(at).date())
    if not people:
        hasten_climb(CONTACT, duty.id, at=at, below_rung=1)
    post_messages(
        addresses_of(people, duty.place), about_kind=SUBJECT, about_id=duty.id, at=at,
        not_before=next_digest_at(duty.place, at),
    )  # fmt: skip
    record("support.contact.owed", subject_kind="class", subject_id=duty.class_id, place=duty.place,
           county_id=duty.county_id, facts={"kind": duty.kind, "due_at": duty.due_at.isoformat()})  # fmt: skip
    return True


def ladder_of(kind: str, parameters: Parameters) -> tuple[tuple[str, ...], ...]:
    """Return who hears on which rung: of one registered pupil nobody who does not know the register, but the head."""
    family = parameters.families
    return family.special_ladder if kind == DutyKind.PUPIL else family.ladder


def people_of(words: Collection[str], place: str, on: dt.date) -> list[Recipient]:
    """Return who stands behind the policy's words at a class, each person once."""
    found = {staff: word for word in words for staff in staff_with_role(WORDS[word][0], place, on)}
    return [Recipient(staff, word, may_read=False) for staff, word in found.items()]


def end_duty(duty: ContactDuty, how: DutyEnd, *, at: dt.datetime, by: UUID | None = None) -> bool:
    """End what was owed, and its clock; False if it had ended meanwhile."""
    if not open_duties().filter(pk=duty.pk).update(ended_as=how, ended_at=at):
        return False
    if how == DutyEnd.DONE:
        meet_deadline(CONTACT, duty.id, at=at, by=by)
    else:
        cancel_deadlines(duty.id, at=at, reason=how, kind=CONTACT)
    record("support.contact.settled", subject_kind="class", subject_id=duty.class_id, place=duty.place,
           county_id=duty.county_id, facts={"kind": duty.kind, "how": str(how)})  # fmt: skip
    return True


def settle(student: Student, reached_on: dt.date, *, per_term: int, at: dt.datetime, by: UUID) -> None:
    """After a contact that counts: the pupil's own duty is done, and the class's when nobody is missing any more."""
    for duty in open_duties().filter(kind=DutyKind.PUPIL, student=student, began_at__date__lte=reached_on):
        end_duty(duty, DutyEnd.DONE, at=at, by=by)
    for duty in open_duties().filter(kind=DutyKind.TERM, place=student.place):
        if duty.term_from is not None and not missing_at(duty.place, duty.term_from, per_term):
            end_duty(duty, DutyEnd.DONE, at=at, by=by)
