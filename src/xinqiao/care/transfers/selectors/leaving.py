"""Those who left: class by class, one class, one pupil, and where the register finds them now."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from xinqiao.care.transfers.composing import going
from xinqiao.care.transfers.models import Handover
from xinqiao.care.transfers.parcel import Part
from xinqiao.care.transfers.rules import AGAINST, chosen_sections
from xinqiao.care.transfers.states import TO_DECIDE, HandoverState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id, units_by_path
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.people.models import Student
from xinqiao.register.people.selectors.consent import consent_state, consent_to, consent_word, current_form
from xinqiao.register.people.sorting import sound_order
from xinqiao.register.people.states import Purpose, StudentStatus
from xinqiao.register.policy.selectors import parameters_for

MOST_IDS_IN_AUDIT = 200
HAND = Permission.TRANSFER_HAND
_REASON = "at which school a pupil is now whose file is handed over"


@dataclass(frozen=True)
class Group:
    """Those who left one class on one day, in numbers."""

    class_id: UUID | None
    school_id: UUID
    name: str
    left_on: dt.date
    pupils: int
    to_decide: int
    late: int
    under_way: int
    done: int
    kept: int


@dataclass(frozen=True)
class LeaverRow:
    """One pupil who left. `found` is the school where the register has a pupil of the same number now."""

    id: UUID
    student_id: UUID
    name: str
    number: str
    state: str
    state_words: str
    consent: str
    is_against: bool
    found: Unit | None
    target: str
    is_late: bool

    @property
    def is_to_decide(self) -> bool:
        return self.state in TO_DECIDE


@dataclass(frozen=True)
class HandoverPage:
    """One handover: what would go, or what went."""

    handover: Handover
    name: str
    class_name: str
    state_words: str
    consent: str
    has_form: bool
    parts: tuple[Part, ...]
    found: Unit | None
    target: str
    reason: str
    minutes_left: int | None
    may_recall: bool
    is_against: bool

    @property
    def is_to_decide(self) -> bool:
        return self.handover.state in TO_DECIDE


def class_left(unit: Unit | None, left_on: dt.date) -> str:
    """Return what a class was called on its pupils' last day."""
    return name_on(unit, left_on - dt.timedelta(days=1)) if unit is not None else _("in no class")


