"""Noting a contact with a family: by whoever looks after the class, or by the pupil's mentor."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.support import rules
from xinqiao.care.support.models import FamilyContact
from xinqiao.care.support.owing import settle
from xinqiao.care.support.rows import every_contact
from xinqiao.care.support.selectors.mentees import mentee_for
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.people.models import Student, Tie
from xinqiao.register.people.states import StudentStatus, TieKind
from xinqiao.register.policy.selectors import parameters_for


class CannotNote(ValueError):
    """It cannot be noted so; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ContactDraft:
    """A contact as it was written down: `guardian` is None for another adult; `topics` are codes of the policy."""

    reached_on: dt.date
    channel: str
    guardian: UUID | None
    is_answered: bool
    topics: tuple[str, ...]
    words: str
    key: UUID


@command(Permission.CONTACT_WRITE)
def note_contact(student: Student, *, actor: Actor, draft: ContactDraft) -> FamilyContact | Unchanged:
    """Note a contact with a family. The same form sent twice is one. Raises CannotNote."""
    return _note(student, actor, draft)


@command(Permission.MENTEE_OWN)
def note_mentors_contact(place: str, *, actor: Actor, student: Student, draft: ContactDraft) -> (
    FamilyContact | Unchanged
):  # fmt: skip
    """Note a contact of a mentor with a mentee's family, at a place where the mentor teaches. Raises CannotNote."""
    del place
    if mentee_for(actor, student.pk) is None:
        raise CannotNote(rules.NOT_MENTEE)
    return _note(student, actor, draft)


def _note(student: Student, actor: Actor, draft: ContactDraft) -> FamilyContact | Unchanged:
    family = parameters_for(student.place, today()).families
    known = Tie.objects.for_system(reason="guardians of a pupil whose place or tie was checked").filter(
        student=student, kind=TieKind.GUARDIAN, end_on=None
    )
    refusal = rules.refusal_to_note_contact(
        draft.reached_on, today(), is_at_school=student.status == StudentStatus.ACTIVE,
        is_known=draft.guardian is None or known.filter(person_id=draft.guardian).exists(),
        topics=draft.topics, all_topics={topic.code for topic in family.topics},
    )  # fmt: skip
    if refusal:
        raise CannotNote(refusal)
    row = FamilyContact(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id, key=draft.key,
        reached_on=draft.reached_on, channel=draft.channel, guardian_id=draft.guardian, is_answered=draft.is_answered,
        topics=" ".join(draft.topics), words=draft.words.strip() or None, noted_by=actor.person_id, noted_at=now(),
    )  # fmt: skip
    every_contact().bulk_create([row], ignore_conflicts=True)
    if not every_contact().filter(pk=row.pk).exists():
        return Unchanged("noted_already")
    record(
        "support.contact.noted", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"channel": draft.channel, "counts": row.counts},
    )  # fmt: skip
    if row.counts:
        settle(student, row.reached_on, per_term=family.per_term, at=now(), by=actor.person_id)
    return row
