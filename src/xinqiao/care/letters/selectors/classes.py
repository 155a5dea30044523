"""How the letters of a screening stand, class by class, and pupil by pupil for those who write or hand them over."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import at_red, living_letters
from xinqiao.care.letters.states import IN_PREPARATION, WITH_GUARDIANS, LetterState, Words
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.people.models import Student


@dataclass(frozen=True)
class ClassRow:
    """The letters of one class, counted. `waiting` can still be released, `own` of them hold own words."""

    class_id: UUID
    name: str
    letters: int
    waiting: int
    own: int
    out: int
    handed_over: int
    opened: int
    asking: int


@dataclass(frozen=True)
class PupilRow:
    """One pupil's letter for whoever writes it; `is_red`: call, do not write."""

    letter_id: UUID
    student_id: UUID
    name: str
    number: str
    kind: str
    state: str
    state_label: str
    is_red: bool
    is_handed_over: bool
    confirmed_at: dt.datetime | None

    @property
    def is_own(self) -> bool:
        """Does it hold own words?"""
        return self.kind == Words.OWN

    @property
    def is_in_preparation(self) -> bool:
        """Can its words still be changed?"""
        return self.state in IN_PREPARATION

    @property
    def may_withdraw(self) -> bool:
        """Is it out, without a talk asked for?"""
        return self.state in (LetterState.RELEASED, LetterState.DELIVERED)


@dataclass(frozen=True)
class HandRow:
    """One pupil whose letter is to be handed over: yes or no, and nothing of what it says or became of it."""

    student_id: UUID
    name: str
    number: str
    is_handed_over: bool


def class_rows(mailing: Mailing, on: dt.date) -> list[ClassRow]:
    """Return the classes of a screening with their letters; the right at the school was checked by whoever calls."""
    found: dict[UUID, list[Letter]] = defaultdict(list)
    for letter in (
        living_letters().filter(mailing=mailing).only("class_id", "state", "kind", "delivered_by", "opened_at")
    ):
        found[letter.class_id].append(letter)
    return [_class_row(unit, found[unit.id], on) for unit in classes_of(mailing.campaign) if unit.id in found]


def _class_row(unit: Unit, letters: Sequence[Letter], on: dt.date) -> ClassRow:
    waiting = [letter for letter in letters if letter.state in IN_PREPARATION]
    return ClassRow(
        class_id=unit.id, name=name_on(unit, on), letters=len(letters), waiting=len(waiting),
        own=sum(letter.kind == Words.OWN for letter in waiting),
        out=sum(letter.state in WITH_GUARDIANS for letter in letters),
        handed_over=sum(letter.delivered_by is not None for letter in letters),
        opened=sum(letter.opened_at is not None for letter in letters),
        asking=sum(letter.state == LetterState.ANSWERED for letter in letters),
    )  # fmt: skip


def pupil_rows(actor: Actor, mailing: Mailing, unit: Unit) -> list[PupilRow]:
    """Return the letters of a class for whoever writes them. One event."""
    rows = Letter.objects.visible_to(actor, Permission.LETTER_WRITE).filter(
        mailing=mailing, class_id=unit.id, pk__in=living_letters().filter(mailing=mailing).values("pk")
    )
    letters = list(rows.select_related("student"))
    words = open_sealed([letter.student for letter in letters], "name", "number")
    red = at_red([letter.student_id for letter in letters])
    _note(actor, mailing, unit, "letters.class.read", len(letters))
    found = [
        PupilRow(
            letter_id=letter.id, student_id=letter.student_id, name=said["name"] or "", number=said["number"] or "",
            kind=letter.kind, state=letter.state, state_label=str(LetterState(letter.state).label),
            is_red=letter.student_id in red, is_handed_over=letter.delivered_by is not None,
            confirmed_at=letter.confirmed_at,
        )
        for letter, said in zip(letters, words, strict=True)
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.number == "", row.number, row.name))


def hand_rows(actor: Actor, mailing: Mailing, unit: Unit) -> list[HandRow]:
    """Return whose letters of a class are out, and whether they were handed over. Everybody of the class who took part
    has one, so that the list tells nothing of anybody."""
    rows = Letter.objects.visible_to(actor, Permission.LETTER_HAND).filter(
        mailing=mailing, class_id=unit.id, state__in=WITH_GUARDIANS
    )
    handed = {letter.student_id: letter.delivered_by is not None for letter in rows.only("student_id", "delivered_by")}
    students = list(Student.objects.visible_to(actor, Permission.LETTER_HAND).filter(pk__in=handed))
    found = [
        HandRow(student.id, said["name"] or "", said["number"] or "", handed[student.id])
        for student, said in zip(students, open_sealed(students, "name", "number"), strict=True)
    ]
    return sorted(found, key=lambda row: (row.number == "", row.number, row.name))


def classes_to_hand_over(actor: Actor, campaign: Campaign) -> list[Unit]:
    """Return the classes of a screening where the actor hands letters over."""
    return [unit for unit in classes_of(campaign) if actor.can(Permission.LETTER_HAND, unit.path)]


def _note(actor: Actor, mailing: Mailing, unit: Unit, event: str, pupils: int) -> None:
    note_reading(
        actor, event, subject_kind="class", subject_id=unit.id, place=unit.path, county_id=mailing.county_id,
        facts={"pupils": pupils, "mailing": str(mailing.id)},
    )  # fmt: skip
