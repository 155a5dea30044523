"""The hotline of an incident for those who lead it: holes of the roster, calls, call backs, counts."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import rules_at
from xinqiao.care.incidents.models import Hotline, HotlineCall, HotlineShift, Incident
from xinqiao.care.incidents.rows import every_hotline, every_phone_call, every_shift
from xinqiao.care.incidents.states import BackState, Caller, HotlineState, IncidentState
from xinqiao.engines.schedule import minutes_left
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.duty.selectors import staff_who_may

MOST_CALLS = 100


@dataclass(frozen=True)
class ShiftRow:
    """Who sits when; `is_able` is False where neither of the two may take calls any more."""

    id: UUID
    day: dt.date
    hours: str
    sitter: str
    substitute: str
    is_able: bool


@dataclass(frozen=True)
class HoleRow:
    """Hours in which the hotline is open and nobody sits."""

    day: dt.date
    hours: str


@dataclass(frozen=True)
class CallRow:
    """One call, for those who may know the pupils; `minutes_left` while somebody waits to be called back."""

    id: UUID
    at: dt.datetime
    caller: str
    is_urgent: bool
    pupil: str
    concern: str
    answered: str
    taken_by: str
    back_state: str
    back_label: str
    back_to: str
    back_due_at: dt.datetime | None
    back_at: dt.datetime | None
    back_by: str
    back_words: str
    minutes_left: int | None

    @property
    def is_waiting(self) -> bool:
        """Does somebody still wait to be called back?"""
        return self.back_state == BackState.WAITING

    @property
    def is_late(self) -> bool:
        """Is the call back overdue?"""
        return self.minutes_left is not None and self.minutes_left < 0


@dataclass(frozen=True)
class HourRow:
    """How many calls came in one hour of a day, by kind of caller in the order of `Caller`."""

    day: dt.date
    hours: str
    by_caller: tuple[int, ...]
    count: int

    @property
    def labelled(self) -> list[tuple[str, int]]:
        """Each count with the kind of caller in words."""
        return [(str(each.label), count) for each, count in zip(Caller, self.by_caller, strict=True)]


@dataclass(frozen=True)
class HotlinePage:
    """The hotline of an incident; `hotline` is None where there never was one. Whoever may not know the pupils by name
    (`may_take`) sees counts and the roster: `calls` and `backs` are empty, `waiting` says how many."""

    incident: Incident
    hotline: Hotline | None
    is_open: bool
    is_incident_open: bool
    hours: str
    holes: Sequence[HoleRow]
    shifts: Sequence[ShiftRow]
    backs: Sequence[CallRow]
    calls: Sequence[CallRow]
    callers: Sequence[str]
    by_hour: Sequence[HourRow]
    by_caller: Sequence[tuple[str, int]]
    count: int
    urgent: int
    waiting: int
    late: int
    may_take: bool
    ended_by: str
    ending: str


def hotline_for(actor: Actor, hotline_id: UUID, permission: Permission) -> Hotline | None:
    """Return a hotline that the actor may reach by a permission, else None."""
    rows = Hotline.objects.visible_to(actor, permission).select_related("incident")
    found: Hotline | None = rows.filter(pk=hotline_id).first()
    return found


def shift_for(actor: Actor, shift_id: UUID) -> HotlineShift | None:
    """Return a line of the roster of a hotline that the actor may lead, else None."""
    rows = HotlineShift.objects.visible_to(actor, Permission.INCIDENT_LEAD).select_related("hotline")
    found: HotlineShift | None = rows.filter(pk=shift_id).first()
    return found


def call_for(actor: Actor, call_id: UUID) -> HotlineCall | None:
    """Return a call that the actor may read, else None."""
    rows = HotlineCall.objects.visible_to(actor, Permission.INCIDENT_EXPOSED)
    found: HotlineCall | None = rows.select_related("hotline__incident", "student").filter(pk=call_id).first()
    return found


def hotline_page(actor: Actor, incident: Incident, at: dt.datetime) -> HotlinePage:
    """Return the hotline of an incident that was fetched for the actor; reading it is an audit event."""
    hotline = every_hotline().filter(incident=incident).order_by("state", "opened_at").last()
    may_take = actor.can(Permission.INCIDENT_EXPOSED, incident.place)
    calls = list(
        every_phone_call().filter(hotline__incident=incident).select_related("student").order_by("-at", "id")
    )  # fmt: skip
    waiting = [each for each in calls if each.back_state == BackState.WAITING]
    shown = [*waiting, *(each for each in calls if each not in waiting)][:MOST_CALLS] if may_take else []
    pupils = sorted({str(each.student_id) for each in shown if each.student_id})
    note_reading(
        actor, "incidents.hotline.read", subject_kind="incident", subject_id=incident.id, place=incident.place,
        county_id=incident.county_id, facts={"count": len(pupils), "ids": pupils},
    )  # fmt: skip
    rows = call_rows(shown, at)
    is_open = hotline is not None and hotline.state == HotlineState.OPEN
    kinds = Counter(each.caller for each in calls)
    ended = open_sealed([hotline], "ending")[0]["ending"] if hotline else ""
    return HotlinePage(
        incident=incident, hotline=hotline, is_open=is_open, is_incident_open=incident.state == IncidentState.OPEN,
        hours=hours_words(hotline.from_hour, hotline.hours) if hotline else "",
        holes=holes_of(hotline, at) if hotline and is_open else [], shifts=_shifts(hotline, at) if hotline else [],
        backs=[row for row in rows if row.is_waiting], calls=[row for row in rows if not row.is_waiting],
        callers=[str(each.label) for each in Caller], by_hour=_by_hour(calls),
        by_caller=[(str(each.label), kinds[each]) for each in Caller], count=len(calls),
        urgent=sum(each.is_urgent for each in calls), waiting=len(waiting),
        late=sum(each.back_due_at is not None and each.back_due_at < at for each in waiting), may_take=may_take,
        ended_by=staff_names([hotline.ended_by]).get(hotline.ended_by, "") if hotline and hotline.ended_by else "",
        ending=ended or "",
    )  # fmt: skip


def hours_words(from_hour: int, hours: int) -> str:
    """Return hours of a day as a page shows them."""
    return f"{from_hour:02}:00\N{EN DASH}{from_hour + hours:02}:00"


def holes_of(hotline: Hotline, at: dt.datetime) -> list[HoleRow]:
    """Return the hours from now on, for as many days as the policy says, in which nobody sits who may."""
    local = timezone.localtime(at)
    days = [local.date() + dt.timedelta(days=n) for n in range(rules_at(hotline.place).emergency.hotline.days)]
    able = set(staff_who_may(Permission.INCIDENT_EXPOSED, hotline.place, local.date()))
    rows = every_shift().filter(hotline=hotline, day__in=days, removed_at=None)
    shifts = [
        rules.Shift(each.day, each.from_hour, each.hours, bool({each.sitter, each.substitute} & able)) for each in rows
    ]
    found = rules.holes(days, hotline.from_hour, hotline.hours, shifts)
    return [
        HoleRow(hole.day, hours_words(begin, hole.to_hour - begin))
        for hole in found
        if (begin := max(hole.from_hour, local.hour if hole.day == local.date() else 0)) < hole.to_hour
    ]


def _shifts(hotline: Hotline, at: dt.datetime) -> list[ShiftRow]:
    today = timezone.localtime(at).date()
    rows = list(
        every_shift().filter(hotline=hotline, day__gte=today, removed_at=None).order_by("day", "from_hour", "id")
    )  # fmt: skip
    names = staff_names([each for row in rows for each in (row.sitter, row.substitute) if each])
    able = set(staff_who_may(Permission.INCIDENT_EXPOSED, hotline.place, today))
    return [
        ShiftRow(
            row.id, row.day, hours_words(row.from_hour, row.hours), names.get(row.sitter, ""),
            names.get(row.substitute, "") if row.substitute else "", bool({row.sitter, row.substitute} & able),
        )
        for row in rows
    ]  # fmt: skip


def _by_hour(calls: Sequence[HotlineCall]) -> list[HourRow]:
    found: dict[tuple[dt.date, int], Counter[str]] = {}
    for call in calls:
        local = timezone.localtime(call.at)
        found.setdefault((local.date(), local.hour), Counter())[call.caller] += 1
    return [
        HourRow(day, hours_words(hour, 1), tuple(counts[each] for each in Caller), counts.total())
        for (day, hour), counts in sorted(found.items())
    ]


def call_rows(calls: Sequence[HotlineCall], at: dt.datetime) -> list[CallRow]:
    """Return calls that were fetched for somebody who may read them; a fixed number of queries for any number."""
    people = staff_names([each for call in calls for each in (call.taken_by, call.back_by) if each])
    pupils = names_of([call.student for call in calls if call.student is not None])
    opened = open_sealed(list(calls), "concern", "answered", "back_to", "back_words")
    return [_call(call, said, people, pupils, at) for call, said in zip(calls, opened, strict=True)]


def _call(
    call: HotlineCall, said: Mapping[str, str | None], people: Mapping[UUID, str], pupils: Mapping[UUID, str],
    at: dt.datetime,
) -> CallRow:  # fmt: skip
    is_waiting = call.back_state == BackState.WAITING and call.back_due_at is not None
    return CallRow(
        id=call.id, at=call.at, caller=str(Caller(call.caller).label), is_urgent=call.is_urgent,
        pupil=pupils.get(call.student_id, "") if call.student_id else "", concern=said["concern"] or "",
        answered=said["answered"] or "", taken_by=people.get(call.taken_by, ""), back_state=call.back_state,
        back_label=str(BackState(call.back_state).label) if call.back_state else "", back_to=said["back_to"] or "",
        back_due_at=call.back_due_at, back_at=call.back_at,
        back_by=people.get(call.back_by, "") if call.back_by else "", back_words=said["back_words"] or "",
        minutes_left=minutes_left(call.back_due_at, at) if is_waiting and call.back_due_at else None,
    )  # fmt: skip


def one_call(actor: Actor, call: HotlineCall, at: dt.datetime) -> CallRow:
    """Return one call that was fetched for the actor; reading it is an audit event."""
    about = {"subject_kind": "incident", "subject_id": call.hotline.incident_id}
    if call.student_id:
        about = {"subject_kind": "student", "subject_id": call.student_id}
    note_reading(
        actor, "incidents.back.read", place=call.place, county_id=call.county_id, facts={"call": str(call.id)}, **about,
    )  # fmt: skip
    return call_rows([call], at)[0]


def hotline_words(incident: Incident) -> str:
    """Return what a report says of the hotline: counts, no words; empty where nobody called."""
    calls = list(every_phone_call().filter(hotline__incident=incident))
    if not calls:
        return ""
    kinds = Counter(each.caller for each in calls)
    by_kind = _(", ").join(
        _("{how}: {count}").format(how=each.label, count=kinds[each]) for each in Caller if kinds[each]
    )  # fmt: skip
    urgent, waiting = sum(each.is_urgent for each in calls), sum(each.back_state == "waiting" for each in calls)
    busiest = max(_by_hour(calls), key=lambda row: row.count)
    words = ngettext(
        "Hotline: {count} call ({by_kind}), {urgent} urgent, {waiting} to be called back; busiest {hours}",
        "Hotline: {count} calls ({by_kind}), {urgent} urgent, {waiting} to be called back; busiest {hours}", len(calls),
    )  # fmt: skip
    return words.format(count=len(calls), by_kind=by_kind, urgent=urgent, waiting=waiting, hours=busiest.hours)
