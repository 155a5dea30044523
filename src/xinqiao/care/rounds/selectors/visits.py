"""Dormitory visits: of one class as written, and how many there were by class and month."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from xinqiao.care.rounds.models import DormVisit
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_for
from xinqiao.register.orgs.states import UnitKind

MONTHS_SHOWN = 6
MOST_VISITS = 50


@dataclass(frozen=True)
class VisitRow:
    """One visit as its class's page shows it."""

    visited_on: dt.date
    rooms: str
    seen: str
    visited_by: str


@dataclass(frozen=True)
class ClassMonths:
    """How often the boarders of one class were visited, month by month as in `Months.firsts`."""

    class_name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Months:
    """The last months with their first days, and the classes that the reader follows."""

    firsts: tuple[dt.date, ...]
    classes: tuple[ClassMonths, ...]


def visits_of(actor: Actor, unit: Unit) -> list[VisitRow]:
    """Return the visits of a class, newest first; reading them is an audit event."""
    rows = DormVisit.objects.visible_to(actor, Permission.ROUND_SIGN).filter(class_id=unit.id)
    visits = list(rows.order_by("-visited_on", "-noted_at")[:MOST_VISITS])
    if not visits:
        return []
    names = staff_names([visit.visited_by for visit in visits])
    note_reading(
        actor, "rounds.visits.read", subject_kind="class", subject_id=unit.id, place=unit.path,
        county_id=unit.shard_id, facts={"count": len(visits)},
    )  # fmt: skip
    return [
        VisitRow(visit.visited_on, visit.rooms, words["seen"] or "", names.get(visit.visited_by, ""))
        for visit, words in zip(visits, open_sealed(visits, "seen"), strict=True)
    ]


def visits_by_month(actor: Actor, at: dt.datetime) -> Months:
    """Return how often each class was visited in the last months, for whoever follows; nothing of what was seen."""
    firsts = _months(timezone.localtime(at).date())
    units = units_for(actor, Permission.ROUND_FOLLOW, UnitKind.CLASS)
    rows = DormVisit.objects.visible_to(actor, Permission.ROUND_FOLLOW).filter(visited_on__gte=firsts[-1])
    counted = Counter((class_id, on.replace(day=1)) for class_id, on in rows.values_list("class_id", "visited_on"))
    shown = units if counted else []  # a class that nobody visited is shown beside those that somebody did
    on = timezone.localtime(at).date()
    return Months(firsts, tuple(
        ClassMonths(name_on(unit, on), tuple(counted[unit.id, first] for first in firsts)) for unit in shown
    ))  # fmt: skip


def _months(on: dt.date) -> tuple[dt.date, ...]:
    found = [on.replace(day=1)]
    while len(found) < MONTHS_SHOWN:
        found.append((found[-1] - dt.timedelta(days=1)).replace(day=1))
    return tuple(found)