def groups(actor: Actor) -> list[Group]:
    """Return who left, by class and day, what is to be decided first. Names nobody."""
    counts: dict[tuple[UUID | None, str, dt.date], Counter[str]] = defaultdict(Counter)
    at = now()
    rows = Handover.objects.visible_to(actor, HAND).exclude(state=HandoverState.BACK)
    for class_id, place, left_on, state, due_at in rows.values_list(
        "class_id", "place", "left_on", "state", "due_at"
    ).order_by("id"):
        is_late = state in TO_DECIDE and due_at < at
        counts[class_id, place, left_on].update([state, *(["late"] if is_late else [])])
    units = units_by_id({class_id for class_id, _place, _on in counts if class_id is not None})
    schools = units_by_path({place for _id, place, _on in counts})
    found = []
    for (class_id, place, left_on), states in counts.items():
        unit = units.get(class_id) if class_id is not None else None
        late = states.pop("late", 0)
        found.append(
            Group(
                class_id=class_id, school_id=schools[place].id, left_on=left_on, late=late,
                name=class_left(unit, left_on),
                pupils=sum(states.values()), to_decide=sum(states[each] for each in TO_DECIDE),
                under_way=states["sent"] + states["taken"], done=states["done"], kept=states["kept"],
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (not each.to_decide, -each.left_on.toordinal(), each.name))


def find_school(actor: Actor, school_id: UUID) -> Unit | None:
    """Return a school at which the actor hands files over; None otherwise."""
    unit = Unit.objects.filter(pk=school_id, kind__in=SCHOOL_KINDS).first()
    return unit if unit is not None and actor.can(HAND, unit.path) else None


def find_handover(actor: Actor, handover_id: UUID) -> Handover | None:
    """Return a handover that the actor may reach, its pupil with it; None otherwise."""
    rows = Handover.objects.visible_to(actor, HAND).select_related("student")
    found: Handover | None = rows.filter(pk=handover_id).first()
    return found


def leavers(actor: Actor, school: Unit, class_id: UUID | None, left_on: dt.date) -> list[LeaverRow]:
    """Return who left a class (or no class) on a day, by name; reading them is one event. Few queries."""
    rows = list(
        Handover.objects.visible_to(actor, HAND).exclude(state=HandoverState.BACK)
        .filter(place=school.path, class_id=class_id, left_on=left_on).select_related("student").order_by("id")
    )  # fmt: skip
    students = [row.student for row in rows]
    note_reading(
        actor, "transfers.leavers.read", subject_kind="students", place=school.path, county_id=school.shard_id,
        facts={"count": len(rows), "ids": [str(each.id) for each in students[:MOST_IDS_IN_AUDIT]]},
    )  # fmt: skip
    form = current_form(school.path, Purpose.TRANSFER)
    consent = consent_state(students, form, today()) if form is not None else {}
    found, at = now_at(students), now()
    targets = units_by_id({row.target_id for row in rows if row.target_id is not None})
    shown = [
        LeaverRow(
            id=row.id, student_id=row.student_id, name=words["name"] or "", number=words["number"] or "",
            state=row.state, state_words=str(HandoverState(row.state).label),
            consent=consent_word(consent[row.student_id]) if row.student_id in consent else "",
            is_against=consent.get(row.student_id) in AGAINST, found=found.get(row.student_id),
            target=targets[row.target_id].name if row.target_id in targets else "",
            is_late=row.state in TO_DECIDE and row.due_at < at,
        )
        for row, words in zip(rows, open_sealed(students, "name", "number"), strict=True)
    ]  # fmt: skip
    return sorted(shown, key=lambda row: sound_order(row.name))


def now_at(students: Sequence[Student]) -> dict[UUID, Unit]:
    """Return by pupil who left, the one other school at which the register has a pupil of the same number now.

    By the national number or the identity number, both blind; where it has none, or two schools, nothing is returned.
    """
    national = {bytes(each.national_index): each.id for each in students if each.national_index}
    identity = {bytes(each.id_index): each.id for each in students if each.id_index}
    own = {each.id: each.school_id for each in students}
    rows = Student.objects.for_system(reason=_REASON).filter(
        Q(national_index__in=list(national)) | Q(id_index__in=list(identity)), status=StudentStatus.ACTIVE
    )
    places: dict[UUID, set[str]] = defaultdict(set)
    for national_index, id_index, school_id, place in rows.values_list(
        "national_index", "id_index", "school_id", "school_place"
    ):
        for known, index in ((national, national_index), (identity, id_index)):
            key = known.get(bytes(index)) if index else None
            if key is not None and own[key] != school_id:
                places[key].add(place)
    units = units_by_path({place for found in places.values() for place in found})
    return {key: units[min(found)] for key, found in places.items() if len(found) == 1 and min(found) in units}


def schools_near(school: Unit) -> list[Unit]:
    """Return the other open schools of the same county, by name, as choices of where files go."""
    rows = Unit.objects.filter(county_id=school.county_id, kind__in=SCHOOL_KINDS, is_closed=False)
    rows = rows.exclude(pk=school.pk)
    return sorted(rows, key=lambda unit: sound_order(unit.name))


def school_by_code(code: str) -> Unit | None:
    """Return the open school with a code, wherever it lies; None where there is none."""
    return Unit.objects.filter(kind__in=SCHOOL_KINDS, is_closed=False, code=code).first()


def handover_page(actor: Actor, handover: Handover) -> HandoverPage:
    """Return one handover that was found for the actor; reading it is an event."""
    student = handover.student
    note_reading(
        actor, "transfers.handover.read", subject_kind="student", subject_id=student.id, place=handover.place,
        county_id=handover.county_id, facts={"handover": str(handover.id)},
    )  # fmt: skip
    pack = parameters_for(handover.place, today()).transfers
    consent = consent_to(student, Purpose.TRANSFER, today())
    parts: Sequence[Part] = ()
    is_to_decide = handover.state in TO_DECIDE
    if is_to_decide:
        parts = going(actor, student, chosen_sections(pack.minimum, pack.by_consent, consent), pack.minimum)
    units = units_by_id({each for each in (handover.class_id, handover.target_id) if each is not None})
    unit = units.get(handover.class_id) if handover.class_id else None
    (opened,) = open_sealed([student], "name")
    (words,) = open_sealed([handover], "reason")
    return HandoverPage(
        handover=handover, name=opened["name"] or "",
        class_name=class_left(unit, handover.left_on),
        state_words=str(HandoverState(handover.state).label),
        consent=consent_word(consent) if consent is not None else "", has_form=consent is not None,
        parts=tuple(parts), found=now_at([student]).get(student.id) if is_to_decide else None,
        target=units[handover.target_id].name if handover.target_id in units else "", reason=words["reason"] or "",
        minutes_left=int((handover.due_at - now()).total_seconds() // 60) if is_to_decide else None,
        may_recall=handover.state == HandoverState.SENT, is_against=consent in AGAINST,
    )  # fmt: skip


def names_of_sections(codes: str, titles: Mapping[str, str]) -> list[str]:
    """Return what the sections of a handover are called."""
    return [titles.get(code, code) for code in codes.split(",") if code]
