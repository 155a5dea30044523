"""Writing growth plans, for one pupil or many of a class in one step, and the family sections."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.archives import rules
from xinqiao.care.archives.errors import CannotFile, demand_none
from xinqiao.care.archives.models import FamilyNote, GrowthPlan
from xinqiao.care.archives.rows import every_family_note, every_plan
from xinqiao.care.archives.terms import TermNow, term_at
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

MOST_IDS_IN_AUDIT = 200


@dataclass(frozen=True)
class PlanWords:
    """What a growth plan says."""

    strengths: str
    aim: str
    helps: str
    look_on: dt.date

    def texts(self) -> tuple[str, str, str]:
        """The three texts as they are kept."""
        return self.strengths.strip(), self.aim.strip(), self.helps.strip()


@dataclass(frozen=True)
class FamilyWords:
    """The family sections as typed; who told."""

    told_by: str
    situation: str = ""
    upbringing: str = ""
    experience: str = ""

    def texts(self) -> tuple[str, str, str]:
        """The three texts as they are kept."""
        return self.situation.strip(), self.upbringing.strip(), self.experience.strip()


@command(Permission.FILE_PLAN, is_batch=True)
def write_plans(unit: Unit, *, actor: Actor, student_ids: Collection[UUID], said: PlanWords) -> int | Unchanged:
    """Write the same plan for some pupils of a class; return for how many. Raises CannotFile.

    Whoever has a plan of this term with the same words and day keeps it, so that a second click writes nothing.
    """
    chosen = set(student_ids)
    demand_none(rules.refusals_to_plan((said.strengths, said.aim, said.helps), len(chosen), said.look_on, today()))
    pupils = Student.objects.for_system(reason="body of a command").select_for_update()
    students = list(pupils.filter(within([unit.path]), pk__in=chosen, status=StudentStatus.ACTIVE).order_by("pk"))
    if len(students) != len(chosen):
        raise CannotFile([rules.NOT_OF_THE_CLASS])
    term = term_at(unit.path, today())
    written = _write(students, said, term, by=actor.person_id)
    if not written:
        return Unchanged("written_already")
    record(
        "archives.plans.written", subject_kind="students", place=unit.path, county_id=unit.shard_id,
        facts={"count": len(written), "ids": [str(each) for each in written[:MOST_IDS_IN_AUDIT]],
               "term": f"{term.year}-{term.number}"},
    )  # fmt: skip
    return len(written)


def _write(students: list[Student], said: PlanWords, term: TermNow, *, by: UUID) -> list[UUID]:
    of_term = every_plan().filter(student__in=students, year=term.year, term=term.number)
    current = list(of_term.filter(is_current=True))
    opened = open_sealed(current, "strengths", "aim", "helps")
    before = {row.student_id: (row, words) for row, words in zip(current, opened, strict=True)}
    written = []
    for student in students:
        old, words = before.get(student.id, (None, {}))
        texts = (words.get("strengths"), words.get("aim"), words.get("helps"))
        if old is not None and texts == said.texts() and old.look_on == said.look_on:
            continue
        if old is not None:
            every_plan().filter(pk=old.pk).update(is_current=False)
        strengths, aim, helps = said.texts()
        GrowthPlan(
            student=student, key_id=student.key_id, county_id=student.county_id, place=student.place, year=term.year,
            term=term.number, number=(old.number if old else 0) + 1, strengths=strengths, aim=aim, helps=helps,
            look_on=said.look_on, written_by=by, written_at=now(),
        ).save(force_insert=True)  # fmt: skip
        written.append(student.id)
    return written


@command(Permission.FILE_FAMILY)
def write_family(student: Student, *, actor: Actor, said: FamilyWords) -> FamilyNote | Unchanged:
    """Write the next version of the family sections; earlier ones are kept. Raises CannotFile where all is empty."""
    demand_none([] if any(said.texts()) else [rules.NOTHING_SAID])
    Student.objects.for_system(reason="body of a command").select_for_update().get(pk=student.pk)
    old = every_family_note().filter(student=student, is_current=True).first()
    if old is not None and _is_same(old, said):
        return Unchanged("written_already")
    every_family_note().filter(student=student, is_current=True).update(is_current=False)
    situation, upbringing, experience = said.texts()
    note = FamilyNote(
        student=student, key_id=student.key_id, county_id=student.county_id, place=student.place,
        number=(old.number if old else 0) + 1, is_whole=all(said.texts()), told_by=said.told_by,
        situation=situation or None, upbringing=upbringing or None, experience=experience or None,
        written_by=actor.person_id, written_at=now(),
    )  # fmt: skip
    note.save(force_insert=True)
    record(
        "archives.family.written", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"version": note.number},
    )  # fmt: skip
    return note


def _is_same(old: FamilyNote, said: FamilyWords) -> bool:
    (words,) = open_sealed([old], "situation", "upbringing", "experience")
    kept = tuple(words[name] or "" for name in ("situation", "upbringing", "experience"))
    return kept == said.texts() and old.told_by == said.told_by
