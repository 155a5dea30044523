"""Files that came: the list, which pupil here each belongs to, and one of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from xinqiao.care.transfers.models import Arrival
from xinqiao.care.transfers.parcel import Parcel, read_parcel
from xinqiao.care.transfers.states import UNDER_WAY, ArrivalState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id, units_by_path
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import index_of
from xinqiao.register.people.states import StudentStatus

MOST_IDS_IN_AUDIT, MOST_OVER = 200, 300
HAND = Permission.TRANSFER_HAND
_REASON = "which pupil here a file belongs to that came to this school"


@dataclass(frozen=True)
class ArrivalRow:
    """One file that came; `pupil` is whom it belongs to here, by number, or whom it was taken in for."""

    id: UUID
    name: str
    school: str
    state: str
    state_words: str
    arrived_at: dt.datetime
    minutes_left: int | None
    pupil: Student | None
    pupil_name: str
    pupil_class: str

    @property
    def is_waiting(self) -> bool:
        return self.state == ArrivalState.WAITING

    @property
    def is_taken(self) -> bool:
        return self.state == ArrivalState.TAKEN

    @property
    def is_late(self) -> bool:
        return self.minutes_left is not None and self.minutes_left < 0


@dataclass(frozen=True)
class ArrivalPage:
    """One file that came. `parcel` is None until it is taken in, and after it was sent back; `birth` is on it, too."""

    row: ArrivalRow
    arrival: Arrival
    parcel: Parcel | None
    birth: str


def find_arrival(actor: Actor, arrival_id: UUID) -> Arrival | None:
    """Return a file that came to a school where the actor takes files in; None otherwise."""
    rows = Arrival.objects.visible_to(actor, HAND).select_related("handover__student", "student")
    found: Arrival | None = rows.filter(pk=arrival_id).first()
    return found


def count_waiting(actor: Actor) -> int:
    """Return how many files wait to be taken in or acknowledged. Names nobody."""
    return int(Arrival.objects.visible_to(actor, HAND).filter(state__in=UNDER_WAY).count())


def arrivals(actor: Actor) -> list[ArrivalRow]:
    """Return what came: what waits, then what is over, the newest first; reading them is one event."""
    visible = Arrival.objects.visible_to(actor, HAND).select_related("handover__student", "student")
    waiting = list(visible.filter(state__in=UNDER_WAY).order_by("due_at", "id"))
    over = list(visible.exclude(state__in=UNDER_WAY).order_by("-arrived_at", "id")[:MOST_OVER])
    rows = [*waiting, *over]
    if rows:
        note_reading(
            actor, "transfers.arrivals.read", subject_kind="arrivals", place=min(each.place for each in rows),
            county_id=rows[0].county_id,
            facts={"count": len(rows), "ids": [str(each.id) for each in rows[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    return _rows(rows)


def _rows(rows: Sequence[Arrival]) -> list[ArrivalRow]:
    at, on = now(), today()
    pupils = {row.id: row.student for row in rows if row.student is not None} | belonging(
        [row for row in rows if row.state == ArrivalState.WAITING]
    )
    people = list({each.id: each for each in pupils.values()}.values())
    names = {each.id: words["name"] or "" for each, words in zip(people, open_sealed(people, "name"), strict=True)}
    units, schools = units_by_path({each.place for each in people}), units_by_id({row.from_id for row in rows})
    found = []
    for row, called in zip(rows, _called(rows), strict=True):
        pupil = pupils.get(row.id)
        unit = units.get(pupil.place) if pupil is not None else None
        found.append(
            ArrivalRow(
                id=row.id, name=called, school=schools[row.from_id].name if row.from_id in schools else "",
                state=row.state, state_words=str(ArrivalState(row.state).label), arrived_at=row.arrived_at,
                minutes_left=int((row.due_at - at).total_seconds() // 60) if row.state in UNDER_WAY else None,
                pupil=pupil, pupil_name=names.get(pupil.id, "") if pupil is not None else "",
                pupil_class=name_on(unit, on) if unit is not None else "",
            )
        )  # fmt: skip
    return found


def _called(rows: Sequence[Arrival]) -> list[str]:
    """The name on each parcel; nothing of what it holds."""
    return [read_parcel(words["parcel"]).name if words["parcel"] else "" for words in open_sealed(rows, "parcel")]


def belonging(rows: Sequence[Arrival]) -> dict[UUID, Student]:
    """Return by arrival the pupil at its school now with the same national or identity number, both blind."""
    wanted: dict[tuple[str, bytes], UUID] = {}
    for row in rows:
        before = row.handover.student
        for index in (before.national_index, before.id_index):
            if index:
                wanted[row.place, bytes(index)] = row.id
    indexes = list({index for _place, index in wanted})
    here = Student.objects.for_system(reason=_REASON).filter(
        Q(national_index__in=indexes) | Q(id_index__in=indexes),
        school_place__in={row.place for row in rows}, status=StudentStatus.ACTIVE,
    )  # fmt: skip
    found: dict[UUID, Student] = {}
    for student in here if indexes else ():
        for index in (student.national_index, student.id_index):
            key = wanted.get((student.school_place, bytes(index))) if index else None
            if key is not None:
                found[key] = student
    return found


def pupil_by_number(school: Unit, number: str) -> Student | None:
    """Return the pupil at a school with a student, national or identity number; None where it has none, or two."""
    rows = Student.objects.for_system(reason=_REASON).filter(
        Q(number_index=index_of("student_number", number), is_seat_number=False)
        | Q(national_index=index_of("national_number", number)) | Q(id_index=index_of("id_number", number)),
        school_place=school.path, status=StudentStatus.ACTIVE,
    )[:2]  # fmt: skip
    found = list(rows)
    return found[0] if len(found) == 1 else None


def arrival_page(actor: Actor, arrival: Arrival) -> ArrivalPage:
    """Return one file that came and was found for the actor; reading it is an event."""
    note_reading(
        actor, "transfers.arrival.read", subject_kind="student" if arrival.student_id else "arrival",
        subject_id=arrival.student_id or arrival.id, place=arrival.place, county_id=arrival.county_id,
        facts={"arrival": str(arrival.id)},
    )  # fmt: skip
    (row,) = _rows([arrival])
    text = open_sealed([arrival], "parcel")[0]["parcel"]
    parcel = read_parcel(text) if text else None
    is_open = arrival.state in (ArrivalState.TAKEN, ArrivalState.ACKNOWLEDGED)
    return ArrivalPage(row, arrival, parcel if is_open else None, parcel.birth if parcel is not None else "")
