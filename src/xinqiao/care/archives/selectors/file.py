"""One pupil's file, composed from what every app offers; reading it is one event with the sections shown."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from xinqiao.care.archives.sections.knowing import faces_for
from xinqiao.care.archives.selectors.erasures import Erased, erased
from xinqiao.care.crisis.models import CarePlan, Case
from xinqiao.care.crisis.states import CaseState
from xinqiao.care.screening.selectors.waves import PupilChange, pupil_changes
from xinqiao.care.support.selectors.dealing import mentor_of_pupil
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.duty.selectors import staff_with_role
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.finding import name_of
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import Entry, Section, sections
from xinqiao.register.people.selectors.students import student_file
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class ShownSection:
    """One section that the reader may see; entries newest first."""

    code: str
    title: str
    entries: tuple[Entry, ...]
    empty: str
    link: str


@dataclass(frozen=True)
class NextDay:
    """What comes next on which day."""

    on: dt.date
    what: str
    is_late: bool


@dataclass(frozen=True)
class PupilFile:
    """All that one reader sees of a pupil. `changes` are scores between waves, for whoever reads scores."""

    student: Student
    name: str
    class_name: str
    facts: tuple[tuple[str, object], ...]
    responsible: tuple[tuple[str, str], ...]
    next_days: tuple[NextDay, ...]
    sections: tuple[ShownSection, ...]
    changes: tuple[PupilChange, ...]
    has_left: bool
    erased: tuple[Erased, ...]

    @property
    def written(self) -> list[ShownSection]:
        """Return the sections in which something stands."""
        return [section for section in self.sections if section.entries]

    @property
    def unwritten(self) -> list[ShownSection]:
        """Return those in which nothing stands yet."""
        return [section for section in self.sections if not section.entries]

    def timeline(self, kind: str) -> list[Entry]:
        """Return the dated rows of all sections, or of one kind, newest first; each says of which kind it is."""
        found = [
            replace(entry, title=f"{section.title} · {entry.title}")
            for section in self.sections
            if not kind or section.code == kind
            for entry in section.entries
        ]
        return sorted(found, key=lambda entry: entry.at, reverse=True)


def pupil_file(actor: Actor, student: Student, on: dt.date) -> PupilFile:
    """Return the file of a pupil who was fetched for the actor; what the actor may not see is absent."""
    shown = tuple(shown_section(actor, student, each) for each in open_sections(actor, student))
    note_reading(
        actor, "archives.file.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"count": len(shown), "sections": [each.code for each in shown]},
    )  # fmt: skip
    unit, roster = units_by_path([student.place]).get(student.place), student_file(student, on=on, is_whole=False)
    guardians = _(", ").join(f"{each.name} {each.relation}".strip() for each in roster.guardians)
    return PupilFile(
        student=student, name=name_of(student), class_name=name_on(unit, on) if unit else "",
        facts=(
            (_("Student number"), roster.row.number), (_("Sex"), roster.row.sex),
            (_("Birth date"), roster.birth_on or roster.birth_year or ""), (_("Guardians"), guardians),
        ),
        responsible=tuple(_responsible(actor, student, on)), next_days=_next_days(shown, on), sections=shown,
        changes=tuple(_changes(actor, student, on)), has_left=roster.row.has_left,
        erased=tuple(erased(student)),
    )  # fmt: skip


def open_sections(actor: Actor, student: Student) -> list[Section]:
    """Return the sections that the actor may read of a pupil."""
    return [each for each in sections() if each.is_open_to(actor, student.place)]


def shown_section(actor: Actor, student: Student, section: Section) -> ShownSection:
    """Return one section with its entries, newest first."""
    entries = sorted(section.entries(actor, student), key=lambda entry: entry.at, reverse=True)
    return ShownSection(section.code, str(section.title), tuple(entries), str(section.empty), section.link)


def _next_days(shown: Sequence[ShownSection], on: dt.date) -> tuple[NextDay, ...]:
    found = {(entry.next_on, entry.next_what) for each in shown for entry in each.entries if entry.next_on is not None}
    return tuple(NextDay(day, what, is_late=day < on) for day, what in sorted(found) if day is not None)


def _responsible(actor: Actor, student: Student, on: dt.date) -> list[tuple[str, str]]:
    """Who answers for the pupil: the class teacher, the psychology teachers, and who leads and helps in a case."""
    rows = [
        (_("Class teacher"), staff_with_role(Role.CLASS_TEACHER, student.place, on)),
        (_("Psychology teacher"), staff_with_role(Role.PSYCH_TEACHER, student.school_place, on)),
    ]
    mentor = mentor_of_pupil(student, on)
    rows += [(_("Mentor"), [mentor])] if mentor else []
    for permission in (Permission.CASE_VIEW, Permission.LEDGER_VIEW):
        if actor.can(permission, student.place):
            case = Case.objects.visible_to(actor, permission).filter(student=student).exclude(state=CaseState.CLOSED)
            rows += [(_("Leads the case"), [row.owner]) for row in case]
            break
    plans = CarePlan.objects.visible_to(actor, Permission.CASE_VIEW)
    helping = plans.filter(case__student=student, is_current=True).exclude(case__state=CaseState.CLOSED)
    rows += [(_("Helper"), [row.helper]) for row in helping]
    names = staff_names([each for _label, ids in rows for each in ids])
    return [(label, _(", ").join(names[each] for each in ids if each in names) or "–") for label, ids in rows]


def _changes(actor: Actor, student: Student, on: dt.date) -> list[PupilChange]:
    if not actor.can(Permission.RESULT_FULL, student.place):
        return []
    least = parameters_for(student.place, on).reliability_sheets
    return pupil_changes(faces_for(actor, student), least=least)
