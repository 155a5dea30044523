"""What the pages of the register show: the whole register of a reader, one pupil's entries, one's own proposals."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.selectors.contacts import owed_pupils
from xinqiao.care.support.states import EntryState
from xinqiao.care.support.wording import category_words, kind_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.models import Student
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

MOST_IDS_IN_AUDIT = 200


@dataclass(frozen=True)
class EntryRow:
    """One entry as a page shows it, in the reader's language."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    category: str
    category_name: str
    kind: str
    reason: str
    state: str
    state_name: str
    since: dt.date | None
    review_on: dt.date | None
    is_due: bool
    proposed_by: str
    proposed_on: dt.date | None
    ended_on: dt.date | None
    end_reason: str


@dataclass(frozen=True)
class CategoryRows:
    """The kept entries of one category; those due for a look first."""

    code: str
    name: str
    rows: tuple[EntryRow, ...]


@dataclass(frozen=True)
class OwedFamily:
    """A registered pupil whose family is to be reached after a worry, and until when."""

    student_id: UUID
    name: str
    due_at: dt.datetime
    is_late: bool


@dataclass(frozen=True)
class Register:
    """The register where the reader keeps it: what waits for a decision, and what is kept by category."""

    proposed: tuple[EntryRow, ...]
    categories: tuple[CategoryRows, ...]
    families: tuple[OwedFamily, ...] = ()

    @property
    def due(self) -> int:
        """How many entries are to be looked at again."""
        return sum(row.is_due for category in self.categories for row in category.rows)


def register_for(actor: Actor, on: dt.date) -> Register:
    """Return the register of every place where the actor may see it; reading it is one audit event."""
    live = RegisterEntry.objects.visible_to(actor, Permission.REGISTER_VIEW).filter(
        state__in=(EntryState.PROPOSED, EntryState.KEPT)
    )
    entries = list(live.select_related("student").order_by("review_on", "id"))
    rows = _rows(entries, on)
    if entries:
        note_reading(
            actor, "support.register.read", subject_kind="students", place=min(e.student.school_place for e in entries),
            county_id=entries[0].county_id,
            facts={"count": len(entries), "ids": [str(e.student_id) for e in entries[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    kept = sorted((row for row in rows if row.state == EntryState.KEPT), key=_order)
    names = {row.category: row.category_name for row in kept}
    return Register(
        proposed=tuple(row for row in rows if row.state == EntryState.PROPOSED),
        categories=tuple(
            CategoryRows(code, names[code], tuple(row for row in kept if row.category == code)) for code in names
        ),
        families=_families(actor),
    )  # fmt: skip


def _families(actor: Actor) -> tuple[OwedFamily, ...]:
    """Whom the register names already: a family is owed a contact for pupils who are on it."""
    duties = owed_pupils(actor)
    names = names_of([duty.student for duty in duties if duty.student is not None])
    return tuple(
        OwedFamily(duty.student_id, names[duty.student_id], duty.due_at, duty.due_at < now())
        for duty in duties
        if duty.student_id is not None
    )


def count_to_look_at(actor: Actor, on: dt.date) -> int:
    """Return how many entries wait: proposals to decide and entries to look at again, families to reach.

    Names nobody.
    """
    rows = RegisterEntry.objects.visible_to(actor, Permission.REGISTER_EDIT)
    waits = Q(state=EntryState.PROPOSED) | Q(state=EntryState.KEPT, review_on__lte=on)
    return int(rows.filter(waits).count()) + len(owed_pupils(actor))


def entries_of(actor: Actor, student: Student, on: dt.date) -> list[EntryRow]:
    """Return every entry of one pupil, the newest first; reading it is an audit event."""
    rows = RegisterEntry.objects.visible_to(actor, Permission.REGISTER_VIEW).filter(student=student)
    found = _rows(list(rows.select_related("student").order_by("-id")), on)
    _note(actor, student, len(found))
    return found


def own_proposals(actor: Actor, student: Student, on: dt.date) -> list[EntryRow]:
    """Return what the reader has proposed for a pupil. What became of it is not among it: that is not told."""
    rows = RegisterEntry.objects.visible_to(actor, Permission.REGISTER_PROPOSE)
    mine = rows.filter(student=student, proposed_by=actor.person_id).order_by("-id")
    return _rows(list(mine.select_related("student")), on)


def entry_for(actor: Actor, entry_id: UUID) -> RegisterEntry | None:
    """Return an entry that the actor may change, else None."""
    rows = RegisterEntry.objects.visible_to(actor, Permission.REGISTER_EDIT).select_related("student")
    found: RegisterEntry | None = rows.filter(pk=entry_id).first()
    return found


def read_entry(actor: Actor, entry: RegisterEntry, on: dt.date) -> EntryRow:
    """Return one entry that was fetched for the actor as a page shows it; reading it is an audit event."""
    _note(actor, entry.student, 1)
    return _rows([entry], on)[0]


def _note(actor: Actor, student: Student, count: int) -> None:
    note_reading(
        actor, "support.entry.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"count": count},
    )  # fmt: skip


def _rows(entries: Sequence[RegisterEntry], on: dt.date) -> list[EntryRow]:
    students = [entry.student for entry in entries]
    names = {s.id: words["name"] or "" for s, words in zip(students, open_sealed(students, "name"), strict=True)}
    units = units_by_path({student.place for student in students})
    rules = {place: parameters_for(place, on) for place in {student.school_place for student in students}}
    proposers = staff_names([entry.proposed_by for entry in entries if entry.proposed_by])
    opened = open_sealed(entries, "kind", "reason")
    return [
        _row(entry, names[entry.student_id], name_on(units[entry.student.place], on) if entry.student.place in units
             else "", words, rules[entry.student.school_place], proposers, on)
        for entry, words in zip(entries, opened, strict=True)
    ]  # fmt: skip


def _row(
    entry: RegisterEntry, name: str, class_name: str, words: dict[str, str | None], rules: Parameters,
    proposers: dict[UUID, str], on: dt.date,
) -> EntryRow:  # fmt: skip
    return EntryRow(
        id=entry.id, student_id=entry.student_id, name=name, class_name=class_name, category=entry.category,
        category_name=category_words(rules.register_categories, entry.category),
        kind=kind_words(rules.register_categories, entry.category, words["kind"] or ""), reason=words["reason"] or "",
        state=entry.state, state_name=str(EntryState(entry.state).label), since=entry.since, review_on=entry.review_on,
        is_due=entry.state == EntryState.KEPT and entry.review_on is not None and entry.review_on <= on,
        proposed_by=proposers.get(entry.proposed_by, "") if entry.proposed_by else "",
        proposed_on=timezone.localtime(entry.proposed_at).date() if entry.proposed_at else None,
        ended_on=entry.ended_on, end_reason=entry.get_end_reason_display() if entry.end_reason else "",
    )  # fmt: skip


def _order(row: EntryRow) -> tuple[str, dt.date, str, str]:
    return row.category, row.review_on or dt.date.max, row.class_name, row.name
