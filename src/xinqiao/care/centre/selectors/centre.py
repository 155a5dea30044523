"""The centre of a school as a page shows it: rooms, opening, the week's roster, hours counted and what is missing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.dates import WEEKDAYS as WEEKDAY_WORDS

from xinqiao.care.centre import rules
from xinqiao.care.centre.models import Booking, CentreRoom, OpeningTime, RosterHour
from xinqiao.care.centre.selectors.bookings import alone_after
from xinqiao.care.centre.selectors.visits import is_recorded
from xinqiao.care.centre.states import During, Zone
from xinqiao.care.centre.terms import rules_at, school_days, term_of
from xinqiao.care.centre.wording import zone_fault_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import within
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.kinds import MISSED
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.week import WeekSpan
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.calendar import zone
from xinqiao.register.policy.centre_rules import CentreRules
from xinqiao.register.policy.centre_words import zone_rule_words

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

HOUR = 60
WEEKDAYS = 5


@dataclass(frozen=True)
class RoomRow:
    """One room."""

    id: UUID
    name: str
    zone: str
    area_m2: Decimal | None
    equipment: str
    keeper: str


@dataclass(frozen=True)
class ZoneRow:
    """A kind of space that the rules ask for; `fault` says what is missing, "" where nothing is."""

    asked: str
    fault: str


@dataclass(frozen=True)
class OpeningRow:
    """A line of the weekly pattern; `sits` is empty where nobody does."""

    id: UUID
    weekday: int
    start_at: dt.time
    end_at: dt.time
    during: str
    room: str
    sits: str

    @property
    def weekday_name(self) -> str:
        """The weekday in words."""
        return str(WEEKDAY_WORDS[self.weekday - 1])


@dataclass(frozen=True)
class HourRow:
    """Somebody sits somewhere; `instead_of` is whom they stand in for."""

    id: UUID
    start_at: dt.datetime
    end_at: dt.datetime
    room: str
    sits: str
    instead_of: str
    during: str
    is_over: bool


@dataclass(frozen=True)
class DayRow:
    """One day of the week: who sits there, and the minutes with somebody on duty against those asked for."""

    on: dt.date
    is_school_day: bool
    is_today: bool
    hours: tuple[HourRow, ...]
    minutes: int
    is_short: bool

    @property
    def has_nobody(self) -> bool:
        """Is school held and nobody sits there?"""
        return self.is_school_day and not self.minutes


@dataclass(frozen=True)
class ShareRow:
    """How many hours one counsellor has in the term, done and ahead."""

    name: str
    hours: float
    percent: int


@dataclass(frozen=True)
class WeekPage(WeekSpan):
    """A week from Monday; `is_short` is said only of a week without a holiday, `beside_lessons` are minutes."""

    days: tuple[DayRow, ...]
    minutes: int
    beside_lessons: int
    asked_day: float
    asked_week: float
    is_short: bool
    over: int
    recorded: int

    @property
    def hours(self) -> str:
        """The week's hours with somebody on duty."""
        return f"{self.minutes / HOUR:g}" if self.minutes % 6 == 0 else f"{self.minutes / HOUR:.1f}"

    @property
    def records(self) -> str:
        """How many of the week's stretches that are over have a record, also that nobody came."""
        return f"{self.recorded} / {self.over}"

    @property
    def without_anybody(self) -> int:
        """Return on how many school days of the week nobody sits there."""
        return sum(day.has_nobody for day in self.days)

    @property
    def short_days(self) -> int:
        """Return on how many school days somebody sits there, but for less than is asked."""
        return sum(day.is_short and not day.has_nobody for day in self.days)


@dataclass(frozen=True)
class CentrePage:
    """Everything about one centre."""

    school: Unit
    rooms: tuple[RoomRow, ...]
    zones: tuple[ZoneRow, ...]
    openings: tuple[OpeningRow, ...]
    week: WeekPage
    shares: tuple[ShareRow, ...]
    has_pattern: bool
    late: int
    alone: int


