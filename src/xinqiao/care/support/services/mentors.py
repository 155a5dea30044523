"""Dealing pupils to mentors, giving one pupil another mentor, and noting talks."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.care.support import rules
from xinqiao.care.support.models import MentorTalk
from xinqiao.care.support.selectors.dealing import mentors_at, open_ties, plan_deal
from xinqiao.care.support.selectors.mentees import mentees_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student, Tie
from xinqiao.register.people.states import StudentStatus, TieKind

_REASON = "body of a command that has checked its actor at the pupil's place"


class CannotMentor(ValueError):
    """It cannot be done so; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class TalkDraft:
    """A talk as it was written down: codes of `TalkKind` and `TalkForm`, words may be "", `key` is the form's."""

    held_on: dt.date
    kind: str
    form: str
    words: str
    key: UUID


@command(Permission.MENTOR_DEAL, is_batch=True)
def deal_mentors(school: Unit, *, actor: Actor) -> int | Unchanged:
    """Give every pupil of a school who has no mentor one, by the rules in force; return how many got one.

    Who has a mentor keeps them. All in one transaction, so that nothing is left half dealt; called again it deals the
    newcomers alone.
    """
    del actor
    _lock(school.path)
    on = today()
    plan = plan_deal(school, on)
    if not plan.dealt:
        return Unchanged("nobody_to_deal")
    _end(open_ties(school.path).filter(student_id__in=list(plan.dealt)), on)
    Tie.objects.for_system(reason=_REASON).bulk_create(
        [_tie(school.shard_id, plan.pupils[pupil], pupil, mentor, on) for pupil, mentor in plan.dealt.items()]
    )
    record(
        "support.mentors.dealt", subject_kind="unit", subject_id=school.id, place=school.path,
        county_id=school.shard_id,
        facts={"pupils": len(plan.dealt), "mentors": len(set(plan.dealt.values())), "left_over": plan.left_over},
    )  # fmt: skip
    return len(plan.dealt)


@command(Permission.MENTOR_DEAL)
def set_mentor(student: Student, *, actor: Actor, mentor: UUID | None) -> Student | Unchanged:
    """Give one pupil another mentor, or none. Raises CannotMentor."""
    del actor
    _lock(student.school_place)
    on = today()
    able = mentors_at(student.school_place, on)
    _demand(rules.refusal_to_mentor(is_able=mentor is None or mentor in able,
                                    is_at_school=student.status == StudentStatus.ACTIVE))  # fmt: skip
    ties = open_ties(student.school_place).filter(student=student)
    before = ties.values_list("person_id", flat=True).first()
    if before == mentor:
        return Unchanged("same")
    _end(ties, on)
    if mentor is not None:
        row = _tie(student.county_id, student.place, student.pk, mentor, on)
        Tie.objects.for_system(reason=_REASON).bulk_create([row])
    record(
        "support.mentor.set", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"from": str(before or ""), "to": str(mentor or "")},
    )  # fmt: skip
    return student


@command(Permission.MENTEE_OWN)
def note_talks(place: str, *, actor: Actor, pupils: Collection[UUID], draft: TalkDraft) -> int | Unchanged:
    """Note a talk with one or several of the actor's own mentees, at a place where the actor teaches.

    The same form sent twice is one talk. Raises CannotMentor.
    """
    del place
    found = [student for student in mentees_of(actor) if student.pk in set(pupils)]
    _demand(rules.refusal_to_note_talk(len(found), len(set(pupils)), draft.held_on, today()))
    known = MentorTalk.objects.for_system(reason=_REASON).filter(key=draft.key)
    fresh = [s for s in found if s.pk not in set(known.values_list("student_id", flat=True))]
    rows = [_talk(student, actor, draft) for student in fresh]
    MentorTalk.objects.for_system(reason=_REASON).bulk_create(rows, ignore_conflicts=True)
    for student in fresh:
        record(
            "support.talk.noted", subject_kind="student", subject_id=student.id, place=student.place,
            county_id=student.county_id, facts={"kind": draft.kind, "form": draft.form},
        )  # fmt: skip
    return len(fresh) if fresh else Unchanged("noted_already")


def _talk(student: Student, actor: Actor, draft: TalkDraft) -> MentorTalk:
    return MentorTalk(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id, key=draft.key,
        mentor=actor.person_id, held_on=draft.held_on, kind=draft.kind, form=draft.form,
        words=draft.words.strip() or None, noted_at=now(),
    )  # fmt: skip


def _demand(refusal: str) -> None:
    if refusal:
        raise CannotMentor(refusal)


def _lock(school: str) -> None:
    """Whoever deals and whoever moves one pupil come one after the other."""
    list(Unit.objects.select_for_update().filter(path=school).values_list("pk", flat=True))


def _end(ties: "QuerySet[Tie]", on: dt.date) -> None:
    rows = Tie.objects.for_system(reason=_REASON).filter(pk__in=list(ties.values_list("pk", flat=True)))
    rows.update(end_on=on)


def _tie(county_id: UUID, place: str, student_id: UUID, mentor: UUID, on: dt.date) -> Tie:
    return Tie(
        county_id=county_id, place=place, student_id=student_id, kind=TieKind.MENTOR, person_id=mentor, start_on=on
    )
