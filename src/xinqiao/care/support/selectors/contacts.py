"""Contact with families as pages show it: classes counted, one class by name, one pupil with what was said."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.support.models import ContactDuty, FamilyContact
from xinqiao.care.support.rows import counted_contacts, every_contact, open_duties
from xinqiao.care.support.selectors.dealing import pupils_at
from xinqiao.care.support.selectors.terms import due_day, terms_at
from xinqiao.care.support.states import Channel, DutyKind
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_for
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.people.selectors.students import guardians_of
from xinqiao.register.people.sorting import sound_order
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_by_place, parameters_for

MOST_IDS_IN_AUDIT = 200
_REASON = "families counted by class; nobody is named"


@dataclass(frozen=True)
class ClassCount:
    """One class this term: families reached of all, the last day, days left (below 0: late), how far a task climbed
    (None where none is open), and whether the reader may open it."""

    id: UUID
    name: str
    pupils: int
    reached: int
    due_on: dt.date | None
    days_left: int | None
    rung: int | None
    may_open: bool

    @property
    def missing(self) -> int:
        """Return how many families were not reached yet."""
        return self.pupils - self.reached


@dataclass(frozen=True)
class FamilyRow:
    """One pupil of a class: the last contact that counts, how many tries there were, and whether the family is missing
    or owed a contact for another reason."""

    id: UUID
    name: str
    last_on: dt.date | None
    channel: str
    tries: int
    is_missing: bool
    is_owed: bool


@dataclass(frozen=True)
class ContactRow:
    """One contact with what was said."""

    reached_on: dt.date
    channel: str
    whom: str
    is_answered: bool
    counts: bool
    topics: str
    words: str
    noted_by: str


def class_counts(actor: Actor, on: dt.date) -> list[ClassCount]:
    """Return the classes whose families the actor follows; a fixed number of queries, and no pupil is named."""
    units = units_for(actor, Permission.CONTACT_FOLLOW, UnitKind.CLASS)
    places = [unit.path for unit in units]
    terms, rules = terms_at(places, on), parameters_by_place(places, on)
    pupils, reached = _reached(places, terms, rules)
    rungs = dict(open_duties().filter(kind=DutyKind.TERM, place__in=places).values_list("place", "rung"))
    return [_count(actor, unit, terms, rules, pupils, reached, rungs, on) for unit in units if pupils[unit.path]]


def _count(
    actor: Actor, unit: Unit, terms: Mapping[str, tuple[dt.date, dt.date]], rules: Mapping[str, Parameters],
    pupils: Counter[str], reached: Counter[str], rungs: Mapping[str, int], on: dt.date,
) -> ClassCount:  # fmt: skip
    term, family = terms.get(unit.path), rules[unit.path].families
    due_on = due_day(term, family.due_days) if term and family.per_term else None
    return ClassCount(
        id=unit.id, name=name_on(unit, on), pupils=pupils[unit.path], reached=reached[unit.path], due_on=due_on,
        days_left=(due_on - on).days if due_on else None, rung=rungs.get(unit.path),
        may_open=actor.can(Permission.CONTACT_WRITE, unit.path),
    )  # fmt: skip


def _reached(
    places: Sequence[str], terms: Mapping[str, tuple[dt.date, dt.date]], rules: Mapping[str, Parameters]
) -> tuple[Counter[str], Counter[str]]:
    """Return by class how many pupils there are and whose family was reached often enough this term."""
    at = dict(
        Student.objects.for_system(reason=_REASON)
        .filter(within(places), status=StudentStatus.ACTIVE)
        .values_list("pk", "place")
    )
    times: Counter[UUID] = Counter()
    first = min((term[0] for term in terms.values()), default=None)
    if first is not None:
        rows = counted_contacts().filter(within(places, "student__place"), reached_on__gte=first)
        for student_id, place, day in rows.values_list("student_id", "student__place", "reached_on"):
            if place in terms and terms[place][0] <= day:
                times[student_id] += 1
    reached = Counter(place for pk, place in at.items() if times[pk] >= max(1, rules[place].families.per_term))
    return Counter(at.values()), reached


def class_to_open(actor: Actor, class_id: UUID) -> Unit | None:
    """Return a class whose families the actor looks after, else None."""
    units = units_for(actor, Permission.CONTACT_WRITE, UnitKind.CLASS)
    return next((unit for unit in units if unit.id == class_id), None)


def family_rows(actor: Actor, unit: Unit, on: dt.date) -> list[FamilyRow]:
    """Return the pupils of a class, those whose family is missing first; reading it is one audit event."""
    students = list(pupils_at(unit.path))
    term = terms_at([unit.path], on).get(unit.path)
    per_term = parameters_for(unit.path, on).families.per_term
    contacts: dict[UUID, list[FamilyContact]] = defaultdict(list)
    since = term[0] if term else on.replace(month=1, day=1)
    for row in every_contact().filter(student__in=students, reached_on__gte=since).order_by("reached_on"):
        contacts[row.student_id].append(row)
    owed = {row.student_id for row in owed_pupils(actor) if row.student_id is not None}
    if students:
        note_reading(
            actor, "support.families.read", subject_kind="class", subject_id=unit.id, place=unit.path,
            county_id=unit.shard_id,
            facts={"count": len(students), "ids": [str(student.pk) for student in students[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    names = names_of(students)
    rows = [_family(student, names, contacts[student.pk], per_term if term else 0, owed) for student in students]
    return sorted(rows, key=lambda row: (not row.is_owed, not row.is_missing, sound_order(row.name)))


def _family(
    student: Student, names: Mapping[UUID, str], own: Sequence[FamilyContact], per_term: int, owed: set[UUID]
) -> FamilyRow:
    counted = [row for row in own if row.counts]
    return FamilyRow(
        id=student.pk, name=names[student.pk], last_on=counted[-1].reached_on if counted else None,
        channel=str(Channel(counted[-1].channel).label) if counted else "", tries=len(own) - len(counted),
        is_missing=len(counted) < per_term, is_owed=student.pk in owed,
    )  # fmt: skip


def owed_pupils(actor: Actor) -> list[ContactDuty]:
    """Return the registered pupils whose family is owed a contact, for those alone who keep the register."""
    rows = ContactDuty.objects.visible_to(actor, Permission.REGISTER_VIEW)
    return list(rows.filter(kind=DutyKind.PUPIL, ended_as="").select_related("student").order_by("due_at"))


def contacts_of(actor: Actor, student: Student, permission: Permission, on: dt.date) -> list[ContactRow]:
    """Return the contacts with a pupil's family that the actor may read, the newest first; an audit event."""
    rows = rows_of_contacts(actor, student, permission, on)
    note_reading(
        actor, "support.contacts.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"count": len(rows)},
    )  # fmt: skip
    return rows