def centre_page(actor: Actor, school: Unit, *, day: dt.date, at: dt.datetime) -> CentrePage:
    """Return the centre of a school that was found for the actor, with the week that holds a day."""
    rooms = list(CentreRoom.objects.visible_to(actor, Permission.CENTRE_VIEW).filter(
        school_id=school.id, closed_at__isnull=True).order_by("zone", "name"))  # fmt: skip
    lines = list(OpeningTime.objects.visible_to(actor, Permission.CENTRE_VIEW).filter(
        school_id=school.id).select_related("room").order_by("weekday", "start_at"))  # fmt: skip
    asked = rules_at(school.path, day)
    names = staff_names([each for each in (*(r.keeper_id for r in rooms), *(o.staff_id for o in lines)) if each])
    return CentrePage(
        school=school, rooms=tuple(_room(row, names.get(row.keeper_id, "") if row.keeper_id else "") for row in rooms),
        zones=_zones(rooms, asked),
        openings=tuple(_opening(row, names.get(row.staff_id, "") if row.staff_id else "") for row in lines),
        week=week_page(actor, school, day=day, at=at, asked=asked), shares=shares(actor, school, at),
        has_pattern=any(line.staff_id for line in lines), late=_late(school, at), alone=_alone(school, at),
    )  # fmt: skip


def _late(school: Unit, at: dt.datetime) -> int:
    """How many pupils who did not come were not asked after in time: a number, for whoever hears of the climb."""
    clocks = open_clocks().filter(within([school.path]), kind=MISSED, due_at__lt=at)
    return int(clocks.count())


def _alone(school: Unit, at: dt.datetime) -> int:
    """In how many booked hours ahead nobody sits any more: a number, as above."""
    rows = Booking.objects.for_system(reason="in how many booked hours nobody sits; names nobody")
    return int(rows.filter(alone_after(at), slot__school_id=school.id).count())


def _room(row: CentreRoom, keeper: str) -> RoomRow:
    return RoomRow(row.id, row.name, str(Zone(row.zone).label), row.area_m2, row.equipment, keeper)


def _zones(rooms: Sequence[CentreRoom], asked: CentreRules) -> tuple[ZoneRow, ...]:
    found = []
    for rule in asked.zones:
        areas = [float(row.area_m2) if row.area_m2 is not None else None for row in rooms if row.zone == rule.zone]
        fault = rules.zone_fault(rule.at_least, rule.at_most, areas)
        found.append(ZoneRow(zone_rule_words(rule), zone_fault_words(fault) if fault else ""))
    return tuple(found)


def _opening(row: OpeningTime, sits: str) -> OpeningRow:
    return OpeningRow(row.id, row.weekday, row.start_at, row.end_at, str(During(row.during).label), row.room.name, sits)


def week_page(actor: Actor, school: Unit, *, day: dt.date, at: dt.datetime, asked: CentreRules) -> WeekPage:
    """Return the week of a day: who sits there, and what is missing by the rules in force."""
    first = day - dt.timedelta(days=day.weekday())
    start, after = (dt.datetime.combine(each, dt.time(), zone()) for each in (first, first + dt.timedelta(days=7)))
    rows = list(_standing(actor, school).filter(start_at__gte=start, start_at__lt=after).select_related("room"))
    held = set(school_days(school.path, first, first + dt.timedelta(days=7)))
    by_day: dict[dt.date, list[RosterHour]] = defaultdict(list)
    for row in rows:
        by_day[timezone.localtime(row.start_at).date()].append(row)
    names = staff_names([each for row in rows for each in (row.staff_id, row.instead_of) if each])
    today = timezone.localtime(at).date()
    days = []
    for ahead in range(7):
        on = first + dt.timedelta(days=ahead)
        minutes = rules.minutes_covered((row.start_at, row.end_at) for row in by_day[on])
        hours = tuple(_hour(row, names, at) for row in sorted(by_day[on], key=lambda row: row.start_at))
        is_short = on in held and minutes < asked.hours_a_day * HOUR
        days.append(DayRow(on, on in held, on == today, hours, minutes, is_short))
    total = sum(each.minutes for each in days)
    beside = sum(
        rules.minutes_covered((r.start_at, r.end_at) for r in by_day[each.on] if r.during != During.LESSONS)
        for each in days
    )
    is_whole = len(held) >= WEEKDAYS
    return WeekPage(
        first, tuple(days), total, beside, asked.hours_a_day, asked.hours_a_week,
        is_short=is_whole and total < asked.hours_a_week * HOUR, over=sum(row.end_at <= at for row in rows),
        recorded=_standing(actor, school).filter(start_at__gte=start, start_at__lt=after, end_at__lte=at)
        .filter(is_recorded()).count(),
    )  # fmt: skip


