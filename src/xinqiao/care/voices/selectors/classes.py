"""Which classes have committee members, which weeks have a report, and what the reports of one class say."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.voices import rules
from xinqiao.care.voices.models import ClassReport, CommitteeSeat
from xinqiao.care.voices.wording import answer_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, school_of, units_for
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.people.selectors.students import students_in
from xinqiao.register.policy.calendar import calendar_for
from xinqiao.register.policy.parameters import CommitteeRules
from xinqiao.register.policy.selectors import parameters_for

WEEKS = 4  # so many the list of classes looks back; the class's own page shows more
REPORTS = 20
Weeks = list[tuple[dt.date, bool]]  # Mondays, this week's first, and whether school is held then
School = tuple[str, CommitteeRules, Weeks]  # its name, what its policy asks, its last weeks
REPORTED, MISSING, AWAITED, NO_SCHOOL, NO_MEMBER = "reported", "missing", "awaited", "no_school", "no_member"


@dataclass(frozen=True)
class Week:
    """One week of one class: its Monday, and how it stands with a report."""

    week_on: dt.date
    state: str


@dataclass(frozen=True)
class ClassRow:
    """One class: its members' names, and its last weeks, this one first."""

    id: UUID
    school: str
    name: str
    members: tuple[str, ...]
    weeks: tuple[Week, ...]


@dataclass(frozen=True)
class MemberRow:
    """A committee member at present."""

    seat_id: UUID
    student_id: UUID
    name: str
    since: dt.date


@dataclass(frozen=True)
class ReportRow:
    """What one report says of the class; who wrote it is not said here."""

    reported_at: dt.datetime
    week_on: dt.date
    mood: str
    quarrels: str
    load: str


@dataclass(frozen=True)
class ClassPage:
    """One class: its committee, whom one could appoint, and its reports, the newest first."""

    unit: Unit
    name: str
    members: tuple[MemberRow, ...]
    seats: int
    candidates: tuple[tuple[UUID, str], ...]
    weeks: tuple[Week, ...]
    reports: tuple[ReportRow, ...]


def class_rows(actor: Actor, on: dt.date) -> list[ClassRow]:
    """Return the classes whose committee the actor looks after: who sits on it (one event), and the weeks with a
    report."""
    units = units_for(actor, Permission.COMMITTEE_VIEW, UnitKind.CLASS)
    members = _members([unit.path for unit in units], actor)
    first = rules.monday_of(on) - dt.timedelta(days=7 * (WEEKS - 1))
    reported = _reported([unit.id for unit in units], actor, first)
    stays = _stays([unit.path for unit in units], actor)
    schools = _schools(units, on)
    found = []
    for unit in units:
        school, committee, school_weeks = schools[_school_key(unit)]
        sitting = members.get(unit.id, ())
        weeks = _weeks(reported.get(unit.id, set()), school_weeks, committee, on, stays.get(unit.id, ()))
        found.append(ClassRow(unit.id, school, name_on(unit, on), tuple(row.name for row in sitting), weeks))
    if members:
        note_reading(actor, "voices.classes.read", subject_kind="unit", place=min(unit.path for unit in units),
                     county_id=units[0].shard_id, facts={"count": len(found)})  # fmt: skip
    return found


def class_page(actor: Actor, unit: Unit, on: dt.date) -> ClassPage:
    """Return one class's page for an actor who may view it; the reports on it are an event of reading."""
    members = _members([unit.path], actor).get(unit.id, ())
    committee = parameters_for(unit.path, on).committee
    rows = _reports(actor, unit)
    stays = _stays([unit.path], actor).get(unit.id, ())
    weeks = _weeks({row.week_on for row in rows}, _school_weeks(unit.path, on, 2 * WEEKS), committee, on, stays)
    if rows:
        note_reading(actor, "voices.reports.read", subject_kind="unit", subject_id=unit.id, place=unit.path,
                     county_id=unit.shard_id, facts={"count": len(rows)})  # fmt: skip
    sitting = {row.student_id for row in members}
    pupils = students_in(actor, [unit.path], on=on)
    return ClassPage(
        unit=unit, name=name_on(unit, on), members=members, seats=committee.seats,
        candidates=tuple((row.id, row.name) for row in pupils if row.id not in sitting), weeks=weeks, reports=rows,
    )  # fmt: skip


def count_new_reports(actor: Actor, now: dt.datetime) -> int:
    """Return how many reports came in within a week about the classes of this class teacher; a number, so no event."""
    since = now - dt.timedelta(days=7)
    rows = ClassReport.objects.visible_to(actor, Permission.COMMITTEE_VIEW)
    return int(rows.filter(reported_at__gt=since).count())


def find_seat(actor: Actor, seat_id: UUID) -> CommitteeSeat | None:
    """Return a seat that the actor may change."""
    rows = CommitteeSeat.objects.visible_to(actor, Permission.COMMITTEE_EDIT).select_related("student")
    found: CommitteeSeat | None = rows.filter(pk=seat_id).first()
    return found