def rows_of_contacts(actor: Actor, student: Student, permission: Permission, on: dt.date) -> list[ContactRow]:
    """Return them likewise; whoever calls notes the reading."""
    rows = list(
        FamilyContact.objects.visible_to(actor, permission)
        .filter(student=student)
        .select_related("guardian")
        .order_by("-reached_on", "-noted_at")
    )
    topics = topic_names(student.place, on)
    staff = staff_names(list({row.noted_by for row in rows}))
    guardians = [row.guardian for row in rows if row.guardian is not None]
    whom = {each.id: words["name"] or "" for each, words in zip(guardians, open_sealed(guardians, "name"), strict=True)}
    return [
        ContactRow(
            row.reached_on, str(Channel(row.channel).label),
            whom.get(row.guardian_id, "") if row.guardian_id else _("another adult"), row.is_answered, row.counts,
            _joined(topics.get(code, code) for code in row.topics.split()), words["words"] or "",
            staff.get(row.noted_by, ""),
        )
        for row, words in zip(rows, open_sealed(rows, "words"), strict=True)
    ]  # fmt: skip


def topic_names(place: str, on: dt.date) -> dict[str, str]:
    """Return the topics of the rules in force at a place, by code."""
    language = get_language() or ""
    return {topic.code: topic.name.in_language(language) for topic in parameters_for(place, on).families.topics}


def adults_of(student: Student) -> list[tuple[str, str]]:
    """Return the guardians of a pupil who was fetched for the actor, as choices; last another adult."""
    known = [
        (str(row.guardian_id), f"{row.name} {row.relation}".strip()) for row in guardians_of(student)
    ]  # fmt: skip
    return [*known, ("", _("another adult"))]


def _joined(words: Iterable[str]) -> str:
    return " · ".join(words)
