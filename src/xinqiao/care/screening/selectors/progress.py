"""How far a running campaign is: counts by class, pupils by name, seats with their codes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.class_days import Window, class_windows
from xinqiao.care.screening.selectors.paper import NOT_SEATED, standing_of, told_excuse, typed_counts
from xinqiao.care.screening.selectors.population import note_members, within_population
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import Excuse, SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

_REASON = "counts of a campaign for classes the actor was checked for"


@dataclass(frozen=True)
class ClassProgress:
    """One class, in pupils. `asked_again` of the answered have a further sitting open; `window` is its own day;
    `paper_once` of those still to answer have a printed sheet that is typed and not checked, `paper_checked` of the
    answered handed in on paper."""

    class_id: UUID
    name: str
    answered: int = 0
    answering: int = 0
    waiting: int = 0
    no_consent: int = 0
    excused: int = 0
    asked_again: int = 0
    window: Window | None = None
    paper_once: int = 0
    paper_checked: int = 0

    @property
    def invited(self) -> int:
        """Those who may answer: everyone but those without consent and the excused."""
        return self.answered + self.answering + self.waiting

    @property
    def total(self) -> int:
        """Everyone of the class."""
        return self.invited + self.no_consent + self.excused


@dataclass(frozen=True)
class PupilProgress:
    """One pupil of a class: `state` is a sitting's, or `not_seated` (no student number, or made within a minute).

    `on_paper`: the printed sheet is typed `once`, `differs`, or is `checked`; empty for a pupil on a device.
    """

    student_id: UUID
    name: str
    number: str
    state: str
    excuse: str
    is_asked_again: bool
    on_paper: str = ""

    @property
    def is_missing(self) -> bool:
        """Is this pupil still to answer?"""
        return self.state in (SittingState.WAITING, SittingState.STARTED)


@dataclass(frozen=True)
class Seat:
    """One line of a seat list; `code` is empty where the pupil does not sit (any more)."""

    seat: int
    name: str
    number: str
    code: str
    state: str
    excuse: str


def progress_of(campaign: Campaign, classes: Sequence[Unit], on: dt.date) -> list[ClassProgress]:
    """Return counts for some classes, in few queries; classes without a sitting are all zero."""
    earlier = _sittings(campaign).filter(student_id=OuterRef("student_id"), round__lt=OuterRef("round"))
    rows = (
        _sittings(campaign)
        .filter(class_id__in=[unit.id for unit in classes])
        .annotate(is_further=Exists(earlier.filter(state=SittingState.SUBMITTED)))
        .values("class_id", "state", "excuse", "is_further")
        .annotate(pupils=Count("id"))
        .order_by()
    )
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if column := _column(row["state"], row["excuse"], is_further=row["is_further"]):
            counts[row["class_id"]][column] += row["pupils"]
    for class_id, (once, checked) in typed_counts(campaign, classes).items():
        counts[class_id] |= {"paper_once": once, "paper_checked": checked}
    windows = class_windows(campaign)
    return [
        ClassProgress(class_id=unit.id, name=name_on(unit, on), window=windows.get(unit.id), **counts[unit.id])
        for unit in classes
    ]


def _column(state: str, excuse: str, *, is_further: bool) -> str:
    """Return which count a sitting belongs to; a further sitting counts only while it is open."""
    if is_further:
        return "asked_again" if state in (SittingState.WAITING, SittingState.STARTED) else ""
    if state == SittingState.EXCUSED:
        return "no_consent" if excuse == Excuse.NO_CONSENT else "excused"
    names = {SittingState.SUBMITTED: "answered", SittingState.STARTED: "answering", SittingState.WAITING: "waiting"}
    return names[SittingState(state)]


def total_of(rows: Sequence[ClassProgress]) -> ClassProgress:
    """Return the sum of some classes."""
    columns = (
        "answered", "answering", "waiting", "no_consent", "excused", "asked_again", "paper_once", "paper_checked",
    )  # fmt: skip
    sums = {column: sum(getattr(row, column) for row in rows) for column in columns}
    return ClassProgress(class_id=UUID(int=0), name="", **sums)


def pupils_of_class(actor: Actor, campaign: Campaign, unit: Unit) -> list[PupilProgress]:
    """Return the pupils of a class in order of their numbers, with how far each is. Names: STUDENT_LIST.

    Who did not want to answer is told apart only for whoever may read answers: nobody else shall ask the pupil why.
    """
    knows_refusals = actor.can(Permission.RESULT_FULL, unit.path)
    students = _students(actor, campaign, unit)
    note_members(actor, campaign, len(students))
    opened = open_sealed(students, "name", "number")
    by_student: dict[UUID, list[Sitting]] = defaultdict(list)
    typings = Count("typings")
    found = _sittings(campaign).filter(student_id__in=[s.id for s in students]).annotate(typed=typings)
    for sitting in found.order_by("round"):
        by_student[sitting.student_id].append(sitting)
    rows = [
        _pupil(student, words["name"] or "", words["number"] or "", by_student[student.id], knows_refusals)
        for student, words in zip(students, opened, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.number == "", row.number, row.name))


def _students(actor: Actor, campaign: Campaign, unit: Unit) -> list[Student]:
    visible = Student.objects.visible_to(actor, Permission.STUDENT_LIST)
    return list(within_population(campaign, visible.filter(place=unit.path, status=StudentStatus.ACTIVE)))


def _pupil(
    student: Student,
    name: str,
    number: str,
    sittings: Sequence[Sitting],
    knows_refusals: bool,  # noqa: FBT001
) -> PupilProgress:
    first = next((s for s in sittings if s.state == SittingState.SUBMITTED), sittings[-1] if sittings else None)
    last = sittings[-1] if sittings else None
    is_again = first is not None and last is not None and last.pk != first.pk
    return PupilProgress(
        student_id=student.id, name=name, number=number, state=first.state if first else NOT_SEATED,
        excuse=told_excuse(first.excuse, knows_refusals=knows_refusals) if first else "",
        is_asked_again=bool(is_again and last and last.state in (SittingState.WAITING, SittingState.STARTED)),
        on_paper=_on_paper(last),
    )  # fmt: skip


def _on_paper(sitting: Sitting | None) -> str:
    standing = standing_of(sitting, sitting.typed if sitting else 0)  # type: ignore[attr-defined]  # annotated above
    return standing if standing in ("once", "differs", "checked") else ""


def seats_of_class(actor: Actor, campaign: Campaign, unit: Unit, at: dt.datetime) -> list[Seat]:
    """Return a class's seat list with one-time codes; leaves an event. A code is shown only while it can be used."""
    students = _students(actor, campaign, unit)
    names = {s.id: words for s, words in zip(students, open_sealed(students, "name", "number"), strict=True)}
    sittings: dict[UUID, Sitting] = {}
    for sitting in _sittings(campaign).filter(student_id__in=list(names)).order_by("round"):
        sittings[sitting.student_id] = sitting
    rows = list(sittings.values())
    codes = {row.student_id: words["code"] or "" for row, words in zip(rows, open_sealed(rows, "code"), strict=True)}
    usable = {row.student_id for row in rows if _is_usable(row, at)}
    order = sorted(names, key=lambda student_id: (names[student_id]["number"] or "", names[student_id]["name"] or ""))
    note_reading(
        actor, "screening.seats.read", subject_kind="campaign", subject_id=campaign.id, place=unit.path,
        county_id=campaign.county_id, facts={"pupils": len(order), "codes": len(usable)},
    )  # fmt: skip
    return [
        _seat(
            index,
            names[student_id],
            codes.get(student_id, "") if student_id in usable else "",
            sittings.get(student_id),
        )
        for index, student_id in enumerate(order, start=1)
    ]


def _is_usable(sitting: Sitting, at: dt.datetime) -> bool:
    return sitting.state in (SittingState.WAITING, SittingState.STARTED) and at < sitting.closes_at


def _seat(index: int, words: dict[str, str | None], code: str, sitting: Sitting | None) -> Seat:
    return Seat(
        seat=index, name=words["name"] or "", number=words["number"] or "", code=code,
        state=sitting.state if sitting else NOT_SEATED, excuse=sitting.excuse if sitting else "",
    )  # fmt: skip


def _sittings(campaign: Campaign) -> "QuerySet[Sitting]":
    rows: QuerySet[Sitting] = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    return rows