def _standing(actor: Actor, school: Unit) -> "ScopedQuerySet[RosterHour]":
    rows: ScopedQuerySet[RosterHour] = RosterHour.objects.visible_to(actor, Permission.CENTRE_VIEW)
    return rows.filter(school_id=school.id, dropped_at__isnull=True)


def _hour(row: RosterHour, names: dict[UUID, str], at: dt.datetime) -> HourRow:
    return HourRow(
        row.id, row.start_at, row.end_at, row.room.name, names.get(row.staff_id, ""),
        names.get(row.instead_of, "") if row.instead_of else "", str(During(row.during).label), row.end_at <= at,
    )  # fmt: skip


def shares(actor: Actor, school: Unit, at: dt.datetime) -> tuple[ShareRow, ...]:
    """Return how the hours of the term fall on those who sit there, the most first; empty outside of any term."""
    term = term_of(school.path, timezone.localtime(at).date())
    if term is None:
        return ()
    start, after = (dt.datetime.combine(each, dt.time(), zone()) for each in (term.start_on, term.end_on))
    minutes: dict[UUID, int] = defaultdict(int)
    for staff_id, begin, end in _standing(actor, school).filter(
        start_at__gte=start, start_at__lt=after
    ).values_list("staff_id", "start_at", "end_at"):  # fmt: skip
        minutes[staff_id] += (end - begin) // dt.timedelta(minutes=1)
    names, total = staff_names(list(minutes)), sum(minutes.values())
    rows = [ShareRow(names.get(each, ""), round(m / HOUR, 1), round(100 * m / total)) for each, m in minutes.items()]
    return tuple(sorted(rows, key=lambda row: -row.hours))


def room_for(actor: Actor, room_id: UUID) -> CentreRoom | None:
    """Return an open room that the actor may change, else None."""
    rows = CentreRoom.objects.visible_to(actor, Permission.CENTRE_EDIT).filter(closed_at__isnull=True)
    found: CentreRoom | None = rows.filter(pk=room_id).first()
    return found


def opening_for(actor: Actor, opening_id: UUID) -> OpeningTime | None:
    """Return a line of the pattern that the actor may take out, else None."""
    found: OpeningTime | None = (
        OpeningTime.objects.visible_to(actor, Permission.CENTRE_EDIT).filter(pk=opening_id).first()
    )
    return found


def hour_for(actor: Actor, hour_id: UUID) -> RosterHour | None:
    """Return an hour of the roster that the actor may change, else None."""
    rows = RosterHour.objects.visible_to(actor, Permission.CENTRE_EDIT).filter(dropped_at__isnull=True)
    found: RosterHour | None = rows.filter(pk=hour_id).select_related("room").first()
    return found


def room_choices(actor: Actor, school: Unit) -> list[tuple[str, str]]:
    """Return the open rooms of a school as choices of a form."""
    rows = CentreRoom.objects.visible_to(actor, Permission.CENTRE_EDIT).filter(
        school_id=school.id, closed_at__isnull=True
    )
    return [(str(row.id), row.name) for row in rows.order_by("zone", "name")]