def _members(places: Sequence[str], actor: Actor) -> dict[UUID, tuple[MemberRow, ...]]:
    seats = list(
        CommitteeSeat.objects.visible_to(actor, Permission.COMMITTEE_VIEW)
        .filter(within(places), end_on__isnull=True)
        .select_related("student")
        .order_by("class_id", "chair")
    )
    names = open_sealed([seat.student for seat in seats], "name")
    found: dict[UUID, tuple[MemberRow, ...]] = {}
    for seat, opened in zip(seats, names, strict=True):
        row = MemberRow(seat.id, seat.student_id, opened["name"] or "", seat.start_on)
        found[seat.class_id] = (*found.get(seat.class_id, ()), row)
    return found


def _reported(class_ids: Sequence[UUID], actor: Actor, first: dt.date) -> dict[UUID, set[dt.date]]:
    rows = ClassReport.objects.visible_to(actor, Permission.COMMITTEE_VIEW).filter(
        class_id__in=class_ids, week_on__gte=first - dt.timedelta(days=28)
    )
    found: dict[UUID, set[dt.date]] = {}
    for class_id, week_on in rows.values_list("class_id", "week_on"):
        found.setdefault(class_id, set()).add(week_on)
    return found


def _school_key(unit: Unit) -> str:
    return unit.path.rsplit("/", 2)[0]


def _schools(units: Sequence[Unit], on: dt.date) -> dict[str, School]:
    """What holds at each school, asked once for all its classes."""
    found: dict[str, School] = {}
    by_school: dict[str, School] = {}
    for unit in units:
        key = _school_key(unit)
        if key in found:
            continue
        school = school_of(unit.path)
        path = school.path if school else unit.path
        if path not in by_school:
            name = school.name if school else ""
            by_school[path] = (name, parameters_for(path, on).committee, _school_weeks(path, on, WEEKS))
        found[key] = by_school[path]
    return found


def _school_weeks(place: str, on: dt.date, count: int) -> Weeks:
    """Return the last weeks, this one first, and whether school is held in them."""
    mondays = [rules.monday_of(on) - dt.timedelta(days=7 * back) for back in range(count)]
    calendar = calendar_for(
        place, {day.year for monday in mondays for day in (monday, monday + dt.timedelta(6))}
    ).calendar
    return [(day, any(calendar.is_school_day(day + dt.timedelta(days=n)) for n in range(7))) for day in mondays]


def _stays(places: Sequence[str], actor: Actor) -> dict[UUID, tuple[rules.Stay, ...]]:
    """From when to when somebody sat on the committees, those who sit no more included."""
    seats = CommitteeSeat.objects.visible_to(actor, Permission.COMMITTEE_VIEW).filter(within(places))
    found: dict[UUID, tuple[rules.Stay, ...]] = {}
    for class_id, start_on, end_on in seats.values_list("class_id", "start_on", "end_on"):
        found[class_id] = (*found.get(class_id, ()), (start_on, end_on))
    return found


def _weeks(
    reported: set[dt.date], school_weeks: Sequence[tuple[dt.date, bool]], committee: CommitteeRules, on: dt.date,
    stays: Sequence[rules.Stay],
) -> tuple[Week, ...]:  # fmt: skip
    return tuple(
        Week(week_on, _state(week_on, reported, committee, on, is_school=is_school,
                             has_member=rules.had_member(week_on, stays, committee.due_weekday)))
        for week_on, is_school in school_weeks
    )  # fmt: skip


def _state(
    week_on: dt.date, reported: set[dt.date], committee: CommitteeRules, on: dt.date, *, is_school: bool,
    has_member: bool,
) -> str:  # fmt: skip
    if rules.is_covered(week_on, reported, committee.report_every_days):
        return REPORTED
    if not is_school:
        return NO_SCHOOL
    if not has_member:
        return NO_MEMBER
    is_missing = rules.is_missing(
        week_on, reported, every_days=committee.report_every_days, due_weekday=committee.due_weekday, today=on
    )
    return MISSING if is_missing else AWAITED


def _reports(actor: Actor, unit: Unit) -> tuple[ReportRow, ...]:
    rows = list(
        ClassReport.objects.visible_to(actor, Permission.COMMITTEE_VIEW)
        .filter(class_id=unit.id)
        .order_by("-reported_at")[:REPORTS]
    )
    said = [json.loads(opened["answers"] or "{}") for opened in open_sealed(rows, "answers")]
    return tuple(
        ReportRow(row.reported_at, row.week_on, *answer_words(answers)) for row, answers in zip(rows, said, strict=True)
    )


def pupil_of_class(actor: Actor, unit: Unit, student_id: UUID) -> Student | None:
    """Return a pupil of a class whom the actor may appoint."""
    rows = Student.objects.visible_to(actor, Permission.COMMITTEE_EDIT).filter(place=unit.path)
    found: Student | None = rows.filter(pk=student_id).first()
    return found
